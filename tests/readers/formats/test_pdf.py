"""PDF files → passages."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from framelens.core.types import FOOTNOTE
from framelens.readers import read
from pypdf import PdfWriter

from tests.helpers import Put
from tests.readers.conftest import SMALL, Item, complaint_of, make_pdf, page, text_of

FIRST = [
    "Report of the pond inspector",
    "",
    "1. The inspector asked to visit the northern pond, but the keep-",
    "ers refused (see annex).1 He was told to come back with a stamped",
    "letter from the ministry, which he had not been told of before.",
    "",
    "2. He then wrote to the ministry, which is responsible for fish-",
]
SECOND = [
    "eries, and has had no answer. The long-term visitors of the ponds said",
    "that the short-",
    "term ones get letters at once.2 \x96 So much for that.",
]
TEXT = """\
Report of the pond inspector

1. The inspector asked to visit the northern pond, but the keepers refused (see annex).1 He was \
told to come back with a stamped letter from the ministry, which he had not been told of before.

2. He then wrote to the ministry, which is responsible for fisheries, and has had no answer. \
The long-term visitors of the ponds said that the short-term ones get letters at once.2 – So much \
for that.

1 Letter of 3 May, on file with the inspector and with the ministry.

2 Ibid."""


def furnished(lines: list[str], number: int, notes: list[Item]) -> list[Item]:
    head = (800.0, 9.0, "A/POND/12/34")
    foot = (40.0, 9.0, f"{number}/2")
    # As many programs do, the head and the foot are drawn before the text.
    return [head, foot, *notes, *page([line.replace("\x96", "–") for line in lines])]


@pytest.fixture
def report(put: Put) -> Path:
    long_note = [
        (92.0, SMALL, "1 Letter of 3 May, on file with the inspector and with the minis-"),
        (82.0, SMALL, "try."),
    ]
    pages = [furnished(FIRST, 1, long_note), furnished(SECOND, 2, [(82.0, SMALL, "2 Ibid.")])]
    about = {"Title": "Ponds", "Author": "A. Keeper", "CreationDate": "D:20240305120000Z"}
    return put("report.pdf", make_pdf(pages, about=about))


def test_the_text_of_a_report(report: Path) -> None:
    assert text_of(report) == TEXT


def test_metadata_and_footnotes(report: Path) -> None:
    *body, first, second = read([report])
    meta = {"title": "Ponds", "date": "2024-03-05", "author": "A. Keeper"}
    assert [dict(passage.meta) for passage in body] == [meta] * 3
    assert [dict(passage.meta) for passage in (first, second)] == [{**meta, "part": FOOTNOTE}] * 2
    assert {passage.doc for passage in (*body, first)} == {"report.pdf"}


def test_what_a_pdf_does_not_say_is_left_out(put: Put) -> None:
    path = put("a.pdf", make_pdf([page(["One."])], about={"CreationDate": "yesterday"}))
    assert [dict(passage.meta) for passage in read([path])] == [{}]


def test_paragraphs_are_sentences_on_request(report: Path) -> None:
    found = list(read([report], unit="sentence"))
    assert [TEXT[p.offset : p.offset + len(p.text)] for p in found] == [p.text for p in found]
    assert [p.text.split()[0] for p in found] == ["Report", "1.", "2.", "1", "2"]


LIGATURES = [("e\ufb03cient \ufb01sh", "efficient fish"), ("a\u200bb\xa0c", "ab c")]


@pytest.mark.parametrize(("printed", "expected"), LIGATURES)
def test_printed_forms_of_letters(printed: str, expected: str) -> None:
    from framelens.readers.formats.pdf import _split

    assert [line.text for line in _split([(printed, 700, 11)])] == [expected]


BAD = [
    (make_pdf([[], []], scan=True), "no text in it, only images on 2 pages (a scan); recognise"),
    (make_pdf([[]]), "no text in it (1 page)"),
    (make_pdf([]), "no text in it (0 pages)"),
    (b"", "not a PDF that can be read: "),
    (b"%PDF-1.7\nfrogs", "not a PDF that can be read: "),
    (make_pdf([page(["One."])])[:300], "not a PDF that can be read: "),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_bad_files(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.pdf", content)).startswith(expected)


def locked(password: str) -> bytes:
    writer = PdfWriter(BytesIO(make_pdf([page(["A locked pond."])])))
    writer.encrypt(password, "owner", algorithm="AES-256")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_passwords(put: Put) -> None:
    assert text_of(put("a.pdf", locked(""))) == "A locked pond."
    assert complaint_of(put("b.pdf", locked("frog"))).startswith("needs a password; expected")


def test_nothing_is_logged(put: Put, caplog: pytest.LogCaptureFixture) -> None:
    assert text_of(
        put("a.pdf", make_pdf([page(["One."])]).replace(b"startxref\n", b"startxref\n9"))
    )
    assert caplog.records == []
