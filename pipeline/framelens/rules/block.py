"""Many sentences searched at once, as arrays.

Every token asks for the patterns that are filed under its kind, which makes pairs of a token and a
pattern. Of these the few are kept that have the other words that the pattern requires near the
token. They are then walked through the pattern together, a step at a time: what stands in a
sentence before which token is a bit of one number of 64 (see `framelens.rules.search`, which does
the same for a sentence of any length).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab

from framelens.core.memory import MAX_WORDS
from framelens.core.types import Bools, Ints
from framelens.rules.search import Element, Kind, PatternIndex

Bits = NDArray[np.uint64]
"""Sets of numbers below 64."""

REACH = 62
"""Tokens that an occurrence may span on either side of its anchor."""

MOST_PAIRS = 2000
"""Pairs of a token and a pattern that may have to be looked at in a sentence."""

AT_ONCE = 100_000
"""Pairs that are looked at together, which bounds memory."""

NEAR = 12
"""Tokens around a token among which a word that a pattern requires is looked for, in advance."""

CONDITIONS = 2
"""Words of a pattern that are looked for in advance."""

MOST_TESTS = 50_000
"""Token tests of a rule set up to which sentences are searched together."""

MAX_BYTES = 64_000_000
"""Bytes that say what the kinds of words pass, after which all are forgotten."""

WIDTHS = (16, REACH + 2)
"""Tokens that are looked at on one side of an anchor, as many as are needed: the fewer, the faster."""

ENDLESS = 1 << 30
ONE = np.uint64(1)


class Matches(NamedTuple):
    """Occurrences, a row each: the sentence, the rule, the first token and the end."""

    sentence: Ints
    rule: Ints
    start: Ints
    end: Ints

    def longest(self) -> Matches:
        """In order, and of those of a rule that begin at one token only the longest."""
        order = np.lexsort((-self.end, self.start, self.rule, self.sentence))
        rows = [column[order] for column in self]
        again = np.ones(max(len(order) - 1, 0), dtype=bool)
        for column in rows[:3]:
            again &= column[1:] == column[:-1]
        first = np.concatenate([[True], ~again])[: len(order)]
        return Matches(*(column[first] for column in rows))


class BlockSearch:
    """The patterns of an index, sought in many sentences at once."""

    def __init__(self, index: PatternIndex, vocab: Vocab) -> None:
        self._patterns = _Patterns(index)
        self._kinds = _KindTable(index, vocab)
        self._possible = index.alphabet.size <= MOST_TESTS

    def __call__(self, keys: Sequence[int], lengths: Ints, longest: int) -> tuple[Matches, Bools]:
        """The matches of at most `longest` tokens in sentences, given as the ORTH keys of all
        tokens and the length of each, and which sentences were searched.

        The others have too many words that too many patterns ask for, or matches that may be too
        long.
        """
        if not self._possible:
            return _joined([]), np.zeros(len(lengths), dtype=bool)
        self._kinds.limit()
        kinds = np.fromiter(map(self._kinds.__getitem__, keys), np.int64, len(keys))
        begun = np.concatenate([[0], np.cumsum(lengths)])
        kept = np.flatnonzero(kinds)
        kinds, first = kinds[kept], np.searchsorted(kept, begun)
        before = np.concatenate([[0], np.cumsum(self._kinds.longer.counts(kinds))])
        pairs = before[first[1:]] - before[first[:-1]] + self._patterns.open_pairs * lengths
        searched = pairs <= MOST_PAIRS
        chosen = np.flatnonzero(searched)
        cuts = np.cumsum(pairs[chosen]) // AT_ONCE
        parts = [
            part
            for cut in np.unique(cuts).tolist()
            for part in self._search(kinds, first, chosen[cuts == cut], longest, searched)
        ]
        found = _joined(parts)
        found = Matches(*(column[searched[found.sentence]] for column in found))
        sentence, rule, start, end = found
        start, end = (kept[first[sentence] + at] - begun[sentence] for at in (start, end - 1))
        return Matches(sentence, rule, start, end + 1), searched

    def _search(
        self, kinds: Ints, first: Ints, chosen: Ints, longest: int, searched: Bools
    ) -> Iterator[Matches]:
        """The matches in some sentences; those with matches that may be too long are struck off
        the list of those searched."""
        tokens = ranges(first[chosen], first[chosen + 1])
        owners = np.repeat(chosen, first[chosen + 1] - first[chosen])
        here, filed = kinds[tokens], self._patterns
        at, rules = self._asked(here, self._kinds.words, filed.open_words)
        places = tokens[at] - first[owners[at]]
        yield Matches(owners[at], rules, places, places + 1)
        at, patterns = self._asked(here, self._kinds.longer, filed.open_longer)
        kept = self._near(kinds, tokens[at], patterns)
        at, patterns = at[kept], patterns[kept]
        anchors, owners = tokens[at], owners[at]
        rooms = (
            np.minimum(anchors - first[owners], filed.left.reach[patterns]),
            np.minimum(first[owners + 1] - anchors - 1, filed.right.reach[patterns]),
        )
        far = (np.maximum(*rooms) > REACH) | (rooms[0] + rooms[1] + 1 > longest)
        searched[owners[far]] = False
        starts, ends = self._walked(kinds, anchors, patterns, rooms)
        alive = np.flatnonzero(starts)
        anchors, owners, patterns = anchors[alive], owners[alive], patterns[alive]
        places = anchors - first[owners]
        rows = (owners, filed.owners[patterns], places, places + 1 + _highest(ends[alive]))
        yield from _spread(rows, starts[alive])

    def _walked(
        self, kinds: Ints, anchors: Ints, patterns: Ints, rooms: tuple[Ints, Ints]
    ) -> tuple[Bits, Bits]:
        """How many tokens before its anchor each occurrence may begin, and after it end; both are
        empty where there is none."""
        sides = ((self._patterns.right, rooms[1], 1), (self._patterns.left, rooms[0], -1))
        found = []
        alive = np.arange(len(anchors))
        for steps, room, step in sides:
            reached = np.zeros(len(anchors), dtype=np.uint64)
            for least, width in zip((-1, *WIDTHS), WIDTHS, strict=False):
                rows = alive[(room[alive] > least) & (room[alive] <= width)]
                places = anchors[rows][:, None] + step * np.arange(1, width + 1)
                inside = np.arange(width) < room[rows][:, None]
                window = np.where(inside, kinds[np.where(inside, places, 0)], 0)
                reached[rows] = self._walk(window, steps, patterns[rows])
            alive = np.flatnonzero(reached)
            found.append(reached)
        return found[1], np.where(found[1] != 0, found[0], 0)

    def _walk(self, window: Ints, steps: _Steps, patterns: Ints) -> Bits:
        """How many of the tokens in a window some steps may take, by pattern."""
        first, counts = steps.first[patterns], steps.first[patterns + 1] - steps.first[patterns]
        here = np.ones(len(patterns), dtype=np.uint64)
        alive, done = np.flatnonzero(counts), 0
        while len(alive):
            step = first[alive] + done
            begun = here[alive]
            passed = self._kinds.places(window[alive], steps.tests[step])
            after, most = (begun & passed) << ONE, steps.most[step]
            gaps = np.flatnonzero(most)
            if len(gaps):
                after[gaps] = _up_to(begun[gaps], passed[gaps], most[gaps])
            here[alive] = after
            done += 1
            alive = alive[(after != 0) & (counts[alive] > done)]
        return here

    def _asked(
        self, kinds: Ints, filed: _Filed, open_to_any: Mapping[int, Ints]
    ) -> tuple[Ints, Ints]:
        """What is filed under tests that tokens pass, each with the token's place."""
        at, numbers = filed.of(kinds)
        for test, others in open_to_any.items():
            there = np.flatnonzero(self._kinds.passes(kinds, np.array(test)))
            at = np.concatenate([at, np.repeat(there, len(others))])
            numbers = np.concatenate([numbers, np.tile(others, len(there))])
        return at, numbers

    def _near(self, kinds: Ints, tokens: Ints, patterns: Ints) -> Ints:
        """The pairs of a token and a pattern near which there are words that the pattern requires.

        Words of the next sentence may be among those seen.
        """
        kept = np.arange(len(tokens))
        for tests, nearest, farthest in self._patterns.conditions:
            asked, here = patterns[kept], tokens[kept]
            test, low, high = tests[asked], nearest[asked], farthest[asked]
            found = test < 0
            for step in range(NEAR + 1):
                left = np.flatnonzero(~found & (low + step <= high))
                if not len(left):
                    break
                near = np.clip(here[left] + low[left] + step, 0, len(kinds) - 1)
                found[left] = self._kinds.passes(kinds[near], test[left])
            kept = kept[found]
        return kept


