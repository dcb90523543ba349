"""How sentences treat the frames that they carry, as a page shows it: a table a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from framelens.analysis.shares import Group
from framelens.analysis.summary import Summary


@dataclass(frozen=True, slots=True)
class StanceRow:
    """A group of sentences, with the code of its value in the facet, and those of them that carry
    a frame, by frame, with the share of each stance; frames that none carries are left out."""

    value: str
    code: int | None
    frames: Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class StanceTable:
    """The groups of a field; `facet` is its number on the page. No name and no facet stand for all
    sentences."""

    name: str
    facet: int | None
    rows: tuple[StanceRow, ...]


@dataclass(frozen=True, slots=True)
class Stances:
    """What a page says of stances: their names, a table of all sentences and one for each field,
    and the summary that the figures come from."""

    names: tuple[str, ...]
    tables: tuple[StanceTable, ...]
    summary: Summary


def whole_table(summary: Summary) -> StanceTable:
    """The table of all sentences."""
    frames = {name: inner.whole for name, inner in summary.stances.items()}
    return StanceTable("", None, (StanceRow("all sentences", None, frames),))


def table_by(
    name: str,
    facet: int,
    groups: Iterable[tuple[str, int | None]],
    stances: Mapping[str, Summary],
) -> StanceTable:
    """The table of a field; `groups` are its values in order, with their codes."""
    found = {
        frame: {group.value: group for group in inner.by[name]} for frame, inner in stances.items()
    }
    rows = tuple(
        StanceRow(
            value, code, {frame: held[value] for frame, held in found.items() if value in held}
        )
        for value, code in groups
    )
    return StanceTable(name, facet, rows)
