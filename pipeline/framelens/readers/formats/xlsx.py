"""Workbooks → passages, a row at a time, through openpyxl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from framelens.core.types import Passage
from framelens.readers.archives import check, opened
from framelens.readers.extracted import first_line
from framelens.readers.formats.records import Record, passages
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

TEXT = "text"


def read_xlsx(source: Source, reading: Reading) -> Iterator[Passage]:
    """The rows of those sheets that have a column `text` under the names in their first row.

    The other columns are kept as JSON has them, dates by ISO 8601. The line of a row, in errors and
    names, is its number on the sheet; where several sheets are read, a name has the sheet's in it.
    Raise Bad if no sheet has such a column.
    """
    from openpyxl import load_workbook

    with source.seekable() as stream:
        with opened(stream) as archive:
            check(archive, stream.seek(0, 2))
        stream.seek(0)
        try:
            book = load_workbook(stream, read_only=True, data_only=True)
            sheets = {sheet.title: _records(sheet.iter_rows(values_only=True)) for sheet in book}
            found = {title: rows for title, rows in sheets.items() if rows}
        except Exception as error:  # a parser of foreign files may fail in any way
            raise Bad(f"not a workbook that can be read: {first_line(error)}") from None
    if not found:
        raise Bad("no sheet with a column 'text' in its first row")
    for title, rows in found.items():
        sheet = source if len(found) == 1 else replace(source, name=f"{source.name}/{title}")
        yield from passages(rows, sheet, reading)


def _records(rows: Iterator[tuple[Any, ...]]) -> list[Record]:
    found: list[Record] = []
    header: list[str] = []
    for number, cells in enumerate(rows, start=1):
        if all(cell is None for cell in cells):
            continue
        if not header:
            header = ["" if cell is None else str(cell).strip() for cell in cells]
            if TEXT not in header:
                header = [TEXT if name.lower() == TEXT else name for name in header]
            if header.count(TEXT) != 1:
                return []
            continue
        named = zip(header, map(_plain, cells), strict=False)
        fields = {name: cell for name, cell in named if name and (cell is not None or name != "id")}
        if fields.get(TEXT) is None:
            fields[TEXT] = ""
        found.append((number, json.dumps(fields, ensure_ascii=False), fields))
    return found


def _plain(cell: Any) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if cell is None or isinstance(cell, (str, int, float, bool)) else str(cell)
