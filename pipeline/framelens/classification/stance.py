"""How a sentence treats a frame that it carries: cues and where they stand → one stance of several.

    score(stance) = bias(stance) + Σ weight(feature, stance)

Features are extracted for each pair of a sentence and a frame that it carries:

- the frame, and those of its rules that hit;
- cues (`rules/stance.toml`) by kind, name and wording, each with its side of the frame's evidence,
  its distance from it in words and whether both are in one clause;
- function words ("not", "must"): in the sentence, in the evidence, up to two tokens beside it;
- quotation marks in or beside the evidence;
- a cue that opens the sentence, such as the verb of a recommendation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise, product
from typing import NamedTuple

import numpy as np
from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.core.types import Floats, FrameStance, Ints
from framelens.preprocessing.normalise import ROUND_FEW
from framelens.preprocessing.spelling import ONE_FOR_ONE, known_form
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.block import ranges
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import WORD, RuleSet

OPENING = "opening"
"""The kind of cues that count only where they open a sentence; also the feature's name."""

CLOSE = 4
"""Words between a cue and the evidence up to which the cue's wording is a feature, too."""

DISTANCES = ((1, "next"), (CLOSE, "near"), (9, "apart"))
"""Most words between a cue and the evidence, and the name of that distance in features."""

FINE_DISTANCES = ("next", "near")
"""Distances that features of a single cue tell apart; those of a kind of cue tell all apart."""

CLAUSE_OPENERS = frozenset(
    [",", ";", ":", "(", ")", "–", "—", "and", "but", "which", "who", "whose", "that", "as", "because",
     "while", "although", "where", "when", "if"]
)  # fmt: skip
"""Tokens that begin a new clause, as far as it can be told without a parser."""

BEFORE_OPENING = frozenset(["also", "further"])
PHRASE_OPENERS = frozenset(
    ["after", "as", "at", "by", "following", "for", "from", "in", "on", "pending", "through",
     "together", "under", "until", "with", "within", "without"]
)  # fmt: skip
"""Words that begin a phrase before a recommendation: With the help of others, do so."""

QUOTES = frozenset(f"\"'{ROUND_FEW}")
QUOTED = ("quoted", "few words quoted")
"""Features: quotation marks in or beside the evidence, and such as stand around few words."""

QUOTE, ROUND, CLAUSE, PHRASE, FUNCTION_WORD = range(5)
"""Bits of a token's flags; from bit FUNCTION_WORD on, the number of its function word, 0 for none."""

WITHIN, BEFORE, AFTER, ELSEWHERE = range(4)
"""Where a cue or a function word stands to the evidence."""

USUAL, OPENS, MARKS, WORDS = range(4)
"""Sources of features without a span: the frame (its usual stance), an opening cue, quotation marks;
WORDS is the first of the function words."""

SIDES = ("within", "before", "after")
DISTANCE_NAMES = (*(called for _, called in DISTANCES), "far")
PLACES = tuple(product(SIDES, DISTANCE_NAMES, (False, True)))
"""Side, distance and whether cue and evidence are in one clause; a place's number is its index here,
and a cue's code is `wording * len(PLACES) + place`."""

MOST_EVIDENCE, MOST_CUES = 100, 1000
"""Spans of evidence for a frame, and cues in a sentence, that are paired, counted from the first: a
whole book may be given as one sentence."""

MAX_CACHED = 1 << 16
"""Entries of a cache after which all caches are cleared."""


NO_SPANS = np.empty((4, 0), dtype=np.int64)


class StanceFeatures(NamedTuple):
    """Features of pairs of a sentence and a frame, as numbers.

    `pair` and `feature` are parallel, sorted by pair, and name each feature of a pair once. `cues`
    and `hits` say where they come from, a column each: rows pair, first token, end token, and the
    cue's code (see `PLACES`) or the rule.
    """

    pair: Ints
    feature: Ints
    cues: Ints = NO_SPANS
    hits: Ints = NO_SPANS


