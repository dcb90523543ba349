"""Ruled tables: the cells that the rules of a page part, whatever stands in them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ctypes import c_float, c_int
from dataclasses import dataclass
from itertools import pairwise, product

from pypdfium2 import PdfPage, raw

THIN = 2.5
"""The most points that a rule is wide,"""
LONG = 6.0
"""and the fewest that it is long."""
OFF = 2.0
"""How far rules that meet may be apart, in points, and those of one line off it."""
MOST_OBJECTS = 20_000
MOST_RULES = 200
"""Objects and rules of a page up to which it may have tables: drawings have more."""
MOST_BOXES = MOST_RULES**2 // 4
"""As many as rules that go from edge to edge make at most."""
BESIDE = -1
"""What is in no cell."""
CORNERS = (4, 5)
"""The segments of a rectangle."""

Rule = tuple[float, float, float]
"""Where a rule lies, across its direction, and from where to where it goes."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: where rules stand, from the left and from the foot of the page, for each box between
    them the number of the cell that it is part of, and where cells end on the right."""

    xs: Sequence[float]
    ys: Sequence[float]
    cells: Sequence[Sequence[int]]
    ends: Mapping[int, float]

    def spans(self, y: float) -> bool:
        """Whether a height is the table's."""
        return self.ys[0] <= y < self.ys[-1]

    def cell(self, x: float, y: float) -> int:
        """The cell at a place, by numbers that rise in reading order; BESIDE where there is none."""
        column, row = bisect_left(self.xs, x) - 1, bisect_left(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.cells[row][column]
        return BESIDE


def grids(page: PdfPage) -> list[Grid]:
    """The ruled tables of a page with two columns or more, from the top."""
    across, down = _rules(page)
    if not across or not down or len(across) + len(down) > MOST_RULES:
        return []
    found = [_grid(*rules) for rules in _connected(across, down)]
    return sorted(filter(None, found), key=lambda grid: -grid.ys[-1])


def _rules(page: PdfPage) -> tuple[list[Rule], list[Rule]]:
    """The rules of a page: those across, with their height over its foot, and those down, with their
    distance from its left."""
    across: list[Rule] = []
    down: list[Rule] = []
    count = raw.FPDFPage_CountObjects(page)
    foot = page.get_mediabox()[1]
    left, bottom, right, top = (c_float() for _ in range(4))
    for at in range(count if count <= MOST_OBJECTS else 0):
        drawn = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(drawn) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if not raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        x, end, y, height = left.value, right.value, bottom.value - foot, top.value - foot
        if height - y <= THIN:
            across.append(((y + height) / 2, x, end))
        elif end - x <= THIN:
            down.append(((x + end) / 2, y, height))
        elif _is_box(drawn):
            across += [(y, x, end), (height, x, end)]
            down += [(x, y, height), (end, y, height)]
    return _merged(across), _merged(down)


def _is_box(drawn: raw.FPDF_PAGEOBJECT) -> bool:
    """Whether a drawing is the outline of a rectangle."""
    fill, stroke = c_int(), c_int()
    is_known = raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
    return bool(is_known and stroke.value) and raw.FPDFPath_CountSegments(drawn) in CORNERS


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, those that go on one another as one."""
    merged: list[Rule] = []
    by_line = sorted(rules)
    lines = [by_line[0][0]] if by_line else []
    for at, _, _ in by_line:
        if at - lines[-1] > OFF:
            lines.append(at)
    near = [(lines[bisect_left(lines, at + 1e-6) - 1], begin, end) for at, begin, end in by_line]
    for at, begin, end in sorted(near):
        last = merged[-1] if merged else None
        if last is not None and last[0] == at and begin <= last[2] + OFF:
            merged[-1] = at, last[1], max(last[2], end)
        else:
            merged.append((at, begin, end))
    return [rule for rule in merged if rule[2] - rule[1] >= LONG]


def _connected(
    across: Sequence[Rule], down: Sequence[Rule]
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The rules that meet, each table's by themselves."""
    left_across, left_down = set(across), set(down)
    while left_down:
        group_across: set[Rule] = set()
        group_down = {left_down.pop()}
        grows = True
        while grows:
            new_across = {one for one in left_across if any(_meet(one, it) for it in group_down)}
            left_across -= new_across
            group_across |= new_across
            new_down = {one for one in left_down if any(_meet(it, one) for it in group_across)}
            left_down -= new_down
            group_down |= new_down
            grows = bool(new_across or new_down)
        yield sorted(group_across), sorted(group_down)


def _meet(across: Rule, down: Rule) -> bool:
    y, x, end = across
    at, foot, top = down
    return x - OFF <= at <= end + OFF and foot - OFF <= y <= top + OFF


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    """The table that rules make; None where they make no cells side by side."""
    if len(across) < 2:
        return None
    xs = _places((*(rule[0] for rule in down), *(end for rule in across for end in rule[1:])))
    ys = _places((*(rule[0] for rule in across), *(end for rule in down for end in rule[1:])))
    columns, rows = len(xs) - 1, len(ys) - 1
    if rows * columns > MOST_BOXES:
        return None
    down_at, across_at = _by_place(down, xs), _by_place(across, ys)
    middles_x = [(one + two) / 2 for one, two in pairwise(xs)]
    middles_y = [(one + two) / 2 for one, two in pairwise(ys)]
    parent = list(range(rows * columns))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    for row, column in product(range(rows), range(columns)):
        here = row * columns + column
        if column + 1 < columns and not _is_ruled(down_at[column + 1], middles_y[row]):
            parent[root(here + 1)] = root(here)
        if row + 1 < rows and not _is_ruled(across_at[row + 1], middles_x[column]):
            parent[root(here + columns)] = root(here)
    # From the top, and in a row from the left.
    order = [row * columns + column for row in reversed(range(rows)) for column in range(columns)]
    numbers = {name: at for at, name in enumerate(dict.fromkeys(map(root, order)))}
    cells = [[numbers[root(row * columns + at)] for at in range(columns)] for row in range(rows)]
    is_table = len(numbers) > 1 and any(len(set(row)) > 1 for row in cells)
    ends = {cell: xs[at + 1] for at in range(columns) for cell in {row[at] for row in cells}}
    return Grid(xs, ys, cells, ends) if is_table else None


def _places(values: Iterable[float]) -> list[float]:
    """The places, those that hardly differ as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > 2 * OFF:
            places.append(value)
    return places


def _by_place(rules: Iterable[Rule], places: Sequence[float]) -> list[list[Rule]]:
    """The rules at each place."""
    near: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        for at in range(bisect_left(places, rule[0] - 2 * OFF), len(places)):
            if places[at] > rule[0] + 2 * OFF:
                break
            near[at].append(rule)
    return near


def _is_ruled(rules: Iterable[Rule], middle: float) -> bool:
    return any(begin <= middle <= end for _, begin, end in rules)
