"""Small files that would take gigabytes or hours, and paths without an end: one line, at once."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from framelens.classification.classifier import BLOCK_CHARACTERS, _block
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.preprocessing.structure import sentences_of
from framelens.readers import Rejects, read
from framelens.readers.formats import docx, html, parquet, records
from framelens.readers.formats.pdf.lines import Line, Page
from framelens.readers.formats.pdf.pages import running_text

from tests.helpers import Put
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


def _many_attributes() -> bytes:
    return b"<p " + b" ".join(b"a%d='x'" % at for at in range(100_000)) + b">The talks failed.</p>"


HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("a.parquet", lambda: _parquet(5_000, 200_000), "unpacks to over 1,000 times its size"),
    ("a.html", _many_attributes, "an element has over 1,000 attributes"),
    ("a.html", lambda: b"<p>Talks." * 300_001, "holds 300,00"),
    ("a.docx", lambda: _word("<w:p/>" * 300), "holds 311 tags; expected at most 200: split"),
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
    monkeypatch.setattr(docx, "MOST_TAGS", 200)
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
    few = put("a.html", f"<p {attributes}>The talks failed on Monday.</p>" + "<p>Talks.</p>" * 50)
    assert "The talks failed on Monday." in "".join(row.text for row in read([few]))
    assert html.MOST_ATTRIBUTES > 200


def test_a_line_of_digits_is_no_running_head(put: Put) -> None:
    digits = "1" * 120_000
    found = running_text([Page([Line(digits, 700.0, 12.0)], 792.0)] * 3)
    assert (found.lines, found.notes) == ([digits] * 3, [])
    assert list(read([put("a.pdf", make_pdf([page(["The talks failed."])]))]))


def test_a_block_of_sentences_is_bounded_by_what_it_holds() -> None:
    rows = [Passage(str(at), "Talks failed.", meta={"x": "y" * 20_000}) for at in range(100)]
    held = _block(sentences_of(rows, "document"))
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
