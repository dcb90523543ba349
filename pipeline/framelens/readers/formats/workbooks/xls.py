"""The sheets of workbooks of Excel 5.0 to 2003, through xlrd."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO, StringIO
from typing import Any

import xlrd
from olefile import OleFileIO
from xlrd.biffh import error_text_from_code
from xlrd.xldate import xldate_as_datetime

from framelens.readers.formats.workbooks.cells import NumberedCells
from framelens.readers.rejects import Bad
from framelens.readers.source import Source

STREAMS = ("Workbook", "Book")
"""What holds the sheets in the container, as of Excel 97 and before."""


def sheets_of_excel(source: Source) -> Iterator[tuple[str, NumberedCells]]:
    """The rows of each sheet, by its title; formulas are what they last gave."""
    # xlrd goes round and round in some damaged containers, which olefile refuses.
    with OleFileIO(BytesIO(source.content())) as file:
        name = next(filter(file.exists, STREAMS), None)
        stream = file.openstream(name).read() if name else b""
    if not stream:
        raise Bad("holds no sheets, or is encrypted; save it as .xlsx, without a password")
    # What it finds odd would be printed, if it were given nowhere to write.
    book = xlrd.open_workbook(
        file_contents=stream, logfile=StringIO(), on_demand=True, ragged_rows=True
    )
    for number, title in enumerate(book.sheet_names()):
        yield title, _rows(book.sheet_by_index(number), book.datemode)
        book.unload_sheet(number)


def _rows(sheet: Any, datemode: int) -> NumberedCells:
    for row in range(sheet.nrows):
        yield row + 1, tuple(_value(cell, datemode) for cell in sheet.row(row))


def _value(cell: Any, datemode: int) -> Any:
    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return None
        case xlrd.XL_CELL_DATE if cell.value >= 0:
            with suppress(ValueError, OverflowError):  # of a number that is no day
                moment = xldate_as_datetime(cell.value, datemode)
                return moment if cell.value >= 1 else moment.time()
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return error_text_from_code.get(cell.value)
    return cell.value or None if cell.ctype == xlrd.XL_CELL_TEXT else cell.value
