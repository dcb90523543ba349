"""Tables of three columns and more: their rows' cells, each a piece of its own; and those of a text and
short cells beside it.

A table is told by the places where its cells begin, the same in several rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_high

from framelens.readers.formats.pdf.lines import ENDED, Line

ROWS = 4
"""The fewest rows with as many cells as a table has columns."""
COLUMNS = 3
WIDE = 14
"""The characters that lines of one column at least have: rows of figures are read as lines."""
OFF = 2.0
"""How far, in points, a cell may begin from where its column does."""
PADDED = 1.25
"""The distance of rows, in shares of that of a cell's lines, from which on a new row begins."""

FAR = 3.0
"""Likewise, from which on what follows is not of the table."""
LABELS = 3
"""The fewest rows with something beside a text; lines of that have at least"""
TEXT = 30
"""characters, and what stands beside it fewer than a column."""
LINE = 0.8
"""The least distance of two lines, in shares of their letters' size."""

Rows = Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's printed rows, from `begin` to before `end`, and where its columns begin."""

    begin: int
    end: int
    starts: tuple[float, ...]


def find_table(rows: Rows) -> Table | None:
    """The first table in printed rows, each from the left; None if there is none."""
    filled = [row for row in rows if len(row) >= COLUMNS]
    if len(filled) < ROWS:
        return None
    times = Counter(round(line.x / OFF) for row in filled for line in row)
    places = sorted(place * OFF for place, count in times.items() if count >= ROWS)
    starts = tuple(x for at, x in enumerate(places) if not at or x - places[at - 1] > 2 * OFF)
    if len(starts) < COLUMNS:
        return None
    fits = [_fits(row, starts) for row in rows]
    begin = next((at for at, row in enumerate(rows) if fits[at] and len(row) >= COLUMNS), None)
    if begin is None:
        return None
    far = FAR * _lead(rows[begin:])
    end = begin + 1
    while end < len(rows) and fits[end] and rows[end - 1][0].y - rows[end][0].y <= far:
        end += 1
    table = Table(begin, end, starts)
    within = rows[begin:end]
    widths: dict[int, list[int]] = {}
    for line in (line for row in within for line in row):
        widths.setdefault(_column(line, starts), []).append(len(line.text))
    is_wide = any(median_high(column) >= WIDE for column in widths.values())
    is_filled = sum(len(row) >= COLUMNS for row in within) >= ROWS
    return table if is_wide and is_filled and not _flows(within, starts) else None


def _flows(rows: Rows, starts: Sequence[float]) -> bool:
    """Whether columns are of a text that goes on from line to line: most of what cells would begin with
    stands within a sentence."""
    begun: list[bool] = []
    above = dict[int, Line]()
    for line in cells(rows, starts):
        at = _column(line, starts)
        if line.begins and len(line.text) >= WIDE:
            has_ended = at in above and ENDED.search(above[at].text)
            begun.append(line.text[0].islower() and not has_ended)
        above[at] = line
    return 2 * sum(begun) > len(begun)


def cells(rows: Rows, starts: Sequence[float]) -> Iterator[Line]:
    """The lines of a table's printed rows, row by row and in it cell by cell."""
    for row in _records(rows):
        for at in range(len(starts)):
            lines = [line for printed in row for line in printed if _column(line, starts) == at]
            yield from (replace(line, begins=not n) for n, line in enumerate(lines))


def _fits(row: Sequence[Line], starts: Sequence[float]) -> bool:
    """Whether all of a printed row are cells: each begins where a column does, and ends before the
    next."""
    ends = (*starts[1:], float("inf"))
    return all(
        abs(line.x - starts[at]) <= 2 * OFF and line.end < ends[at]
        for line in row
        if (at := _column(line, starts)) >= 0
    ) and all(_column(line, starts) >= 0 for line in row)


def _column(line: Line, starts: Sequence[float]) -> int:
    return sum(line.x >= start - 2 * OFF for start in starts) - 1


def _lead(rows: Rows) -> float:
    """The distance of lines within a cell, in points; parts of a row may stand nearer."""
    gaps = [upper[0].y - lower[0].y for upper, lower in pairwise(rows)]
    return min(
        (gap for gap, row in zip(gaps, rows, strict=False) if gap >= LINE * row[0].size),
        default=0.0,
    )


def _records(rows: Rows) -> Iterator[Rows]:
    """The rows of a table, each as its printed rows: set apart by more space than lines are, or, if
    all stand evenly, each from a printed row with all cells."""
    gaps = [upper[0].y - lower[0].y for upper, lower in pairwise(rows)]
    bound = PADDED * _lead(rows)
    is_even = max(gaps) <= bound
    most = max(map(len, rows))
    begin = 0
    for at, gap in enumerate(gaps, start=1):
        if (len(rows[at]) == most) if is_even else gap > bound:
            yield rows[begin:at]
            begin = at
    yield rows[begin:]


def is_labelled(rows: Rows, gutter: float) -> bool:
    """Whether rows are a text with short cells in words on one side of it."""
    if sum(row[0].end <= gutter <= row[-1].x for row in rows) < LABELS:
        return False
    text, labels, _ = _text_and_labels(rows, gutter)
    words = [line.text for row in labels for line in row]
    in_words = sum(sum(map(str.isalpha, label)) >= LABELS for label in words)
    widths = [len(line.text) for row in text for line in row]
    is_wide = median_high(widths) >= TEXT and median_high(map(len, words)) < WIDE
    return is_wide and 2 * in_words > len(words)


def labelled_text(rows: Rows, gutter: float) -> Iterator[Line]:
    """The lines of a text, part after part, each with what stands beside it: on the left before its first
    line, in that if it ends like who speaks, and on the right behind its last."""
    text, labels, is_before = _text_and_labels(rows, gutter)
    bound = PADDED * _lead(rows)
    held: list[Line] = []
    beside: list[Line] = []
    for at, row in enumerate(rows):
        is_apart = at > 0 and rows[at - 1][0].y - row[0].y > bound
        has_ended = not held or ENDED.search(held[-1].text) is not None
        goes_on = bool(text[at]) and text[at][0].text[0].islower()
        if (is_apart or labels[at]) if has_ended else (is_apart and not goes_on):
            yield from _part(held, beside, is_before=is_before)
            held, beside = [], []
        held += text[at]
        beside += labels[at]
    yield from _part(held, beside, is_before=is_before)


def _part(text: Sequence[Line], labels: Sequence[Line], *, is_before: bool) -> Iterator[Line]:
    """The lines of a part of a text and of what stands beside it."""
    label = " ".join(line.text for line in labels)
    if is_before and text and label.endswith((":", ".")):
        first = replace(text[0], text=f"{label} {text[0].text}", x=labels[0].x)
        text, labels = (first, *text[1:]), ()
    for lines in (labels, text) if is_before else (text, labels):
        yield from (replace(line, begins=not n) for n, line in enumerate(lines))


def _text_and_labels(rows: Rows, gutter: float) -> tuple[Rows, Rows, bool]:
    """Of each row what is of a text, and what stands beside it; and whether that is on the left."""
    left = [[line for line in row if line.end <= gutter] for row in rows]
    right = [[line for line in row if line.x >= gutter] for row in rows]
    is_before = _length(left) < _length(right)
    return (right, left, True) if is_before else (left, right, False)


def _length(rows: Rows) -> int:
    return sum(len(line.text) for row in rows for line in row)
