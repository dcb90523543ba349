"""What all records of an input must be asked before one is read.

Their ids name documents where each stands once in all of them. In a file's dates the day stands
first where some can be read so alone, and none with the month first alone. Neither may depend on how
an input is cut and read, so one pass finds both, in a hundredth of the time that classifying takes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from framelens.core.settings import Settings
from framelens.core.types import Ints
from framelens.readers.archives import ARCHIVE, members
from framelens.readers.dates import Order, order_of, shown
from framelens.readers.formats.parquet import parquet_fields
from framelens.readers.formats.records import ID, column_of, records_of
from framelens.readers.formats.xlsx import sheet_records
from framelens.readers.metadata import date_field
from framelens.readers.rejects import Bad, Notes, Rejects
from framelens.readers.source import TABLES, Reading, Source, encoding_name, missing

REPEATED = (
    "record{s} {have} the id of another: documents are named by file and line instead, and the id is "
    "a field like others"
)

Place = tuple[str, str]
"""A document's name and where it stands."""

Orders = dict[str, set[Order | None]]
"""Which part stands first in the dates of figures that can be read in one way, by the files' names."""


def look_ahead(
    found: Sequence[Source], settings: Settings, notes: Notes
) -> tuple[list[Source], Settings]:
    """The sources, knowing whether the day stands first in their dates, and the settings, by which
    ids name no documents if one stands twice in the sources.

    Notes the latter where it is so, with both places. Standard input can be read only once: by itself
    it is left to its reader, beside files its ids do not count.
    """
    files = [source for source in found if source.path is not None]
    reading = Reading(
        encoding_name(settings.encoding), settings.unit, Rejects(None), tables=settings.tables
    )
    orders: Orders = defaultdict(set)
    again = _again(hash(name) for name, _ in _names(files, reading, orders))
    day_first = {name for name, seen in orders.items() if shown(seen) == "day"}
    sources = [replace(one, day_first=_within(one, day_first)) for one in found]
    if len(files) < len(found):
        return sources, settings if len(found) == 1 else _without_ids(settings)
    instance = _first_twice(_names(files, reading, orders), again) if len(again) else None
    if instance is None:
        return sources, settings
    notes.add(REPEATED, instance, len(again))
    return sources, _without_ids(settings)


def _within(source: Source, names: set[str]) -> frozenset[str]:
    """Which of the names are those of a source, or of files in it."""
    if source.suffix != ARCHIVE:
        return frozenset({source.name} & names)
    return frozenset(name for name in names if name.startswith(f"{source.name}/"))


def begun(source: Source, suffix: str, reading: Reading) -> tuple[Source, str, Order]:
    """Standard input whose beginning has been read, the end of name that its format has, and what
    stands first in its dates, as far as that shows.

    A workbook and Parquet are read to their ends, where they say what is in them.
    """
    if suffix in (".parquet", ".xlsx"):
        source = replace(source, head=source.content())
    orders: Orders = defaultdict(set)
    for _ in _names([source.beginning(suffix)], reading, orders):
        pass
    seen = orders[source.name]
    return source, suffix, shown(seen) if seen & {"day", "month"} else "either"


def _without_ids(settings: Settings) -> Settings:
    return replace(settings, tables=replace(settings.tables, ids=False))


def _again(hashes: Iterable[int]) -> Ints:
    """The hashes that there were before, in order; eight bytes are held of each."""
    held = array("q", hashes)
    values = np.frombuffer(held, dtype=np.int64)
    values.sort()
    again: Ints = values[1:][values[1:] == values[:-1]]
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


def _names(sources: Iterable[Source], reading: Reading, orders: Orders) -> Iterator[Place]:
    """The names that documents would have by their ids, or by their files; what their dates show
    goes into `orders`, unless the settings say it."""
    for source in sources:
        with suppress(Bad):  # which reading it will tell
            if source.suffix == ARCHIVE:
                yield from _names(members(source, TABLES), reading, orders)
            elif source.suffix in TABLES and not missing(source.suffix):
                yield from _ids(source, reading, orders)
            else:
                yield source.name, source.name


def _ids(source: Source, reading: Reading, orders: Orders) -> Iterator[Place]:
    """The ids of a file's records, with their lines."""
    tables = reading.tables
    is_told = tables.day_first or tables.date_format is not None
    for line, fields in _fields(source, reading):
        day = None if is_told else tables.date_column or date_field(fields)
        if day is not None:
            orders[source.name].add(order_of(fields.get(day)))
        column = column_of(fields, tables.id_column, ID)
        if column is not None and type(fields[column]) in (str, int) and fields[column] != "":
            yield str(fields[column]), f"{source.name}:{line}"


def _fields(source: Source, reading: Reading) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The lines of a file's records, and fields of them, those of the id and the date at least."""
    tables = reading.tables
    if source.suffix == ".parquet":

        def wanted(names: list[str]) -> list[str | None]:
            return [
                column_of(names, tables.id_column, ID), tables.date_column or date_field(names)
            ]  # fmt: skip

        yield from parquet_fields(source, wanted)
        return
    is_book = source.suffix == ".xlsx"
    records = sheet_records(source, tables) if is_book else records_of(source, reading)
    yield from ((line, fields) for line, _, fields in records if not isinstance(fields, Bad))
