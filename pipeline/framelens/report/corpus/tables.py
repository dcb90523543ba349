"""The tables of a page of documents, cell by cell, as they are saved from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from framelens.analysis.comparison import Cross
from framelens.analysis.shares import Group
from framelens.analysis.tables import STANCE, columns, rounded, table
from framelens.report.corpus.findings import CodedGroup, Findings
from framelens.report.corpus.stances import Stances
from framelens.statistics.clustered import Difference

Table = list[list[Any]]

FIGURES = ("frame", "sentences", "documents", "given", "share", "low", "high")
COMPARED = ("difference", "difference_low", "difference_high", "p", "p_holm")


def tables(findings: Findings) -> dict[str, Table]:
    """Each table by the name that the page's buttons give it, its headings first: `overview`,
    `together`, `time`, `stances`, `by-0`, `by-1` … for the fields, and `cross-0` … for those crossed."""
    named = {"overview": [[*FIGURES], *_shares(findings.overall)], "together": _together(findings)}
    if findings.time_line is not None:
        dated = [it for it in findings.over_time if it is not None]
        named["time"] = _groups(findings.time_line.facet.name, dated)
    for number, field in enumerate(findings.fields):
        named[f"by-{number}"] = _groups(field.name, field.groups)
    if findings.stances is not None:
        named["stances"] = _stances(findings.stances)
    for number, crossed in enumerate(findings.crosses):
        named[f"cross-{number}"] = _cross(crossed)
    return named


def _stances(found: Stances) -> Table:
    """The rows of the summary that are of sentences with a frame."""
    heads = columns(found.summary)
    at = heads.index(STANCE)
    return [[*heads], *([*row] for row in table(found.summary) if row[at])]


def _groups(name: str, groups: Sequence[CodedGroup]) -> Table:
    rows = [[it.group.value, *row] for it in groups for row in _compared(it.group, it.differences)]
    return [[name, *FIGURES, *COMPARED], *rows]


def _cross(crossed: Cross) -> Table:
    rows: Table = []
    for line in crossed.lines:
        cells = zip(crossed.columns, line.cells, line.differences, strict=True)
        for column, group, differences in cells:
            if group is not None:
                found = _compared(group, differences or ())
                rows += ([line.value, column, *row] for row in found)
    return [[crossed.field or "group", crossed.over, *FIGURES, *COMPARED], *rows]


def _compared(group: Group, differences: Sequence[Difference]) -> Table:
    found = [
        [rounded(value) for value in (it.difference, it.low, it.high, it.p, it.adjusted)]
        for it in differences
    ] or [[None] * len(COMPARED) for _ in group.shares]
    return [[*row, *more] for row, more in zip(_shares(group), found, strict=True)]


def _shares(group: Group) -> Table:
    counts = [group.sentences, group.documents]
    return [
        [row.frame or "none", *counts, row.given, *_rounded(row.share, row.low, row.high)]
        for row in group.shares
    ]


def _together(findings: Findings) -> Table:
    names = findings.contents.scheme.names
    rows = [
        [names[one], names[other], cell.both, *_rounded(cell.expected)]
        for one, cells in enumerate(findings.together)
        for other, cell in enumerate(cells)
        if other > one
    ]
    return [["frame", "other frame", "sentences with both", "expected by chance"], *rows]


def _rounded(*values: float) -> list[float]:
    """Four decimals; 0 has no sign."""
    return [round(value, 4) + 0.0 for value in values]
