"""Files cut into stretches that can be read apart."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from framelens.parallel.cuts import count_lines, part, stretches
from framelens.readers import Reading, Rejects, Source, read_sources
from hypothesis import given
from hypothesis import strategies as st

ROWS = st.sampled_from(
    [
        *(json.dumps({"id": name, "text": "One."}) for name in ("a", "b", "", 7)),
        '{"text": "No name."}',
        '{"id": null, "text": "x"}',
        '{"id": "c", "text": 1}',
        '{"id": "c", "text": "x", "y": NaN}',
        '{"id": 7, "text": "é😀"}\r',
        "\ufeff",
        "",
        "  ",
        "[1]",
        "{",
    ]
)


CELLS = st.sampled_from(
    ["a", "b", "", '"a"', '"one\ntwo"', '"say ""no"""', "5' 3", "é😀", '"x,y"', '"\r\n"', 'q"uo']
)
TABLE_ROWS = st.lists(st.tuples(CELLS, CELLS).map(",".join), max_size=30)


class Collected(Rejects):
    """Bad records by line and reason."""

    def __init__(self) -> None:
        super().__init__(None)
        self.rows: list[tuple[int | None, str]] = []

    def add(self, path: Path | str, line: int | None, raw: str | None, reason: str) -> None:  # noqa: ARG002
        self.rows.append((line, reason))


def read(source: Source) -> list[tuple[object, ...]]:
    """Passages by document and text, rejects by line."""
    rejects = Collected()
    rows = [(p.doc, p.text) for p in read_sources([source], Reading("utf-8", "document", rejects))]
    return [*rows, *((None, *row) for row in rejects.rows)]


def check_apart(path: Path, target: int) -> None:
    """What is read of the stretches is what is read of the file."""
    source, line = Source(path.name, path), 1
    found = []
    for stretch in stretches(source, "utf-8", target):
        assert stretch.line in (None, line)
        found += read(part(source, stretch, line))
        line += count_lines(path, stretch.span)
    assert sorted(found, key=str) == sorted(read(source), key=str)


@given(st.lists(ROWS, max_size=30), st.integers(1, 200), st.booleans())
def test_stretches_of_json_lines_are_the_file(rows: list[str], target: int, ends: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes("\n".join([*rows, "[]"]).encode() + b"\n" * ends)
        check_apart(path, target)


@given(TABLE_ROWS, st.integers(1, 100), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_stretches_of_a_table_are_the_file(
    rows: list[str], target: int, end: str, marked: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(b"\xef\xbb\xbf" * marked + end.join(["id,text", *rows, "z,x"]).encode())
        check_apart(path, target)


def test_a_table_is_cut_outside_of_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,id\n" + '"one\ntwo\nthree",a\n' * 3 + '"four\n",b\n')
    cut = stretches(Source("a.csv", path), "utf-8", 20)
    content = path.read_bytes()
    assert [content[slice(*stretch.span)].count(b"\n") for stretch in cut] == [4, 6, 2]
    assert [stretch.line for stretch in cut] == [1, 5, 11]


@pytest.mark.parametrize(
    ("name", "content", "encoding", "expected"),
    [
        ("a.jsonl", b"{}", "utf-8", True),
        ("a.ndjson", b"{}", "cp1252", True),
        ("a.JSONL", b"{}", "iso8859-1", True),
        ("a.csv", b"text", "utf-8", True),
        ("a.tsv", b"text", "utf-8", True),
        ("a.jsonl", b"{}", "utf-16", False),
        ("a.jsonl", b"{}", "shift_jis", False),
        ("a.jsonl", b"\xff\xfe{", "utf-8", False),
        ("a.jsonl", b"{\0", "utf-8", False),
        ("a.txt", b"text", "utf-8", False),
    ],
)
def test_what_can_be_cut(
    name: str, content: bytes, encoding: str, expected: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert bool(stretches(Source(name, path), encoding, 100)) is expected
    assert not stretches(Source(name, tmp_path / "none.jsonl"), encoding, 100)


@given(TABLE_ROWS, st.integers(1, 100), st.booleans())
def test_stretches_of_tables_as_people_have_them(
    rows: list[str],
    target: int,
    short: bool,
) -> None:
    """Semicolons, a header of other letters and rows a cell short are told alike in every part."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = ["ID;Text" + ";" * short, "z;x", *(row.replace(",", ";") for row in rows)]
        path.write_bytes("\n".join(lines).encode())
        check_apart(path, target)
