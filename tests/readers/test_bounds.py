"""Small files that would take gigabytes or hours, and paths without an end: one line, at once."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import trafilatura
from framelens.classification.classifier import BLOCK_CHARACTERS, _next_block
from framelens.core.errors import FramelensError
from framelens.core.settings import Tables
from framelens.core.types import Passage, Unit
from framelens.parallel.cuts import cut
from framelens.parallel.stream import state
from framelens.preprocessing.normalise import normalised
from framelens.preprocessing.structure import sentences_of
from framelens.readers import Rejects, archives, find
from framelens.readers.formats import html, parquet, pdf, records, workbooks
from framelens.readers.formats.html import blocks, dates, notes
from framelens.readers.formats.html.tree import parsed
from framelens.readers.formats.pdf import columns, heads, ruled
from framelens.readers.formats.pdf.lines import Line, Page
from framelens.readers.formats.pdf.pages import running_text
from framelens.readers.numbering import Level, printed

from tests.helpers import Put, read
from tests.readers.conftest import make_pdf, page

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _word(paragraphs: str) -> bytes:
    kind = "application/vnd.openxmlformats"
    main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Default Extension="rels" ContentType="{kind}-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{main}" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{WORD[1:-1]}"><w:body>{paragraphs}</w:body>'
        "</w:document>",
    }
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def _parquet(rows: int, size: int) -> bytes:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows), pa.array(["Talks. " * size]))
    made = io.BytesIO()
    pq.write_table(pa.table({"text": column}), made, compression="zstd")
    return made.getvalue()


def _workbook(rows: int, size: int) -> bytes:
    row = '<row><c t="s"><v>0</v></c></row>'
    return _xlsx(HEADER + rows * row, shared=f"<si><t>{'Talks. ' * size}</t></si>")


def _open_document(content: str) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("content.xml", f"<body>{content}</body>")
    return packed.getvalue()


def _many_attributes(before: bytes = b"") -> bytes:
    names = b" ".join(b"a%d='x'" % at for at in range(100_000))
    return b"<p " + before + names + b">The talks failed.</p>"


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.parquet", lambda: _parquet(5_000, 200_000), "unpacks to over 1,000 times its size"),
    ("a.parquet", lambda: _parquet(200, 12_500), "unpacks to over 1,000 times its size"),
    ("a.parquet", lambda: _parquet(100_001, 1), "holds 100,001 rows of 100,001 cells in "),
    ("a.xlsx", lambda: _workbook(1_000, 2_500), "unpacks to over 1,000 t"),
    ("a.html", _many_attributes, "elements with too many attributes"),
    ("a.html", lambda: _many_attributes(b"' "), "elements with too many attributes"),
    ("a.html", lambda: _many_attributes(b'a=b" '), "elements with too many attributes"),
    ("a.html", lambda: _many_attributes(b'=" '), "elements with too many attributes"),
    ("a.html", lambda: b"<p>Talks." * 300_001, "holds 300,00"),
    ("a.docx", lambda: _word("<w:p/>" * 300), "holds 311 tags; expected at most 200: split"),
    ("a.odt", lambda: _open_document("<p/>" * 300), "holds 302 tags; expected at most 200: split"),
    ("a.ods", lambda: _open_document("<p/>" * 300), "holds 302 tags; expected at most 200: split"),
    ("a.eml", lambda: b"From: a@b.c\nContent-Type: text/plain" + b";" * 10_000, "its header Content-T"),
    ("a.jsonl", lambda: json.dumps({"text": "Talks.", "x": "y" * 1_000_001}).encode(), "the other"),
    ("a.csv", lambda: b"text,x\nTalks.," + b"y" * 1_000_001, "the other fields hold 1,000,0"),
    ("a.jsonl", lambda: b'{"text": "Talks.", "x": ' + b"[" * 900 + b"]" * 900 + b"}", "nested over"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "expected"), HOSTILE)
def test_what_is_past_a_bound_is_told(
    put: Put,
    name: str,
    make: Callable[[], bytes],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MOST_TAGS", 200)
    path = put(name, make())
    with pytest.raises(FramelensError) as caught:
        list(read([path]))
    assert expected in str(caught.value)
    with Rejects(None) as rejects:
        assert list(read([path], rejects=rejects)) == []
    assert rejects.count == 1


def test_a_text_that_stands_once_is_held_once(put: Put) -> None:
    rows = list(read([put("a.parquet", _parquet(2_000, 1_000))]))
    assert len(rows) == 2_000
    assert len({id(row.text) for row in rows}) <= 2 * (2_000 // parquet.ROWS + 1)


def test_a_page_within_bounds_is_read(put: Put) -> None:
    attributes = " ".join(f'a{at}="<&gt; \' =x"' for at in range(200))
    attributes += f" style='{'a b ' * 10_000}'"  # as lines of drawings and data of scripts are long
    few = put("a.html", f"<p {attributes}>The talks failed on Monday.</p>" + "<p>Talks.</p>" * 50)
    assert "The talks failed on Monday." in "".join(row.text for row in read([few]))


def test_a_line_of_digits_is_no_running_head(put: Put) -> None:
    digits = "1" * 120_000
    found = running_text([Page([Line(digits, 700.0, 12.0)], 792.0)] * 3)
    assert (found.lines, found.notes) == ([digits] * 3, [])
    assert list(read([put("a.pdf", make_pdf([page(["The talks failed."])]))]))


def test_a_pdf_that_prints_more_than_its_bytes_can_say(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put("a.pdf", make_pdf([page(["The talks failed on Monday."])] * 3))
    monkeypatch.setattr(pdf, "LETTERS_A_BYTE", 0)
    monkeypatch.setattr(pdf, "LETTERS", 100)
    assert list(read([path]))
    monkeypatch.setattr(pdf, "LETTERS", 60)
    with pytest.raises(FramelensError, match="prints over 60 letters, and is but"):
        list(read([path]))


def test_few_numbers_of_a_line_are_held_against_the_page() -> None:
    line = Line("7 " * 200, 20.0, 12.0)
    assert len(list(heads._keys(line, 3))) == 1 + heads.MOST_NUMBERS


def test_of_a_row_of_dots_only_the_last_are_read() -> None:
    found = columns.LED.search("Frogs" + "." * 100 + "7")
    assert found is not None
    assert found.start() == len("Frogs") + 96


def test_boxes_beside_a_text_are_looked_for_on_rows_of_a_page_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    monkeypatch.setattr(columns, "_beside", lambda rows, *_: looked.append(len(rows)))
    for count in (columns.MOST_ROWS, columns.MOST_ROWS + 1):
        rows = [
            [Line("Frog", -at, 9.0, 0.0, 9.0), Line("7", -at, 9.0, 20.0, 24.0)]
            for at in range(count)
        ]
        assert columns._boxed(rows) is None
    assert looked == [columns.MOST_ROWS] * columns.MOST_ROWS


def test_rules_of_a_table_are_held_against_few_places() -> None:
    across = [(20.0 * at, 5.0 * at, 6000.0 - 5 * at) for at in range(100)]
    down = [(500.0 + 50 * at, 5.0 * at, 4900.0 - 5 * at) for at in range(99)]
    assert ruled._grid(across, down) is None
    near = ruled._by_place(across, ruled._places(9.0 * at for at in range(1000)))
    assert sum(map(len, near)) <= 2 * len(across)


def test_a_block_of_sentences_is_bounded_by_what_it_holds() -> None:
    rows = [Passage(str(at), "Talks failed.", meta={"x": "y" * 20_000}) for at in range(100)]
    held = _next_block(sentences_of(rows, "document"))
    assert len(held) == BLOCK_CHARACTERS // 20_000


def test_threads_read_long_cells_and_leave_the_limit_as_it_was(put: Put) -> None:
    before = csv.field_size_limit()
    path = put("a.csv", "text,x\n" + f'"{"Talks failed. " * 12_000}",1\n' * 40)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: sum(1 for _ in read([path])), range(16)))
    assert found == [40] * 16
    assert csv.field_size_limit() == before
    assert before < records.CELL


@pytest.fixture
def endless(put: Put, tmp_path: Path) -> Path:
    put("d/a.txt", "The talks failed.")
    put("d/loop/b.txt", "The talks went on.")
    os.mkfifo(tmp_path / "d/pipe.txt")
    for name in ("x", "y", "z"):
        (tmp_path / "d/loop" / name).symlink_to("../loop")
    (tmp_path / "d/up").symlink_to("..")
    (tmp_path / "d/zero.zip").symlink_to("/dev/zero")
    (tmp_path / "d/zero.txt").symlink_to("/dev/zero")
    return tmp_path / "d"


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", ["a.txt", "loop/b.txt"]),
        ("**", ["a.txt", "loop/b.txt"]),
        ("**/*.txt", ["a.txt", "loop/b.txt"]),
        ("**/**/*.t?t", ["a.txt", "loop/b.txt"]),
        ("*/*/b.txt", ["b.txt"]),
        ("loop/**/b.txt", ["b.txt"]),
    ],
)
def test_only_files_are_read_and_folders_entered_once(
    endless: Path, pattern: str, expected: list[str]
) -> None:
    found = [row.doc for row in read([endless / pattern])]
    assert [name.removeprefix("loop/x/").removeprefix("up/d/") for name in found] == expected


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
@pytest.mark.parametrize("name", ["pipe.txt", "zero.zip", "zero.txt"])
def test_a_pipe_or_device_is_no_file(endless: Path, name: str) -> None:
    with pytest.raises(FramelensError, match="is a pipe or a device; expected a file, or - for"):
        list(read([endless / name]))


TALKS = "<p>The talks failed on Monday.</p>"


@pytest.mark.parametrize(
    ("page", "without"),
    [
        (f"<article>{'<table>' * 600}<td>{TALKS}", True),
        (f"<article><p>First.</p>{'<table><td>' * 250}{TALKS * 900}", True),
        (f"<form>{'<div>' * 1_900}{'<div>They met.</div>' * 300}{TALKS}", True),
        (f"<article>{'<td>' * 600}{TALKS}", False),
        (f"{'<table><tr><td>' * 20}{TALKS * 200}", False),
        (f"<table>{'<tr><td>The talks<td>failed on Monday.' * 500}", False),
    ],
)
def test_a_page_of_tangled_tables_is_read_by_its_own_paragraphs(
    page: str, without: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = trafilatura.bare_extraction

    def counting(page: Any, **options: Any) -> Any:
        asked.append(page)
        return real(page, **options)

    monkeypatch.setattr(trafilatura, "bare_extraction", counting)
    found = html.extract(f"<html><head><title>T</title></head><body>{page}").blocks
    assert ("failed on Monday." in " ".join(text for text, _ in found), not asked) == (
        True,
        without,
    )


def test_elements_in_others_of_their_kind_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []
    real = blocks._walk

    def counting(element: Any, apart: Any) -> Any:
        walked.append(element.tag)
        return real(element, apart)

    monkeypatch.setattr(blocks, "_walk", counting)
    for tag in ("main", "article", "div role='main'"):
        walked.clear()
        page = "<html><body>" + f"<{tag}>The talks failed. " * 200
        assert blocks.main_blocks(parsed(page)[0])[-1] == ("The talks failed.", None)
        assert len(walked) == 1


def test_names_of_notes_are_short() -> None:
    assert notes.NOTE_ID.search("fn" * 50 + "1")
    assert not notes.NOTE_ID.search("fn" * 50 + "x" * 100 + "1")


def test_notes_in_notes_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    flat = blocks.flat

    def counting(text: str) -> str:
        read.append(len(text))
        return flat(text)

    monkeypatch.setattr(notes, "flat", counting)
    note = "<div id='fn1'><a href='#fnref1'>1</a>"
    page = f"<html><body><p id='fnref1'>{TALKS}</p>{note * 100}{TALKS * 100}</body></html>"
    assert len(notes.taken_notes(parsed(page)[0])) == 1
    assert sum(read) < len(page)


def test_few_times_of_a_page_are_looked_at() -> None:
    page = f"<html><body><main>{'<p>The <time>5 May 2020</time> of talks.</p>' * 2_000}"
    assert len(list(dates._timed(parsed(page)[0]))) == 2 * dates.MOST_TIMES


def _xlsx(rows: str, shared: str = "") -> bytes:
    from openpyxl import Workbook

    made, out = io.BytesIO(), io.BytesIO()
    Workbook().save(made)
    with ZipFile(made) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = text.replace('ref="A1:A1"', 'ref="A1:XFD1048576"')
                text = re.sub(
                    "<sheetData ?/>|<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>", text
                )
            if name == "[Content_Types].xml":
                kind = (
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                )
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
                text = text.replace("</Types>", f"{part}</Types>")
            new.writestr(name, text)
        spaces = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{spaces}">{shared}</sst>')
    return out.getvalue()


def _cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{_cell("A1", "text")}{_cell("B1", "pond")}</row>'


def test_a_workbook_is_no_larger_than_its_rows(put: Put) -> None:
    far = _cell("A1048576", "The talks failed.")
    rows = list(read([put("a.xlsx", _xlsx(f'{HEADER}<row r="1048576">{far}</row>'))]))
    assert [(row.text, dict(row.meta)) for row in rows] == [("The talks failed.", {"pond": None})]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (f'<row r="1001">{_cell("A1001", "x")}</row>', "over 1,000 rows"),
        ("".join(f'<row r="{n}">{_cell(f"XFD{n}", "x")}</row>' for n in range(2, 9)), "100,000 ce"),
        (f'<row r="2">{_cell("A2", "y" * 3_001)}</row>', "unpacks to over 0 times its size"),
    ],
)
def test_a_workbook_past_its_bounds(
    put: Put, rows: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "CELLS", 100_000)
    monkeypatch.setattr(workbooks, "HARMLESS", 3_000)
    monkeypatch.setattr(workbooks, "RATIO", 0)
    if "rows" in expected:
        monkeypatch.setattr(workbooks, "LAST_ROW", 1_000)
    with pytest.raises(FramelensError, match=expected):
        list(read([put("a.xlsx", _xlsx(HEADER + rows))]))


def test_parquet_of_lists_holds_no_more_than_its_file_can_say(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "HARMLESS", 100_000)
    monkeypatch.setattr(parquet, "RATIO", 1)
    made = io.BytesIO()
    long = pa.array([[0] * 1_000] * 60)
    pq.write_table(pa.table({"text": ["Talks."] * 60, "x": long}), made, compression="zstd")
    with pytest.raises(FramelensError, match="unpacks to over 1 times its size"):
        list(read([put("a.parquet", made.getvalue())]))


def test_a_list_has_few_levels_and_short_numbers() -> None:
    level = Level(text="%1" * 5_000, form="lowerLetter", start=3_999)
    assert len(printed({0: level}, {}, 0)) == 100


MAIL = "From: a@b.example\nSubject: s\n\n"
LONG = 60_000


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Processor seconds, a hundred times what the code takes, and a tenth of what it took when its time
    grew with the square of a text."""

    def stop(*_: Any) -> None:
        raise AssertionError("takes time with the square of the text")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.mark.skipif(os.name != "posix", reason="timers of processor time")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.eml", f"{MAIL}--\n{chr(10) * LONG}They met."),
        ("a.eml", f"{MAIL}x 2024 <{'@' * LONG}\n"),
        ("a.eml", f"{MAIL}{'a' * LONG}\nb\n"),
        ("a.eml", MAIL + "ab-\n" * (LONG // 2)),
        ("a.txt", f"Frogs {'-' * LONG}a"),
        ("a.txt", f"Frogs {',1' * LONG}a"),
        ("a.txt", f"Frogs {'_' * LONG}a"),
        ("a.txt", f"{'A' * 230} - 5\n" * (LONG // 240)),
    ],
)
def test_long_runs_take_time_with_their_length(put: Put, name: str, text: str) -> None:
    with _at_most(5):
        units: tuple[Unit, ...] = ("document", "sentence")
        for unit in units:
            found = list(sentences_of(read([put(name, text)], unit=unit), unit))
            assert found
            assert all(normalised(row.text).text for row in found)


REPLY = b"From: a@frogs.example\nReferences: " + b"<1@frogs.example>\n " * 600


@pytest.mark.parametrize(
    "made",
    [
        REPLY + b"<2@frogs.example>\n\nThe talks failed.\n",
        b"From: a@frogs.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nThe talks failed.\n--x\n"
        b"Content-Type: message/rfc822\n\nSubject: " + b"y" * 11_000 + b"\n\nNo.\n--x--\n",
    ],
    ids=["references", "a message attached"],
)
def test_long_headers_that_nobody_reads_do_not_matter(put: Put, made: bytes) -> None:
    (found,) = read([put("a.eml", made)])
    assert found.text == "The talks failed."


def test_a_page_is_known_by_its_number_behind_many_others() -> None:
    pages = []
    for number in range(6):
        foot = f"VerDate Mar 15 2010 14:31 Jan 05 2012 Jkt 226001 PO 00000 Frm {number + 1:05d}"
        body = f"The talks of {'abcdef'[number]} failed again on that day."
        pages.append(Page([Line(body, 700.0, 12.0), Line(foot, 20.0, 12.0)], 792.0))
    assert not any("VerDate" in line for line in running_text(pages).lines)


def test_of_a_dictionary_each_rows_are_taken_once(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 200
    texts = [f"Talks {number} failed." for number in range(count)]
    made = io.BytesIO()
    pq.write_table(pa.table({"text": texts, "tags": [["a"]] * count}), made)
    cells, taken = parquet._cells, list[int]()

    def counted(column: Any) -> list[Any]:
        found = cells(column)
        taken.append(len(found))
        return found

    monkeypatch.setattr(parquet, "_cells", counted)
    assert [passage.text for passage in read([put("a.parquet", made.getvalue())])] == texts
    assert sum(taken) <= 4 * count


def test_empty_cells_of_parquet_take_no_room(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "CELLS", 25_000)
    columns: dict[str, Any] = {f"q{number}": pa.nulls(500, pa.string()) for number in range(40)}
    made = io.BytesIO()
    pq.write_table(pa.table({"text": [f"Talks {at}." for at in range(500)], **columns}), made)
    assert len(list(read([put("a.parquet", made.getvalue())]))) == 500


def test_no_damage_to_what_a_parquet_file_says_of_itself_ends_the_process(put: Put) -> None:
    made = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"], "text": ["Talks failed."]}), made)
    whole = made.getvalue()
    for at in range(len(whole) - 8 - int.from_bytes(whole[-8:-4], "little"), len(whole) - 8):
        path = put("a.parquet", whole[:at] + bytes([whole[at] ^ 0x1F]) + whole[at + 1 :])
        with suppress(FramelensError):
            list(read([path]))
        (source,) = find([path])
        cut(source, state(source), "utf-8", 1, Tables())
