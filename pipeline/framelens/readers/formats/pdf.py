"""PDF files → passages, through pypdf."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from math import hypot
from typing import TYPE_CHECKING, Any, BinaryIO

from framelens.core.types import Passage
from framelens.readers.bad import Bad
from framelens.readers.extracted import Extracted, first_line, passages, quiet
from framelens.readers.formats.pdf_pages import Line, Page, running_text
from framelens.readers.formats.wrapping import mended, paragraphs
from framelens.readers.source import Reading, Source

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
SPACES = {0: None, 0xA0: " ", 0x200B: None, 0xFEFF: None}
CLEANED = str.maketrans({**LIGATURES, **SPACES})
"""Printed forms of letters to those that words are made of; signs that nobody sees to nothing."""

Piece = tuple[str, float, float]
"""Some text, its height over the page's foot and its letters' size, in points."""


def read_pdf(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a PDF: without running heads and page numbers, footnotes last.

    Raise Bad if the file cannot be read, needs a password, or holds no text (a scan).
    """
    with source.seekable() as stream, quiet("pypdf"):
        found = _extracted(stream)
    return passages(found, source, reading)


def _extracted(stream: BinaryIO) -> Extracted:
    from pypdf import PdfReader

    try:
        reader = PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Bad("needs a password; expected a PDF that opens without one")
        pages = [Page(_lines(page), float(page.mediabox.height)) for page in reader.pages]
        if not any(page.lines for page in pages):
            raise Bad(_textless(reader))
        body, notes = running_text(pages)
        joined = [" ".join(mended(note.split("\n"))) for note in notes]
        return Extracted(paragraphs(body), joined, _meta(reader))
    except Bad:
        raise
    except Exception as error:  # a parser of foreign files may fail in any way
        raise Bad(f"not a PDF that can be read: {first_line(error)}") from None


def _textless(reader: PdfReader) -> str:
    count = len(reader.pages)
    pages = "1 page" if count == 1 else f"{count} pages"
    if any(_has_image(page) for page in reader.pages):
        return f"no text in it, only images on {pages} (a scan); recognise its text (OCR) first"
    return f"no text in it ({pages})"


def _has_image(page: PageObject) -> bool:
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources else None
    things = drawn.get_object().values() if drawn else []
    return any(thing.get_object().get("/Subtype") in {"/Image", "/Form"} for thing in things)


def _meta(reader: PdfReader) -> dict[str, Any]:
    about = reader.metadata
    if about is None:
        return {}
    made = None
    with suppress(ValueError, TypeError):  # dates in files are free text
        made = about.creation_date or about.modification_date
    return {
        "title": _plain(about.title),
        "date": made.date().isoformat() if made else None,
        "author": _plain(about.author),
    }


def _plain(value: object) -> str:
    """What a file says of itself, where that is a text: it may be anything."""
    return value.strip() if isinstance(value, str) else ""


def _lines(page: PageObject) -> list[Line]:
    pieces: list[Piece] = []

    def take(text: str, base: Sequence[float], place: Sequence[float], _: Any, size: float) -> None:
        if text:
            y = place[4] * base[1] + place[5] * base[3] + base[5] - float(page.mediabox.bottom)
            scale = hypot(place[2], place[3]) * hypot(base[2], base[3])
            pieces.append((text, float(y), float(size) * scale))

    page.extract_text(visitor_text=take)
    return list(_split(pieces))


def _split(pieces: Sequence[Piece]) -> Iterator[Line]:
    """The lines that hold anything, each at the height and in the size of its longest piece."""
    held: list[Piece] = []
    for text, y, size in pieces:
        first, *more = text.split("\n")
        held.append((first, y, size))
        for line in more:
            yield from _line(held)
            held = [(line, y, size)]
    yield from _line(held)


def _line(held: Sequence[Piece]) -> Iterator[Line]:
    text = " ".join("".join(piece for piece, _, _ in held).translate(CLEANED).split())
    if text:
        _, y, size = max(held, key=lambda piece: len(piece[0].strip()))
        yield Line(text, y, size)