@dataclass(frozen=True, eq=False)
class StanceModel:
    """Weights (features × stances) and one bias for each stance, in log-odds."""

    stances: tuple[str, ...]
    features: tuple[str, ...]
    weights: Floats
    bias: Floats

    def decide(
        self, features: StanceFeatures, pairs: int, *, because: bool = True
    ) -> list[FrameStance]:
        """The likeliest stance of each of `pairs` pairs, with all probabilities and, where `because`,
        the weights of its features, the largest absolute value first."""
        scores = np.tile(self.bias, (pairs, 1))
        for total, weights in zip(scores.T, self.weights[features.feature].T, strict=True):
            total += np.bincount(features.pair, weights, minlength=pairs)
        best = scores.argmax(axis=1)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        rows = (odds / odds.sum(axis=1, keepdims=True)).tolist()
        named = [dict(zip(self.stances, row, strict=True)) for row in rows]
        spoke = self._because(features, best) if because else [()] * pairs
        given = map(self.stances.__getitem__, best.tolist())
        return list(map(FrameStance, given, named, spoke))

    def _because(self, features: StanceFeatures, best: Ints) -> list[tuple[tuple[str, float], ...]]:
        """The bias and the features that speak for or against the stance of each pair, `best`."""
        weights = self.weights[features.feature, best[features.pair]]
        order = np.lexsort([self._ranks[features.feature], -abs(weights), features.pair])
        order = order[weights[order] != 0]
        names = map(self.features.__getitem__, features.feature[order].tolist())
        rows = list(zip(names, weights[order].tolist(), strict=True))
        ends = np.searchsorted(features.pair[order], np.arange(len(best) + 1)).tolist()
        biases = self.bias[best].tolist()
        return [
            (("bias", bias), *rows[first:end])
            for bias, (first, end) in zip(biases, pairwise(ends), strict=True)
        ]

    @cached_property
    def _ranks(self) -> Ints:
        """The place of each feature in the order of their names."""
        ranks = np.empty(len(self.features), dtype=np.int64)
        ranks[sorted(range(len(ranks)), key=self.features.__getitem__)] = np.arange(len(ranks))
        return ranks


