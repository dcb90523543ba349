"""Why a sentence treats a frame as it does, in words that need no knowledge of the model.

What the features of a cue's occurrence weigh is put together, with the place where it stands and with
cues inside it; the weights are those for the stance given against the next likeliest, which they decide
between. Features that several occurrences have are shared out among them. What speaks for another
stance yet more is no reason.

All that a block of sentences says is weighed at once; the little that decides is put into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from framelens.classification.evidence import Part
from framelens.classification.stance import (
    ELSEWHERE,
    MARKS,
    OPENS,
    USUAL,
    WITHIN,
    Found,
    StanceFinder,
    StanceModel,
    distinct,
)
from framelens.core.types import Floats, FrameStance, Ints, StanceReason
from framelens.preprocessing.normalise import ONE_FOR_ONE

MOST_REASONS = 3
LIGHT = 1 / 3
"""Share of the heaviest reason's weight below which others are left out."""
LEAST = 0.1
"""Weight below which nothing is a reason (log-odds)."""

TOUCHING = (
    "within the evidence",
    "right before the evidence",
    "right after the evidence",
    "in the sentence",
)
"""Where a word of grammar stands, by the number of its side."""


class Mark(NamedTuple):
    """What decides for a pair, to sort by: its weight, negative; its first token and its end, both 0
    where it has no place; a `word` of grammar may yet have one."""

    pair: int
    lightness: float
    first: int
    end: int
    told: str
    word: str

    def placed(self, part: Part, length: int) -> tuple[int, int, str]:
        """Its first token and end, and where it stands: a word of grammar has a place where it stands
        in the sentence once."""
        if not self.word:
            return self.first, self.end, self.told
        words = [part(at, at + 1)[2].lower().translate(ONE_FOR_ONE) for at in range(length)]
        if words.count(self.word) != 1:
            return 0, 0, f"“{self.word}” {self.told}"
        return words.index(self.word), words.index(self.word) + 1, self.told


def with_reasons(
    told: Sequence[FrameStance],
    found: Found,
    finder: StanceFinder,
    model: StanceModel,
    sentences: Sequence[tuple[Part, int]],
    begun: Ints,
) -> list[FrameStance]:
    """Stances with their reasons; `sentences` has what reads each pair's off and how many tokens that
    has, `begun` the number of its first token."""
    two = _two(told, model)
    nothing = (
        f"no single word decides; the next likeliest is {model.stances[second]}"
        for second in two[1].tolist()
    )
    reasons: list[tuple[StanceReason, ...]]
    reasons = [(StanceReason("", None, None, words, 0.0),) for words in nothing]
    marks = sorted(Marks(found, finder, begun).heavy(model, two))
    for pair, own in groupby(marks, key=lambda mark: mark.pair):
        reasons[pair] = tuple(_reasons(own, *sentences[pair]))
    return [replace(stance, reasons=own) for stance, own in zip(told, reasons, strict=True)]


def _two(told: Sequence[FrameStance], model: StanceModel) -> Ints:
    """The numbers of each pair's stance and of the next likeliest."""
    chances = np.array([list(stance.probabilities.values()) for stance in told])
    best = np.array([model.stances.index(stance.name) for stance in told])
    chances[np.arange(len(told)), best] = 2
    return np.array([best, np.argsort(-chances, kind="stable")[:, :2][:, -1]])


