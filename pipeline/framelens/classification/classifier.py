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
from typing import Any

import numpy as np
from spacy.attrs import IDX, LENGTH, ORTH
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from framelens.classification.evidence import Proof
from framelens.classification.exclusive import one_of
from framelens.classification.model import (
    Model,
    Occurrences,
    TermValues,
    Weights,
    letter_numbers,
    probability,
)
from framelens.classification.primary import main_clause, primary_frame
from framelens.classification.stance import StanceFinder
from framelens.classification.stance_reasons import with_reasons
from framelens.core.checks import probability as checked
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
from framelens.preprocessing.normalise import View, normalised, word
from framelens.preprocessing.tokenizer import Edges, TokenKeys, english_tokenizer
from framelens.rules.matcher import Readings, RuleMatcher
from framelens.rules.rule_files import RuleSet, read_rules

BLOCK = 2048
"""Sentences classified together: enough to spread numpy's overhead, few enough to stay small."""

MOST_MET = 2_000_000
"""Words met, those that were let go again among them, after which a new vocabulary is begun."""

BLOCK_CHARACTERS = 240_000
"""Characters after which a block ends early, fields of the input's own among them: long sentences
have evidence in proportion, and what a block holds stays in memory."""


class Tokens:
    """A sentence: its text, where that begins in its document, and the ORTH keys of its tokens."""

    __slots__ = ("_edges", "begin", "keys", "text")

    def __init__(
        self, text: str, begin: int, keys: Sequence[int], edges: Callable[[], Edges]
    ) -> None:
        self.text, self.begin, self.keys = text, begin, keys
        self._edges: Edges | Callable[[], Edges] = edges

    @classmethod
    def of_doc(cls, doc: Doc, start: int = 0, end: int | None = None) -> Tokens:
        """The sentence from token `start` to `end` of a Doc."""
        span: Any = doc[start:end]  # the stubs know no Span.to_array

        def edges() -> Edges:
            rows = span.to_array([IDX, LENGTH]).tolist()
            return [(first, first + length) for first, length in rows]

        return cls(span.text, span.start_char, span.to_array([ORTH]).ravel().tolist(), edges)

    @classmethod
    def of_view(cls, view: View, text: str, begin: int, known: TokenKeys) -> Tokens:
        """A sentence as it is read, given the view of its text."""
        keys = known.of(view.text)

        def edges() -> Edges:
            rows = known.edges(view.text, keys)
            return [(begin + view.start(first), begin + view.end(end)) for first, end in rows]

        return cls(text, begin, keys, edges)

    def part(self, first: int, end: int) -> tuple[int, int, str]:
        """Where some tokens begin and end in the document, and their text."""
        if callable(self._edges):
            self._edges = self._edges()
        start, stop = self._edges[first][0], self._edges[end - 1][1]
        return start, stop, self.text[start - self.begin : stop - self.begin]


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences on their way: the rule hits and the model's terms in each.

    `keys` are the ORTH keys of all tokens; `first_token` is where each sentence's tokens begin
    among them, and `first_term` where its terms begin in `terms`: both have one entry more than
    there are sentences.
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
    """Rules, and a model on top of them, ready to classify.

    `mode` says which of the two decide; `thresholds` (a probability by frame) override the
    model's. Raise FramelensError where the model was trained with other rules.
    """

    def __init__(
        self,
        rules: RuleSet,
        model: Model | None,
        *,
        vocab: Vocab,
        tokenizer: Tokenizer,
        mode: Mode = "hybrid",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self.frames, self.rules, self.mode = rules.scheme.names, rules, mode
        self.model = None if mode == "rules" else model
        self.weights = weights_for(rules, model, mode)
        self.thresholds = thresholds_for(self.frames, self.weights.thresholds, thresholds)
        self._bias = self._named(self.weights.bias.tolist())
        self._limits = self._named(self.thresholds.tolist())
        self._learn_words(vocab, tokenizer)

    def _learn_words(self, vocab: Vocab, tokenizer: Tokenizer) -> None:
        """Begin with the words of a vocabulary."""
        rules = self.rules
        self.tokenizer, self.known = tokenizer, TokenKeys(tokenizer, vocab)
        self.matcher = RuleMatcher(rules, vocab, tokenizer) if self.mode != "model" else None
        self._lower = PerWord(vocab, lambda token: token.lower_)
        self._numbers = self._runs = None
        if self.model is not None:
            number = self.model.index.number
            self._numbers = PerWord(vocab, lambda token: number(word(token.lower_)))
            if self.model.letters:
                runs = letter_numbers(self.model)
                self._runs = PerWord(vocab, lambda token: runs(token.lower_))
        self.stances = None
        if self.model is not None and self.model.stance is not None and self.matcher is not None:
            cues = RuleMatcher(rules.sought_cues, vocab, tokenizer)
            self.stances = StanceFinder(rules, cues, self.model.stance.features)

    @classmethod
    def open(
        cls,
        *,
        model: Path | str | None = None,
        rules: Path | str | None = None,
        vocab: Vocab | None = None,
        tokenizer: Tokenizer | None = None,
        mode: Mode = "hybrid",
        thresholds: Mapping[str, float] | None = None,
    ) -> FrameClassifier:
        """Read a rules folder and a model folder: by default the rules that the model carries, else
        the shipped ones. Words are cut by `tokenizer`, by default English's, whose vocabulary
        `vocab` is.

        Raise FramelensError with what to give where they do not belong together.
        """
        tokenizer = tokenizer or english_tokenizer()
        vocab = tokenizer.vocab if vocab is None else vocab
        with uncollected():
            found = read_rules(rules_folder(rules, model))
            weights = Model.load(model_folder(model)) if mode != "rules" else None
            check_together(found, weights, mode, given=(rules, model))
            return cls(
                found, weights, vocab=vocab, tokenizer=tokenizer, mode=mode, thresholds=thresholds
            )

    def renew(self) -> None:
        """Begin anew with English's words where very many were met: letting words go again does not
        shrink spaCy's table of them, which takes some 30 bytes for each that ever was."""
        if len(self.tokenizer.vocab) > MOST_MET:
            tokenizer = english_tokenizer()
            self._learn_words(tokenizer.vocab, tokenizer)

    def classify(
        self, sentences: Sequence[Tokens], *, evidence: Detail = True
    ) -> list[SentenceFrames]:
        """The frames of each sentence, in order, with the evidence that is wanted."""
        if not sentences:
            return []
        with uncollected():
            block = self._find(sentences)
            scores = _add_up(block, self.weights)
            if not self.rules.scheme.exclusive:
                return self._decide(block, probability(scores), evidence=evidence)
            # Rules alone have nothing to say of a sentence in which none of them hits.
            none = self.rules.scheme.none or self.mode == "rules"
            rivals = one_of(scores, self.thresholds, none=none)
            found = self._decide(block, rivals.chances, evidence=evidence, given=rivals.given)
            biases = map(self._named, (self.weights.bias - rivals.others).tolist())
            limits = map(self._named, rivals.thresholds.tolist())
            return [
                replace(frames, bias=bias, thresholds=own)
                for frames, bias, own in zip(found, biases, limits, strict=True)
            ]

    def _named(self, numbers: Sequence[float]) -> dict[str, float]:
        return dict(zip(self.frames, numbers, strict=True))

    def _find(self, sentences: Sequence[Tokens]) -> Block:
        keys = list(chain.from_iterable([sentence.keys for sentence in sentences]))
        lengths = np.array([len(sentence.keys) for sentence in sentences])
        terms = self._terms(keys, lengths)
        owners = terms.found.sentence if terms is not None else np.empty(0, dtype=np.int64)
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
        if self._numbers is None or self.model is None:
            return None
        words = np.fromiter(map(self._numbers.__getitem__, keys), np.int64, len(keys))
        owners = np.repeat(np.arange(len(lengths)), lengths)
        runs = None
        if self._runs is not None:
            runs = Occurrences.of_tokens([self._runs[key] for key in keys], owners)
        return self.model.weigh(words, owners, self.weights, runs)

    def _decide(
        self, block: Block, chances: Floats, *, evidence: Detail, given: Bools | None = None
    ) -> list[SentenceFrames]:
        origin = self.rules, self.model, self.weights
        proof = Proof(*origin, block.terms, block.first_token, block.first_term)
        about = self._about(block)
        chosen: list[list[int]] = [[] for _ in block.sentences]
        decided = chances >= self.thresholds if given is None else given
        for at, frame in zip(*np.nonzero(decided), strict=True):
            chosen[at].append(int(frame))
        stances = self._stances(block, decided, evidence)
        found: list[SentenceFrames] = []
        for at, (row, frames) in enumerate(zip(chances.tolist(), chosen, strict=True)):
            text, start = block.sentences[at].text, block.sentences[at].begin
            one = SentenceFrames(
                text,
                start,
                start + len(text),
                labels=tuple([self.frames[frame] for frame in frames]),
                primary=self._primary(block, at, frames, proof),
                scores=self._named(row),
                evidence=self._evidence(block, at, frames, proof, evidence),
                bias=self._bias,
                thresholds=self._limits,
                about=about[at],
                stances=stances.get(at, {}),
            )
            found.append(one)
        return found

    def _evidence(
        self, block: Block, at: int, chosen: Sequence[int], proof: Proof, evidence: Detail
    ) -> tuple[Evidence, ...]:
        wanted = range(len(self.frames)) if evidence is True else chosen
        if not evidence or not wanted:
            return ()
        return proof.evidence(at, wanted, block.readings[at], block.sentences[at].part)

    def _stances(
        self, block: Block, decided: Bools, evidence: Detail
    ) -> dict[int, dict[str, FrameStance]]:
        """How each sentence that has frames treats them, by its number."""
        if self.stances is None or self.model is None or self.model.stance is None:
            return {}
        sentences, frames = np.nonzero(decided)
        carriers, own = np.unique(sentences, return_inverse=True)
        keys = list(chain.from_iterable(map(block.keys_of, carriers)))
        numbers = np.full(len(decided), -1)
        numbers[carriers] = np.arange(len(carriers))
        hits = block.readings.hits()
        hits[0] = numbers[hits[0]]
        lengths = np.diff(block.first_token)[carriers]
        found = self.stances.find(
            keys,
            lengths,
            hits[:, hits[0] >= 0],
            self.stances.matcher.read_block(keys, lengths).hits(),
            pairs=(own, frames),
        )
        stances: dict[int, dict[str, FrameStance]] = defaultdict(dict)
        told = self.model.stance.decide(found, len(frames), because=evidence is True)
        if told and evidence is True:
            own_sentences = map(block.sentences.__getitem__, sentences.tolist())
            texts = [(one.part, len(one.keys)) for one in own_sentences]
            begun = (np.cumsum(lengths) - lengths)[own]
            told = with_reasons(told, found, self.stances, self.model.stance, texts, begun)
        for at, frame, stance in zip(sentences.tolist(), frames.tolist(), told, strict=True):
            stances[at][self.frames[frame]] = stance
        return stances

    def _about(self, block: Block) -> Sequence[float | None]:
        """How far each sentence is about the codebook's subject, if the model knows."""
        if self.model is None or self.model.about is None or block.terms is None:
            return [None] * len(block.sentences)
        found: list[float | None] = self.model.about.probabilities(
            block.terms, len(block.sentences)
        ).tolist()
        return found

    def _primary(self, block: Block, at: int, chosen: list[int], proof: Proof) -> str | None:
        if len(chosen) < 2:
            return self.frames[chosen[0]] if chosen else None
        reading = block.readings[at]
        places = {self.frames[frame]: proof.places(at, frame, reading) for frame in chosen}
        words = list(map(self._lower.__getitem__, block.keys_of(at)))
        return primary_frame(list(places), places, main_clause(words))


def _add_up(block: Block, weights: Weights) -> Floats:
    """The scores (log-odds), sentences × frames: the bias and every contribution."""
    scores = np.tile(weights.bias, (len(block.sentences), 1))
    owners, rules = block.readings.pairs()
    _add(scores, owners, weights.rule_weights[rules])
    if block.terms is not None:
        found, values = block.terms.found, block.terms.values
        speaking = np.flatnonzero(weights.heard[found.term])
        shares = weights.term_weights[found.term[speaking]] * values[speaking][:, None]
        _add(scores, found.sentence[speaking], shares)
    return scores


def _add(scores: Floats, sentences: Ints, shares: Floats) -> None:
    """Add shares, a row each, to the scores of the sentences that they belong to."""
    for total, own in zip(scores.T, shares.T, strict=True):
        total += np.bincount(sentences, own, minlength=len(total))


def classify_sentences(
    sentences: Iterable[Sentence], classifier: FrameClassifier, *, evidence: Detail = True
) -> Iterator[Classified]:
    """Classify sentences as they come, with the evidence that is wanted."""
    sentences = iter(sentences)
    while block := _block(sentences):
        classifier.renew()
        # Sentences are drawn before: whoever makes them may need what is put off here.
        views, known = [normalised(sentence.text) for sentence in block], classifier.known
        texts = [view.text for view in views]
        with bounded(classifier.tokenizer.vocab), uncollected(), known.together(texts):
            tokens = [
                Tokens.of_view(view, one.text, one.passage.offset + one.start, known)
                for view, one in zip(views, block, strict=True)
            ]
            frames = classifier.classify(tokens, evidence=evidence)
        yield from map(Classified, block, frames)


@collected_seldom()
def _block(sentences: Iterator[Sentence]) -> list[Sentence]:
    """The next sentences that are to be classified together."""
    block: list[Sentence] = []
    held = 0
    for sentence in sentences:
        if not block or sentence.passage is not block[-1].passage:
            held += sum(
                len(value) for value in sentence.passage.meta.values() if type(value) is str
            )
        block.append(sentence)
        held += len(sentence.text)
        if len(block) >= BLOCK or held >= BLOCK_CHARACTERS:
            break
    return block


RULES_ALONE = log(9)
"""Log-odds at which rules alone stand: no hit is a probability of 0.1, one hit of 0.9."""


def weights_for(rules: RuleSet, model: Model | None, mode: Mode) -> Weights:
    """The weights of a mode; raise FramelensError where model and rules don't belong together."""
    if mode == "rules":
        return rule_weights(rules)
    if model is None:
        raise FramelensError("no model given; expected one unless rules alone decide")
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
    """Raise FramelensError, with what to give, where only one of rules and model was `given` (in
    this order), and the shipped other one does not belong to it."""
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
    """Weights by which any hit of a rule that is not weak decides for its frame."""
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
    found = defaults.copy()
    for frame, value in (chosen or {}).items():
        if frame not in frames:
            raise FramelensError(f"unknown frame {frame!r}; expected one of {', '.join(frames)}")
        found[frames.index(frame)] = checked(f"the threshold of {frame}", value)
    return found