def _spread(found: Sequence[Ints], starts: Bits) -> Iterator[Matches]:
    """A row for each place where an occurrence begins, so many tokens before its anchor; `found`
    has the anchor as start."""
    while len(left := np.flatnonzero(starts)):
        found, starts = [column[left] for column in found], starts[left]
        lowest = starts & (~starts + ONE)
        sentence, rule, anchor, end = found
        yield Matches(sentence, rule, anchor - np.bitwise_count(lowest - ONE), end)
        starts = starts ^ lowest


def _up_to(here: Bits, passed: Bits, most: Ints) -> Bits:
    """Where tokens lead that pass a test and may be left out, at most so many in a row."""
    reached, there = here, here
    for times in range(1, int(most.max()) + 1):
        there = np.where(most >= times, (there & passed) << ONE, 0)
        if not there.any():
            break
        reached = reached | there
    return reached


@dataclass(frozen=True, slots=True)
class _Steps:
    """What tokens patterns ask for on one side of their anchors, from there on: the steps of
    pattern `n` are `first[n]` to `first[n + 1]`, and it reaches over at most `reach[n]` tokens.

    Each step has a test and how many tokens at most may pass it and may be left out; 0 stands for
    exactly one that may not.
    """

    first: Ints
    tests: Ints
    most: Ints
    reach: Ints


