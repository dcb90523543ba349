"""Segments of lines of a PDF's page → lines in reading order.

Lines side by side are columns if they hold text enough, else cells of a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median_high

from framelens.readers.formats.pdf.lines import ENDED, Line, differ
from framelens.readers.formats.pdf.tables import cells, find_table, is_labelled, labelled_text

LEVEL = 0.7
"""How far lines side by side may be off one another to be of one row, in shares of the letters' size."""
COLUMN_LINES = 5
"""The fewest lines of a column,"""
COLUMN_WIDTH = 14
"""and the fewest characters that its median line has: cells of tables are shorter."""
SHORT = 0.75
"""A line of a column is at least this long, in shares of it, but for its paragraphs' last;"""
INDENT = 2.5
"""and begins at most this far from where most do, in shares of the letters' size."""
NEAR = 1.6
"""How far below another one a line of the same column is at most, in shares of the letters' size."""
BESIDE_LINES = 4
"""The fewest lines of a text that something stands beside."""
MOST_ROWS = 200
"""Rows up to which a box is looked for beside a text; a page of print has some hundred."""
NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,6}")
LED = re.compile(r"(?:\.\s?){4}\d{1,4}$")
"""The page at the end of an entry of contents, in a segment of its own, or behind a row of dots."""


def rows_of(segments: Sequence[Line]) -> list[list[Line]]:
    """Segments of lines by rows from the top, each from the left."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda line: -line.y):
        if rows and abs(rows[-1][0].y - segment.y) <= 0.25 * max(segment.size, 1.0):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda line: line.x) for row in rows]


def _level(rows: Iterable[Sequence[Line]]) -> Iterator[Sequence[Line]]:
    """The rows from the top, those that stand side by side in one, though they are not level."""
    held: Sequence[Line] = ()
    first = Line("", 0.0, 0.0)
    for row in rows:
        if held and first.y - row[0].y <= LEVEL * min(first.size, row[0].size):
            both = sorted((*held, *row), key=lambda line: line.x)
            if all(one.end <= two.x for one, two in pairwise(both)):
                held = both
                continue
        if held:
            yield held
        held, first = row, row[0]
    if held:
        yield held


def in_order(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """The lines of rows, column by column between lines that run over all of them."""
    if (table := find_table(rows)) is not None:
        yield from in_order(rows[: table.begin])
        yield from cells(rows[table.begin : table.end], table.starts)
        for at, line in enumerate(in_order(rows[table.end :])):
            yield replace(line, begins=True) if at == 0 else line
        return
    # Lines of columns seldom stand level, those of a table's rows do.
    rows = list(_level(rows))
    if (gutter := _gutter(rows)) is not None:
        yield from _by_column(rows, gutter)
    elif (apart := _flowing(rows)) is not None and not _is_around(rows, *apart):
        begin, end, gutter = apart
        yield from in_order(rows[:begin])
        yield from _by_column(rows[begin:end], gutter)
        yield from in_order(rows[end:])
    elif apart is None and (labelled := _labelled(rows)) is not None:
        begin, end, gutter = labelled
        yield from in_order(rows[:begin])
        yield from labelled_text(rows[begin:end], gutter)
        for at, line in enumerate(in_order(rows[end:])):
            yield replace(line, begins=True) if at == 0 else line
    elif (apart := apart or _boxed(rows)) is not None:
        begin, end, gutter = apart
        yield from in_order(rows[:begin])
        for part in reversed(_sides(rows[begin:end], gutter)):
            for at, line in enumerate(in_order(rows_of(part))):
                yield replace(line, begins=True) if at == 0 else line
        yield from in_order(rows[end:])
    else:
        yield from _row_by_row(rows)


def _row_by_row(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Rows in one line each; entries of contents, and what follows on them, are pieces of their own."""
    filled = [row for row in rows if row]
    entries = [_is_entry(row) for row in filled]
    # A number behind words on one row alone may be that of the page.
    listed = [
        is_entry and any((*entries[max(0, at - 1) : at], *entries[at + 1 : at + 2]))
        for at, is_entry in enumerate(entries)
    ]
    for at, row in enumerate(filled):
        line = _joined(row)
        yield replace(line, begins=True) if any(listed[max(0, at - 1) : at + 1]) else line


