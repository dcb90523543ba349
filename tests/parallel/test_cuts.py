"""Files cut into partitions that can be read apart."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from framelens.core.settings import Tables
from framelens.parallel.cuts import Partition, cut
from framelens.parallel.stream import state
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
    [
        "a",
        "b",
        "",
        '"a"',
        '"one\ntwo"',
        '"say ""no"""',
        "5' 3",
        "é😀",
        "\udce9",
        '"x,y"',
        '"\r\n"',
        'q"uo',
    ]
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


def partitions(
    path: Path, target: int, encoding: str = "utf-8", tables: Tables | None = None
) -> list[Partition]:
    source = Source(path.name, path)
    return cut(source, state(source), encoding, target, tables or Tables())


def check_apart(path: Path, target: int) -> None:
    """What is read of the partitions is what is read of the file, and their places are it all."""
    found, place, line = [], 0, 1
    for partition in partitions(path, target):
        span = partition.span or (0, path.stat().st_size)
        assert (partition.line, span[0], partition.size) == (line, place, span[1] - span[0])
        content = path.read_bytes()[slice(*span)].decode("latin-1")
        # Of a table a line may end in a carriage return, too.
        newline = "" if path.suffix == ".csv" else "\n"
        place, line = span[1], line + len(list(StringIO(content, newline=newline)))
        found += read(partition.source)
    assert place == path.stat().st_size
    assert sorted(found, key=str) == sorted(read(Source(path.name, path)), key=str)


@given(st.lists(ROWS, max_size=30), st.integers(1, 200), st.booleans())
def test_partitions_of_json_lines_are_the_file(rows: list[str], target: int, ends: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes("\n".join([*rows, "[]"]).encode() + b"\n" * ends)
        check_apart(path, target)


@given(TABLE_ROWS, st.integers(1, 100), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_partitions_of_a_table_are_the_file(
    rows: list[str], target: int, end: str, marked: bool
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(
            b"\xef\xbb\xbf" * marked
            + end.join(["id,text", *rows, "z,x"]).encode("utf-8", "surrogateescape")
        )
        check_apart(path, target)


def test_a_table_is_cut_outside_of_quotes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,id\n" + '"one\ntwo\nthree",a\n' * 3 + '"four\n",b\n')
    content, found = path.read_bytes(), partitions(path, 20)
    assert [content[slice(*partition.span or ())].count(b"\n") for partition in found] == [4, 6, 2]
    assert [partition.line for partition in found] == [1, 5, 11]


@pytest.mark.parametrize(
    ("name", "line", "encoding", "expected"),
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
    name: str, line: bytes, encoding: str, expected: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(line + 9 * b"\n{}")
    assert (len(partitions(path, 10, encoding)) > 1) is expected
    assert len(partitions(path, 1_000, encoding)) == 1


@given(
    TABLE_ROWS,
    st.integers(1, 100),
    st.booleans(),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\n\n"]),
    st.sampled_from(["\n", "\r\r\n"]),
)
def test_partitions_of_tables_as_people_have_them(
    rows: list[str], target: int, short: bool, begins: bytes, end: str
) -> None:
    """Semicolons, a header of other letters, a byte order mark, blank lines, and rows a cell short
    are told alike in every part."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = ["ID;Text" + ";" * short, "z;x", *(row.replace(",", ";") for row in rows)]
        path.write_bytes(begins + end.join(lines).encode("utf-8", "surrogateescape"))
        check_apart(path, target)


def test_a_table_with_blank_lines_between_its_rows_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\r\r\n".join([b"text", *[b"One."] * 9]))
    assert [partition.line for partition in partitions(path, 10)] == [1, 5, 9, 13, 17]


@pytest.mark.parametrize(
    ("encoding", "mark", "named", "is_cut"),
    [
        ("utf-8", ";", None, True),
        ("utf-8", "|", "|", True),
        ("utf-8-sig", ";", None, True),
        ("iso8859-1", "\t", None, True),
        ("cp1252", "\u2026", "\u2026", True),  # one byte there, three in UTF-8
        ("utf-8", "\u2192", "\u2192", False),
    ],
)
def test_a_column_and_a_mark_of_any_letters_are_found_as_the_reader_finds_them(
    tmp_path: Path, encoding: str, mark: str, named: str | None, is_cut: bool
) -> None:
    path, tables = tmp_path / "a.csv", Tables(text_column="Rede_\xfc", delimiter=named)
    rows = [["id", "Rede_\xfc", "note"], *([str(n), '"One.\nTwo."', "n"] for n in range(9))]
    path.write_bytes("\n".join(map(mark.join, rows)).encode(encoding))
    found, rejects = partitions(path, 30, encoding, tables), Collected()
    assert (len(found) > 1) is is_cut
    reading = Reading(encoding, "document", rejects, tables)
    passages = read_sources([partition.source for partition in found], reading)
    assert [(p.doc, p.text) for p in passages] == [(str(n), "One.\nTwo.") for n in range(9)]
    assert not rejects.rows


@pytest.mark.parametrize(
    "header", [b"id,body", b"id,text,text", b"id,text,\xff", b'id,"text"x', b"id;body"]
)
def test_a_table_with_a_bad_header_is_bad_once(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(header + b"\n1,One.,x" * 9)
    assert len(partitions(path, 10)) == 1
    check_apart(path, 10)
