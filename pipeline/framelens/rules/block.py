"""Searches many sentences at once, with numpy (`search.py` does the same for one of any length).

1. Each token is looked up in the index by its kind: pairs of a token (the anchor) and a pattern.
2. Pairs are dropped if other words that the pattern requires do not stand near the anchor.
3. From the anchor, all pairs are matched to the right and then to the left, one step of the pattern
   at a time. Where a partial match may end is a set of positions, the bits of a 64-bit number.
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
from framelens.rules.search import Element, Kind, PatternIndex, commas_round

Bits = NDArray[np.uint64]
"""Sets of positions below 64, a bit each."""

MAX_REACH = 62
"""Most tokens of an occurrence on either side of its anchor."""

MAX_PAIRS = 2000
"""Most pairs of a token and a pattern in a sentence."""

BATCH_PAIRS = 100_000
"""Pairs that are searched together, which bounds memory."""

NEAR_TOKENS = 12
"""Most tokens from the nearest to the farthest position of a required word that step 2 looks for."""

MAX_CONDITIONS = 2
"""Most required words of a pattern that step 2 looks for."""

MAX_TESTS = 50_000
"""Most token tests of a rule set that is searched in this way."""

MAX_BYTES = 64_000_000
"""Size of the table of kinds and tests at which it is emptied."""

WINDOW_SIZES = (16, MAX_REACH + 2)
"""Tokens looked at on one side of an anchor: the smallest size that suffices, as it is faster."""

UNBOUNDED = 1 << 30
ONE = np.uint64(1)


class Matches(NamedTuple):
    """Occurrences of rules, in parallel arrays; tokens are counted from the sentence's first."""

    sentence: Ints
    rule: Ints
    start: Ints
    end: Ints

    def longest(self) -> Matches:
        """Sorted, with only the longest of a rule's occurrences that begin at the same token."""
        order = np.lexsort((-self.end, self.start, self.rule, self.sentence))
        rows = [column[order] for column in self]
        again = np.ones(max(len(order) - 1, 0), dtype=bool)
        for column in rows[:3]:
            again &= column[1:] == column[:-1]
        first = np.concatenate([[True], ~again])[: len(order)]
        return Matches(*(column[first] for column in rows))