def _is_entry(row: Sequence[Line]) -> bool:
    """Whether a row is an entry of contents or the like: words, and a number by itself at its end."""
    is_apart = len(row) > 1 and NUMBER.fullmatch(row[-1].text) and row[0].text[0].isalpha()
    return bool(is_apart or LED.search(row[-1].text))


def _by_column(rows: Sequence[Sequence[Line]], gutter: float) -> Iterator[Line]:
    """The lines of rows, first those left and then those right of the space between two columns."""
    begin, end = _columns(rows, gutter)
    yield from map(_joined, rows[:begin])
    left: list[list[Line]] = []
    right: list[list[Line]] = []
    for row in rows[begin:end]:
        if any(line.x < gutter < line.end for line in row):
            yield from in_order(left)
            yield from in_order(right)
            left, right = [], []
            yield _joined(row)
            continue
        left += [within] if (within := [line for line in row if line.end <= gutter]) else []
        right += [within] if (within := [line for line in row if line.x >= gutter]) else []
    yield from in_order(left)
    yield from in_order(right)
    yield from map(_joined, rows[end:])


def _columns(rows: Sequence[Sequence[Line]], gutter: float) -> tuple[int, int]:
    """The rows, from one to before another, that two columns take: what stands over them, as a
    masthead or a running head, and under them has short parts on the left, and on the right parts
    that begin elsewhere than the column's lines."""
    lines = [line for row in rows for line in row]
    edge = Counter(round(line.x) for line in lines if line.x >= gutter).most_common()
    left = [line.x for line in lines if line.end <= gutter]
    if not edge or not left:
        return 0, len(rows)
    short = SHORT * (gutter - min(left))
    # Lists are indented, so that a column's lines begin at more places than one.
    edges = [x for at, (x, count) in enumerate(edge) if at == 0 or count >= COLUMN_LINES]

    def outside(ordered: Iterable[Sequence[Line]]) -> int:
        count = 0
        for at, row in enumerate(ordered, start=1):
            beside = [line for line in row if line.x >= gutter]
            if any(abs(line.x - x) <= INDENT * line.size for line in beside for x in edges):
                break
            if any(line.end - line.x > short for line in row if line.x < gutter):
                break
            count = at if beside else count
        return count

    above = outside(rows)
    return above, len(rows) - outside(reversed(rows[above:]))


