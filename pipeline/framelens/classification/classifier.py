"""The path of a sentence: tokens → rule hits and terms → scores → decision.

`FrameClassifier.classify` is the whole path, for many sentences at once; `classify_sentences` brings
it those of texts, in order and in bounded memory, `component.py` those of a spaCy pipeline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import log
from pathlib import Path

import numpy as np
from spacy.tokenizer import Tokenizer

from framelens.classification.evidence import Contributions
from framelens.classification.exclusive import exclusive_scores
from framelens.classification.model import (
    Model,
    Occurrences,
    TermValues,
    Weights,
    char_ngram_numbers,
    probability,
)
from framelens.classification.primary import main_clause, primary_frame
from framelens.classification.stance import StanceFinder
from framelens.classification.stance_reasons import with_reasons
from framelens.core.checks import probability as checked
from framelens.core.codebook import composed
from framelens.core.errors import FramelensError
from framelens.core.files import model_folder, rules_folder
from framelens.core.memory import PerWord, bounded, collected_seldom, uncollected
from framelens.core.settings import Mode
from framelens.core.types import (
    Bools,
    Classified,
    Detail,
    Evidence,
    Floats,
    FrameStance,
    Ints,
    Sentence,
    SentenceFrames,
)
from framelens.preprocessing.normalise import View, normalised
from framelens.preprocessing.tokenizer import Edges, TokenKeys, english_tokenizer, word
from framelens.rules.matcher import Readings, RuleMatcher
from framelens.rules.rule_files import RuleSet, read_rules

BLOCK = 2048
"""Sentences classified together: enough to spread numpy's overhead, few enough to stay small."""

MAX_VOCABULARY = 2_000_000
"""Words in a spaCy vocabulary, forgotten ones included, after which a new one is used."""

BLOCK_CHARACTERS = 240_000
"""Characters after which a block ends early, the input's own fields included: it bounds memory."""


class Tokens:
    """The tokens of a sentence, as its normalised `view` reads without spaces within words.

    `begin` is the offset of its `text` in the document, `keys` are the tokens' ORTH keys. Where tokens
    stand is worked out as far as it is asked.
    """

    __slots__ = ("_edges", "_token_keys", "begin", "keys", "text", "view")

    def __init__(self, view: View, text: str, begin: int, token_keys: TokenKeys) -> None:
        self.text, self.begin, self._token_keys = text, begin, token_keys
        self.view, self.keys = token_keys.read(view)
        self._edges: Edges = []

    def span(self, first: int, end: int) -> tuple[int, int, str]:
        """The offsets in the document, and the text, of the tokens from `first` up to `end`."""
        edges = self._edges
        if len(edges) < end:
            self._token_keys.add_edges(edges, self.view.text, self.keys[len(edges) : end])
        start, stop = self.view.start(edges[first][0]), self.view.end(edges[end - 1][1])
        return self.begin + start, self.begin + stop, self.text[start:stop]


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences with the rule hits and the model's terms in them.

    `keys` are the ORTH keys of all sentences' tokens; `first_token` and `first_term` are where each
    sentence's part of `keys` and of `terms` begins, and at last where the last one's ends.
    """

    sentences: Sequence[Tokens]
    keys: Sequence[int]
    readings: Readings
    terms: TermValues | None
    first_token: Ints
    first_term: Ints

    def keys_of(self, at: int) -> Sequence[int]:
        """The ORTH keys of a sentence's tokens."""
        return self.keys[self.first_token[at] : self.first_token[at + 1]]


