"""The tables of a page of documents, cell by cell, as they are saved from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from framelens.analysis.shares import Group
from framelens.analysis.summary import ALL
from framelens.analysis.tables import STANCE, columns, cross_rows, group_rows, rounded, table
from framelens.report.corpus.facets import TimeLine
from framelens.report.corpus.findings import CodedGroup, Findings, Stances
from framelens.statistics.clustered import Difference

Table = list[list[Any]]

FIGURES = ("frame", "sentences", "documents", "given", "share", "low", "high")
CORRECTED = ("labelled", "corrected", "corrected_low", "corrected_high")
COMPARED = ("difference", "difference_low", "difference_high", "p", "p_holm")


def tables(findings: Findings) -> dict[str, Table]:
    """Each table by the name that the page's buttons give it, its headings first: `overview`,
    `together`, `time`, `stances`, `by-0`, `by-1` … for the fields, and `cross-0` … for those crossed."""
    corrected = findings.corrected
    named = {"overview": _overview(findings), "together": _together(findings)}
    if findings.time_line is not None:
        named["time"] = _time(findings.time_line, findings.over_time, corrected=bool(corrected))
    for number, field in enumerate(findings.fields):
        named[f"by-{number}"] = _groups(field.name, field.groups, corrected=bool(corrected))
    if findings.stances is not None:
        named["stances"] = _stances(findings.stances)
    for number, crossed in enumerate(findings.crosses):
        cells = ([row[1] or ALL, *row[3:]] for row in cross_rows(crossed))
        heads = [crossed.field or "group", crossed.over, *FIGURES, *COMPARED]
        named[f"cross-{number}"] = [heads, *cells]
    return named


def _stances(stances: Stances) -> Table:
    """The rows of the summary that are of sentences with a frame."""
    heads = columns(stances.summary)
    at = heads.index(STANCE)
    return [[*heads], *([*row] for row in table(stances.summary) if row[at])]


def _overview(findings: Findings) -> Table:
    whole = findings.corrected
    rows = [[*row[: len(FIGURES)]] for row in group_rows((), findings.overall, None)]
    if whole is None:
        return [[*FIGURES], *rows]
    more = _corrected(findings.overall, findings.overall_corrected, whole.whole.labelled)
    return [
        [*FIGURES, *CORRECTED],
        *([*row, *more_cells] for row, more_cells in zip(rows, more, strict=True)),
    ]


def _groups(name: str, groups: Sequence[CodedGroup], *, corrected: bool) -> Table:
    rows: Table = []
    for it in groups:
        cells = [[*row] for row in group_rows((), it.group, it.differences)]
        if corrected:
            more = _corrected(it.group, it.corrected, it.labelled)
            less = _differences(it.group, it.corrected_differences)
            pairs = zip(cells, more, less, strict=True)
            cells = [[*row, *more_cells, *differences] for row, more_cells, differences in pairs]
        rows += ([it.group.value, *row] for row in cells)
    heads = [*CORRECTED, *(f"corrected_{head}" for head in COMPARED)] if corrected else []
    return [[name, *FIGURES, *COMPARED, *heads], *rows]


def _time(line: TimeLine, groups: Sequence[CodedGroup | None], *, corrected: bool) -> Table:
    """A time line's groups; a period without a sentence has its rows, but no share."""
    present = [it for it in groups if it is not None]
    heads, *rows = _groups(line.facet.name, present, corrected=corrected)
    size = len(present[0].group.shares)
    frames = [share.frame or "none" for share in present[0].group.shares]
    next_rows = iter(rows)
    table: Table = [heads]
    for period, group in zip(line.periods, groups, strict=True):
        if group is not None:
            table += (next(next_rows) for _ in range(size))
        else:
            table += ([period, frame, 0, 0, 0, *[None] * (len(heads) - 5)] for frame in frames)
    return table


def _corrected(counted: Group, group: Group | None, labelled: int) -> Table:
    if group is None:
        return [[labelled, None, None, None] for _ in counted.shares]
    return [[labelled, *map(rounded, (row.share, row.low, row.high))] for row in group.shares]


def _differences(group: Group, differences: Sequence[Difference | None]) -> Table:
    return [
        [rounded(value) for value in (it.difference, it.low, it.high, it.p, it.adjusted)]
        if it
        else [None] * len(COMPARED)
        for it in differences or [None] * len(group.shares)
    ]


def _together(findings: Findings) -> Table:
    names = findings.contents.scheme.names
    rows = [
        [names[one], names[other], cell.both, rounded(cell.expected)]
        for one, cells in enumerate(findings.together)
        for other, cell in enumerate(cells)
        if other > one
    ]
    return [["frame", "other frame", "sentences with both", "expected by chance"], *rows]
