"""Workbooks → passages, a row at a time: of Excel as of 2007 through openpyxl, of the Excel before it through
xlrd, and OpenDocument spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import chain, islice, repeat
from typing import Any

from framelens.core.settings import Tables
from framelens.core.types import Passage
from framelens.readers.archives import HARMLESS, opened
from framelens.readers.extracted import foreign
from framelens.readers.formats.parquet import RATIO, plain
from framelens.readers.formats.records import (
    ID,
    TEXT,
    Record,
    column_of,
    listed,
    passages,
    tidy,
    twice,
)
from framelens.readers.formats.workbooks.cells import LAST_ROW, NumberedCells
from framelens.readers.rejects import Bad
from framelens.readers.source import OLE, Reading, Source

CONTENT = "content.xml"
"""What OpenDocument has its sheets in."""
HEADER = 20
"""Rows that are not empty in which a sheet's header is looked for."""

CELLS = 100_000_000
"""The most cells of a workbook, those included that are empty between others."""

Row = tuple[int, dict[str, Any]]
"""The number of a row on its sheet, and its cells by the names of their columns."""

Sheet = tuple[list[str], list[Row]]
"""The names of a sheet's columns, and its rows."""


def read_workbook(source: Source, reading: Reading) -> Iterator[Passage]:
    """The rows of those sheets that have a column of texts, by the names in the first row that names
    one, above which titles may stand.

    The other columns are kept as JSON has them, dates by ISO 8601. The line of a row, in errors and
    names, is its number on the sheet; where several sheets are read, a name has the sheet's in it.
    Raise Bad if no sheet has such a column, or one has a column twice.
    """
    sheets = _sheets(source, reading.tables)
    for title, rows in sheets.items():
        sheet = source if len(sheets) == 1 else replace(source, name=f"{source.name}/{title}")
        yield from passages(rows, sheet, reading)


def sheet_records(source: Source, tables: Tables) -> Iterator[Record]:
    """The rows of all those sheets."""
    return chain.from_iterable(_sheets(source, tables).values())


def _sheets(source: Source, tables: Tables) -> dict[str, list[Record]]:
    records: dict[str, list[Record]] = {}
    sheets = sheets_of(source, tables.text_column or TEXT)
    for title, (header, rows) in sheets.items():
        text = column_of(header, tables.text_column, TEXT)
        if text is None or not rows:
            continue
        if (name := twice(header)) is not None:
            raise Bad(f"a sheet has the column {name!r} twice")
        identifier = column_of(header, tables.id_column, ID)
        records[title] = [_record(row, text, identifier) for row in rows]
    if not records:
        found = "; ".join(f"{title}: {listed(header)}" for title, (header, _) in sheets.items())
        raise Bad(
            f"no sheet with a column {tables.text_column or TEXT!r} in its first {HEADER} rows that are "
            f"not empty; found {found[:400] or 'nothing'}; name it with --text-column"
        )
    return records


def _record(row: Row, text: str, identifier: str | None) -> Record:
    number, cells = row
    fields = {name: cell for name, cell in cells.items() if cell is not None or name != identifier}
    if fields.get(text) is None:
        fields[text] = ""
    return number, json.dumps(fields, ensure_ascii=False), fields


def sheets_of(source: Source, wanted: str | None = None) -> dict[str, Sheet]:
    """The sheets of a workbook that are not empty, by their titles; raise Bad for a file that is
    none.

    The header is the first row; if a column is `wanted`, the first of the HEADER first in which a cell
    is that, else the first of more than one cell.
    """
    with source.seekable() as stream:
        budget = _Budget(CELLS, max(HARMLESS, RATIO * stream.seek(0, 2)))
    with foreign("a workbook"):
        sheets = {title: _sheet(rows, wanted, budget) for title, rows in _rows_by_sheet(source)}
    return {title: sheet for title, sheet in sheets.items() if sheet[0]}


def _rows_by_sheet(source: Source) -> Iterator[tuple[str, NumberedCells]]:
    """The rows of each sheet, by its title, of a workbook of whichever kind it is by its content."""
    head = next(source.chunks(), b"")
    if head.startswith(OLE):
        from framelens.readers.formats.workbooks.xls import sheets_of_excel

        yield from sheets_of_excel(source)
        return
    if not head.startswith(b"PK"):
        raise Bad("no workbook by what is in it; save it as .xlsx or .csv")
    with opened(source) as (stream, archive):
        if CONTENT in archive.namelist():
            from framelens.readers.formats.workbooks.ods import sheets_of_open_document

            yield from sheets_of_open_document(archive)
            return
        from openpyxl import load_workbook

        for sheet in load_workbook(stream, read_only=True, data_only=True):
            sheet.reset_dimensions()  # else each row is filled up to the width stated
            yield sheet.title, enumerate(sheet.iter_rows(values_only=True), start=1)


@dataclass(slots=True)
class _Budget:
    """How many cells and characters may still be read of a workbook."""

    cells: int
    characters: int

    def take(self, number: int, cells: Sequence[Any]) -> bool:
        """Take a row's cells from the budget; return whether it holds anything. Raise Bad where the
        budget is spent."""
        self.cells -= len(cells)
        if number > LAST_ROW or self.cells < 0:
            raise Bad(f"holds over {LAST_ROW:,} rows, or {CELLS:,} cells, most of them empty")
        self.characters -= sum(len(cell) for cell in cells if type(cell) is str)
        if self.characters < 0:
            raise Bad(f"unpacks to over {RATIO:,} times its size")
        return any(cell is not None for cell in cells)


def _sheet(all_rows: NumberedCells, wanted: str | None, budget: _Budget) -> Sheet:
    rows = ((number, cells) for number, cells in all_rows if budget.take(number, cells))
    top = list(islice(rows, HEADER))
    heads = [["" if cell is None else tidy(str(cell)) for cell in cells] for _, cells in top]
    named = (at for at, head in enumerate(heads) if wanted and column_of(head, None, wanted))
    # A title is a cell by itself.
    other = next((at for at, head in enumerate(heads) if sum(map(bool, head)) > 1), 0)
    at = next(named, other if wanted else 0)
    header = heads[at] if heads else []
    records: list[Row] = []
    for number, cells in chain(top[at + 1 :], rows):
        pairs = zip(header, chain(map(_plain, cells), repeat(None)), strict=False)
        records.append((number, {name: cell for name, cell in pairs if name}))
    return header, records


def _plain(cell: Any) -> Any:
    """A cell as JSON can hold it; a workbook has days and whole numbers as times and fractions."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return int(cell) if isinstance(cell, float) and cell.is_integer() else plain(cell)