class Marks:
    """What is said of frames: each mark is of a pair and has a source there, to which features belong.

    Sources are what the finder numbers, then, by the next numbers, stretches with a cue, from
    `first_cue` on, and hits, from `first_hit` on; `places` has the first token of each and its end.
    """

    def __init__(self, found: Found, finder: StanceFinder, begun: Ints) -> None:
        self.found, self.finder, self.begun = found, finder, begun
        self.sources, self.sides = finder.sources()
        spans, self.span = _spans(*found.cues[1:3])
        nowhere = np.zeros((2, len(finder.words)), dtype=np.int64)
        self.first_cue = nowhere.shape[1]
        self.first_hit = self.first_cue + spans.shape[1]
        self.places = np.concatenate([nowhere, spans, found.hits[1:3]], axis=1)
        self.most = int(self.places.shape[1])
        parts = self._features(self.first_cue + widest(*spans)[self.span])
        pair, source, feature = (np.concatenate(column) for column in zip(*parts, strict=True))
        codes = self._code(pair, source) * len(self.sources) + feature
        codes, self.feature = np.divmod(distinct(codes[feature >= 0]), len(self.sources))
        begins = np.diff(codes, prepend=-1) > 0
        self.starts, self.mark = np.flatnonzero(begins), np.cumsum(begins) - 1
        self.pair, self.source = np.divmod(codes[begins], self.most)

    def _features(self, widest: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
        """The pair, the source and the feature of all; `widest` are the sources of cues."""
        found, bias = self.found, len(self.sources) - 1
        pairs = np.arange(len(self.begun))
        yield pairs, np.full(len(pairs), USUAL), np.full(len(pairs), bias)
        own = self.sources[found.feature] >= 0
        yield found.pair[own], self.sources[found.feature[own]], found.feature[own]
        cue, features = self.finder.of_cues(found.cues[3])
        yield found.cues[0, cue], widest[cue], features
        hits = np.arange(self.first_hit, self.most)
        yield found.hits[0], hits, self.finder.of_rules(found.hits[3])

    def _code(self, pair: Ints, source: Ints) -> Ints:
        """A mark's number, which no other has."""
        return pair * self.most + source

    def heavy(self, model: StanceModel, two: Ints) -> Iterator[Mark]:
        """What speaks for the stances given, against the next likeliest, the `two` of each pair, and
        weighs enough to be a reason."""
        weights = np.concatenate([model.weights, model.bias[None]])[self.feature]
        pair, rows = self.pair[self.mark], np.arange(len(self.mark))
        codes = pair * len(self.sources) + self.feature
        _, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
        best, second = two[:, pair]
        apart = weights[rows, best] - weights[rows, second]
        shares = np.array([apart, *weights.T]) / counts[which]
        added = np.array([np.bincount(self.mark, row) for row in shares])
        sums, speaks = added[0], added[1:]
        given = speaks[two[0, self.pair], np.arange(len(sums))]
        sums[given < speaks.max(axis=0)] = 0
        least = np.full(len(self.begun), LEAST)
        np.maximum.at(least, self.pair, LIGHT * sums)
        heavy = np.flatnonzero(sums >= least[self.pair])
        return self._in_words(heavy, sums[heavy])

    def _in_words(self, heavy: Ints, sums: Floats) -> Iterator[Mark]:
        pair, source = self.pair[heavy], self.source[heavy]
        places = self.places[:, source] - np.where(source < self.first_cue, 0, self.begun[pair])
        sides = np.minimum.reduceat(self.sides[self.feature], self.starts)[heavy]
        # Where no rule hits, all of the sentence is the evidence.
        sides[(sides == WITHIN) & ~np.isin(pair, self.found.hits[0])] = ELSEWHERE
        columns = [pair, -sums, *places, source, sides, self._code(pair, source)]
        nearest = self._nearest()
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for number, light, first, end, of, side, code in rows:
            yield Mark(number, light, first, end, *self._told(of, side, nearest.get(code, 0)))

    def _nearest(self) -> dict[int, int]:
        """The wording and place of a cue that is nearest to the evidence, by the number of its mark."""
        own = self._code(self.found.cues[0], self.first_cue + self.span)
        codes = self.found.cues[3]
        # The last of a mark counts: the nearest, and of equally near ones the first.
        order = np.argsort(self.finder.remoteness(codes), kind="stable")[::-1]
        return dict(zip(own[order].tolist(), codes[order].tolist(), strict=True))

    def _told(self, source: int, side: int, cue: int) -> tuple[str, str]:
        """How a mark is told, and the word of grammar that it is."""
        if source >= self.first_hit:
            return "the evidence itself", ""
        if source >= self.first_cue:
            return self.finder.place_in_words(cue) or TOUCHING[side], ""
        if source == USUAL:
            return "the usual stance, which nothing in the sentence outweighs", ""
        if source == OPENS:
            return "the sentence opens with its verb, as recommendations do", ""
        if source == MARKS:
            where = "at the evidence" if side == WITHIN else "in the sentence"
            return f"quotation marks {where}", ""
        return TOUCHING[side], self.finder.words[source]


def _spans(first: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Stretches, each once, by the first token of each, the wider first, and the number of each."""
    most = end.max(initial=0) + 1
    codes, own = np.unique(first * most + most - end, return_inverse=True)
    found: Ints = np.array([codes // most, most - codes % most])
    return found, own


def widest(first: Ints, end: Ints) -> Ints:
    """The number of the widest stretch that each lies in: not yet, not and yet are one. Stretches come
    by the first token of each, the wider first."""
    grows = np.diff(np.maximum.accumulate(end), prepend=-1) > 0
    outer = np.flatnonzero(grows)
    low, high = np.searchsorted(end[outer], end), np.cumsum(grows) - 1
    width = (end - first)[outer].tolist()
    for at in np.flatnonzero(low < high).tolist():
        high[at] = max(range(low[at], high[at] + 1), key=width.__getitem__)
    found: Ints = outer[high]
    return found


def _reasons(marks: Iterable[Mark], part: Part, length: int) -> Iterator[StanceReason]:
    """The reasons for a stance, the heaviest first, without those that say the same."""
    kept: dict[str, StanceReason] = {}
    places: list[tuple[int, int]] = []
    for mark in marks:
        first, end, told = mark.placed(part, length)
        if end and any(start <= first and end <= until for start, until in places):
            continue
        reason = _reason(-mark.lightness, first, end, told, part)
        if reason.words.lower() not in kept:
            places.append((first, end))
            kept[reason.words.lower()] = reason
        if len(kept) == MOST_REASONS:
            break
    yield from kept.values()


def _reason(weight: float, first: int, end: int, told: str, part: Part) -> StanceReason:
    if not end:
        return StanceReason("", None, None, told, weight)
    start, stop, text = part(first, end)
    comma = ", " if told.startswith("the ") else " "
    return StanceReason(text, start, stop, f"“{text}”{comma}{told}", weight)
