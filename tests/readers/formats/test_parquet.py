"""Parquet files → passages."""

from __future__ import annotations

import datetime
import decimal
import json
from io import BytesIO
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from framelens.core.types import Passage
from framelens.readers import Rejects
from framelens.readers.formats import parquet

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of


def saved(columns: dict[str, Any], **options: Any) -> bytes:
    made = BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), made, **options)
    return made.getvalue()


def test_rows(put: Put) -> None:
    columns = {"text": ["One.", "Two – 😀.", ""], "id": [None, "b", None], "n": [1, 2, None]}
    assert list(read([put("a.parquet", saved(columns))])) == [
        Passage("a.parquet:1", "One.", meta={"n": 1}),
        Passage("b", "Two – 😀.", id="b", meta={"n": 2}),
        Passage("a.parquet:3", "", meta={"n": None}),
    ]


def test_ids_may_be_numbers_and_texts_large_or_coded(put: Put) -> None:
    texts = pyarrow.array(["One.", "One."], pyarrow.large_string()).dictionary_encode()
    rows = read([put("a.parquet", saved({"id": [7, 8], "text": texts}))])
    assert [(row.doc, row.text) for row in rows] == [("7", "One."), ("8", "One.")]


VALUES = [
    (datetime.date(2024, 3, 5), "2024-03-05"),
    (datetime.datetime(2024, 3, 5, 12, 30), "2024-03-05T12:30:00"),
    (decimal.Decimal("1.50"), "1.50"),
    (float("nan"), None),
    (1.5, 1.5),
    (True, True),
    (b"frog\xff", "frog\ufffd"),
    (["a", ["b"]][:1], ["a"]),
    ({"a": 1, "b": [float("inf")]}, {"a": 1, "b": [None]}),
    (datetime.timedelta(seconds=5), "0:00:05"),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_other_columns_are_kept_as_json_has_them(put: Put, value: object, expected: object) -> None:
    (row,) = read([put("a.parquet", saved({"text": ["One."], "x": [value]}))])
    assert row.meta == {"x": expected}
    assert json.loads(json.dumps(row.meta, allow_nan=False)) == {"x": expected}


def test_row_groups_and_batches_do_not_show(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 7)
    content = saved({"text": [f"Row {n}." for n in range(1, 51)]}, row_group_size=12)
    found = [(row.doc, row.text) for row in read([put("a.parquet", content)])]
    assert found == [(f"a.parquet:{n}", f"Row {n}.") for n in range(1, 51)]


BAD = [
    (b"", "not Parquet that can be read: "),
    (b"PAR1 frogs PAR1", "not Parquet that can be read: "),
    (saved({"n": [1], "frog": ["x"]}), "no column 'text'; found n, frog"),
    (saved({"text": pyarrow.array([], pyarrow.string())}), "no records in it"),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_bad_files(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.parquet", content)).startswith(expected)


def test_a_damaged_page(put: Put) -> None:
    content = bytearray(saved({"text": ["x" * 500]}, compression="none", use_dictionary=False))
    content[4:60] = b"\xff" * 56
    assert complaint_of(put("a.parquet", bytes(content))).startswith("not Parquet")


BAD_ROWS = [
    ({"text": ["One."] * 2, "id": [["a"], ["b"]]}, "id is a list; expected a string or a whole"),
]


@pytest.mark.parametrize(("columns", "expected"), BAD_ROWS)
def test_bad_rows(put: Put, columns: dict[str, Any], expected: str) -> None:
    path = put("a.parquet", saved(columns))
    rejects = Rejects(None)
    kept = [row.text for row in read([path], rejects=rejects)]
    assert len(kept) + rejects.count == 2
    assert rejects.count > 0
    with pytest.raises(Exception, match=f"^{path}:[12]: {expected}"):
        list(read([path]))


def with_bytes(old: bytes, new: bytes, name: str = "text") -> bytes:
    """A file of one row, uncompressed, in which some bytes are replaced by as many others."""
    content = saved({name: ["One marked cell."]}, compression="none", use_dictionary=False)
    assert len(old) == len(new)
    assert old in content
    return content.replace(old, new)


@pytest.mark.parametrize(
    "content", [with_bytes(b"marked", b"m\xffrked"), with_bytes(b"texts", b"te\xffts", "texts")]
)
def test_text_that_is_no_utf_8(put: Put, content: bytes) -> None:
    assert complaint_of(put("a.parquet", content)).startswith("not Parquet that can be read: ")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (2**62 + 1, pyarrow.timestamp("ns"), "2116-02-20 23:53:38.427387905"),
        (2**31 - 1, pyarrow.date32(), "<value out of range: 2147483647>"),
        (2**62, pyarrow.duration("s"), "4611686018427387904"),
    ],
)
def test_times_that_python_cannot_hold(
    put: Put, value: int, kind: pyarrow.DataType, expected: str
) -> None:
    columns = {"text": ["One."], "x": pyarrow.array([value], kind)}
    (row,) = read([put("a.parquet", saved(columns))])
    assert row.meta == {"x": expected}
