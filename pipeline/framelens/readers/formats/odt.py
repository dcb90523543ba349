"""OpenDocument texts → passages, through odfdo."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml.etree import XMLParser, _Element, fromstring
from odfdo import Document

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.archives import check_tags, opened
from framelens.readers.extracted import Block, Extracted, foreign, passages, single_spaced
from framelens.readers.numbering import LEVELS, Level, Levels, printed, step
from framelens.readers.source import Reading, Source

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
NOTE = f"{TEXT}note-body"
MARKS = {f"{TEXT}tab": "\t", f"{TEXT}s": " ", f"{TEXT}line-break": "\n"}
"""Elements that stand for a character."""
HOLDS_NUMBER = frozenset({f"{TEXT}p", f"{TEXT}h"})
OTHERS = frozenset({f"{TEXT}note", f"{TEXT}tracked-changes"})
"""Elements whose paragraphs are not of the text."""
APART = HOLDS_NUMBER | OTHERS | {f"{TEXT}number", f"{OFFICE}annotation"}
"""Elements of a paragraph whose text is not part of it."""
WITHIN: dict[str, Kind] = {
    f"{TABLE}table-cell": "table",
    f"{TEXT}table-of-content": "contents",
    f"{TEXT}list-item": "prose",
}
"""The kinds of paragraphs by the elements that they stand in."""


FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip
"""The forms of numbers, from OpenDocument's names to Word's."""
DEEPEST = 32
"""Styles that come from one another are followed so far."""
EMPTY_PART = f'<o:document xmlns:o="{OFFICE[1:-1]}"><o:meta/></o:document>'.encode()
"""A part that replaces one that a file leaves out."""


def read_odt(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of an OpenDocument text; footnotes and endnotes come last.

    Hidden text is left out. Raise Bad if there is no text or the file cannot be read.
    """
    with opened(source) as (stream, archive), foreign("an OpenDocument text"):
        check_tags(archive)
        stream.seek(0)
        document = _extracted(stream)
    return passages(document, source, reading)


def _extracted(stream: Any) -> Extracted:
    document = Document(BytesIO(stream.read()))
    container = document.container
    assert container is not None
    # A file may be without either.
    for missing in {"meta.xml", "styles.xml"}.difference(container.get_parts()):
        container.set_part(missing, EMPTY_PART)
    # By lxml, as odfdo makes its own elements anew at every step.
    body, styles = (
        fromstring(part.serialize(), XMLParser(resolve_entities=False))
        for part in (document.content, document.styles)
    )
    _drop_hidden(body, styles)
    blocks = list(_texts(body, OpenNumbering(styles, body)))
    bodies = (one for one in body.iter(NOTE) if next(one.iterancestors(NOTE), None) is None)
    noted = (map(text_of, note.iter(f"{TEXT}p")) for note in bodies)
    notes = list(filter(None, (" ".join(filter(None, texts)) for texts in noted)))
    about = document.meta
    made = about.creation_date or about.date
    made_on = made.date().isoformat() if made else None
    meta = {
        "title": (about.title or "").strip(),
        "date": printed_date((text for text, _ in blocks), made_on),
        "author": (about.initial_creator or about.creator or "").strip(),
    }
    return Extracted(blocks, notes, meta, made=made_on)


def _drop_hidden(body: _Element, styles: _Element) -> None:
    """Empty the paragraphs and spans whose style, or one that it inherits from, hides them."""
    by_name = {
        one.get(f"{STYLE}name"): one
        for part in (*styles.iter(f"{OFFICE}styles"), body)  # others are for headers and footers
        for one in part.iter(f"{STYLE}style")
    }

    def display(name: str | None, depth: int = 0) -> str | None:
        if (style := by_name.get(name)) is None or depth > DEEPEST:
            return None
        look = style.find(f"{STYLE}text-properties")
        value = None if look is None else look.get(f"{TEXT}display")
        return value or display(style.get(f"{STYLE}parent-style-name"), depth + 1)

    hidden = {name for name in by_name if display(name) == "none"}
    # A list, as removing elements would end the iteration.
    for one in list(body.iter(f"{TEXT}span", *HOLDS_NUMBER)) if hidden else ():
        if one.get(f"{TEXT}style-name") in hidden:
            one.text = None
            for child in list(one):
                one.remove(child)