class StanceFinder:
    """Extracts the features of stance; `matcher` is compiled from the rule set's `sought_cues`.

    Features are numbered as in `vocabulary`, others left out; without one (in training) they are
    numbered as they come. `scales` has the factor of each feature's value in training: the larger, the
    less a weight on it is penalised. A trained model's weights are multiplied with it already.
    `rule_features` has the feature of each rule, −1 if it is not in the vocabulary.
    """

    def __init__(
        self, rules: RuleSet, matcher: RuleMatcher, vocabulary: Sequence[str] | None = None
    ) -> None:
        self.matcher = matcher
        self.names = list(vocabulary or ())
        self.scales = [1.0] * len(self.names)
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._is_open = vocabulary is None
        self._frame_features = self._of_names("frame", rules.scheme.names)
        self.rule_features = self._of_names("rule", [rule.id for rule in rules.rules])
        frames = [rules.scheme.names.index(rule.frame) for rule in rules.rules]
        self._frames = np.array(frames, dtype=np.int64)
        self._weak = np.array([rule.weak for rule in rules.rules], dtype=bool)
        words = [
            word for cue in rules.cues if cue.frame == WORD for word in dict.fromkeys(cue.phrases)
        ]
        self._function_words = {word: number for number, word in enumerate(words, start=1)}
        self._word_features = self._word_feature_table(words)
        self.words = [""] * WORDS + words
        flagged = {*words, *QUOTES, *CLAUSE_OPENERS, *PHRASE_OPENERS}
        self._word_flags = {word: self._flags(word) for word in flagged}
        self._vocab = matcher.vocab
        self._cue_names = [(cue.frame, cue.id.rpartition(".")[2]) for cue in matcher.rules.rules]
        self._opening = np.array([kind == OPENING for kind, _ in self._cue_names], dtype=bool)
        self._clear_caches()

    @cached_property
    def _words_that_are_cues(self) -> set[str]:
        """Function words that are a cue alone, and so tell a reader something: "must", not "be"."""
        words = list(self._function_words)
        keys = [self._vocab.strings.add(word) for word in words]
        cues = self.matcher.read_block(keys, np.ones(len(keys), dtype=np.int64)).hits()
        return {words[at] for at in cues[0].tolist()}

    def _clear_caches(self) -> None:
        self._key_flags: dict[int, int] = {}
        self._wording_cache: dict[tuple[int, ...], int] = {}
        self._wordings: list[tuple[int, str]] = []
        self._code_features: dict[int, tuple[int, ...]] = {}

    def _number(self, name: str, scale: float) -> int:
        """The number of a feature, −1 if it is not in the vocabulary."""
        number = self._numbers.get(name, -1)
        if number < 0 and self._is_open:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
            self.scales.append(scale)
        return number

    def _of_names(self, kind: str, names: Sequence[str]) -> Ints:
        return np.array([self._number(f"{kind} {name}", 1.0) for name in names], dtype=np.int64)

    def _word_feature_table(self, words: Sequence[str]) -> Ints:
        """The features of each function word, a row each: it is in the sentence, and it stands in or
        beside the evidence in one of five ways. Row 0 stands for other words: all −1."""
        touching = ("within", "before by 1", "before by 2", "after by 1", "after by 2")
        rows = [[-1] * (len(touching) + 1)]
        for word in words:
            rows.append([self._number(f"word {word}", 0.5)])
            rows[-1] += [self._number(f"{word} {how}", 0.8) for how in touching]
        return np.array(rows, dtype=np.int64)

    def _flags(self, lower: str) -> int:
        flags = (lower in QUOTES) << QUOTE | (lower in ROUND_FEW) << ROUND
        flags |= (lower in CLAUSE_OPENERS) << CLAUSE | (lower in PHRASE_OPENERS) << PHRASE
        return flags | self._function_words.get(lower.translate(ONE_FOR_ONE), 0) << FUNCTION_WORD

    def find(
        self,
        keys: Sequence[int],
        lengths: Ints,
        hits: Ints,
        cues: Ints,
        *,
        pairs: tuple[Ints, Ints],
    ) -> StanceFeatures:
        """The features of pairs of a sentence and a frame.

        `keys` are the ORTH keys of all sentences' tokens, `lengths` the tokens of each. `hits` are
        the rules' hits there, also those set aside, and `cues` the hits of cues: rows sentence, rule,
        start and end, counted from the sentence's first token.
        `pairs` are the sentence and the frame of each pair.
        """
        sizes = len(self._wording_cache), len(self._code_features), len(self._key_flags)
        if max(sizes) > MAX_CACHED:
            self._clear_caches()
        sentences, frames = pairs
        first = np.concatenate([[0], np.cumsum(lengths)])
        for key in set(keys).difference(self._key_flags):
            self._key_flags[key] = self._word_flags.get(self._vocab[key].lower_, 0)
        flags = np.fromiter(map(self._key_flags.__getitem__, keys), np.int64, len(keys))
        bounds = first[sentences], first[sentences + 1]
        hit_pairs, rules, spans, hit_spans = self._evidence(hits, first, pairs)
        spans = _first_per_group(spans, MOST_EVIDENCE)
        cues = _first_per_group(cues, MOST_CUES)
        cues[2:] += first[cues[0]]
        opening = self._opening[cues[1]]
        opens = np.zeros(len(lengths), dtype=bool)
        opens[self._opened_sentences(cues[:, opening], first, keys, flags)] = True
        *of_cues, cue_spans = self._from_cues(cues[:, ~opening], spans, sentences, keys, flags)
        marked = {
            name: _pairs_with_mark(spans, bounds, flags >> bit)
            for bit, name in zip((QUOTE, ROUND), QUOTED, strict=True)
        }
        marked[OPENING] = np.flatnonzero(opens[sentences])
        parts = [
            (np.arange(len(frames)), self._frame_features[frames]),
            (hit_pairs, self.rule_features[rules]),
            *((pair, np.full(len(pair), self._number(name, 2.0))) for name, pair in marked.items()),
            *self._touching(spans, bounds, flags >> FUNCTION_WORD),
            of_cues,
        ]
        pair, feature = (np.concatenate(column) for column in zip(*parts, strict=True))
        known, size = feature >= 0, max(len(self.names), 1)
        codes = sorted_unique(pair[known] * size + feature[known])
        return StanceFeatures(*np.divmod(codes, size), cue_spans, hit_spans)

    def _evidence(
        self, hits: Ints, first: Ints, pairs: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """The hits of each pair's frame, and its evidence.

        Returned are the pair and the rule of each hit, the spans of evidence (rows pair, first token,
        end token) and those of hits (the same, and the rule). Evidence are the hits of rules that are
        not weak, else all hits, else the whole sentence.
        """
        sentences, frames = pairs
        numbers = np.full((len(first), len(self._frame_features)), -1)
        numbers[sentences, frames] = np.arange(len(frames))
        hit_pairs = numbers[hits[0], self._frames[hits[1]]]
        hits, hit_pairs = hits[:, hit_pairs >= 0], hit_pairs[hit_pairs >= 0]
        sentence, rules, start, end = hits
        strong, has_strong, has_any = ~self._weak[rules], *np.zeros((2, len(frames)), dtype=bool)
        has_strong[hit_pairs[strong]] = has_any[hit_pairs] = True
        is_evidence, bare = strong | ~has_strong[hit_pairs], np.flatnonzero(~has_any)
        hit_spans = np.array([hit_pairs, first[sentence] + start, first[sentence] + end, rules])
        spans = hit_spans[:3, is_evidence]
        whole = np.array([bare, first[sentences[bare]], first[sentences[bare] + 1]])
        return hit_pairs, rules, np.concatenate([spans, whole], axis=1), hit_spans

    def _touching(
        self, spans: Ints, bounds: tuple[Ints, Ints], word_numbers: Ints
    ) -> Iterator[tuple[Ints, Ints]]:
        """Pairs and features of function words: in the sentence, in the evidence, beside it; `bounds`
        has each pair's first token and end, `word_numbers` the function word of every token."""
        pair, start, end = spans
        low, high = bounds
        table = self._word_features[word_numbers].T
        yield np.repeat(np.arange(len(low)), high - low), table[0, ranges(low, high)]
        yield np.repeat(pair, end - start), table[1, ranges(start, end)]
        for step in (1, 2):
            inside = start - step >= low[pair]
            yield pair[inside], table[1 + step, start[inside] - step]
            inside = end + step <= high[pair]
            yield pair[inside], table[3 + step, end[inside] + step - 1]

    def _opened_sentences(self, cues: Ints, first: Ints, keys: Sequence[int], flags: Ints) -> Ints:
        """Sentences that an opening cue begins; an adverb, a mark, or a phrase that ends in a comma
        may stand before it."""
        begin = first[cues[0]]
        is_opened = cues[2] == begin
        is_near = ~is_opened & ((cues[2] - begin < 2) | (flags[begin] >> PHRASE & 1 > 0))
        for at in np.flatnonzero(is_near).tolist():
            is_opened[at] = _may_precede_opening(self._lower(keys[begin[at] : cues[2, at]]))
        sentences: Ints = cues[0, is_opened]
        return sentences

    def _from_cues(
        self, cues: Ints, spans: Ints, sentences: Ints, keys: Sequence[int], flags: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """The pair and the number of each feature from pairing every cue of a sentence with every span of
        evidence there, and the cues' spans (see `StanceFeatures.cues`)."""
        wordings = np.array(
            [self._wording_number(cue, keys[start:end]) for _, cue, start, end in cues.T.tolist()],
            dtype=np.int64,
        )
        owner = sentences[spans[0]]
        low, high = (np.searchsorted(cues[0], owner, side=side) for side in ("left", "right"))
        pair, start, end = np.repeat(spans, high - low, axis=1)
        at = ranges(low, high)
        places = _place_codes(cues[2, at], cues[3, at], start, end, flags >> CLAUSE & 1)
        codes = wordings[at] * len(PLACES) + places
        rows, features = self.of_cues(codes)
        return pair[rows], features, np.array([pair, *cues[2:, at], codes])

    def of_cues(self, codes: Ints) -> tuple[Ints, Ints]:
        """The features of cues, in parallel with the index of the cue in `codes`."""
        unique, inverse = np.unique(codes, return_inverse=True)
        features = [self._features_at(code) for code in unique.tolist()]
        counts = np.array([len(row) for row in features], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(features), np.int64, counts.sum())
        ends, counts = np.cumsum(counts)[inverse], counts[inverse]
        return np.repeat(np.arange(len(codes)), counts), flat[ranges(ends - counts, ends)]

    def _lower(self, keys: Sequence[int]) -> list[str]:
        return [self._vocab[key].lower_ for key in keys]

    def _wording_number(self, cue: int, keys: Sequence[int]) -> int:
        """The number of a cue's wording, given the ORTH keys of its tokens."""
        if (number := self._wording_cache.get((cue, *keys))) is None:
            number = self._wording_cache[cue, *keys] = len(self._wordings)
            text = " ".join(map(known_form, self._lower(keys)))
            self._wordings.append((cue, text))
        return number

    def sources(self) -> tuple[Ints, Ints]:
        """The source of each feature and, last, of the bias; and the side of each that is of a function
        word (WITHIN, BEFORE, AFTER or ELSEWHERE).

        A source is USUAL, OPENS, MARKS or a function word's index in `words`; −1 for features of cues
        and rules, and for words that tell a reader nothing alone.
        """
        size = len(self.names) + 1
        sources, sides = np.full(size, -1), np.full(size, WITHIN)
        word_sources = [
            MARKS if word in QUOTES else at if word in self._words_that_are_cues else -1
            for at, word in enumerate(self.words)
        ]
        sources[self._word_features[1:]] = np.array(word_sources[WORDS:])[:, None]
        sides[self._word_features[1:]] = ELSEWHERE, WITHIN, BEFORE, BEFORE, AFTER, AFTER
        sides[sources == MARKS] = ELSEWHERE
        sources[[self._numbers.get(name, -1) for name in QUOTED]] = MARKS
        sources[self._numbers.get(OPENING, -1)] = OPENS
        sources[self._frame_features] = sources[-1] = USUAL
        return sources, sides

    @staticmethod
    def remoteness(codes: Ints) -> Ints:
        """How far cues stand from the evidence, as numbers to sort by."""
        sides, distances = np.divmod(codes % len(PLACES) // 2, len(DISTANCE_NAMES))
        return distances * len(SIDES) + sides

    @staticmethod
    def place_in_words(code: int) -> str:
        """The place of a cue in words; empty where it lies within the evidence."""
        side, distance, in_one_clause = PLACES[code % len(PLACES)]
        if side == "within":
            return ""
        how = {"next": "right ", "far": "far "}.get(distance, "")
        clause = "in the same clause" if in_one_clause else "in another clause"
        return f"{how}{side} the evidence, {clause}"

    def _features_at(self, code: int) -> tuple[int, ...]:
        """The features of a cue, given by its code."""
        if (numbers := self._code_features.get(code)) is None:
            wording, place = divmod(code, len(PLACES))
            cue, text = self._wordings[wording]
            side, distance, in_one_clause = PLACES[place]
            kind, name = self._cue_names[cue]
            coarse = distance if distance in FINE_DISTANCES else "off"
            names = [f"any {kind}", f"any {name}", f"{kind} {side} {distance}"]
            names.append(f"{name} {side} {coarse}")
            if in_one_clause:
                names += [f"{kind} {side} in one clause", f"{name} {side} in one clause"]
            worded = [f"{name} {text}"]
            if distance in FINE_DISTANCES:
                worded.append(f"{text} {side} close")
            known = [self._number(feature, 1.0) for feature in names]
            known += [self._number(feature, 0.7) for feature in worded]
            numbers = tuple([number for number in known if number >= 0])
            self._code_features[code] = numbers
        return numbers


def sorted_unique(codes: Ints) -> Ints:
    """The distinct codes in order; np.unique takes several times as long."""
    codes = np.sort(codes)
    return codes[np.diff(codes, prepend=-1) > 0]


def _first_per_group(rows: Ints, most: int) -> Ints:
    """Columns sorted by their group, the first row; of each group at most `most`."""
    rows = rows[:, np.argsort(rows[0], kind="stable")]
    group_start = np.searchsorted(rows[0], rows[0])
    kept: Ints = rows[:, np.arange(len(group_start)) - group_start < most]
    return kept


def _running_count(flags: Ints) -> Ints:
    """How many flags are set before each token, and last the number of all."""
    return np.concatenate([[0], np.cumsum(flags)])


def _pairs_with_mark(spans: Ints, bounds: tuple[Ints, Ints], has_mark: Ints) -> Ints:
    """Pairs with a mark in or right beside a span of evidence; the lowest bit of `has_mark` counts."""
    pair, start, end = spans
    marks_before = _running_count(has_mark & 1)
    low, high = np.maximum(start - 1, bounds[0][pair]), np.minimum(end + 1, bounds[1][pair])
    with_mark: Ints = pair[marks_before[high] > marks_before[low]]
    return with_mark


def _place_codes(first: Ints, last: Ints, start: Ints, end: Ints, opens_clause: Ints) -> Ints:
    """The place code of each cue, with tokens `first` to `last`, to its evidence, `start` to `end`."""
    before, after = last <= start, first >= end
    sides = np.where(before, BEFORE, np.where(after, AFTER, WITHIN))
    between = np.where(before, start - last, np.where(after, first - end, 0))
    distance = np.searchsorted([most for most, _ in DISTANCES], between)
    opened = _running_count(opens_clause)
    nearer, farther = np.minimum(first, start) + 1, np.maximum(first, start) + 1
    codes: Ints = (sides * len(DISTANCE_NAMES) + distance) * 2 + (opened[farther] == opened[nearer])
    return codes


def _may_precede_opening(before: Sequence[str]) -> bool:
    """Whether a cue after these words still counts as opening its sentence."""
    first = before[0]
    if len(before) == 1:
        return first.endswith("ly") or not first.isalpha() or first in BEFORE_OPENING
    return first in PHRASE_OPENERS and "," in before and before.index(",") == len(before) - 1


def stance_features(
    pairs: Sequence[tuple[str, str]],
    tokenizer: Tokenizer,
    matcher: RuleMatcher,
    finder: StanceFinder,
) -> StanceFeatures:
    """The features of pairs of a text and a frame; `matcher` finds the rules of frames."""
    docs = [sentence_tokens(text, tokenizer) for text, _ in pairs]
    keys = list(chain.from_iterable(doc.to_array([ORTH]).tolist() for doc in docs))
    lengths = np.array(list(map(len, docs)))
    frames = np.array([matcher.rules.scheme.names.index(frame) for _, frame in pairs])
    hits, cues = (
        one_matcher.read_block(keys, lengths).hits() for one_matcher in (matcher, finder.matcher)
    )
    return finder.find(keys, lengths, hits, cues, pairs=(np.arange(len(docs)), frames))