class BlockSearch:
    """Searches the patterns of an index in many sentences at once."""

    def __init__(self, index: PatternIndex, vocab: Vocab) -> None:
        self._patterns = _Patterns(index)
        self._kinds = _KindTable(index, vocab)
        self._possible = index.alphabet.size <= MAX_TESTS

    def __call__(self, keys: Sequence[int], lengths: Ints, longest: int) -> tuple[Matches, Bools]:
        """The matches of at most `longest` tokens, and which sentences were searched.

        Sentences are given as the ORTH keys of all tokens and the number of tokens in each. Those not
        searched have too many pairs, or may have matches that are too long.
        """
        if not self._possible:
            return _joined([]), np.zeros(len(lengths), dtype=bool)
        self._kinds.limit()
        kinds = np.fromiter(map(self._kinds.__getitem__, keys), np.int64, len(keys))
        sentence_start = np.concatenate([[0], np.cumsum(lengths)])
        rows = commas_round(np.flatnonzero(kinds == 0).tolist(), keys)
        commas = np.array(list(rows), dtype=np.int64).reshape(-1, 2)
        ends = np.searchsorted(sentence_start, commas, side="right")
        kinds[commas[ends[:, 0] == ends[:, 1]]] = 0
        searchable = np.flatnonzero(kinds)
        kinds, first = kinds[searchable], np.searchsorted(searchable, sentence_start)
        before = np.concatenate([[0], np.cumsum(self._kinds.longer.counts(kinds))])
        pairs = before[first[1:]] - before[first[:-1]] + self._patterns.open_pairs * lengths
        searched = pairs <= MAX_PAIRS
        sentences = np.flatnonzero(searched)
        batch = np.cumsum(pairs[sentences]) // BATCH_PAIRS
        parts = [
            part
            for number in np.unique(batch).tolist()
            for part in self._search(kinds, first, sentences[batch == number], longest, searched)
        ]
        matches = _joined(parts)
        matches = Matches(*(column[searched[matches.sentence]] for column in matches))
        sentence, rule, start, end = matches
        start, end = (
            searchable[first[sentence] + at] - sentence_start[sentence] for at in (start, end - 1)
        )
        return Matches(sentence, rule, start, end + 1), searched

    def _search(
        self, kinds: Ints, first: Ints, sentences: Ints, longest: int, searched: Bools
    ) -> Iterator[Matches]:
        """The matches in some sentences; sets `searched` to False where matches may be too long.

        `kinds` are those of all tokens, `first` is where each sentence's begin among them.
        """
        tokens = ranges(first[sentences], first[sentences + 1])
        sentence = np.repeat(sentences, first[sentences + 1] - first[sentences])
        token_kinds, patterns = kinds[tokens], self._patterns
        at, rules = self._candidates(token_kinds, self._kinds.one_token, patterns.open_words)
        start = tokens[at] - first[sentence[at]]
        yield Matches(sentence[at], rules, start, start + 1)
        at, numbers = self._candidates(token_kinds, self._kinds.longer, patterns.open_longer)
        kept = self._with_required_words(kinds, tokens[at], numbers)
        at, numbers = at[kept], numbers[kept]
        anchors, sentence = tokens[at], sentence[at]
        room = (
            np.minimum(anchors - first[sentence], patterns.left.reach[numbers]),
            np.minimum(first[sentence + 1] - anchors - 1, patterns.right.reach[numbers]),
        )
        too_long = (np.maximum(*room) > MAX_REACH) | (room[0] + room[1] + 1 > longest)
        searched[sentence[too_long]] = False
        starts, ends = self._walk_both_sides(kinds, anchors, numbers, room)
        hit = np.flatnonzero(starts)
        anchors, sentence, numbers = anchors[hit], sentence[hit], numbers[hit]
        start = anchors - first[sentence]
        rows = (sentence, patterns.rules[numbers], start, start + 1 + _highest(ends[hit]))
        yield from _expand_starts(rows, starts[hit])

    def _walk_both_sides(
        self, kinds: Ints, anchors: Ints, patterns: Ints, room: tuple[Ints, Ints]
    ) -> tuple[Bits, Bits]:
        """Where occurrences may begin, in tokens before the anchor, and end, in tokens after it; both
        sets are empty without an occurrence. `room` is how far to look on the left and the right."""
        sides = ((self._patterns.right, room[1], 1), (self._patterns.left, room[0], -1))
        reached_on = []
        possible = np.arange(len(anchors))
        for steps, side_room, step in sides:
            reached = np.zeros(len(anchors), dtype=np.uint64)
            for least, width in zip((-1, *WINDOW_SIZES), WINDOW_SIZES, strict=False):
                rows = possible[(side_room[possible] > least) & (side_room[possible] <= width)]
                places = anchors[rows][:, None] + step * np.arange(1, width + 1)
                inside = np.arange(width) < side_room[rows][:, None]
                window = np.where(inside, kinds[np.where(inside, places, 0)], 0)
                reached[rows] = self._walk(window, steps, patterns[rows])
            possible = np.flatnonzero(reached)
            reached_on.append(reached)
        return reached_on[1], np.where(reached_on[1] != 0, reached_on[0], 0)

    def _walk(self, window: Ints, steps: _Steps, patterns: Ints) -> Bits:
        """How many tokens of its window each pattern's steps can match: a set of numbers."""
        first, counts = steps.first[patterns], steps.first[patterns + 1] - steps.first[patterns]
        reached = np.ones(len(patterns), dtype=np.uint64)
        alive, taken = np.flatnonzero(counts), 0
        while len(alive):
            step = first[alive] + taken
            positions = reached[alive]
            passed = self._kinds.places(window[alive], steps.tests[step])
            after, most = (positions & passed) << ONE, steps.most[step]
            gaps = np.flatnonzero(most)
            if len(gaps):
                after[gaps] = _optional_run(positions[gaps], passed[gaps], most[gaps])
            reached[alive] = after
            taken += 1
            alive = alive[(after != 0) & (counts[alive] > taken)]
        return reached

    def _candidates(
        self, kinds: Ints, postings: _Postings, open_to_any: Mapping[int, Ints]
    ) -> tuple[Ints, Ints]:
        """Indexes of tokens, and what the index has for them: rules, or patterns, by number."""
        at, candidates = postings.of(kinds)
        for test, numbers in open_to_any.items():
            passing = np.flatnonzero(self._kinds.passes(kinds, np.array(test)))
            at = np.concatenate([at, np.repeat(passing, len(numbers))])
            candidates = np.concatenate([candidates, np.tile(numbers, len(passing))])
        return at, candidates

    def _with_required_words(self, kinds: Ints, tokens: Ints, patterns: Ints) -> Ints:
        """Indexes of the pairs that have the pattern's required words near the token.

        A word in the next sentence counts, too: this only saves work.
        """
        kept = np.arange(len(tokens))
        for tests, nearest, farthest in self._patterns.conditions:
            pattern, token = patterns[kept], tokens[kept]
            test, low, high = tests[pattern], nearest[pattern], farthest[pattern]
            is_met = test < 0
            for step in range(NEAR_TOKENS + 1):
                unmet = np.flatnonzero(~is_met & (low + step <= high))
                if not len(unmet):
                    break
                places = np.clip(token[unmet] + low[unmet] + step, 0, len(kinds) - 1)
                is_met[unmet] = self._kinds.passes(kinds[places], test[unmet])
            kept = kept[is_met]
        return kept


