"""OpenDocument texts → passages, through odfdo."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.archives import check, opened
from framelens.readers.extracted import Extracted, first_line, passages
from framelens.readers.formats.numbering import TEXT, OpenNumbering
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
MARKS = {f"{TEXT}tab": "\t", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}
"""Elements that stand for a character."""
APART = frozenset(
    {
        f"{TEXT}note",
        f"{TEXT}number",
        f"{OFFICE}annotation",
        f"{TEXT}tracked-changes",
        f"{TEXT}p",
        f"{TEXT}h",
    }
)
"""Elements of a paragraph whose text is not part of it."""
WITHIN: dict[str, Kind] = {
    f"{TABLE}table-cell": "table",
    f"{TEXT}table-of-content": "contents",
    f"{TEXT}list-item": "prose",
}
"""What the elements that a paragraph stands in say of it."""


def read_odt(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of an OpenDocument text; footnotes and endnotes come last.

    Raise Bad if there is no text or the file cannot be read.
    """
    with source.seekable() as stream:
        with opened(stream) as archive:
            check(archive, stream.seek(0, 2))
        stream.seek(0)
        found = _extracted(stream)
    return passages(found, source, reading)


def _extracted(stream: Any) -> Extracted:
    from lxml.etree import XMLParser, fromstring
    from odfdo import Document

    try:
        document = Document(BytesIO(stream.read()))
        # odfdo's own elements would be made anew at every step.
        body, styles = (
            fromstring(part.serialize(), XMLParser(resolve_entities=False))
            for part in (document.content, document.styles)
        )
        found = list(_texts(body, OpenNumbering(styles, body)))
        notes = [text for note in body.iter(f"{TEXT}note-body") for text in _noted(note)]
        about = document.meta
        made = about.creation_date or about.date
        made_on = made.date().isoformat() if made else None
        texts, kinds = [text for text, _ in found], [kind for _, kind in found]
        meta = {
            "title": (about.title or "").strip(),
            "date": printed_date(texts, made_on) or made_on,
            "author": (about.initial_creator or about.creator or "").strip(),
        }
        return Extracted(texts, notes, meta, kinds=kinds)
    except Exception as error:  # a parser of foreign files may fail in any way
        raise Bad(f"not an OpenDocument text that can be read: {first_line(error)}") from None


def _noted(note: _Element) -> Iterator[str]:
    if text := " ".join(filter(None, (_text(one) for one in note.iter(f"{TEXT}p")))):
        yield text


def _texts(body: _Element, numbers: OpenNumbering) -> Iterator[tuple[str, Kind | None]]:
    for one in body.iter(f"{TEXT}p", f"{TEXT}h"):
        above = [element.tag for element in one.iterancestors()]
        if f"{TEXT}note" in above or f"{TEXT}tracked-changes" in above:
            continue
        label = numbers.label(one)  # an empty one is counted, too
        if text := _text(one):
            text = f"{label} {text}" if label else text
            known = next((WITHIN[tag] for tag in above if tag in WITHIN), None)
            yield text, known or ("heading" if one.tag == f"{TEXT}h" else None)


def _text(paragraph: _Element) -> str:
    lines = "".join(_pieces(paragraph)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _pieces(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag not in APART:
            yield from _pieces(child)
        yield child.tail or ""
