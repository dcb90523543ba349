"""Files and streams → passages."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tracemalloc
from itertools import product
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.preprocessing.sentences import MAX_BLOCK, blocks
from framelens.readers import Rejects, source
from framelens.readers.source import SKIP_ADVICE
from hypothesis import example, given
from hypothesis import strategies as st

from tests.helpers import read


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def complaint(path: Path | str, encoding: str = "utf-8") -> str:
    with pytest.raises(FramelensError) as caught:
        list(read([path], encoding=encoding))
    assert "\n" not in str(caught.value)
    return caught.value.message.removesuffix(f"; {SKIP_ADVICE}")


# Plain text

TEXTS = [
    ("a.txt", "One.\n\nTwo.", [(0, "One."), (6, "Two.")]),
    ("a.md", "\ufeff# One\r\n\r\nTwo.\r\n", [(0, "# One"), (9, "Two.")]),
    ("a.TEXT", "\n\n  One.\rTwo.", [(4, "One.\rTwo.")]),
    ("a.txt", "Élan – 😀.\n\n\n\nTwo.", [(0, "Élan – 😀."), (13, "Two.")]),
]


@pytest.mark.parametrize(("name", "content", "expected"), TEXTS)
def test_a_text_comes_in_blocks_with_offsets(
    tmp_path: Path, name: str, content: str, expected: list[tuple[int, str]]
) -> None:
    found = list(read([put(tmp_path, name, content)]))
    assert [(passage.offset, passage.text) for passage in found] == expected
    assert {(passage.doc, passage.id) for passage in found} == {(name, None)}


def test_lines_of_a_text_are_sentences_on_request(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "One. And more.\nTwo.\r\n \n\nThree.")
    found = [(passage.offset, passage.text) for passage in read([path], unit="sentence")]
    assert found == [(0, "One. And more."), (15, "Two."), (24, "Three.")]


ENCODINGS = [
    ("utf-16", "utf-8"),
    ("utf-32", "utf-8"),
    ("utf-16", "latin-1"),
    ("utf-16-le", "utf-16-le"),
    ("cp1252", "windows-1252"),
    ("cp1252", "latin-1"),
    ("utf-8-sig", "utf-8"),
    ("utf-8-sig", "UTF8"),
    ("shift_jis", "sjis"),
]


@pytest.mark.parametrize(("written", "named"), ENCODINGS)
def test_encodings(tmp_path: Path, written: str, named: str) -> None:
    text = "Réunion – “fin”.\n\nZwei." if written != "shift_jis" else "会議。\n\n二。"
    path = put(tmp_path, "a.txt", text.encode(written))
    first, second = read([path], encoding=named)
    assert text[first.offset :].startswith(first.text)
    assert text[second.offset :] == second.text


@pytest.mark.parametrize("named", ["cp1252", "latin-1", "shift_jis", "utf-8"])
@pytest.mark.parametrize("ascii_first", [0, 300_000])
def test_a_text_in_utf_8_is_read_as_that_whatever_is_named(
    tmp_path: Path, named: str, ascii_first: int
) -> None:
    text = "a" * ascii_first + "Réunion – “fin”."
    path = put(tmp_path, "a.txt", text.encode())
    assert "".join(passage.text for passage in read([path], encoding=named)) == text


@pytest.mark.parametrize(
    ("named", "text"),
    [
        ("cp1252", "a" * (source.CHUNK - 1) + "é and more"),  # the chunk ends as UTF-8 may
        ("cp1252", "The café"),
        ("iso2022_jp", "会議"),  # whose bytes are all of ASCII, as those of the next two
        ("hz", "会议"),
        ("utf-7", "é"),
    ],
)
def test_a_text_that_is_not_in_utf_8_is_read_as_named(
    tmp_path: Path, named: str, text: str
) -> None:
    path = put(tmp_path, "a.txt", text.encode(named))
    assert "".join(passage.text for passage in read([path], encoding=named)) == text


@given(
    st.text(st.sampled_from("ab.é😀 \n\r\t\u2028"), max_size=60),
    st.integers(4, 9),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_chunks_do_not_show(text: str, chunk: int, encoding: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK", chunk)
        feed(patch, b"x" + text.encode() if encoding == "utf-8" else ("x" + text).encode(encoding))
        found = list(read(["-"]))
    text = "x" + text
    assert [(p.offset, p.text) for p in found] == [(a, text[a:b]) for a, b in blocks(text)]


def test_standard_input_is_not_closed_nor_named_by_path(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"One.")
    assert list(read(["-"])) == [Passage("stdin", "One.")]
    assert not sys.stdin.buffer.closed


def text_of(paragraphs: int) -> str:
    return "\n\n".join(f"Paragraph {n} " + "of some length. " * 60 for n in range(paragraphs))


@pytest.mark.parametrize("content", [text_of(8_000), "One." + "\n" * 8_000_000 + "Two."])
def test_memory_does_not_grow_with_a_text(tmp_path: Path, content: str) -> None:
    path = put(tmp_path, "a.txt", content)
    tracemalloc.start()
    end = 0
    for passage in read([path]):
        end = passage.offset + len(passage.text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert end == len(content.rstrip())
    assert peak < 16 * source.CHUNK < len(content)


def test_a_long_gap_of_white_space_keeps_offsets(tmp_path: Path) -> None:
    content = "One" + " " * (source.CHUNK + 2 * MAX_BLOCK) + "two."
    found = [(passage.offset, passage.text) for passage in read([put(tmp_path, "a.txt", content)])]
    assert found == [(0, "One"), (len(content) - 4, "two.")]


# Records

JSON = """{"text": "One.", "id": "a", "year": 1999, "tags": [1, {"x": null}]}