def _expand_starts(rows: Sequence[Ints], starts: Bits) -> Iterator[Matches]:
    """A match for each bit of `starts`; in `rows` the anchor stands for the start."""
    while len(unfinished := np.flatnonzero(starts)):
        rows, starts = [column[unfinished] for column in rows], starts[unfinished]
        lowest = starts & (~starts + ONE)
        sentence, rule, anchor, end = rows
        yield Matches(sentence, rule, anchor - np.bitwise_count(lowest - ONE), end)
        starts = starts ^ lowest


def _optional_run(positions: Bits, passed: Bits, most: Ints) -> Bits:
    """The positions reached by taking from none to `most` tokens in a row that pass a test."""
    reached, position = positions, positions
    for times in range(1, int(most.max()) + 1):
        position = np.where(most >= times, (position & passed) << ONE, 0)
        if not position.any():
            break
        reached = reached | position
    return reached


@dataclass(frozen=True, slots=True)
class _Steps:
    """The elements of patterns on one side of their anchors, counted from there.

    Pattern `n` has the steps `first[n]` to `first[n + 1]` and spans at most `reach[n]` tokens. A step
    takes one token that passes its test if `most` is 0, else from none to `most` of them.
    """

    first: Ints
    tests: Ints
    most: Ints
    reach: Ints


class _Patterns:
    """The patterns of several tokens as arrays. Tests have their numbers from `Alphabet.column`."""

    def __init__(self, index: PatternIndex) -> None:
        self.rules = np.array(index.rules, dtype=np.int64)
        column = index.alphabet.column
        anchored = [(row.elements, row.anchor) for row in index.patterns]
        self.right = _steps((row[at + 1 :] for row, at in anchored), column)
        self.left = _steps((row[:at][::-1] for row, at in anchored), column)
        self.conditions = _conditions(anchored, index)
        self.open_words, self.open_longer = (
            {column(test): np.array(numbers) for test, numbers in rows.items()}
            for rows in (index.open_words, index.open_longer)
        )
        self.open_pairs = sum(map(len, self.open_longer.values()))


def _steps(sides: Iterable[Sequence[Element]], column: Callable[[int], int]) -> _Steps:
    first, tests, most, reach = [0], [], [], []
    for side in sides:
        for (test, optional, repeats), run in groupby(side):
            times = len(list(run))
            # Equal optional tokens in a row are one step.
            steps = [MAX_REACH if repeats else times] if optional else [0] * times
            tests += [column(test)] * len(steps)
            most += steps
        first.append(len(tests))
        reach.append(UNBOUNDED if any(element.repeats for element in side) else len(side))
    return _Steps(*(np.array(row, dtype=np.int64) for row in (first, tests, most, reach)))


def _conditions(
    anchored: Sequence[tuple[Sequence[Element], int]], index: PatternIndex
) -> list[tuple[Ints, Ints, Ints]]:
    """Required tests of each pattern, the most selective first, with the nearest and the farthest
    position from the anchor; −1 for no test."""
    table = np.zeros((MAX_CONDITIONS, 3, len(anchored)), dtype=np.int64)
    table[:, 0] = -1
    for number, (elements, anchor) in enumerate(anchored):
        right = _required(elements[anchor + 1 :], lambda near, far: (near, far))
        left = _required(elements[:anchor][::-1], lambda near, far: (-far, -near))
        conditions = sorted(
            (*right, *left), key=lambda row: (index.frequency[row[0]] * (row[2] - row[1] + 1), row)
        )
        for at, row in enumerate(conditions[:MAX_CONDITIONS]):
            table[at, :, number] = row
    return [(tests, low, high) for tests, low, high in table]