def _texts(body: _Element, numbers: OpenNumbering) -> Iterator[Block]:
    for one in body.iter(*HOLDS_NUMBER):
        above = [element.tag for element in one.iterancestors()]
        if not OTHERS.isdisjoint(above):
            continue
        label = numbers.label(one)  # an empty one is counted, too
        if text := text_of(one):
            text = f"{label} {text}" if label else text
            kind = next((WITHIN[tag] for tag in above if tag in WITHIN), None)
            yield text, kind or ("heading" if one.tag == f"{TEXT}h" else None)


def text_of(paragraph: _Element) -> str:
    """What a paragraph shows, its lines kept."""
    return single_spaced(_pieces(paragraph))


def _pieces(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag not in APART:
            yield from _pieces(child)
        yield child.tail or ""


class OpenNumbering:
    """The numbers of an OpenDocument text's list items (not of its headings); `label` is to be called
    for all paragraphs, in order. `parts` are its content and its styles.
    """

    def __init__(self, *parts: _Element) -> None:
        self.styles: dict[str, Levels] = {}
        self.of_paragraphs: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.last: dict[str, dict[int, int]] = {}
        self.list: _Element | None = None
        self.count: dict[int, int] = {}
        for part in parts:
            for one in part.iter(f"{TEXT}list-style"):
                self.styles[one.get(f"{STYLE}name") or ""] = dict(map(_open_level, one))
            for one in part.iter(f"{STYLE}style"):
                if of_list := one.get(f"{STYLE}list-style-name"):
                    self.of_paragraphs[one.get(f"{STYLE}name") or ""] = of_list

    def label(self, paragraph: _Element) -> str:
        """The number printed before a paragraph; nothing for bullets and paragraphs without one."""
        lists = list(paragraph.iterancestors(f"{TEXT}list"))
        item = paragraph.getparent()
        if not lists or item is None or item.tag != f"{TEXT}list-item":
            return ""
        if next(one for one in item if one.tag in HOLDS_NUMBER) is not paragraph:
            return ""
        style = next((name for one in lists if (name := one.get(f"{TEXT}style-name"))), None)
        style = style or self.of_paragraphs.get(paragraph.get(f"{TEXT}style-name") or "", "")
        levels, depth = self.styles.get(style, {}), len(lists) - 1
        self._enter(lists[-1], style)
        if depth not in levels:
            return ""
        start = item.get(f"{TEXT}start-value") or ""
        if start.isdecimal():
            self.count[depth] = int(start) - 1
        step(self.count, depth, levels[depth].start)
        return printed(levels, self.count, depth)

    def _enter(self, outer: _Element, style: str) -> None:
        """Begin the count of a list: from 1, or from the count of the list that it continues."""
        if outer is self.list:
            return
        self.list = outer
        continued = outer.get(f"{TEXT}continue-list")
        carried = self.counts.get(continued) if continued else None
        if carried is None and outer.get(f"{TEXT}continue-numbering") == "true":
            carried = self.last.get(style)
        self.count = {} if carried is None else carried
        self.last[style] = self.counts[outer.get(XML_ID) or ""] = self.count


def _open_level(style: _Element) -> tuple[int, Level]:
    """The number of a list's level, from 0, and the level; -1 for bullets and levels without numbers."""
    form = FORMS.get(style.get(f"{STYLE}num-format") or "")
    depth = style.get(f"{TEXT}level") or ""
    if form is None or not depth.isdecimal() or len(depth) > 3 or int(depth) > LEVELS:
        return -1, Level()
    shown, start = (style.get(f"{TEXT}{name}") or "1" for name in ("display-levels", "start-value"))
    first = int(depth) - (int(shown) if shown.isdecimal() else 1)
    number = ".".join(f"%{at}" for at in range(max(0, first) + 1, int(depth) + 1))
    around = (style.get(f"{STYLE}num-{side}") or "" for side in ("prefix", "suffix"))
    text = number.join(around)
    return int(depth) - 1, Level(int(start) if start.isdecimal() else 1, form, text)
