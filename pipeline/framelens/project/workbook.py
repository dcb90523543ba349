"""Tables of sentences as Excel workbooks: one sheet, its columns named in the first row (extra
`excel`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from framelens.core.errors import FramelensError, at
from framelens.core.files import open_whole
from framelens.core.types import storable
from framelens.project.labelled.forms import TEXT
from framelens.readers import rows_of

WORKBOOK = ".xlsx"
LONGEST = 32_767
"""Characters that a cell can hold."""

MADE = datetime(1980, 1, 1)  # the first that an archive can state, in no zone
PROPERTIES = "docProps/core.xml"
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

UNHELD = re.compile("[\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Cell = str | int | float | None


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by its name."""
    return path.suffix.lower() == WORKBOOK


def write_rows(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str], path: Path) -> None:
    """Write a workbook, whole or not at all, whose cells are texts and numbers, never formulas.

    Raise FramelensError where a text is too long for a cell.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.properties.created = MADE
    sheet = book.active
    sheet.title, sheet.freeze_panes = "sentences", "A2"
    sheet.append(list(columns))
    for number, row in enumerate(rows, start=2):
        for at_column, name in enumerate(columns, start=1):
            value = row.get(name)
            if isinstance(value, float):
                value = repr(value)  # Excel keeps fewer digits than a probability has
            if not isinstance(value, str):
                sheet.cell(number, at_column, value)
                continue
            if len(value) > LONGEST:
                raise at(path, number, f"{name} has over {LONGEST:,} characters; expected csv")
            cell = sheet.cell(number, at_column)
            # Characters that XML cannot hold are written as Excel does: _x001F_.
            cell.value = UNHELD.sub(
                lambda match: f"_x{ord(match[0][0]):04X}_{match[0][1:]}", storable(value)
            )
            cell.data_type = "s"
    whole = BytesIO()  # a disk that is full leaves openpyxl's archive half open
    book.save(whole)
    with open_whole(path) as out:
        out.buffer.write(_timeless(whole))


def _timeless(book: BytesIO) -> bytes:
    """A workbook with all its times set to MADE, so that the same rows give the same bytes."""
    rewritten = BytesIO()
    with ZipFile(book) as old, ZipFile(rewritten, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == PROPERTIES:
                part = MODIFIED.sub(rf"\g<1>{MADE:%Y-%m-%dT%H:%M:%SZ}".encode(), part)
            new.writestr(ZipInfo(name, MADE.timetuple()[:6]), part, ZIP_DEFLATED)
    return rewritten.getvalue()


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of the sheet with texts, or of the first with any, each with its number and its cells that
    are not empty; raise FramelensError where it is no workbook, or several sheets have texts."""
    require_openpyxl()
    for line, row in rows_of(path, wanted=TEXT):
        cells = {n: _unescaped(c) if isinstance(c, str) else c for n, c in row.items()}
        if fields := {name: cell for name, cell in cells.items() if cell is not None}:
            yield line, fields


def require_openpyxl() -> None:
    """Raise FramelensError where openpyxl is missing."""
    if not find_spec("openpyxl"):
        advice = "install it with: pip install 'framelens[excel]'"
        raise FramelensError(f"Excel files need openpyxl; {advice}")


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