class FrameClassifier:
    """Classifies sentences by rules, a model, or both, as `mode` says.

    `thresholds` (probabilities by frame) override the model's. Raise FramelensError where the model
    was trained with other rules.
    """

    def __init__(
        self,
        rules: RuleSet,
        model: Model | None,
        *,
        tokenizer: Tokenizer,
        mode: Mode = "hybrid",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self.frames, self.rules, self.mode = rules.scheme.names, rules, mode
        self.model = None if mode == "rules" else model
        self.weights = weights_for(rules, model, mode)
        self.thresholds = thresholds_for(self.frames, self.weights.thresholds, thresholds)
        self._bias_by_frame = self._by_frame(self.weights.bias.tolist())
        self._threshold_by_frame = self._by_frame(self.thresholds.tolist())
        self._use(tokenizer)

    def _use(self, tokenizer: Tokenizer) -> None:
        """Make, or make anew, all that holds keys of the tokenizer's vocabulary."""
        rules, vocab = self.rules, tokenizer.vocab
        self.tokenizer, self.token_keys = tokenizer, TokenKeys(tokenizer, self._parts)
        self.matcher = RuleMatcher(rules, tokenizer) if self.mode != "model" else None
        self._lower = PerWord(vocab, lambda token: token.lower_)
        self._word_numbers = self._ngram_numbers = None
        if self.model is not None:
            word_number = self.model.index.number
            self._word_numbers = PerWord(vocab, lambda token: word_number(word(token.lower_)))
            if self.model.letters:
                ngrams = char_ngram_numbers(self.model)
                self._ngram_numbers = PerWord(vocab, lambda token: ngrams(token.lower_))
        self.stances = None
        if self.model is not None and self.model.stance is not None and self.matcher is not None:
            cues = RuleMatcher(rules.sought_cues, tokenizer)
            self.stances = StanceFinder(rules, cues, self.model.stance.features)

    def _parts(self, word: str) -> Sequence[str]:
        """The words that ran together in one, if there are rules that tell."""
        return (word,) if self.matcher is None else self.matcher.parts(word)

    @classmethod
    def open(
        cls,
        *,
        model: Path | str | None = None,
        rules: Path | str | None = None,
        tokenizer: Tokenizer | None = None,
        mode: Mode = "hybrid",
        thresholds: Mapping[str, float] | None = None,
    ) -> FrameClassifier:
        """Read a rules folder and a model folder, by default the shipped ones; rules in the model folder come
        before these. `tokenizer` is by default English's.

        Raise FramelensError where rules and model do not belong together.
        """
        tokenizer = tokenizer or english_tokenizer()
        with uncollected():
            parsed = read_rules(rules_folder(rules, model))
            loaded = Model.load(model_folder(model)) if mode != "rules" else None
            check_together(parsed, loaded, mode, given=(rules, model))
            return cls(parsed, loaded, tokenizer=tokenizer, mode=mode, thresholds=thresholds)

    def renew(self) -> None:
        """Change to a new vocabulary if the present one is very large: forgetting words does not shrink
        spaCy's table of them, which takes some 30 bytes for each that ever was in it."""
        if len(self.tokenizer.vocab) > MAX_VOCABULARY:
            self._use(english_tokenizer())

    def classify(
        self, sentences: Sequence[Tokens], *, evidence: Detail = True
    ) -> list[SentenceFrames]:
        """The frames of each sentence, in order, with as much evidence as `evidence` says."""
        if not sentences:
            return []
        with uncollected():
            block = self._read_block(sentences)
            scores = _scores(block, self.weights)
            if not self.rules.scheme.exclusive:
                chances = probability(scores)
                return self._decide(block, chances, chances >= self.thresholds, evidence)
            # Rules alone have nothing to say of a sentence in which none of them hits.
            none = self.rules.scheme.none or self.mode == "rules"
            exclusive = exclusive_scores(scores, self.thresholds, none=none)
            results = self._decide(block, exclusive.chances, exclusive.given, evidence)
            biases = map(self._by_frame, (self.weights.bias - exclusive.others).tolist())
            limits = map(self._by_frame, exclusive.thresholds.tolist())
            return [
                replace(frames, bias=bias, thresholds=thresholds)
                for frames, bias, thresholds in zip(results, biases, limits, strict=True)
            ]

    def _by_frame(self, numbers: Sequence[float]) -> dict[str, float]:
        return dict(zip(self.frames, numbers, strict=True))

    def _read_block(self, sentences: Sequence[Tokens]) -> Block:
        keys = list(chain.from_iterable([sentence.keys for sentence in sentences]))
        lengths = np.array([len(sentence.keys) for sentence in sentences])
        terms = self._terms(keys, lengths)
        owners = terms.occurrences.sentence if terms is not None else np.empty(0, dtype=np.int64)
        readings = Readings.none(len(lengths))
        if self.matcher is not None:
            readings = self.matcher.read_block(keys, lengths)
        return Block(
            sentences,
            keys,
            readings,
            terms,
            first_token=np.concatenate([[0], np.cumsum(lengths)]),
            first_term=np.searchsorted(owners, np.arange(len(lengths) + 1)),
        )

    def _terms(self, keys: Sequence[int], lengths: Ints) -> TermValues | None:
        if self._word_numbers is None or self.model is None:
            return None
        words = np.fromiter(map(self._word_numbers.__getitem__, keys), np.int64, len(keys))
        owners = np.repeat(np.arange(len(lengths)), lengths)
        ngrams = None
        if self._ngram_numbers is not None:
            ngrams = Occurrences.of_tokens([self._ngram_numbers[key] for key in keys], owners)
        return self.model.weigh(words, owners, self.weights, ngrams)

    def _decide(
        self, block: Block, chances: Floats, given: Bools, evidence: Detail
    ) -> list[SentenceFrames]:
        """The results for a block; `chances` (probabilities) and `given` are sentences × frames."""
        contributions = Contributions(
            self.rules, self.model, self.weights, block.terms, block.first_token, block.first_term
        )
        about = self._about_probabilities(block)
        chosen: list[list[int]] = [[] for _ in block.sentences]
        for at, frame in zip(*np.nonzero(given), strict=True):
            chosen[at].append(int(frame))
        stances = self._stances(block, given, evidence)
        results, every_frame = [], range(len(self.frames))
        for at, (row, frames) in enumerate(zip(chances.tolist(), chosen, strict=True)):
            sentence, rows = block.sentences[at], tuple[Evidence, ...]()
            wanted = every_frame if evidence is True else frames
            if evidence and wanted:
                rows = contributions.evidence(at, wanted, block.readings[at], sentence.span)
            decision = SentenceFrames(
                sentence.text,
                sentence.begin,
                sentence.begin + len(sentence.text),
                labels=tuple([self.frames[frame] for frame in frames]),
                primary=self._primary(block, at, frames, contributions),
                scores=self._by_frame(row),
                evidence=rows,
                bias=self._bias_by_frame,
                thresholds=self._threshold_by_frame,
                about=about[at],
                stances=stances.get(at, {}),
            )
            results.append(decision)
        return results

    def _stances(
        self, block: Block, given: Bools, evidence: Detail
    ) -> dict[int, dict[str, FrameStance]]:
        """The stance of each frame given, by the sentence's number in the block and the frame's name."""
        if self.stances is None or self.model is None or self.model.stance is None:
            return {}
        sentences, frames = np.nonzero(given)
        with_frames, sentence_of = np.unique(sentences, return_inverse=True)
        keys = list(chain.from_iterable(map(block.keys_of, with_frames)))
        numbers = np.full(len(given), -1)
        numbers[with_frames] = np.arange(len(with_frames))
        hits = block.readings.hits()
        hits[0] = numbers[hits[0]]
        lengths = np.diff(block.first_token)[with_frames]
        features = self.stances.find(
            keys,
            lengths,
            hits[:, hits[0] >= 0],
            self.stances.matcher.read_block(keys, lengths).hits(),
            pairs=(sentence_of, frames),
        )
        stances: dict[int, dict[str, FrameStance]] = defaultdict(dict)
        model = self.model.stance
        decided = model.decide(features, len(frames), because=evidence is True)
        if decided and evidence is True:
            pair_sentences = map(block.sentences.__getitem__, sentences.tolist())
            texts = [(sentence.span, len(sentence.keys)) for sentence in pair_sentences]
            first_token = (np.cumsum(lengths) - lengths)[sentence_of]
            decided = with_reasons(decided, features, self.stances, model, texts, first_token)
        for at, frame, stance in zip(sentences.tolist(), frames.tolist(), decided, strict=True):
            stances[at][self.frames[frame]] = stance
        return stances

    def _about_probabilities(self, block: Block) -> Sequence[float | None]:
        """The probability that each sentence is about the codebook's subject, if the model tells."""
        if self.model is None or self.model.about is None or block.terms is None:
            return [None] * len(block.sentences)
        chances = self.model.about.probabilities(block.terms, len(block.sentences))
        return list(chances.tolist())

    def _primary(
        self, block: Block, at: int, chosen: list[int], contributions: Contributions
    ) -> str | None:
        if len(chosen) < 2:
            return self.frames[chosen[0]] if chosen else None
        reading = block.readings[at]
        places = {self.frames[frame]: contributions.starts(at, frame, reading) for frame in chosen}
        words = list(map(self._lower.__getitem__, block.keys_of(at)))
        return primary_frame(list(places), places, main_clause(words))


def _scores(block: Block, weights: Weights) -> Floats:
    """The scores (log-odds), sentences × frames: bias and weights of rules and terms, added up."""
    scores = np.tile(weights.bias, (len(block.sentences), 1))
    owners, rules = block.readings.pairs()
    _add_rows(scores, owners, weights.rule_weights[rules])
    if block.terms is not None:
        occurrences, values = block.terms.occurrences, block.terms.values
        weighed = np.flatnonzero(weights.is_used[occurrences.term])
        shares = weights.term_weights[occurrences.term[weighed]] * values[weighed][:, None]
        _add_rows(scores, occurrences.sentence[weighed], shares)
    return scores


def _add_rows(scores: Floats, sentences: Ints, shares: Floats) -> None:
    """Add each row of `shares` to the scores of its sentence."""
    for total, column in zip(scores.T, shares.T, strict=True):
        total += np.bincount(sentences, column, minlength=len(total))


def classify_sentences(
    sentences: Iterable[Sentence],
    classifier: FrameClassifier,
    *,
    evidence: Detail = True,
    count_about: Callable[[Sentence, float | None], object] | None = None,
) -> Iterator[Classified]:
    """Classify a stream of sentences, a block at a time, with as much evidence as `evidence` says.

    `count_about` is called with each sentence and its probability of being about the codebook's subject.
    """
    sentences = iter(sentences)
    while block := _next_block(sentences):
        classifier.renew()
        # The stream is read outside this block: whoever makes sentences may need what is forgotten here.
        views, keys = [normalised(sentence.text) for sentence in block], classifier.token_keys
        texts = [view.text for view in views]
        with bounded(classifier.tokenizer.vocab), uncollected(), keys.together(texts):
            tokens = [
                Tokens(view, sentence.text, sentence.passage.offset + sentence.start, keys)
                for view, sentence in zip(views, block, strict=True)
            ]
            frames = classifier.classify(tokens, evidence=evidence)
        if count_about is not None:
            for sentence, result in zip(block, frames, strict=True):
                count_about(sentence, result.about)
        yield from map(Classified, block, frames)


@collected_seldom()
def _next_block(sentences: Iterator[Sentence]) -> list[Sentence]:
    """Take the next block from a stream of sentences."""
    block: list[Sentence] = []
    characters = 0
    for sentence in sentences:
        if not block or sentence.passage is not block[-1].passage:
            characters += sum(
                len(value) for value in sentence.passage.meta.values() if type(value) is str
            )
        block.append(sentence)
        characters += len(sentence.text)
        if len(block) >= BLOCK or characters >= BLOCK_CHARACTERS:
            break
    return block


RULES_ALONE = log(9)
"""The score by rules alone: minus this without a hit (probability 0.1), plus this with one (0.9)."""


def weights_for(rules: RuleSet, model: Model | None, mode: Mode) -> Weights:
    """The weights of a mode; raise FramelensError where rules and model do not belong together."""
    if mode == "rules":
        return rule_weights(rules)
    assert model is not None
    if model.frames != rules.scheme.names:
        raise FramelensError(
            f"the model knows the frames {', '.join(model.frames)}, the rules "
            f"{', '.join(rules.scheme.names)}; expected a model that was trained with these rules"
        )
    if (model.exclusive, model.none) != (rules.scheme.exclusive, rules.scheme.none):
        raise FramelensError(
            "the model was trained for a codebook with other values of exclusive or none in "
            "scheme.toml; train it anew with `framelens train`"
        )
    if mode == "model":
        return model.terms_only
    if model.rules_digest != rules.digest:
        raise FramelensError(
            "the model was trained with other rules than these are now; train it anew with "
            "`framelens train`, give it without them (--model alone) for the rules that it carries, "
            "or let one decide (--rules-only, --model-only)"
        )
    if model.rules != tuple(rule.id for rule in rules.rules):
        # Weights belong to rules by their order: each would count for another rule.
        raise FramelensError(
            "the model names other rules than these, or in another order, though the files are "
            "those it was trained with: its meta.json has been edited; train the model anew"
        )
    return model.hybrid


def check_together(
    rules: RuleSet,
    model: Model | None,
    mode: Mode,
    *,
    given: tuple[Path | str | None, Path | str | None],
) -> None:
    """Raise FramelensError where the user gave only rules or only a model, and the shipped other one
    does not belong to it; `given` are the two folders, None for the shipped one."""
    rules_given, model_given = given
    if model is None or bool(rules_given) == bool(model_given):
        return
    if model.frames == rules.scheme.names and mode == "model":
        return
    if model.rules_digest == rules.digest:
        return
    if rules_given:
        raise FramelensError(
            f"{rules_given}: the shipped model belongs to other rules; give the model that was "
            f"trained with these (--model), train one (framelens train LABELLED --rules "
            f"{rules_given} --output DIR), or let rules decide alone (--rules-only)"
        )
    raise FramelensError(
        f"{model_given}: the model was trained with other rules than the shipped ones, and carries "
        "none; give the rules it was trained with (--rules)"
    )


def rule_weights(rules: RuleSet) -> Weights:
    """Weights for rules alone: one hit of a rule that is not weak gives its frame."""
    frames = rules.scheme.names
    table = np.zeros((len(rules.rules), len(frames)))
    for number, rule in enumerate(rules.rules):
        if not rule.weak:
            table[number, frames.index(rule.frame)] = 2 * RULES_ALONE
    size = len(frames)
    return Weights(np.zeros((0, size)), table, np.full(size, -RULES_ALONE), np.full(size, 0.5))


def thresholds_for(
    frames: Sequence[str], defaults: Floats, chosen: Mapping[str, float] | None
) -> Floats:
    """The thresholds, with the user's in place of the model's."""
    thresholds = defaults.copy()
    for name, value in (chosen or {}).items():
        if (frame := composed(name)) not in frames:
            raise FramelensError(f"unknown frame {frame!r}; expected one of {', '.join(frames)}")
        thresholds[frames.index(frame)] = checked(f"the threshold of {frame}", value)
    return thresholds
