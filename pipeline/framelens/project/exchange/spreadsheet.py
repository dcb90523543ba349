"""Excel: one sheet with the columns of the CSV file (extra `excel`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_writable, make_folder, storable
from framelens.project.items import COLUMNS, Item, fields_of_item, item_of, sheet_cell

LONGEST = 32_767
"""Characters that a cell can hold."""

UNHELD = re.compile("[\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def write(items: Sequence[Item], _: Scheme, path: Path) -> None:
    """Write a workbook whose cells are texts and numbers, never formulas."""
    _require()
    from openpyxl import Workbook

    check_writable(path)
    make_folder(path.parent)
    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = "sentences", "A2"
    rows = [fields_of_item(item) for item in items]
    names = list(dict.fromkeys((*COLUMNS, *(name for row in rows for name in row))))
    sheet.append(names)
    for number, row in enumerate(rows, start=2):
        for at_column, name in enumerate(names, start=1):
            value = sheet_cell(row.get(name))
            if isinstance(value, float):
                value = repr(value)  # Excel keeps fewer digits than a probability has
            if not isinstance(value, str):
                sheet.cell(number, at_column, value)
                continue
            if len(value) > LONGEST:
                raise at(path, number, f"{name} has over {LONGEST:,} characters; expected csv")
            cell = sheet.cell(number, at_column)
            cell.value = _escaped(storable(value))
            cell.data_type = "s"
    partial = path.with_name(f".{path.name}.partial")
    try:
        book.save(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: Path, frames: Sequence[str]) -> list[Item]:
    """Read the first sheet of a workbook; its first row names the columns."""
    _require()
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True).worksheets[0]
    except FileNotFoundError:
        raise at(path, None, "no such file") from None
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise at(path, None, "not an Excel workbook (.xlsx)") from None
    rows = sheet.iter_rows(values_only=True)
    names = [str(name) for name in next(rows, ()) if name is not None]
    found = []
    for line, row in enumerate(rows, start=2):
        if all(cell is None for cell in row):
            continue
        cells = (_unescaped(cell) if isinstance(cell, str) else cell for cell in row)
        fields = {name: cell for name, cell in zip(names, cells, strict=False) if cell is not None}
        found.append(item_of(fields, frames, path, line))
    if not found:
        raise at(path, None, "no sentences in it")
    return found


def _escaped(text: str) -> str:
    """A text without characters that XML cannot hold, in the way of Excel: _x001F_."""
    return UNHELD.sub(lambda found: f"_x{ord(found[0][0]):04X}_{found[0][1:]}", text)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _require() -> None:
    if not find_spec("openpyxl"):
        advice = "install it with: pip install 'framelens[excel]'"
        raise FramelensError(f"Excel files need openpyxl; {advice}")
