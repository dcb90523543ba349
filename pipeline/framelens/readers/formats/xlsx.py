"""Workbooks → passages, a row at a time, through openpyxl."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from framelens.core.settings import Tables
from framelens.core.types import Passage
from framelens.readers.archives import check, opened
from framelens.readers.extracted import first_line
from framelens.readers.formats.records import ID, TEXT, Record, column_of, passages
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

Row = tuple[int, dict[str, Any]]
"""The number of a row on its sheet, and its cells by the names of their columns."""


def read_xlsx(source: Source, reading: Reading) -> Iterator[Passage]:
    """The rows of those sheets that have a column `text` under the names in their first row.

    The other columns are kept as JSON has them, dates by ISO 8601. The line of a row, in errors and
    names, is its number on the sheet; where several sheets are read, a name has the sheet's in it.
    Raise Bad if no sheet has such a column.
    """
    tables = reading.tables
    found = {
        title: list(_records(rows, tables))
        for title, rows in sheets_of(source).items()
        if column_of(rows[0][1], tables.text_column, TEXT) is not None
    }
    if not found:
        raise Bad(
            f"no sheet with a column {tables.text_column or TEXT!r} in its first row; name it with "
            "--text-column"
        )
    for title, records in found.items():
        sheet = source if len(found) == 1 else replace(source, name=f"{source.name}/{title}")
        yield from passages(records, sheet, reading)


def sheets_of(source: Source) -> dict[str, list[Row]]:
    """The rows of each sheet that has any, by the names in its first row; raise Bad for a file that
    is no workbook."""
    from openpyxl import load_workbook

    with source.seekable() as stream:
        with opened(stream) as archive:
            check(archive, stream.seek(0, 2))
        stream.seek(0)
        try:
            book = load_workbook(stream, read_only=True, data_only=True)
            sheets = {sheet.title: _rows(sheet.iter_rows(values_only=True)) for sheet in book}
        except Exception as error:  # a parser of foreign files may fail in any way
            raise Bad(f"not a workbook that can be read: {first_line(error)}") from None
    return {title: rows for title, rows in sheets.items() if rows}


def _rows(sheet: Iterator[tuple[Any, ...]]) -> list[Row]:
    found: list[Row] = []
    header: list[str] = []
    for number, cells in enumerate(sheet, start=1):
        if all(cell is None for cell in cells):
            continue
        if header:
            named = zip(header, map(_plain, cells), strict=False)
            found.append((number, {name: cell for name, cell in named if name}))
        else:
            header = ["" if cell is None else str(cell).strip() for cell in cells]
            if header.count(TEXT) > 1:
                return []
    return found


def _records(rows: list[Row], tables: Tables) -> Iterator[Record]:
    text, identifier = (
        column_of(rows[0][1], asked, usual)
        for asked, usual in ((tables.text_column, TEXT), (tables.id_column, ID))
    )
    for number, given in rows:
        fields = {
            name: cell for name, cell in given.items() if cell is not None or name != identifier
        }
        if text is not None and fields.get(text) is None:
            fields[text] = ""
        yield number, json.dumps(fields, ensure_ascii=False), fields


def _plain(cell: Any) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if cell is None or isinstance(cell, (str, int, float, bool)) else str(cell)
