"""Word files → passages, through python-docx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.archives import check, opened
from framelens.readers.extracted import Extracted, first_line, passages
from framelens.readers.formats.html import read_html
from framelens.readers.formats.numbering import Numbering, W, numbering_of
from framelens.readers.formats.rtf import read_rtf
from framelens.readers.rejects import Bad
from framelens.readers.source import CHUNK, DAMAGED, Reading, Source, need

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

MARKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
"""Elements that stand for a character."""
MOST_TAGS = 4_000_000
"""The most tags in a file's parts, each of which takes some 200 bytes once it is read."""
MADE_UP, MADE_UP_ON = "python-docx", datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""What files that were made with python-docx say where nobody said anything."""
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
STYLES: Mapping[str, Kind] = {
    "heading": "heading",
    "title": "heading",
    "subtitle": "heading",
    "caption": "caption",
    "table of figures": "contents",
    "toc heading": "contents",
    "toc ": "contents",
    "list": "prose",
    "endnote": "note",
    "footnote": "note",
}
"""How the names of Word's own styles begin, in lower case, and what stands in them."""
APART = frozenset({f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}pPr", FALLBACK})
"""Elements of a paragraph whose text is not part of it: what tracked changes took out, text boxes
(whose paragraphs stand for themselves), settings, and second versions for old readers."""


def read_docx(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a Word file, tables and text boxes included, tracked changes accepted.

    Headers, footers and comments are left out, footnotes and endnotes come last. Raise Bad if there
    is no text or the file cannot be read.
    """
    with source.seekable() as stream:
        with opened(stream) as archive:
            check(archive, stream.seek(0, 2))
            _check_tags(archive)
        stream.seek(0)
        found = _extracted(stream)
    return passages(found, source, reading)


def read_doc(source: Source, reading: Reading) -> Iterator[Passage]:
    """A file that ends in .doc by what it is: a Word file of today, rich text, or a web page.

    Raise Bad for one in the format of Word 97.
    """
    head = next(source.chunks(), b"")[:512].lstrip()
    if head.startswith(b"PK"):
        return read_docx(source, reading)
    if head.startswith(b"{\\rtf"):
        need(".rtf", source, reading)
        return read_rtf(source, reading)
    if b"<html" in head.lower():
        need(".html", source, reading)
        return read_html(source, reading)
    raise Bad("in the format of Word 97 or none of Word's; save it as .docx, .odt or .pdf")


def _check_tags(archive: ZipFile) -> None:
    """Raise Bad where the parts of a file hold more tags than memory is meant for."""
    tags = 0
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            try:
                with archive.open(info) as part:
                    for chunk in iter(partial(part.read, CHUNK), b""):
                        tags += chunk.count(b"<")
            except (*DAMAGED, OSError, ValueError, NotImplementedError, RuntimeError) as error:
                raise Bad(f"not a Word file that can be read: {first_line(error)}") from None
    if tags > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the document")


def _extracted(stream: Any) -> Extracted:
    import docx

    try:
        document = docx.Document(stream)
        styles = {style.style_id: style.name or "" for style in document.styles}
        numbers = _numbers(document)
        found = [(text, _kind(at, styles)) for at, text in _texts(document.element.body, numbers)]
        body, kinds = [text for text, _ in found], [kind for _, kind in found]
        about = _meta(document)
        about["title"] = about.get("title") or _title(document)
        about["date"] = printed_date(body, about.get("date")) or about.get("date")
        return Extracted(body, list(_notes(document)), about, kinds=kinds)
    except Exception as error:  # a parser of foreign files may fail in any way
        raise Bad(f"not a Word file that can be read: {first_line(error)}") from None


def _meta(document: Document) -> dict[str, Any]:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND

    kinds = {relation.reltype for relation in document.part.package.rels.values()}
    if KIND.CORE_PROPERTIES not in kinds:
        return {}  # python-docx would make them up
    about = document.core_properties
    date = about.created or about.modified
    author = about.author.strip()
    return {
        "title": about.title.strip(),
        "date": date.date().isoformat() if date and date != MADE_UP_ON else None,
        "author": author if author != MADE_UP else None,
    }


def _numbers(document: Document) -> Numbering:
    """What finds the numbers that Word prints before paragraphs."""
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from lxml import etree

    parts = [one for one in document.part.rels.values() if one.reltype == KIND.NUMBERING]
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    lists = etree.fromstring(parts[0].target_part.blob, parser) if parts else None
    return numbering_of(lists, document.styles.element)


def _title(document: Document) -> str:
    """The first paragraph in the style of titles."""
    styled = (one for one in document.paragraphs if (one.style and one.style.name) == "Title")
    return next((" ".join(one.text.split()) for one in styled), "")[:300]


def _notes(document: Document) -> Iterator[str]:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype in {KIND.FOOTNOTES, KIND.ENDNOTES}:
            for note in etree.fromstring(relation.target_part.blob, parser):
                if text := " ".join(text for _, text in _texts(note)):
                    yield text


def _texts(element: _Element, numbers: Numbering | None = None) -> Iterator[tuple[_Element, str]]:
    """The paragraphs within an element that hold any text, and that, with their numbers before it."""
    for paragraph in element.iter(f"{W}p"):
        if any(above.tag == FALLBACK for above in paragraph.iterancestors()):
            continue
        label = numbers.label(paragraph) if numbers else ""  # an empty one is counted, too
        lines = "".join(_pieces(paragraph)).split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        if text:
            yield paragraph, f"{label} {text}" if label else text


def _kind(paragraph: _Element, styles: Mapping[str, str]) -> Kind | None:
    """What a paragraph's style, and whether it stands in a table, say of it."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = styles.get(style.get(f"{W}val"), "") if style is not None else ""
    if any(above.tag == f"{W}tc" for above in paragraph.iterancestors()):
        return "table"
    found = next((kind for start, kind in STYLES.items() if name.lower().startswith(start)), None)
    if found is None and paragraph.find(f"{W}pPr/{W}numPr") is not None:
        return "prose"
    return found


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag not in APART:
            yield from _pieces(child)
