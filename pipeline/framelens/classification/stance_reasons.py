"""Why a sentence treats a frame as it does, in words that need no knowledge of the model.

The weights of all features from one source (a span with a cue, a function word, a hit, and so on) are
added up to one cause. A feature counts with the difference of its weights for the stance given and for
the next likeliest; what several sources share is split evenly. A cause whose weight for some other stance
is larger than for the one given is no reason.

A block of sentences is weighed at once; only causes that are heavy enough are put into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from framelens.classification.evidence import ReadSpan
from framelens.classification.stance import (
    ELSEWHERE,
    MARKS,
    OPENS,
    USUAL,
    WITHIN,
    StanceFeatures,
    StanceFinder,
    StanceModel,
    sorted_unique,
)
from framelens.core.types import Floats, FrameStance, Ints, StanceReason
from framelens.preprocessing.spelling import ONE_FOR_ONE

MAX_REASONS = 3
MIN_SHARE = 1 / 3
"""Share of the heaviest reason's weight below which others are left out."""
MIN_WEIGHT = 0.1
"""Weight below which nothing is a reason (log-odds)."""

SIDE_WORDS = (
    "within the evidence",
    "right before the evidence",
    "right after the evidence",
    "in the sentence",
)
"""Where a function word stands to the evidence, by the number of its side (see `stance.WITHIN`)."""


class Cause(NamedTuple):
    """What decides the stance of a pair of a sentence and a frame; sorts by pair, the heaviest first.

    `first` and `end` are tokens, both 0 without a span. `word` is set for a function word, whose span
    is only looked for if it is shown; `place` says where it all stands, in words.
    """

    pair: int
    minus_weight: float
    first: int
    end: int
    place: str
    word: str

    def located(self, read_span: ReadSpan, length: int) -> tuple[int, int, str]:
        """Its first token, end and place; a function word has a span if it is once in the sentence of
        `length` tokens."""
        if not self.word:
            return self.first, self.end, self.place
        words = [read_span(at, at + 1)[2].lower().translate(ONE_FOR_ONE) for at in range(length)]
        if words.count(self.word) != 1:
            return 0, 0, f"“{self.word}” {self.place}"
        return words.index(self.word), words.index(self.word) + 1, self.place


def with_reasons(
    stances: Sequence[FrameStance],
    features: StanceFeatures,
    finder: StanceFinder,
    model: StanceModel,
    sentences: Sequence[tuple[ReadSpan, int]],
    first_token: Ints,
) -> list[FrameStance]:
    """The stances of pairs with their reasons; `sentences` has each pair's `Tokens.span` and number of
    tokens, `first_token` the number of its first token in the block."""
    best_two = _best_two(stances, model)
    defaults = (
        f"no single word decides; the next likeliest is {model.stances[second]}"
        for second in best_two[1].tolist()
    )
    reasons = [[StanceReason("", None, None, words, 0.0)] for words in defaults]
    causes = sorted(Causes(features, finder, first_token).heavy(model, best_two))
    for pair, group in groupby(causes, key=lambda cause: cause.pair):
        reasons[pair] = _reasons(group, *sentences[pair])
    pairs = zip(stances, reasons, strict=True)
    return [replace(stance, reasons=tuple(rows)) for stance, rows in pairs]


def _best_two(stances: Sequence[FrameStance], model: StanceModel) -> Ints:
    """The stance given to each pair and the next likeliest, as numbers: 2 × pairs."""
    chances = np.array([list(stance.probabilities.values()) for stance in stances])
    best = np.array([model.stances.index(stance.name) for stance in stances])
    chances[np.arange(len(stances)), best] = 2
    return np.array([best, np.argsort(-chances, kind="stable")[:, :2][:, -1]])


