"""Whether the ids of an input name its documents: they do where each stands once in all of it.

What names a document must not depend on how an input is cut and read, so this is found out before:
one pass over the ids, which takes a hundredth of the time that classifying does.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from framelens.core.settings import Settings
from framelens.core.types import Ints
from framelens.readers.archives import members
from framelens.readers.formats.parquet import parquet_ids
from framelens.readers.formats.records import DELIMITERS, ID, JSON_LINES, column_of, records_of
from framelens.readers.formats.xlsx import sheet_records
from framelens.readers.rejects import Bad, Notes, Rejects
from framelens.readers.source import Reading, Source, known_encoding, missing

TABLES = {*JSON_LINES, *DELIMITERS, ".parquet", ".xlsx"}
ARCHIVE = ".zip"

REPEATED = (
    "record{s} {have} the id of another: documents are named by file and line instead, and the id is "
    "a field like others"
)

Place = tuple[str, str]
"""A document's name and where it stands."""


def ids_checked(found: Sequence[Source], settings: Settings, notes: Notes) -> Settings:
    """The settings, by which ids name no documents if one stands twice in the sources.

    Notes it where it is so, with both places. Standard input can be read only once: by itself it is
    left to its reader, beside files its ids do not count.
    """
    if any(source.path is None for source in found):
        return settings if len(found) == 1 else _without_ids(settings)
    reading = Reading(
        known_encoding(settings.encoding), settings.unit, Rejects(None), tables=settings.tables
    )
    again = _again(hash(name) for name, _ in _names(found, reading))
    instance = _first_twice(_names(found, reading), again) if len(again) else None
    if instance is None:
        return settings
    notes.add(REPEATED, instance, len(again))
    return _without_ids(settings)


def _without_ids(settings: Settings) -> Settings:
    return replace(settings, tables=replace(settings.tables, ids=False))


def _again(hashes: Iterable[int]) -> Ints:
    """The hashes that there were before, in order; eight bytes are held of each."""
    held = array("q", hashes)
    found = np.frombuffer(held, dtype=np.int64)
    found.sort()
    again: Ints = found[1:][found[1:] == found[:-1]]
    return again


def _first_twice(names: Iterator[Place], again: Ints) -> str | None:
    """The first name that stands twice, with both places; `again` has the hash of it, and maybe of
    others."""
    before: dict[str, str] = {}
    for name, place in names:
        key = hash(name)
        at = bisect_left(again, key)
        if at < len(again) and again[at] == key:
            if name in before:
                return f"{name}, {before[name]} and {place}"
            before[name] = place
    return None


def _names(found: Iterable[Source], reading: Reading) -> Iterator[Place]:
    """The names that documents would have by their ids, or by their files."""
    for source in found:
        with suppress(Bad):  # which reading it will tell
            if source.suffix == ARCHIVE:
                yield from _names(members(source, TABLES), reading)
            elif source.suffix in TABLES and not missing(source.suffix):
                yield from ((one, f"{source.name}:{line}") for line, one in _ids(source, reading))
            else:
                yield source.name, source.name


def _ids(source: Source, reading: Reading) -> Iterator[tuple[int, str]]:
    """The ids of a file's records, with their lines."""
    asked = reading.tables.id_column
    if source.suffix == ".parquet":
        yield from parquet_ids(source, asked)
        return
    is_book = source.suffix == ".xlsx"
    for line, _, fields in (
        sheet_records(source, reading.tables) if is_book else records_of(source, reading)
    ):
        if isinstance(fields, Bad):
            continue
        column = column_of(fields, asked, ID)
        if column is not None and type(fields[column]) in (str, int) and fields[column] != "":
            yield line, str(fields[column])