def _flowing(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of two columns that are too short, or stand among
    too many whole lines, for `_gutter`: on both sides text goes on from line to line."""
    for begin, end, gutter in _apart(rows):
        if all(map(_is_text, _sides(rows[begin:end], gutter))):
            return begin, end, gutter
    return None


def _is_around(rows: Sequence[Sequence[Line]], begin: int, end: int, gutter: float) -> bool:
    """Whether the text on the left of some rows goes on below them, as around a box."""
    left, right = _sides(rows[begin:end], gutter)
    goes_on = _is_cut([*rows[:end], left[-1:], *rows[end:]], end + 1)
    goes_on = goes_on and rows[end][0].text[0].islower() and not _is_cut(rows, begin)
    return goes_on and ENDED.search(right[-1].text) is not None


def _boxed(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of a text beside which a box stands."""
    for begin, end, gutter in _apart(rows) if len(rows) <= MOST_ROWS else ():
        if (first := _beside(rows, begin, end, gutter)) is not None:
            return first, end, gutter
    return None


def _beside(rows: Sequence[Sequence[Line]], begin: int, end: int, gutter: float) -> int | None:
    """The first of the rows of a text beside which a box with something else stands, where the text
    begins there: a sentence would be cut otherwise."""
    begin = _first(rows, begin, gutter)
    text, box = _sides(rows[begin:end], gutter)
    if len(text) < BESIDE_LINES or len(box) < 2 or not _is_text(text):
        return None
    above = rows[begin - 1][0] if begin else None
    begins = above is None or ENDED.search(above.text) or differ(above, text[0])
    return begin if begins else None


def _labelled(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of a text with short cells beside it, and the place of the
    space between the two."""
    for first, end, gutter in _apart(rows) if len(rows) <= MOST_ROWS else ():
        begin = _first(rows, first, gutter)
        is_cut = _is_cut(rows, begin) or _is_cut(rows, end)
        if not is_cut and is_labelled(rows[begin:end], gutter):
            return begin, end, gutter
    return None


def _is_cut(rows: Sequence[Sequence[Line]], at: int) -> bool:
    """Whether a sentence may go on from the row before one."""
    if not 0 < at < len(rows) or not _are_near(rows[at - 1], rows[at]):
        return False
    has_ended = any(ENDED.search(line.text) for line in rows[at - 1])
    return not has_ended and not differ(rows[at - 1][0], rows[at][0])


def _apart(rows: Sequence[Sequence[Line]]) -> Iterator[tuple[int, int, float]]:
    """Rows, from one to before another, that a space parts, and where that is."""
    for begin, row in enumerate(rows):
        for one, two in pairwise(row):
            gutter = (one.end + two.x) / 2
            end = begin + 1
            while end < len(rows) and _goes_on(rows[end - 1], rows[end], gutter):
                end += 1
            yield begin, end, gutter


def _goes_on(upper: Sequence[Line], lower: Sequence[Line], gutter: float) -> bool:
    """Whether a row is near the one above it, or has lines on both sides of the space between columns,
    and none that runs over that."""
    return (_are_near(upper, lower) or _is_parted(lower, gutter)) and not _runs_over(lower, gutter)


def _runs_over(row: Sequence[Line], gutter: float) -> bool:
    return any(line.x < gutter < line.end for line in row)


def _are_near(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    return upper[0].y - lower[0].y <= NEAR * max(upper[0].size, lower[0].size)


def _is_parted(row: Sequence[Line], gutter: float) -> bool:
    return row[0].end <= gutter <= row[-1].x


def _first(rows: Sequence[Sequence[Line]], at: int, gutter: float) -> int:
    """The first of the rows that go on one another, with a space between columns, down to one."""
    while at and not _runs_over(rows[at - 1], gutter):
        are_parted = _is_parted(rows[at - 1], gutter) and _is_parted(rows[at], gutter)
        if not (are_parted or _are_near(rows[at - 1], rows[at])):
            break
        at -= 1
    return at


def _sides(rows: Iterable[Sequence[Line]], gutter: float) -> tuple[list[Line], list[Line]]:
    """The lines left and right of the space between two columns."""
    lines = [line for row in rows for line in row]
    left = [line for line in lines if line.end <= gutter]
    return left, [line for line in lines if line.x >= gutter]


def _is_wide(lines: Sequence[Line]) -> bool:
    return median_high(len(line.text) for line in lines) >= COLUMN_WIDTH


def _is_text(lines: Sequence[Line]) -> bool:
    """Whether the lines of a column are those of a text: most begin within a sentence."""
    if len(lines) < 2 or not _is_wide(lines):
        return False
    return 2 * sum(line.text[0].islower() for line in lines[1:]) >= len(lines) - 1


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """The place of the space between two columns, None if there are no two."""
    pairs = [(one, two) for row in rows for one, two in pairwise(row)]
    if len(pairs) < COLUMN_LINES:
        return None
    most, gutter = 0, 0.0
    lines = [line for row in rows for line in row]
    for x in sorted({round((one.end + two.x) / 2) for one, two in pairs}):
        beside = sum(one.end <= x <= two.x for one, two in pairs)
        crossing = sum(line.x < x < line.end for line in lines)
        if beside >= COLUMN_LINES and beside - crossing > most:
            most, gutter = beside - crossing, float(x)
    return gutter if most and all(map(_is_wide, _sides(rows, gutter))) else None


def _joined(row: Sequence[Line]) -> Line:
    """A row in one line, at the place of its longest part."""
    if len(row) == 1:
        return row[0]
    main = max(row, key=lambda line: len(line.text))
    text = " ".join(line.text for line in row if line.text)
    return Line(text, main.y, main.size, row[0].x, row[-1].end)