{"id": 7, "text": "Two.\\u2028 – 😀"}\r
{"text": "", "id": ""}
{"text": "Four \\ud83d\\ude00 \\ud800.", "note": "\\uDFFF"}"""

JSON_READ = [
    Passage("a", "One.", id="a", meta={"year": 1999, "tags": [1, {"x": None}]}),
    Passage("7", "Two.\u2028 – 😀", id="7"),
    Passage("a.jsonl:4", ""),
    Passage("a.jsonl:5", "Four 😀 \ufffd.", meta={"note": "\ufffd"}),
]

CSV = '''text,id,speaker\r
"One, and
more.",a,"The ""Chair"""

Two.,,\r
,9,B
'''

CSV_READ = [
    Passage("a", "One, and\nmore.", id="a", meta={"speaker": 'The "Chair"'}),
    Passage("a.csv:5", "Two.", meta={"speaker": ""}),
    Passage("9", "", id="9", meta={"speaker": "B"}),
]

RECORDS = [
    ("a.jsonl", JSON, JSON_READ),
    ("a.jsonl", "\ufeff" + JSON + "\n\n", JSON_READ),
    ("a.jsonl", JSON.replace("\n", "\n\ufeff"), JSON_READ),
    ("a.csv", CSV, CSV_READ),
    ("a.csv", "\ufeff" + CSV, CSV_READ),
    ("a.csv", "text\rOne.\rTwo.", [Passage("a.csv:2", "One."), Passage("a.csv:3", "Two.")]),
    ("a.tsv", "n\ttext\n1\tOne, two.\n", [Passage("a.tsv:2", "One, two.", meta={"n": "1"})]),
    ("a.NDJSON", '{"text": "One."}', [Passage("a.NDJSON:1", "One.")]),
]


@pytest.mark.parametrize("chunk", [1, 3, source.CHUNK])
@pytest.mark.parametrize(("name", "content", "expected"), RECORDS)
def test_records(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str,
    expected: list[Passage],
    chunk: int,
) -> None:
    monkeypatch.setattr(source, "CHUNK", chunk)
    assert list(read([put(tmp_path, name, content)])) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b' \n{"text": "One.", "id": 1}', Passage("1", "One.", id="1")),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nOne.", Passage("stdin", "One.", kind="prose")),
        (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nOne.", Passage("stdin", "One.", kind="prose")),
        (b'\xef\xbb\xbf{"text": "One."}', Passage("stdin:1", "One.")),
        ('{"text": "One."}'.encode("utf-16"), Passage("stdin:1", "One.")),
        (b'["text", "One."]', Passage("stdin", '["text", "One."]')),
        (b"id,text\n1,One.\n", Passage("1", "One.", id="1")),
        (b"\xef\xbb\xbfid\tTEXT\r\n1\tOne.\r\n", Passage("1", "One.", id="1")),
        ("id;text\n1;One.\n".encode("utf-16"), Passage("1", "One.", id="1")),
        (b"text\nOne.", Passage("stdin", "text\nOne.")),
        (b"Our text, such as it is\nOne.", Passage("stdin", "Our text, such as it is\nOne.")),
        (b"Text, as given\nOne, two.", Passage("stdin", "Text, as given\nOne, two.")),
        (b"id, text\n1,One.\n", Passage("1", "One.", id="1")),
    ],
)
def test_standard_input_is_text_json_lines_or_csv(
    monkeypatch: pytest.MonkeyPatch, content: bytes, expected: Passage
) -> None:
    feed(monkeypatch, content)
    assert list(read(["-"])) == [expected]


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Lone surrogates among the characters, as "\\ud800" in JSON may bring them.
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@example([{"DATE_PUBLISHED": []}])
@given(st.lists(st.dictionaries(st.text(), JSON_VALUES, max_size=3), min_size=1, max_size=4))
def test_any_json_comes_through_and_can_be_written(records: list[dict[str, object]]) -> None:
    rows = [{**record, "text": f"{n}"} for n, record in enumerate(records)]
    for row in rows:
        row.pop("id", None)
    with pytest.MonkeyPatch.context() as patch:
        feed(patch, "\n".join(json.dumps(row) for row in rows).encode())
        found = list(read(["-"]))
    for row, passage in zip(rows, found, strict=True):
        # Fields that say when bring a `date` beside them.
        made = {"date"} - row.keys()
        fields = {name: passage.meta[name] for name in passage.meta if name not in made}
        given_back = json.dumps({**fields, "text": passage.text}, ensure_ascii=False)
        mended = json.dumps(row, ensure_ascii=False).encode("utf-16", "surrogatepass")
        assert json.loads(given_back.encode()) == json.loads(mended.decode("utf-16", "replace"))


def test_a_long_cell_is_read_and_the_limit_put_back(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    path = put(tmp_path, "a.csv", "text\n" + "x" * (limit + 1) + "\ny\n")
    rows = read([path])
    assert len(next(rows).text) == limit + 1
    assert csv.field_size_limit() == limit


# Files and folders


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in ["b.txt", "a/z.md", "a.txt", "a/notes.ppt", "c/é.TXT", ".d.txt", ".git/e.txt"]:
        put(tmp_path, name, name)
    put(tmp_path, "a/r.jsonl", '{"text": "x"}')
    found = [passage.doc for passage in read([tmp_path])]
    assert found == ["a/r.jsonl:1", "a/z.md", "a.txt", "b.txt", "c/é.TXT"]


def test_files_of_one_name_are_told_apart_and_none_is_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ["x/a.txt", "y/a.txt", "y/b.txt"]:
        put(tmp_path, name, name)
    found = read(["x/a.txt", Path("y"), "y/../y/b.txt", "x"])
    assert [passage.doc for passage in found] == ["x/a.txt", "y/a.txt", "b.txt"]


# Errors

BAD_FILES = [
    ("a.jsonl", b"\n \n", "a.jsonl: no records in it"),
    ("a.csv", b"", "a.csv: no records in it"),
    ("a.csv", b"text,id\n\n", "a.csv: no records in it"),
    (
        "a.txt",
        b"One\n" * 3 + b"caf\xe9 two",
        "a.txt: byte 0xE9 at offset 15 (line 4) is not UTF-8; name the encoding with --encoding",
    ),
    ("a.txt", b"caf\xc3", "a.txt: byte 0xC3 at offset 3 (line 1) is not UTF-8"),
    ("a.txt", b"\xff\xfea\0\n\0b", "a.txt: byte 0x62 at offset 6 (line 2) is not UTF-16"),
    ("a.txt", b"MZ\0\1", "a.txt: looks binary; expected text"),
    ("a.jsonl", b'{"text": "\0"}', "a.jsonl: looks binary"),
    ("a.ppt", b"{", "a.ppt: cannot tell what is in it; expected files ending in .csv, .doc, "),
    ("a", b"One.", "a: cannot tell what is in it"),
    (
        "a.csv",
        b"id;speech\n1;One",
        "a.csv:1: no column 'text' in the header; found id, speech (cells between semi",
    ),
    ("a.csv", b"\ntext,n,n\n", "a.csv:2: the header has the column 'n' twice"),
    ("a.csv", b'"text" x,id\n', "a.csv:1: not CSV: ',' expected after"),
    ("a.csv", b"text,ann\xe9e\n", "a.csv:1: byte 0xE9 is not UTF-8; name the encoding"),
]


@pytest.mark.parametrize(("name", "content", "expected"), BAD_FILES)
def test_bad_files(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    put(tmp_path, name, content)
    assert complaint(tmp_path / name).startswith(f"{tmp_path}{os.sep}{expected}")


BAD_RECORDS = [
    ("a.jsonl", b'{"text": "One."', "not JSON: Expecting ',' delimiter, column 16; expected one"),
    ("a.jsonl", b'{"text": "a", "n": NaN}', "not JSON: NaN is not a number in JSON"),
    ("a.jsonl", b'{"text": "a", "n": -1e999}', "not JSON: -1e999 is not a number in JSON"),
    ("a.jsonl", b'{"text": "a", "n": ' + b"1" * 9_000 + b"}", "not JSON: Exceeds the limit"),
    ("a.jsonl", b"[" * 100_000, "not JSON that can be read: nested too deeply"),
    ("a.jsonl", b'["One."]', "expected an object with a field 'text', found a list"),
    ("a.jsonl", b"null", "expected an object with a field 'text', found null"),
    ("a.jsonl", b'{"txt": "One."}', "no field 'text'"),
    ("a.jsonl", b'{"text": [7]}', "text is a list; expected a string"),
    ("a.jsonl", b'{"text": "One.", "id": true}', "id is true; expected a string or a whole number"),
    ("a.jsonl", b'{"text": "One.", "id": null}', "id is null; expected a string or a whole number"),
    ("a.jsonl", b'{"text": "caf\xe9"}', "byte 0xE9 is not UTF-8; name the encoding"),
    ("a.csv", b'"One" more,1', "not CSV: ',' expected after '\"'"),
    ("a.csv", b"One", "expected 2 cells, found 1"),
    ("a.csv", b'"One\nmore",1,2', "expected 2 cells, found 3"),
    ("a.csv", b"caf\xe9,1", "byte 0xE9 is not UTF-8; name the encoding"),
]

GOOD = {"a.jsonl": b'{"text": "Good."}\n', "a.csv": b'text,n\n"Good.",1\n'}


@pytest.mark.parametrize(("name", "raw", "reason"), BAD_RECORDS)
def test_bad_records(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    path = put(tmp_path, name, GOOD[name] + raw + b"\n")
    line = GOOD[name].count(b"\n") + 1
    assert complaint(path).startswith(f"{path}:{line}: {reason}")


@pytest.mark.parametrize(("name", "raw", "reason"), BAD_RECORDS)
def test_bad_records_are_put_aside(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    good = GOOD[name].splitlines(keepends=True)[-1]
    path = put(tmp_path, name, GOOD[name] + raw + b"\n" + good)
    kept = tmp_path / "out" / "rejects.jsonl"
    kept.parent.mkdir()
    with Rejects(kept) as rejects:
        assert [passage.text for passage in read([path], rejects=rejects)] == ["Good.", "Good."]
    assert rejects.count == 1
    row = json.loads(kept.read_text("utf-8"))
    assert row["reason"].startswith(reason)
    assert row["file"] == str(path)
    assert row["line"] == GOOD[name].count(b"\n") + 1
    assert row["raw"] == raw.decode("utf-8", "replace") + "\n"


def test_an_open_quotation_mark_is_told_at_its_row(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", 'text\nOne.\n"Two.\nThree.\nFour.\n')
    reason = (
        "not CSV: unexpected end of data, in a record that reaches to line 5: "
        "is a quotation mark not closed?"
    )
    assert complaint(path) == f"{path}:3: {reason}"
    rejects = Rejects(None)
    assert [passage.text for passage in read([path], rejects=rejects)] == ["One."]
    assert list(rejects.messages()) == [
        f"passed over {path}:3: {reason}",
        "1 bad record of 3 lines passed over",
    ]


def test_bad_files_are_put_aside(tmp_path: Path) -> None:
    files = {"a.jsonl": b"", "b.txt": b"Good.", "c.txt": b"\xff", "d.csv": b"x\n"}
    for name, content in files.items():
        put(tmp_path, name, content)
    rejects = Rejects(None)
    assert [passage.doc for passage in read([tmp_path], rejects=rejects)] == ["b.txt"]
    assert rejects.count == 3


def test_rejects_are_in_place_once_closed(tmp_path: Path) -> None:
    with Rejects(tmp_path / "rejects.jsonl") as rejects:
        rejects.add("a.jsonl", 1, "\udce9", "first")
        rejects.add(Path("b.txt"), None, None, "second")
    rows = (tmp_path / "rejects.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row) for row in rows] == [
        {"file": "a.jsonl", "line": 1, "reason": "first", "raw": "\ufffd"},
        {"file": "b.txt", "line": None, "reason": "second", "raw": None},
    ]


@pytest.mark.parametrize(
    ("count", "named", "last"),
    [
        (0, 0, []),
        (1, 1, ["1 bad record passed over"]),
        (5, 5, ["5 bad records passed over"]),
        (7, 5, ["7 bad records passed over, of which 5 are named"]),
    ],
)
def test_without_a_file_the_first_bad_records_are_named(
    count: int, named: int, last: list[str], tmp_path: Path
) -> None:
    kept = tmp_path / "rejects.jsonl"
    with Rejects(None) as rejects, Rejects(kept) as in_file:
        for each, line in product((rejects, in_file), range(count)):
            each.add("a.jsonl", line + 1, "\r\u2028x", "no field 'text'")
    lines = [f"passed over a.jsonl:{line + 1}: no field 'text'" for line in range(named)]
    assert list(rejects.messages()) == [*lines, *last]
    if count:
        joined = Rejects(None)
        joined.add_all(kept)
        assert list(joined.messages()) == [*lines, *last]
        assert list(in_file.messages()) == [f"{last[0].partition(',')[0]}, kept in {kept}"]


def test_rejects_make_no_file_when_there_are_none(tmp_path: Path) -> None:
    with Rejects(tmp_path / "rejects.jsonl") as rejects:
        assert list(read([put(tmp_path, "a.txt", "One.")], rejects=rejects))
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_rejects_of_a_run_that_failed_are_not_left(tmp_path: Path) -> None:
    def fail() -> None:
        with Rejects(tmp_path / "rejects.jsonl") as rejects:
            rejects.add("a.jsonl", 1, "x", "y")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_rejects_complain_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FramelensError, match="is no folder"):
        Rejects(tmp_path / "file" / "rejects.jsonl")


def test_paths_and_encodings_are_checked_before_any_work(tmp_path: Path) -> None:
    good, folder = put(tmp_path, "a.txt", "One."), tmp_path / "empty"
    folder.mkdir()
    for path, problem in [
        (tmp_path / "none.txt", "no such file or folder"),
        (good / "a.txt", "cannot be read: Not a directory"),
        (folder, "nothing to read in it; expected files ending in .csv"),
    ]:
        with pytest.raises(FramelensError, match=problem):
            read([good, path])
    for name in ["klingon", "hex", "rot13", "a\0b", ""]:
        with pytest.raises(FramelensError, match="unknown encoding"):
            read([good], encoding=name)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.symlink_to(tmp_path / "gone.txt")
    problem = f"{path}: cannot be read: No such file or directory"
    assert complaint(tmp_path) == problem


def test_an_encoding_that_never_decodes(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "One.")
    assert complaint(path, "undefined").startswith(f"{path}: not UNDEFINED: ")


def test_a_header_with_line_breaks_is_told_in_one_line(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", '"da\nte","who"\n1,2\n')
    assert "found da te, who (cells between" in complaint(path)
