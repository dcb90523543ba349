"""The tables of a page of documents, cell by cell, as they are downloaded."""

from __future__ import annotations

from typing import Any

from framelens.analysis.shares import Group
from framelens.report.findings import Findings

Table = list[list[Any]]

FIGURES = ("frame", "sentences", "documents", "given", "share", "low", "high")


def tables(found: Findings) -> dict[str, Table]:
    """Each table by the name that the page's buttons give it, its headings first."""
    made = {"overview": [[*FIGURES], *_shares(found.whole)], "together": _together(found)}
    if found.line is not None:
        parts = [part for part in found.in_time if part is not None]
        made["time"] = _groups(found.line.facet.name, [part.group for part in parts])
    for number, field in enumerate(found.fields):
        made[f"by-{number}"] = _groups(field.name, [part.group for part in field.parts])
    return made


def _groups(name: str, groups: list[Group]) -> Table:
    rows = [[group.value, *row] for group in groups for row in _shares(group)]
    return [[name, *FIGURES], *rows]


def _shares(group: Group) -> Table:
    counts = [group.sentences, group.documents]
    return [
        [row.frame or "none", *counts, row.given, *_rounded(row.share, row.low, row.high)]
        for row in group.shares
    ]


def _together(found: Findings) -> Table:
    names = found.contents.scheme.names
    rows = [
        [one, other, cell.both, *_rounded(cell.expected)]
        for at, (one, row) in enumerate(zip(names, found.together, strict=True))
        for other, cell in list(zip(names, row, strict=True))[at + 1 :]
    ]
    return [["frame", "other frame", "sentences with both", "expected by chance"], *rows]


def _rounded(*values: float) -> list[float]:
    return [round(value, 4) for value in values]
