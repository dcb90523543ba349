"""Numbers of lines in the margin, as drafts and transcripts of courts have them: told from the text by
where they stand."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from framelens.readers.formats.pdf.lines import ENDED, Letter

APART = 0.6
"""How far a number stands from its line at least, in shares of its letters' size."""
DIGITS = 5
OFF = 1.5
"""How far, in points, numbers may begin or end from where most of their column do."""
WITHIN = 0.02
"""The share of a page's letters that may stand on both sides of the numbers, as a watermark does."""
STEPS = (1, 2, 5, 10)
"""Every how many lines there may be a number."""
FEWEST = 8
"""The fewest lines of a page that are counted, from which on a document's lines are known to be;"""
FOLLOWING = 0.8
"""the least share of numbers that go on the one before,"""
REGULAR = 0.6
"""of those between which no more lines stand than they count,"""
RUNNING = 0.1
"""and of numbered lines that go on in lower case: those of contents do not,"""
FULL = 0.75
"""and those of lists are seldom as long as that, in shares of the longest."""
HALF = 0.5
"""A line is less than this off its number, in shares of its letters' size."""

_Row = list[Letter]


class LineNumbers:
    """Takes the numbers of lines out of the pages of a document, which come in order."""

    def __init__(self) -> None:
        self.step = 0
        self.last = 0
        self.sides = (0.0, 0.0)

    def taken_out(self, letters: list[Letter]) -> list[Letter]:
        """The letters of a page without the numbers of its lines."""
        numbers = [word for word in _words(letters) if _is_number(word)]
        column = max(_column(numbers, at_end=True), _column(numbers, at_end=False), key=len)
        step = _step(column) or self.step
        if not column or step not in STEPS:
            return letters
        taken = {id(letter) for number in column for letter in number}
        rest = [letter for letter in letters if id(letter) not in taken]
        if not _is_beside(column, rest) or not self._is_of_lines(column, step, rest):
            return letters
        self.step, self.last, self.sides = step, _value(column[-1]), _sides(column)
        return rest

    def _is_of_lines(self, column: Sequence[_Row], step: int, rest: Iterable[Letter]) -> bool:
        """Whether numbers rise from the first or from those of the page before, and stand where those do or
        count the lines; or rise where those do."""
        pairs = zip(_sides(column), self.sides, strict=True)
        is_there = step == self.step and any(abs(one - two) <= OFF for one, two in pairs)
        follows = _value(column[0]) in (step, self.last + step)
        return (is_there and (follows or len(column) > 1)) or (follows and _counts(column, rest))


def _words(letters: Iterable[Letter]) -> Iterator[_Row]:
    """Letters that follow one another on a line without much space between them."""
    held: _Row = []
    for letter in letters:
        if held:
            last, size = held[-1], max(held[-1].size, letter.size)
            if abs(letter.y - last.y) > 0.1 * size or abs(letter.left - last.right) > APART * size:
                yield held
                held = []
        held.append(letter)
    if held:
        yield held


def _is_number(word: _Row) -> bool:
    return len(word) <= DIGITS and all(letter.text in "0123456789" for letter in word)


def _value(number: _Row) -> int:
    return int("".join(letter.text for letter in number))


def _column(numbers: Iterable[_Row], *, at_end: bool) -> list[_Row]:
    """The numbers that begin, or end, where most do, from the top."""
    places = [(number[-1].right if at_end else number[0].left, number) for number in numbers]
    if not places:
        return []
    usual = Counter(round(place) for place, _ in places).most_common(1)[0][0]
    column = [number for place, number in places if abs(place - usual) <= OFF]
    return sorted(column, key=lambda number: -number[0].y)


def _sides(column: Sequence[_Row]) -> tuple[float, float]:
    """Where numbers begin and end."""
    return column[0][0].left, column[-1][-1].right


def _step(column: Sequence[_Row]) -> int:
    """By how much most numbers rise; 0 where too few do so."""
    steps = Counter(_value(two) - _value(one) for one, two in pairwise(column))
    step, times = steps.most_common(1)[0] if steps else (0, 0)
    return step if times >= FOLLOWING * steps.total() else 0


def _is_beside(column: Sequence[_Row], rest: Iterable[Letter]) -> bool:
    """Whether what stands at the height of the numbers is all on one side of them."""
    top, foot = column[0][0], column[-1][0]
    within = [letter for letter in rest if foot.y - foot.size < letter.y < top.y + HALF * top.size]
    left = min(number[0].left for number in column)
    right = max(number[-1].right for number in column)
    most = WITHIN * len(within)
    return (
        bool(within)
        and min(
            sum(letter.left < right for letter in within),
            sum(letter.right > left for letter in within),
        )
        <= most
    )


def _counts(column: Sequence[_Row], rest: Iterable[Letter]) -> bool:
    """Whether numbers count the lines of a text."""
    step = _step(column)
    if len(column) * step < FEWEST:
        return False
    top, foot = column[0][0], column[-1][0]
    rows = _rows(letter for letter in rest if foot.y - foot.size < letter.y < top.y + top.size)
    depths = [-row[len(row) // 2].y for row in rows]
    places = [bisect(depths, HALF * one[0].size - one[0].y) for one in column]
    regular = sum(
        bisect(depths, -two[0].y - HALF * two[0].size) - place < step
        for place, two in zip(places, column[1:], strict=False)
    )
    return regular >= REGULAR * (len(column) - 1) and _is_running(rows, places)


def _is_running(rows: Sequence[_Row], places: Sequence[int]) -> bool:
    """Whether the numbered lines, of which the next are at `places`, are of a text that goes on from one
    line to the next: they begin no items of a list."""
    lines = [sorted(row, key=lambda letter: letter.left) for row in rows]
    longest = max(line[-1].right - line[0].left for line in lines)
    pairs = [(lines[place - 2], lines[place - 1]) for place in places if place > 1]
    full = [
        one[-1].right - one[0].left >= FULL * longest
        for one, two in pairs
        if two[0].text.islower() and not ENDED.search(one[-1].text)
    ]
    return len(full) >= max(1, RUNNING * len(pairs)) and sum(full) >= FOLLOWING * len(full)


def _rows(letters: Iterable[Letter]) -> list[_Row]:
    """The letters by lines, from the top."""
    rows: list[_Row] = []
    for letter in sorted(letters, key=lambda letter: -letter.y):
        if rows and rows[-1][0].y - letter.y < HALF * letter.size:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return rows