class _Patterns:
    """The longer patterns of an index as arrays, by their numbers.

    Tests are numbered from 0 on here, those that are open to any word after all others.
    """

    def __init__(self, index: PatternIndex) -> None:
        self.owners = np.array(index.owners, dtype=np.int64)
        column = index.alphabet.column
        anchored = [(row.elements, row.anchor) for row in index.patterns]
        self.right = _steps((row[at + 1 :] for row, at in anchored), column)
        self.left = _steps((row[:at][::-1] for row, at in anchored), column)
        self.conditions = _conditions(anchored, index)
        self.open_words, self.open_longer = (
            {column(test): np.array(filed) for test, filed in rows.items()}
            for rows in (index.open_words, index.open_longer)
        )
        self.open_pairs = sum(map(len, self.open_longer.values()))


def _steps(sides: Iterable[Sequence[Element]], column: Callable[[int], int]) -> _Steps:
    first, tests, most, reach = [0], [], [], []
    for side in sides:
        for (test, optional, repeats), run in groupby(side):
            times = len(list(run))
            # A row of tokens that may each be left out is one step.
            steps = [REACH if repeats else times] if optional else [0] * times
            tests += [column(test)] * len(steps)
            most += steps
        first.append(len(tests))
        reach.append(ENDLESS if any(element.repeats for element in side) else len(side))
    return _Steps(*(np.array(row, dtype=np.int64) for row in (first, tests, most, reach)))


def _conditions(
    anchored: Sequence[tuple[Sequence[Element], int]], index: PatternIndex
) -> list[tuple[Ints, Ints, Ints]]:
    """Tests that patterns require near the anchor, the most telling first, with how far from it the
    word may stand at least and at most; −1 is no test."""
    table = np.zeros((CONDITIONS, 3, len(anchored)), dtype=np.int64)
    table[:, 0] = -1
    for number, (elements, anchor) in enumerate(anchored):
        right = _required(elements[anchor + 1 :], lambda near, far: (near, far))
        left = _required(elements[:anchor][::-1], lambda near, far: (-far, -near))
        told = sorted(
            (*right, *left), key=lambda row: (index.common[row[0]] * (row[2] - row[1] + 1), row)
        )
        for at, row in enumerate(told[:CONDITIONS]):
            table[at, :, number] = row
    return [(tests, low, high) for tests, low, high in table]