class Causes:
    """All causes in a block of sentences: each is a pair and a source, with the features from it.

    Sources below `first_cue` are those of `StanceFinder.sources`; then come spans with a cue and, from
    `first_hit` on, hits. `places` has the first token and the end of each. `feature` and `cause` are
    parallel: a feature and the number of its cause; `pair` and `source` are those of each cause.
    """

    def __init__(self, features: StanceFeatures, finder: StanceFinder, first_token: Ints) -> None:
        self.features, self.finder, self.first_token = features, finder, first_token
        self.sources, self.sides = finder.sources()
        spans, self.span = _unique_spans(*features.cues[1:3])
        nowhere = np.zeros((2, len(finder.words)), dtype=np.int64)
        self.first_cue = nowhere.shape[1]
        self.first_hit = self.first_cue + spans.shape[1]
        self.places = np.concatenate([nowhere, spans, features.hits[1:3]], axis=1)
        self.size = int(self.places.shape[1])
        parts = self._features(self.first_cue + widest_spans(*spans)[self.span])
        pair, source, feature = (np.concatenate(column) for column in zip(*parts, strict=True))
        codes = self._code(pair, source) * len(self.sources) + feature
        codes, self.feature = np.divmod(sorted_unique(codes[feature >= 0]), len(self.sources))
        begins = np.diff(codes, prepend=-1) > 0
        self.group_start, self.cause = np.flatnonzero(begins), np.cumsum(begins) - 1
        self.pair, self.source = np.divmod(codes[begins], self.size)

    def _features(self, cue_sources: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Pairs, their sources and features; `cue_sources` has the source of each cue."""
        extracted, bias = self.features, len(self.sources) - 1
        pairs = np.arange(len(self.first_token))
        yield pairs, np.full(len(pairs), USUAL), np.full(len(pairs), bias)
        has_source = self.sources[extracted.feature] >= 0
        feature = extracted.feature[has_source]
        yield extracted.pair[has_source], self.sources[feature], feature
        cue, features = self.finder.of_cues(extracted.cues[3])
        yield extracted.cues[0, cue], cue_sources[cue], features
        hits = np.arange(self.first_hit, self.size)
        yield extracted.hits[0], hits, self.finder.rule_features[extracted.hits[3]]

    def _code(self, pair: Ints, source: Ints) -> Ints:
        """The code of a cause: its pair and its source as one number."""
        return pair * self.size + source

    def heavy(self, model: StanceModel, best_two: Ints) -> Iterator[Cause]:
        """The causes that weigh enough to be a reason; `best_two` is as `_best_two` gives it."""
        weights = np.concatenate([model.weights, model.bias[None]])[self.feature]
        pair, rows = self.pair[self.cause], np.arange(len(self.cause))
        codes = pair * len(self.sources) + self.feature
        _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
        best, second = best_two[:, pair]
        margin = weights[rows, best] - weights[rows, second]
        shares = np.array([margin, *weights.T]) / counts[inverse]
        added = np.array([np.bincount(self.cause, row) for row in shares])
        sums, by_stance = added[0], added[1:]
        given = by_stance[best_two[0, self.pair], np.arange(len(sums))]
        sums[given < by_stance.max(axis=0)] = 0
        least = np.full(len(self.first_token), MIN_WEIGHT)
        np.maximum.at(least, self.pair, MIN_SHARE * sums)
        heavy = np.flatnonzero(sums >= least[self.pair])
        return self._as_causes(heavy, sums[heavy])

    def _as_causes(self, heavy: Ints, sums: Floats) -> Iterator[Cause]:
        """Causes given by number, with their weights."""
        pair, source = self.pair[heavy], self.source[heavy]
        places = self.places[:, source] - np.where(
            source < self.first_cue, 0, self.first_token[pair]
        )
        sides = np.minimum.reduceat(self.sides[self.feature], self.group_start)[heavy]
        # Where no rule hits, all of the sentence is the evidence.
        sides[(sides == WITHIN) & ~np.isin(pair, self.features.hits[0])] = ELSEWHERE
        columns = [pair, -sums, *places, source, sides, self._code(pair, source)]
        nearest = self._nearest_cues()
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for its_pair, minus_weight, first, end, its_source, side, code in rows:
            described = self._described(its_source, side, nearest.get(code, 0))
            yield Cause(its_pair, minus_weight, first, end, *described)

    def _nearest_cues(self) -> dict[int, int]:
        """The code (see `stance.PLACES`) of the cue nearest to the evidence, by the code of its cause."""
        causes = self._code(self.features.cues[0], self.first_cue + self.span)
        codes = self.features.cues[3]
        # Of a cause's cues the last counts: the nearest, and of equally near ones the first.
        order = np.argsort(self.finder.remoteness(codes), kind="stable")[::-1]
        return dict(zip(causes[order].tolist(), codes[order].tolist(), strict=True))

    def _described(self, source: int, side: int, cue: int) -> tuple[str, str]:
        """The place of a cause in words, and its function word, if it is one."""
        if source >= self.first_hit:
            return "the evidence itself", ""
        if source >= self.first_cue:
            return self.finder.place_in_words(cue) or SIDE_WORDS[side], ""
        if source == USUAL:
            return "the usual stance, which nothing in the sentence outweighs", ""
        if source == OPENS:
            return "the sentence opens with its verb, as recommendations do", ""
        if source == MARKS:
            where = "at the evidence" if side == WITHIN else "in the sentence"
            return f"quotation marks {where}", ""
        return SIDE_WORDS[side], self.finder.words[source]


def _unique_spans(first: Ints, end: Ints) -> tuple[Ints, Ints]:
    """The distinct spans (2 × spans), by first token, the wider first; and the number of each given."""
    size = end.max(initial=0) + 1
    codes, inverse = np.unique(first * size + size - end, return_inverse=True)
    spans: Ints = np.array([codes // size, size - codes % size])
    return spans, inverse


def widest_spans(first: Ints, end: Ints) -> Ints:
    """The number of the widest span that each lies in: "not" and "yet" go with "not yet". Spans are
    sorted by first token, the wider first."""
    grows = np.diff(np.maximum.accumulate(end), prepend=-1) > 0
    outer = np.flatnonzero(grows)
    low, high = np.searchsorted(end[outer], end), np.cumsum(grows) - 1
    width = (end - first)[outer].tolist()
    for at in np.flatnonzero(low < high).tolist():
        high[at] = max(range(low[at], high[at] + 1), key=width.__getitem__)
    widest: Ints = outer[high]
    return widest


def _reasons(causes: Iterable[Cause], read_span: ReadSpan, length: int) -> list[StanceReason]:
    """The reasons for a stance, the heaviest first, none twice and none within another's span."""
    kept: dict[str, StanceReason] = {}
    spans: list[tuple[int, int]] = []
    for cause in causes:
        first, end, place = cause.located(read_span, length)
        if end and any(start <= first and end <= stop for start, stop in spans):
            continue
        reason = _reason(-cause.minus_weight, first, end, place, read_span)
        if reason.words.lower() not in kept:
            spans.append((first, end))
            kept[reason.words.lower()] = reason
        if len(kept) == MAX_REASONS:
            break
    return list(kept.values())


def _reason(weight: float, first: int, end: int, place: str, read_span: ReadSpan) -> StanceReason:
    if not end:
        return StanceReason("", None, None, place, weight)
    start, stop, text = read_span(first, end)
    comma = ", " if place.startswith("the ") else " "
    return StanceReason(text, start, stop, f"“{text}”{comma}{place}", weight)
