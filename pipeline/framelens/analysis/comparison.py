"""Groups compared: whether their shares differ, how each differs from all others, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framelens.analysis.counter import WHOLE, Row, ShareCounter, merged
from framelens.analysis.periods import UNITS, filled, period, periods
from framelens.analysis.shares import Group, Share, Tally
from framelens.core.types import natural
from framelens.statistics.clustered import (
    Difference,
    Test,
    Trend,
    difference,
    holm,
    homogeneity,
    trend,
)

DATES = ("date", "year")
"""The fields that periods are taken from, the first that a sentence has."""


@dataclass(frozen=True, slots=True)
class FrameTest:
    """Whether a frame's share differs between groups; `adjusted` is the p-value held to all frames.

    `frame` is None for the sentences without any.
    """

    frame: str | None
    test: Test
    adjusted: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field's groups compared.

    `tests` are one a frame over the `compared` groups that rest on two clusters or more, none where
    there are too few of them. `differences` has an entry a group, as in the summary: for each
    frame, its share less that of all other groups together; their p-values are held to all of them.
    """

    compared: int
    tests: tuple[FrameTest, ...]
    differences: tuple[tuple[Difference, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A group over time, or over the values of another field.

    `cells` and `differences` have an entry a column, None where there is no sentence; differences
    are of the group's share less that of all other groups in that column. `trends` have an entry a
    frame, None where there is too little to test; they are those of columns that are in order.
    """

    value: str
    kind: str
    cells: tuple[Group | None, ...]
    differences: tuple[tuple[Difference, ...] | None, ...]
    trends: tuple[Trend | None, ...]

    @property
    def shares(self) -> tuple[Share, ...]:
        """The shares in the first column that has sentences: they name what is counted."""
        return next((group.shares for group in self.cells if group is not None), ())


@dataclass(frozen=True, slots=True)
class Cross:
    """A field crossed with another, `over`; `columns` are its values in order, none missing between
    periods. The first line is that of all sentences. `field` is empty where there is that one only.

    `undated` sentences have no value of `over`. `in_time` says that the columns are periods.
    """

    field: str
    over: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    undated: int = 0
    in_time: bool = False


def compare(counter: ShareCounter, name: str) -> Comparison:
    """The groups of a field compared."""
    tallies, frames = counter.tallies[name], counter.frames
    rows = [row for row in counter.rows(name) if row[1] != "missing"]
    parts = [merged(frames, (tallies[value] for value in values)) for _, _, values in rows]
    # Rarer values together are no group of their own that could differ.
    named = zip(parts, rows, strict=True)
    groups = [part.group(value) for part, (value, kind, _) in named if kind == "value"]
    testable = [group for group in groups if group.clusters > 1]
    return Comparison(len(testable), _tests(testable, counter), _against_others(parts, frames))


def _tests(groups: Sequence[Group], counter: ShareCounter) -> tuple[FrameTest, ...]:
    names = counter.whole.names
    results = [
        homogeneity([group.estimate(number) for group in groups]) for number in range(len(names))
    ]
    tests = [(name, test) for name, test in zip(names, results, strict=True) if test is not None]
    adjusted = holm([test.p for _, test in tests])
    return tuple(FrameTest(name, test, p) for (name, test), p in zip(tests, adjusted, strict=True))


def _against_others(
    tallies: Sequence[Tally], frames: Sequence[str]
) -> tuple[tuple[Difference, ...], ...]:
    """Each group's shares less those of all others together; none where there are no others."""
    if len(tallies) < 2:
        return tuple(() for _ in tallies)
    whole, differences = merged(frames, tallies), []
    for tally in tallies:
        group, others = tally.group(""), whole.without(tally).group("")
        numbers = range(len(group.shares))
        differences.append([difference(group.estimate(n), others.estimate(n)) for n in numbers])
    adjusted = iter(holm([one.p for row in differences for one in row]))
    return tuple(tuple(replace(one, adjusted=next(adjusted)) for one in row) for row in differences)


def cross(counter: ShareCounter, name: str, over: str) -> Cross:
    """A field crossed with the field `over`, by which the counter has counted, too."""
    place, columns, ordered = _columns(over, {value for _, value in counter.cells[name]})

    def in_columns(field: str, values: Sequence[str | None]) -> list[Tally | None]:
        """The sentences that have one of some values, by column."""
        wanted, parts = set(values), dict[str, list[Tally]]()
        for (value, at), tally in counter.cells[field].items():
            if value in wanted and at in place:
                parts.setdefault(place[at], []).append(tally)
        return [merged(counter.frames, parts[it]) if it in parts else None for it in columns]

    whole = _line("all sentences", "all", in_columns(WHOLE, [None]), [None] * len(columns), ordered)
    rows: list[Row] = counter.rows(name) if name else []
    groups = [in_columns(name, values) for *_, values in rows]
    kinds = [kind for _, kind, _ in rows]
    by_column = [
        _with_differences(kinds, column, counter.frames) for column in zip(*groups, strict=True)
    ]
    lines = [
        _line(title, kind, groups[at], [column[at] for column in by_column], ordered)
        for at, (title, kind, _) in enumerate(rows)
    ]
    lacking = counter.cells[WHOLE].get((None, None))
    undated = lacking.sentences if lacking else 0
    return Cross(name, over, tuple(columns), (whole, *lines), undated, in_time=ordered)


def _columns(over: str, values: set[str | None]) -> tuple[dict[str | None, str], list[str], bool]:
    """The column of each value, all columns in order, and whether they are periods."""
    present = sorted((value for value in values if value is not None), key=natural)
    if over in UNITS:
        return {value: value for value in present}, filled(present, over), True
    dated, line = periods(present)
    if line and None not in dated:
        return {v: column for v, column in zip(present, dated, strict=True) if column}, line, True
    return {value: value for value in present}, present, False


def _with_differences(
    kinds: Sequence[str], column: Sequence[Tally | None], frames: Sequence[str]
) -> list[tuple[Difference, ...] | None]:
    """The differences of each group in a column from the others in it, None for an empty cell."""
    present = [
        (at, tally)
        for at, (kind, tally) in enumerate(zip(kinds, column, strict=True))
        if kind != "missing" and tally is not None
    ]
    differences = _against_others([tally for _, tally in present], frames)
    by_number = {at: row for (at, _), row in zip(present, differences, strict=True)}
    return [by_number.get(at) or None for at in range(len(kinds))]


def _line(
    title: str,
    kind: str,
    tallies: Sequence[Tally | None],
    differences: Sequence[tuple[Difference, ...] | None],
    ordered: bool,
) -> Line:
    """A group's line of shares by column, with trends where the columns are in order."""
    cells = tuple(tally.group("") if tally is not None else None for tally in tallies)
    present = [(at, group) for at, group in enumerate(cells) if group is not None]
    frames = len(present[0][1].shares) if present and ordered else 0
    trends = tuple(
        trend([at for at, _ in present], [group.estimate(number) for _, group in present])
        for number in range(frames)
    )
    return Line(title, kind, cells, tuple(differences), trends)


def over_value(fields: dict[str, str], over: str) -> str | None:
    """A sentence's value of `over`: that of a field, or for a unit of time the period of its date."""
    if over in fields and over not in UNITS:
        return fields[over]
    if over not in UNITS:
        return None
    written = next((fields[name] for name in (over, *DATES) if fields.get(name)), None)
    return period(written, over) if written else None