def _required(
    side: Sequence[Element], place: Callable[[int, int], tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """The listed tests that one side of a pattern requires, with their places from the anchor."""
    near = 0
    for far, (test, optional, repeats) in enumerate(side, start=1):
        near += not optional
        if repeats or far - near > NEAR:
            return
        if not optional and test >= 0:
            yield test, *place(near, far)


class _Filed:
    """What is filed under each kind, by the kind's number."""

    def __init__(self) -> None:
        self._ends, self._numbers = array("q", [0]), array("q")

    def append(self, numbers: Iterable[int]) -> None:
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))

    def counts(self, kinds: Ints) -> Ints:
        ends = np.frombuffer(self._ends, dtype=np.int64)
        return ends[kinds + 1] - ends[kinds]

    def of(self, kinds: Ints) -> tuple[Ints, Ints]:
        """All that is filed under some kinds, each with the place of its kind among those given."""
        counts, first = self.counts(kinds), np.frombuffer(self._ends, dtype=np.int64)[kinds]
        numbers = np.frombuffer(self._numbers, dtype=np.int64)
        return np.repeat(np.arange(len(kinds)), counts), numbers[ranges(first, first + counts)]


class _KindTable(dict[int, int]):
    """The number of a word's kind, by the word's ORTH key, found once a word, and of each kind what
    it passes and what is filed under it. Kind 0 is of no word, or of one that patterns are matched
    past, and passes nothing."""

    def __init__(self, index: PatternIndex, vocab: Vocab) -> None:
        super().__init__()
        self._index, self._vocab = index, vocab
        self._begin()

    def _begin(self) -> None:
        self.clear()
        self.update(dict.fromkeys(self._index.skipped, 0))
        self._numbers: dict[Kind, int] = {}
        # A row a test, a bit a kind: what is asked of many words at once lies close together.
        self._passed = np.zeros((self._index.alphabet.size, 64), dtype=np.uint8)
        self.words, self.longer = _Filed(), _Filed()
        self.words.append([])
        self.longer.append([])

    def limit(self) -> None:
        """Forget all words if they are many. To be called before kinds are asked for."""
        if len(self) >= MAX_WORDS or self._passed.nbytes > MAX_BYTES:
            self._begin()

    def passes(self, kinds: Ints, tests: Ints) -> Bools:
        """Whether words of some kinds pass some tests."""
        held = self._passed.ravel()[tests * self._passed.shape[1] + (kinds >> 3)]
        found: Bools = (held >> (kinds & 7).astype(np.uint8) & 1).view(bool)
        return found

    def places(self, kinds: Ints, tests: Ints) -> Bits:
        """Those of the kinds in each row that pass the row's test, by their places."""
        packed = np.zeros((len(kinds), 8), dtype=np.uint8)
        passed = np.packbits(self.passes(kinds, tests[:, None]), axis=1, bitorder="little")
        packed[:, : passed.shape[1]] = passed
        return packed.view("<u8").ravel().astype(np.uint64, copy=False)

    def __missing__(self, orth: int) -> int:
        kind = self._index.alphabet.kind(self._vocab[orth])
        if (number := self._numbers.get(kind)) is None:
            number = self._numbers[kind] = len(self._numbers) + 1
            self._enter(kind, number)
        self[orth] = number
        return number

    def _enter(self, kind: Kind, number: int) -> None:
        """Write down what a new kind passes, and what is filed under it."""
        if number >> 3 >= self._passed.shape[1]:
            self._passed = np.hstack([self._passed, np.zeros_like(self._passed)])
        index, column, bit = self._index, self._passed[:, number >> 3], np.uint8(number & 7)
        tests = sorted(kind.listed)
        column[tests] |= np.uint8(1) << bit
        opens = index.alphabet.opens(kind)
        column[len(column) - len(opens) :] |= opens << bit
        rules, longer = index.under(tests)
        self.words.append(rules)
        self.longer.append([pattern for pattern, _ in longer])


def ranges(first: Ints, end: Ints) -> Ints:
    """The numbers from each first one to each end, in a row."""
    counts = end - first
    before = np.cumsum(counts) - counts
    found: Ints = np.arange(counts.sum()) + np.repeat(first - before, counts)
    return found


def _highest(bits: Bits) -> Ints:
    """The number of the highest bit of each."""
    for shift in (1, 2, 4, 8, 16, 32):
        bits = bits | bits >> np.uint64(shift)
    return np.bitwise_count(bits).astype(np.int64) - 1


def _joined(parts: Sequence[Matches]) -> Matches:
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Matches(none, none, none, none)
    return Matches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
