"""Word files → passages, through python-docx."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from framelens.core.types import Passage
from framelens.readers.archives import check, opened
from framelens.readers.bad import Bad
from framelens.readers.extracted import Extracted, first_line, passages
from framelens.readers.source import CHUNK, DAMAGED, Reading, Source

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
"""Elements that stand for a character."""
MOST_TAGS = 4_000_000
"""The most tags in a file's parts, each of which takes some 200 bytes once it is read."""
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
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


def _check_tags(archive: ZipFile) -> None:
    """Raise Bad where the parts of a file hold more tags than memory is meant for."""
    tags = 0
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            try:
                with archive.open(info) as part:
                    for chunk in iter(partial(part.read, CHUNK), b""):
                        tags += chunk.count(b"<")
            except (*DAMAGED, OSError, NotImplementedError, RuntimeError) as error:
                raise Bad(f"not a Word file that can be read: {first_line(error)}") from None
    if tags > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the document")


def _extracted(stream: Any) -> Extracted:
    import docx

    try:
        document = docx.Document(stream)
        body = list(_paragraphs(document.element.body))
        return Extracted(body, list(_notes(document)), _meta(document))
    except Exception as error:  # a parser of foreign files may fail in any way
        raise Bad(f"not a Word file that can be read: {first_line(error)}") from None


def _meta(document: Document) -> dict[str, Any]:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND

    kinds = {relation.reltype for relation in document.part.package.rels.values()}
    if KIND.CORE_PROPERTIES not in kinds:
        return {}  # python-docx would make them up
    about = document.core_properties
    date = about.created or about.modified
    return {
        "title": about.title.strip(),
        "date": date.date().isoformat() if date else None,
        "author": about.author.strip(),
    }


def _notes(document: Document) -> Iterator[str]:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype in {KIND.FOOTNOTES, KIND.ENDNOTES}:
            for note in etree.fromstring(relation.target_part.blob, parser):
                if text := " ".join(_paragraphs(note)):
                    yield text


def _paragraphs(element: _Element) -> Iterator[str]:
    """The texts of the paragraphs within an element that hold any."""
    for paragraph in element.iter(f"{W}p"):
        if any(above.tag == FALLBACK for above in paragraph.iterancestors()):
            continue
        lines = "".join(_pieces(paragraph)).split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        if text:
            yield text


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag not in APART:
            yield from _pieces(child)
