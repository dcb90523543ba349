"""Two questions that need all records of an input before the first is read.

Do ids name documents? Only if none stands twice in the whole input. Does the day stand first in a
file's dates? Only if some can be read in no other way, and none only with the month first. Neither
answer may depend on how an input is cut, so one pass over it finds both, in a hundredth of the time
that classifying takes.
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
from framelens.readers.dates import Order, common_order, order_of
from framelens.readers.formats.parquet import parquet_fields
from framelens.readers.formats.records import ID, column_of, records_of
from framelens.readers.formats.workbooks import sheet_records
from framelens.readers.metadata import date_field
from framelens.readers.rejects import Bad, Notes, Rejects
from framelens.readers.source import TABLES, WORKBOOKS, Reading, Source, encoding_name, missing

REPEATED = (
    "record{s} {have} the id of another: documents are named by file and line instead, and the id is "
    "a field like others"
)

Place = tuple[str, str]
"""A document's name and where it stands."""

Orders = dict[str, set[Order | None]]
"""What stands first in the dates of a file, by its name (see `order_of`)."""


def look_ahead(
    sources: Sequence[Source], settings: Settings, notes: Notes
) -> tuple[list[Source], Settings]:
    """The sources, each with whether the day stands first in its dates, and the settings, with `ids`
    False if an id stands twice in the input, which is noted with both places.

    Standard input can be read only once: alone it is left to its reader, and beside files ids do not
    name documents.
    """
    files = [source for source in sources if source.path is not None]
    reading = Reading(
        encoding_name(settings.encoding), settings.unit, Rejects(None), tables=settings.tables
    )
    orders: Orders = defaultdict(set)
    repeated = _repeated(hash(name) for name, _ in _names(files, reading, orders))
    day_first = {name for name, seen in orders.items() if common_order(seen) == "day"}
    completed = [replace(one, day_first=_within(one, day_first)) for one in sources]
    if len(files) < len(sources):
        return completed, settings if len(sources) == 1 else _without_ids(settings)
    instance = _first_repeated(_names(files, reading, orders), repeated) if len(repeated) else None
    if instance is None:
        return completed, settings
    notes.add(REPEATED, instance, len(repeated))
    return completed, _without_ids(settings)


def _within(source: Source, names: set[str]) -> frozenset[str]:
    """Those of the names that are a source's, or of files in it."""
    if source.suffix != ARCHIVE:
        return frozenset({source.name} & names)
    return frozenset(name for name in names if name.startswith(f"{source.name}/"))


def order_in_stream(source: Source, suffix: str, reading: Reading) -> tuple[Source, Order]:
    """Standard input of a format, and what stands first in its dates, as far as its beginning, which
    has been read, shows.

    A workbook and Parquet are read to their ends, where their contents are listed.
    """
    if suffix == ".parquet" or suffix in WORKBOOKS:
        source = replace(source, head=source.content())
    orders: Orders = defaultdict(set)
    for _ in _names([source.beginning(suffix)], reading, orders):
        pass
    seen = orders[source.name]
    return source, common_order(seen) if seen & {"day", "month"} else "either"


def _without_ids(settings: Settings) -> Settings:
    return replace(settings, tables=replace(settings.tables, ids=False))


def _repeated(hashes: Iterable[int]) -> Ints:
    """The hashes that stand more than once, sorted; each takes eight bytes of memory."""
    values = np.frombuffer(array("q", hashes), dtype=np.int64)
    values.sort()
    repeated: Ints = values[1:][values[1:] == values[:-1]]
    return repeated


def _first_repeated(names: Iterator[Place], repeated: Ints) -> str | None:
    """The first name that stands twice, with both places; `repeated` are the hashes of such names."""
    places: dict[str, str] = {}
    for name, place in names:
        key = hash(name)
        at = bisect_left(repeated, key)
        if at < len(repeated) and repeated[at] == key:
            if name in places:
                return f"{name}, {places[name]} and {place}"
            places[name] = place
    return None


def _names(sources: Iterable[Source], reading: Reading, orders: Orders) -> Iterator[Place]:
    """The names that documents would have by their ids, or by their files. What their dates show is
    added to `orders`, unless the settings say how they are read."""
    for source in sources:
        with suppress(Bad):  # its reader will report it
            if source.suffix == ARCHIVE:
                yield from _names(members(source, TABLES), reading, orders)
            elif source.suffix in TABLES and not missing(source.suffix):
                yield from _ids(source, reading, orders)
            else:
                yield source.name, source.name


def _ids(source: Source, reading: Reading, orders: Orders) -> Iterator[Place]:
    """The ids of a file's records, with their lines."""
    tables = reading.tables
    is_settled = tables.day_first or tables.date_format is not None
    for line, fields in _fields(source, reading):
        day = None if is_settled else tables.date_column or date_field(fields)
        if day is not None:
            orders[source.name].add(order_of(fields.get(day)))
        column = column_of(fields, tables.id_column, ID)
        if column is not None and type(fields[column]) in (str, int) and fields[column] != "":
            yield str(fields[column]), f"{source.name}:{line}"


def _fields(source: Source, reading: Reading) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """A file's records: the line of each, and its fields, at least those of id and date."""
    tables = reading.tables
    if source.suffix == ".parquet":

        def wanted(names: list[str]) -> list[str | None]:
            return [
                column_of(names, tables.id_column, ID), tables.date_column or date_field(names)
            ]  # fmt: skip

        yield from parquet_fields(source, wanted)
        return
    is_book = source.suffix in WORKBOOKS
    records = sheet_records(source, tables) if is_book else records_of(source, reading)
    yield from ((line, fields) for line, _, fields in records if not isinstance(fields, Bad))