def _required(
    side: Sequence[Element], place: Callable[[int, int], tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """The listed tests that one side of a pattern requires, each with its range of positions."""
    near = 0
    for far, (test, optional, repeats) in enumerate(side, start=1):
        near += not optional
        if repeats or far - near > NEAR_TOKENS:
            return
        if not optional and test >= 0:
            yield test, *place(near, far)


class _Postings:
    """Numbers of rules or patterns by kind, as one flat array."""

    def __init__(self) -> None:
        self._ends, self._numbers = array("q", [0]), array("q")

    def append(self, numbers: Iterable[int]) -> None:
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))

    def counts(self, kinds: Ints) -> Ints:
        ends = np.frombuffer(self._ends, dtype=np.int64)
        return ends[kinds + 1] - ends[kinds]

    def of(self, kinds: Ints) -> tuple[Ints, Ints]:
        """The numbers of some kinds, in parallel with the index of the kind among those given."""
        counts, first = self.counts(kinds), np.frombuffer(self._ends, dtype=np.int64)[kinds]
        numbers = np.frombuffer(self._numbers, dtype=np.int64)
        return np.repeat(np.arange(len(kinds)), counts), numbers[ranges(first, first + counts)]


class _KindTable(dict[int, int]):
    """A cache from a word's ORTH key to the number of its kind; and for each kind, the tests that it
    passes and its postings. Kind 0 passes nothing: it is that of skipped and missing tokens."""

    def __init__(self, index: PatternIndex, vocab: Vocab) -> None:
        super().__init__()
        self._index, self._vocab = index, vocab
        self._begin()

    def _begin(self) -> None:
        self.clear()
        self.update(dict.fromkeys(self._index.skipped, 0))
        self._numbers: dict[Kind, int] = {}
        # Tests × kinds, a bit each: one test is asked of many words at once.
        self._passing = np.zeros((self._index.alphabet.size, 64), dtype=np.uint8)
        self.one_token, self.longer = _Postings(), _Postings()
        self.one_token.append([])
        self.longer.append([])

    def limit(self) -> None:
        """Empty the table if it is large. To be called before a block, never within one."""
        if len(self) >= MAX_WORDS or self._passing.nbytes > MAX_BYTES:
            self._begin()

    def passes(self, kinds: Ints, tests: Ints) -> Bools:
        """Whether each kind passes the test beside it."""
        packed = self._passing.ravel()[tests * self._passing.shape[1] + (kinds >> 3)]
        passed: Bools = (packed >> (kinds & 7).astype(np.uint8) & 1).view(bool)
        return passed

    def places(self, kinds: Ints, tests: Ints) -> Bits:
        """For each row of kinds, the set of positions whose kind passes the row's test."""
        packed = np.zeros((len(kinds), 8), dtype=np.uint8)
        bits = np.packbits(self.passes(kinds, tests[:, None]), axis=1, bitorder="little")
        packed[:, : bits.shape[1]] = bits
        return packed.view("<u8").ravel().astype(np.uint64, copy=False)

    def __missing__(self, orth: int) -> int:
        kind = self._index.alphabet.kind(self._vocab[orth])
        if (number := self._numbers.get(kind)) is None:
            number = self._numbers[kind] = len(self._numbers) + 1
            self._enter(kind, number)
        self[orth] = number
        return number

    def _enter(self, kind: Kind, number: int) -> None:
        """Fill in the tests that a new kind passes, and its postings."""
        if number >> 3 >= self._passing.shape[1]:
            self._passing = np.hstack([self._passing, np.zeros_like(self._passing)])
        index, column, bit = self._index, self._passing[:, number >> 3], np.uint8(number & 7)
        tests = sorted(kind.listed)
        column[tests] |= np.uint8(1) << bit
        opens = index.alphabet.opens(kind)
        column[len(column) - len(opens) :] |= opens << bit
        rules, longer = index.under(tests)
        self.one_token.append(rules)
        self.longer.append([pattern for pattern, _ in longer])


def ranges(first: Ints, end: Ints) -> Ints:
    """The numbers of all half-open ranges, joined."""
    counts = end - first
    before = np.cumsum(counts) - counts
    numbers: Ints = np.arange(counts.sum()) + np.repeat(first - before, counts)
    return numbers


def _highest(bits: Bits) -> Ints:
    """The position of the highest bit of each set."""
    for shift in (1, 2, 4, 8, 16, 32):
        bits = bits | bits >> np.uint64(shift)
    return np.bitwise_count(bits).astype(np.int64) - 1


def _joined(parts: Sequence[Matches]) -> Matches:
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Matches(none, none, none, none)
    return Matches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
