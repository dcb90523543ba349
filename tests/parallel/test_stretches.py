"""Files of JSON Lines cut into stretches."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from framelens.parallel.pieces import Collected
from framelens.parallel.stretches import can_be_cut, count_lines, spans, stretch
from framelens.readers import Reading, Source, read_sources
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


@given(st.lists(ROWS, max_size=30), st.integers(1, 200), st.booleans())
def test_stretches_read_apart_are_the_file(rows: list[str], target: int, ends: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.jsonl"
        path.write_bytes("\n".join([*rows, "[]"]).encode() + b"\n" * ends)
        source, line = Source("a.jsonl", path), 1
        found, names = [], []
        for span in spans(source, "utf-8", target):
            part = read(stretch(source, span, line))
            names.append([row[0] for row in part if row[0] is not None])
            found += part
            line += count_lines(path, span)
        assert sorted(found, key=str) == sorted(read(source), key=str)
        assert line == 1 + path.read_bytes().count(b"\n")
        for before, after in pairwise(names):
            assert not (before and after and before[-1] == after[0])


def read(source: Source) -> list[tuple[object, ...]]:
    """Passages by document and text, rejects by line."""
    rejects = Collected()
    rows = [(p.doc, p.text) for p in read_sources([source], Reading("utf-8", "document", rejects))]
    return [*rows, *((None, row.line, row.reason) for row in rejects.rows)]


def test_a_document_is_never_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"id": name, "text": "x" * 50} for name in "aaabbbbbbbbbbbbbbbbbbbbbcd"]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    content = path.read_bytes()
    found = [content[start:stop] for start, stop in spans(Source("a.jsonl", path), "utf-8", 100)]
    assert b"".join(found) == content
    assert [part[:9] for part in found] == [b'{"id": "a', b'{"id": "b', b'{"id": "c']


@pytest.mark.parametrize(
    ("name", "content", "encoding", "expected"),
    [
        ("a.jsonl", b"{}", "utf-8", True),
        ("a.ndjson", b"{}", "cp1252", True),
        ("a.JSONL", b"{}", "iso8859-1", True),
        ("a.jsonl", b"{}", "utf-16", False),
        ("a.jsonl", b"{}", "shift_jis", False),
        ("a.jsonl", b"\xff\xfe{", "utf-8", False),
        ("a.jsonl", b"{\0", "utf-8", False),
        ("a.csv", b"text", "utf-8", False),
    ],
)
def test_what_can_be_cut(
    name: str, content: bytes, encoding: str, expected: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert can_be_cut(Source(name, path), encoding) is expected
    assert not can_be_cut(Source(name, tmp_path / "none.jsonl"), encoding)
