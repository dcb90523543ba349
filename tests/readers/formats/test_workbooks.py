"""Workbooks. `pond.xls` and `pond.ods` were written for these tests, and saved by LibreOffice."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlrd
from framelens.core.errors import FramelensError
from framelens.readers.formats.workbooks.xls import _value
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from xlrd.sheet import Cell

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of

DATA = Path(__file__).parents[2] / "data"
XLS = (DATA / "pond.xls").read_bytes()


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book["Sheet"])
    for at, rows in enumerate(sheets):
        sheet = book.create_sheet(f"S{at}")
        for row in rows:
            sheet.append(row)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_workbook(put: Put) -> None:
    rows: list[list[object]] = [["id", "Text", "when"], ["a", "One.", date(2024, 3, 5)], [None, None, None],
                                [None, "Two.", 3.0]]  # fmt: skip
    found = list(read([put("a.xlsx", workbook([["notes"]], rows))]))
    assert [(one.doc, one.text, dict(one.meta)) for one in found] == [
        ("a", "One.", {"when": "2024-03-05"}), ("a.xlsx:4", "Two.", {"when": 3}),
    ]  # fmt: skip


def test_sheets_are_told_apart(put: Put) -> None:
    found = read([put("a.xlsx", workbook([["text"], ["One."]], [["text"], ["Two."]]))])
    assert [one.doc for one in found] == ["a.xlsx/S0:2", "a.xlsx/S1:2"]


@pytest.mark.parametrize(("name", "true", "false"), [("pond.xls", True, False), ("pond.ods", 1, 0)])
def test_other_workbooks(name: str, true: object, false: object) -> None:
    """Comments are not read; formulas are what they gave, truth values to LibreOffice numbers."""
    first = {
        "country": "Lowlands", "date": "2003-05-04", "met at": "09:30:00", "votes": 7, "share": 0.25,
        "open": true, "sum": 14, "text length": 38,
    }  # fmt: skip
    second = {
        "country": "Lowlands", "date": "2003-05-04T18:30:00", "met at": None, "votes": 1234567,
        "share": 0.001, "open": false, "sum": "#DIV/0!", "text length": None,
    }  # fmt: skip
    assert [(one.doc, one.text, dict(one.meta)) for one in read([DATA / name])] == [
        ("a1", "The keepers were heard. Žabe, жабы, 蛙.", first),
        ("2", "Line one.\nLine two.", second),
        ("a3", "The talks failed.", {**dict.fromkeys(first), "date": "1999-12-31"}),
        ("a4", "", {**dict.fromkeys(first), "country": "Highlands", "votes": 3.5}),
    ]


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.xlsx", "a.xlsm"])
@pytest.mark.parametrize("content", [XLS, (DATA / "pond.ods").read_bytes()])
def test_a_workbook_is_what_it_holds(put: Put, name: str, content: bytes) -> None:
    assert len(list(read([put(name, content)]))) == 4


NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def open_document(rows: str) -> bytes:
    """A spreadsheet with the columns `text` and `more`, and rows; `<r` and `<c` stand for names."""
    rows = f"<r>{''.join(f'<c><text:p>{name}</text:p></c>' for name in ('text', 'more'))}</r>{rows}"
    for short, name in (("r", "row"), ("c", "cell")):
        rows = rows.replace(f"<{short}", f"<table:table-{name}").replace(
            f"</{short}>", f"</table:table-{name}>"
        )
    body = (
        f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    )
    content = f"<office:document-content{NAMES}><office:body>{body}</office:body></office:document-content>"
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return packed.getvalue()


SAID = '<c office:value-type="string"><text:p>The talks failed.</text:p></c>'
MANY = "table:number-{}-repeated='{}'"


def test_rows_and_cells_that_stand_for_several(put: Put) -> None:
    empty = f"<r {MANY.format('rows', 7)}><c {MANY.format('columns', 16384)}/></r>"
    rows = f"{empty}<r {MANY.format('rows', 2)}>{SAID}<c {MANY.format('columns', 16383)}/></r>"
    end = f"<r {MANY.format('rows', 1_048_566)}><c/></r>"
    found = read([put("a.ods", open_document(rows + end))])
    assert [one.doc for one in found] == ["a.ods:9", "a.ods:10"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("office:value-type='float' office:value='3'", 3),
        ("office:value-type='percentage' office:value='0.5'", 0.5),
        ("office:value-type='boolean' office:boolean-value='true'", True),
        ("office:value-type='date' office:date-value='2003-05-04'", "2003-05-04"),
        ("office:value-type='time' office:time-value='PT09H30M00S'", "09:30:00"),
        # What no day or time can be stands as it is shown.
        ("office:value-type='date' office:date-value='-0044-03-15'", "shown"),
        ("office:value-type='time' office:time-value='PT99H30M00S'", "shown"),
        ("office:value-type='float' office:value='many'", "shown"),
    ],
)
def test_what_cells_hold(put: Put, cell: str, expected: object) -> None:
    path = put("a.ods", open_document(f"<r>{SAID}<c {cell}><text:p>shown</text:p></c></r>"))
    assert next(read([path])).meta["more"] == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(37745.0, datetime(2003, 5, 4)), (0.5, time(12)), (-3.0, -3.0), (1e300, 1e300)],
)
def test_days_of_older_workbooks_are_numbers(number: float, expected: object) -> None:
    assert _value(Cell(xlrd.XL_CELL_DATE, number), 0) == expected


BAD = [
    ("a.xls", b"<html><table><tr><td>text</table></html>", "no workbook by what is in it; save it as .xlsx"),
    ("a.xls", XLS[:512], "not a workbook that can be read: "),
    ("a.csv", XLS, "looks binary; expected text"),
    ("a.ods", open_document(f"<r {MANY.format('rows', 10**9)}>{SAID}</r>"), "holds over 1,048,576 rows"),
    ("a.ods", open_document(f"<r>{SAID}{SAID.replace('<c', '<c ' + MANY.format('columns', 10**9))}</r>"),
     "holds a row of over 16,384 cells"),
    ("a.ods", open_document(f"<r {MANY.format('rows', 600_000)}>{SAID}{SAID}</r>"),
     "says of over 1,000,000 cells that they are as others"),
    ("a.ods", open_document("</r>"), "not a workbook that can be read: "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected"), BAD)
def test_what_is_no_workbook_that_can_be_read(
    put: Put, name: str, content: bytes, expected: str
) -> None:
    assert complaint_of(put(name, content)).startswith(expected)


@settings(max_examples=50)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(XLS) - 1), st.integers(0, 255)), max_size=20),
    end=st.integers(0, len(XLS)),
)
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], end: int
) -> None:
    content = bytearray(XLS)
    for at, byte in changes:
        content[at] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.xls"
    path.write_bytes(content[:end])
    with suppress(FramelensError):
        assert list(read([path]))
