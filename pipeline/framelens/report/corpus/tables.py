"""The tables of a page of documents, cell by cell, as they are saved from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from framelens.analysis.shares import Group
from framelens.report.corpus.findings import Findings

Table = list[list[Any]]

FIGURES = ("frame", "sentences", "documents", "given", "share", "low", "high")


def tables(findings: Findings) -> dict[str, Table]:
    """Each table by the name that the page's buttons give it, its headings first: `overview`,
    `together`, `time`, and `by-0`, `by-1` … for the fields."""
    named = {"overview": [[*FIGURES], *_shares(findings.overall)], "together": _together(findings)}
    if findings.time_line is not None:
        dated = [it.group for it in findings.over_time if it is not None]
        named["time"] = _groups(findings.time_line.facet.name, dated)
    for number, field in enumerate(findings.fields):
        named[f"by-{number}"] = _groups(field.name, [it.group for it in field.groups])
    return named


def _groups(name: str, groups: Sequence[Group]) -> Table:
    rows = [[group.value, *row] for group in groups for row in _shares(group)]
    return [[name, *FIGURES], *rows]


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
