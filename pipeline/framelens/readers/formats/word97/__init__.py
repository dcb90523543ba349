"""Word files of 1997 to 2003 (.doc) → passages, through olefile.

Numbers and fields have the names of Microsoft's description of the format, [MS-DOC]. The text stands in
pieces, as UTF-16 or Windows-1252. What is known of characters (hidden, deleted) and of paragraphs (style)
is filed by their places in the stream, in pages of 512 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from struct import unpack_from

from olefile import OleFileIO

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.extracted import Extracted, foreign, given_name, passages
from framelens.readers.formats.word97.numbers import Numbers
from framelens.readers.formats.word97.summary import about
from framelens.readers.formats.word97.text import Paragraph, Text
from framelens.readers.rejects import Bad
from framelens.readers.source import OLE, Reading, Source, need

MAIN = "WordDocument"
"""The stream of the text, which begins with the head."""
OLDEST = 0xC1
"""The least `nFib`, the version of the format, of Word 97."""
ENCRYPTED, IN_FIRST_TABLE = 0x0100, 0x0200
"""Bits of the flags: whether the file is encrypted, and which of two streams has the tables."""
AT_TEXT, AT_STYLES, AT_CHARACTERS, AT_PARAGRAPHS, AT_PIECES = 0x4C, 0xA2, 0xFA, 0x102, 0x1A2
AT_LISTS, AT_USES = 0x2E2, 0x2EA
"""Where the head of a file says how long the parts of its text are, and where its tables stand."""
TITLE = 62
"""Word's own number of the style of titles."""
STYLES: Mapping[int, Kind] = {
    **dict.fromkeys((*range(1, 10), TITLE, 74), "heading"),
    **dict.fromkeys((*range(19, 28), 35), "contents"),
    **dict.fromkeys((29, 43), "note"),
    34: "caption",
}
"""The kinds of text in Word's own styles, by their numbers (`sti`)."""
DEEPEST = 32
"""Styles that are based on one another are followed so far."""


def read_doc(source: Source, reading: Reading) -> Iterator[Passage]:
    """A file that ends in .doc by its content: of Word 97 to 2003, of Word as of 2007, rich text, or a page.

    Of the first, tables and text boxes are included and tracked changes accepted; headers, footers, comments
    and hidden text are left out, footnotes and endnotes come last. Raise Bad for what is none of these.
    """
    head = next(source.chunks(), b"")[:512].lstrip()
    if head.startswith(b"PK"):
        need(".docx", source, reading)
        from framelens.readers.formats.docx import read_docx

        return read_docx(source, reading)
    if head.startswith(b"{\\rtf"):
        need(".rtf", source, reading)
        from framelens.readers.formats.rtf import read_rtf

        return read_rtf(source, reading)
    if b"<html" in head.lower():
        need(".html", source, reading)
        from framelens.readers.formats.html import read_html

        return read_html(source, reading)
    if not head.startswith(OLE):
        raise Bad("none of Word's formats; save it as .docx, .odt or .pdf")
    content = source.content()
    with foreign("a Word file"), OleFileIO(BytesIO(content)) as file:
        if not file.exists(MAIN):
            raise Bad("holds no text of Word's; save it as .docx, .odt or .pdf")
        try:
            document = _extracted(file)
        except struct.error:
            raise Bad("damaged: parts of it are missing") from None
    return passages(document, source, reading)


def _extracted(file: OleFileIO) -> Extracted:
    main = file.openstream(MAIN).read()
    version, flags = unpack_from("<H", main, 2)[0], unpack_from("<H", main, 10)[0]
    if version < OLDEST:
        raise Bad("in a format of before Word 97; save it as .docx, .odt or .pdf")
    if flags & ENCRYPTED:
        raise Bad("is encrypted; expected a file that opens without a password")
    table = file.openstream("1Table" if flags & IN_FIRST_TABLE else "0Table").read()
    tables = (_part(main, table, at) for at in (AT_PIECES, AT_CHARACTERS, AT_PARAGRAPHS))
    text, styles = Text.of(main, *tables), _styles(_part(main, table, AT_STYLES))
    body, footnotes, headers, macros, comments, endnotes, boxes = unpack_from("<7I", main, AT_TEXT)
    at_endnotes = body + footnotes + headers + macros + comments
    at_boxes = at_endnotes + endnotes
    paragraphs = [*text.paragraphs(0, body), *text.paragraphs(at_boxes, at_boxes + boxes)]
    begin, size = unpack_from("<2I", main, AT_LISTS)
    numbers = Numbers.of(table[begin:], size, table[unpack_from("<I", main, AT_USES)[0] :])
    blocks = [(_numbered(it, numbers), _kind(it, styles)) for it in paragraphs]
    notes = (
        *text.paragraphs(body, body + footnotes),
        *text.paragraphs(at_endnotes, at_boxes),
    )
    stated = about(file)
    made = stated.get("date")
    titles = (it.text for it in paragraphs if TITLE in _with_bases(it.place.style, styles))
    stated["title"] = given_name(stated.get("title")) or " ".join(next(titles, "").split())[:300]
    stated["date"] = printed_date((block for block, _ in blocks), made)
    shown = [block for block in blocks if block[0]]
    return Extracted(
        shown, [" ".join(it.text.split()) for it in notes if it.text], stated, made=made
    )


def _numbered(paragraph: Paragraph, numbers: Numbers) -> str:
    """The text of a paragraph after its number; an empty one, which is counted, too, is not shown."""
    label = numbers.label(paragraph.place)
    return f"{label} {paragraph.text}" if label and paragraph.text else paragraph.text


def _kind(paragraph: Paragraph, styles: Mapping[int, tuple[int, int]]) -> Kind | None:
    """The kind of a paragraph: "table" in a table, else by its style or one that this is based on."""
    if paragraph.in_table:
        return "table"
    of_styles = (STYLES.get(style) for style in _with_bases(paragraph.place.style, styles))
    return next(filter(None, of_styles), "prose" if paragraph.place.use else None)


def _with_bases(style: int, styles: Mapping[int, tuple[int, int]]) -> Iterator[int]:
    """Word's own numbers of a style and of those that it is based on."""
    for _ in range(DEEPEST):
        if style not in styles:
            return
        own, style = styles[style]
        yield own


def _styles(part: bytes) -> dict[int, tuple[int, int]]:
    """For each style by its place, Word's own number of it and the place of the style it is based on."""
    styles: dict[int, tuple[int, int]] = {}
    at, number = 2 + unpack_from("<H", part)[0], 0
    while at + 6 <= len(part):
        size = unpack_from("<H", part, at)[0]
        if size >= 4:
            own, base = unpack_from("<2H", part, at + 2)
            styles[number] = own & 0xFFF, base >> 4
        at += 2 + size + size % 2
        number += 1
    return styles


def _part(main: bytes, table: bytes, at: int) -> bytes:
    """The table whose place and size stand in the file's head."""
    begin, size = unpack_from("<2I", main, at)
    return table[begin : begin + size]
