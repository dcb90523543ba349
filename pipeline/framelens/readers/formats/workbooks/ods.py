"""The sheets of OpenDocument spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time
from typing import Any
from zipfile import ZipFile

from lxml.etree import XMLParser, _Element, fromstring

from framelens.readers.archives import check_tags
from framelens.readers.formats.odt import OFFICE, TABLE, TEXT, text_of
from framelens.readers.formats.workbooks.cells import LAST_ROW, WIDEST, Cells, NumberedCells
from framelens.readers.rejects import Bad

ROW = f"{TABLE}table-row"
GROUPS = {f"{TABLE}table-{name}" for name in ("header-rows", "row-group", "rows")}
"""What rows stand in, within a sheet."""
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")

MOST_REPEATED = 1_000_000
"""The most cells of a sheet that stand in others, which cost nothing to write and much to read."""
TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d*)?S")
"""How long after midnight a time is."""


def sheets_of_open_document(archive: ZipFile) -> Iterator[tuple[str, NumberedCells]]:
    """The rows of each sheet that hold anything, by its title."""
    check_tags(archive)
    book = fromstring(archive.read("content.xml"), XMLParser(resolve_entities=False))
    for table in book.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
        yield table.get(f"{TABLE}name") or "", _rows(table)


def _rows(table: _Element) -> NumberedCells:
    number, repeated = 1, 0
    for row in _rows_in(table):
        cells, times = _cells(row), _times(row, "rows")
        if cells and number + times > LAST_ROW:
            raise Bad(f"holds over {LAST_ROW:,} rows")
        repeated += max(times * len(cells) - len(row), 0)
        if repeated > MOST_REPEATED:
            raise Bad(f"says of over {MOST_REPEATED:,} cells that they are as others")
        for at in range(times) if cells else ():
            yield number + at, cells
        number += times


def _rows_in(part: _Element) -> Iterator[_Element]:
    for child in part:
        if child.tag == ROW:
            yield child
        elif child.tag in GROUPS:
            yield from _rows_in(child)


def _cells(row: _Element) -> Cells:
    """The cells of a row up to the last that holds anything."""
    cells: list[Any] = []
    empty = 0
    for cell in row.iterchildren(*CELLS):
        value, times = _value(cell), _times(cell, "columns")
        if value is None:
            empty += times
            continue
        if len(cells) + empty + times > WIDEST:
            raise Bad(f"holds a row of over {WIDEST:,} cells")
        cells += [None] * empty + [value] * times
        empty = 0
    return tuple(cells)


def _times(element: _Element, what: str) -> int:
    """How many rows or columns an element stands for."""
    times = element.get(f"{TABLE}number-{what}-repeated") or "1"
    return max(int(times), 1)


def _value(cell: _Element) -> Any:
    """What a cell holds: as numbers, days and times what its attributes say, else what it shows."""
    kind = cell.get(f"{OFFICE}value-type")
    with suppress(ValueError):
        match kind:
            case "float" | "currency" | "percentage":
                return float(cell.get(f"{OFFICE}value") or "")
            case "boolean":
                return cell.get(f"{OFFICE}boolean-value") == "true"
            case "date":
                return datetime.fromisoformat(cell.get(f"{OFFICE}date-value") or "")
            case "time" if moment := TIME.fullmatch(cell.get(f"{OFFICE}time-value") or ""):
                hours, minutes, seconds = map(int, moment.groups())
                return time(hours, minutes, seconds)
    return "\n".join(map(text_of, cell.iterchildren(f"{TEXT}p"))) or None
