"""Word files of 1997 to 2003 (.doc) → passages, through olefile.

The names of fields are those of Microsoft's description of the format, [MS-DOC]. The text stands in pieces
(`_Text`), as UTF-16 or Windows-1252. What is known of characters and paragraphs is filed by their places in
the stream, in pages of 512 bytes (`_runs`): whether characters are hidden or deleted, and the style of a
paragraph. Numbers that Word puts before paragraphs are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from struct import unpack_from
from typing import Any, NamedTuple

import numpy as np
from olefile import OleFileIO

from framelens.core.types import Bools, Ints, Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.extracted import (
    Extracted,
    foreign,
    given_name,
    passages,
    single_spaced,
)
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, need

MAGIC = b"\xd0\xcf\x11\xe0"
"""How files of the container begin in which Word files of those years lie."""
MAIN = "WordDocument"
"""The stream of the text, which begins with the head."""
OLDEST = 0xC1
"""The least `nFib`, the version of the format, of Word 97."""
ENCRYPTED, IN_FIRST_TABLE = 0x0100, 0x0200
"""Bits of the flags: whether the file is encrypted, and which of two streams has the tables."""
AT_TEXT, AT_STYLES, AT_CHARACTERS, AT_PARAGRAPHS, AT_PIECES = 0x4C, 0xA2, 0xFA, 0x102, 0x1A2
"""Where the head of a file says how long the parts of its text are, and where its tables stand."""
PAGE = 512
"""Bytes of a page on which runs of characters or paragraphs are described."""
NARROW = 1 << 30
"""The bit of a piece's place that says that its characters are of Windows-1252, and the place is doubled."""
CELL, LINE, PAGE_BREAK, PARAGRAPH = 7, 11, 12, 13
FIELD, RESULT, FIELD_END = 19, 20, 21
"""Characters that end or part text; a field's instruction stands from FIELD to RESULT."""
ENDS = (CELL, PAGE_BREAK, PARAGRAPH)
SHOWN = {LINE: "\n", 30: "-", 9: "\t"}
"""Control characters and what they are printed as; others are not printed."""
PRINTED = {char: SHOWN.get(char) for char in range(32)}
DELETED, HIDDEN = 0x0800, 0x083C
IN_TABLE, IN_LIST = 0x2416, 0x460B
"""Properties (`sprm`) of characters and of paragraphs."""
SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""How many bytes the value of a property takes, by the upper three bits of its number."""
SUMMARY = "\x05SummaryInformation"
CODE_PAGE, TITLE_NAME, AUTHOR, CREATED, SAVED = 1, 2, 4, 12, 13
"""The stream in which a file says what it is, and the numbers of what stands there."""
NUMBER, TEXT, TIME = 2, 30, 64
"""Forms of what stands there: a number of 16 bits, text in the code page, a time."""
EPOCH = datetime(1601, 1, 1)
"""From when on times are counted, in tenths of a microsecond."""
UTF_8 = 65001
"""The code page of UTF-8."""
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
    head = next(source.chunks(), b"")[:PAGE].lstrip()
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
    if not head.startswith(MAGIC):
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
    text, styles = _text(main, table), _styles(_part(main, table, AT_STYLES))
    body, footnotes, headers, macros, comments, endnotes, boxes = unpack_from("<7I", main, AT_TEXT)
    at_endnotes = body + footnotes + headers + macros + comments
    at_boxes = at_endnotes + endnotes
    paragraphs = [*text.paragraphs(0, body), *text.paragraphs(at_boxes, at_boxes + boxes)]
    blocks = [(it.text, _kind(it, styles)) for it in paragraphs]
    notes = (
        *text.paragraphs(body, body + footnotes),
        *text.paragraphs(at_endnotes, at_boxes),
    )
    about = _about(file)
    made = about.get("date")
    titles = (it.text for it in paragraphs if TITLE in _with_bases(it.style, styles))
    about["title"] = given_name(about.get("title")) or " ".join(next(titles, "").split())[:300]
    about["date"] = printed_date((block for block, _ in blocks), made)
    return Extracted(blocks, [" ".join(it.text.split()) for it in notes], about, made=made)


def _about(file: OleFileIO) -> dict[str, Any]:
    """The title, the author and the date on which the file was made, as far as it states them.

    olefile reads these, too, but may take hours over damaged ones.
    """
    stated: dict[int, Any] = {}
    if file.exists(SUMMARY):
        with suppress(struct.error, OverflowError):
            stated.update(_stated(file.openstream(SUMMARY).read()))
    page = stated.get(CODE_PAGE, 0)
    encoding = "utf-8" if page == UTF_8 else f"cp{page}"
    return {
        "title": _name(stated.get(TITLE_NAME), encoding),
        "author": _name(stated.get(AUTHOR), encoding),
        "date": stated.get(CREATED) or stated.get(SAVED),
    }


def _stated(summary: bytes) -> Iterator[tuple[int, Any]]:
    """The numbers, texts and days that a file states of itself, by their property's number."""
    begin = unpack_from("<I", summary, 44)[0]
    for row in range(min(unpack_from("<I", summary, begin + 4)[0], len(summary) // 8)):
        number, at = unpack_from("<2I", summary, begin + 8 + 8 * row)
        form, size = unpack_from("<2I", summary, begin + at)
        at += begin + 8
        if form == NUMBER:
            yield number, size & 0xFFFF
        elif form == TEXT:
            yield number, summary[at : at + size]
        elif form == TIME and (time := unpack_from("<Q", summary, at - 4)[0]):
            yield number, (EPOCH + timedelta(microseconds=time // 10)).date().isoformat()


def _name(written: bytes | None, encoding: str) -> str:
    """A title or an author; in an encoding that Python does not know, as Windows-1252 has it."""
    try:
        name = (written or b"").decode(encoding, "replace")
    except LookupError:
        name = (written or b"").decode("cp1252", "replace")
    return name.strip("\0 ")


class _Paragraph(NamedTuple):
    """A paragraph, the number of its style, and whether it is in a table or in a list."""

    text: str
    style: int
    in_table: bool
    in_list: bool


def _kind(paragraph: _Paragraph, styles: Mapping[int, tuple[int, int]]) -> Kind | None:
    """The kind of a paragraph: "table" in a table, else by its style or one that this is based on."""
    if paragraph.in_table:
        return "table"
    of_styles = (STYLES.get(style) for style in _with_bases(paragraph.style, styles))
    return next(filter(None, of_styles), "prose" if paragraph.in_list else None)


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


class _Runs(NamedTuple):
    """What is known of stretches of the stream, by their places: each begins and ends at one, in order."""

    begins: Ints
    ends: Ints
    known: Sequence[Any]

    @classmethod
    def of(cls, main: bytes, part: bytes, read: Callable[[bytes, int], Any]) -> _Runs:
        """The runs that the pages of a table list; `read` takes a page and where in it one is described."""
        pages = len(part) // 8
        rows = []
        for number in unpack_from(f"<{pages}I", part, len(part) - 4 * pages) if pages else ():
            place = (number & 0x3FFFFF) * PAGE
            page = main[place : place + PAGE]
            if len(page) == PAGE:
                rows += list(_on_page(page, read))
        rows.sort(key=lambda row: row[0])
        begins, ends, known = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(np.array(begins, dtype=np.int64), np.array(ends, dtype=np.int64), known)

    def at(self, places: Ints) -> Ints:
        """The number of the run that each place is in, −1 for none."""
        if not len(self.begins):
            return np.full(len(places), -1)
        runs = np.searchsorted(self.begins, places, side="right") - 1
        return np.where((runs >= 0) & (places < self.ends[runs]), runs, -1)


def _on_page(page: bytes, read: Callable[[bytes, int], Any]) -> Iterator[tuple[int, int, Any]]:
    """The runs on a page: where each begins and ends, and what is known of it."""
    count = min(page[-1], (PAGE - 5) // 5)
    places = unpack_from(f"<{count + 1}I", page)
    size = 13 if read is _of_paragraph else 1
    for run, (begin, end) in enumerate(pairwise(places)):
        at = 4 * (count + 1) + size * run
        yield begin, end, read(page, 2 * page[at] if at < PAGE else 0)


def _is_hidden(page: bytes, at: int) -> bool:
    """Whether characters are hidden, or were deleted while changes were tracked."""
    properties = dict(_properties(page[at + 1 : at + 1 + page[at]])) if at else {}
    return bool(properties.get(DELETED) or properties.get(HIDDEN))


def _of_paragraph(page: bytes, at: int) -> tuple[int, bool, bool]:
    """The style of a paragraph, and whether it is in a table or in a list."""
    if not at:
        return 0, False, False
    size, begin = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
    described = page[begin : begin + size]
    if len(described) < 2:
        return 0, False, False
    properties = dict(_properties(described[2:]))
    is_in = (bool(properties.get(name)) for name in (IN_TABLE, IN_LIST))
    return unpack_from("<H", described)[0], *is_in


def _properties(described: bytes) -> Iterator[tuple[int, int]]:
    """The properties that are listed, each with the first bytes of its value as a number."""
    at = 0
    while at + 3 <= len(described):
        name = unpack_from("<H", described, at)[0]
        size = SIZES.get(name >> 13, described[at + 2] + 1)
        yield name, int.from_bytes(described[at + 2 : at + 2 + min(size, 4)], "little")
        at += 2 + size


def _characters(main: bytes, part: bytes) -> tuple[Ints, Ints]:
    """The UTF-16 units of a text, and the place of each in the stream, from the table of its pieces."""
    at = 0
    while part[at : at + 1] == b"\1":  # settings of pieces, which stand before the table
        at += 3 + unpack_from("<H", part, at + 1)[0]
    table = part[at + 5 :]
    count = max(len(table) - 4, 0) // 12
    bounds = unpack_from(f"<{count + 1}I", table)
    units, places = [], []
    for piece, (begin, end) in enumerate(pairwise(bounds)):
        place = unpack_from("<I", table, 4 * (count + 1) + 8 * piece + 2)[0]
        is_narrow = bool(place & NARROW)
        place, width = ((place & ~NARROW) // 2, 1) if is_narrow else (place, 2)
        stored = main[place : place + width * max(end - begin, 0)]
        stored = stored[: len(stored) // width * width]
        wide = stored.decode("cp1252", "replace").encode("utf-16-le") if is_narrow else stored
        units.append(np.frombuffer(wide, dtype="<u2").astype(np.int64))
        places.append(place + width * np.arange(len(units[-1])))
    if not units:
        raise Bad("no text in it")
    return np.concatenate(units), np.concatenate(places)


def _instructions(units: Ints) -> Ints:
    """The characters of fields that are not printed: their instructions, and their marks."""
    hidden: list[tuple[int, int]] = []
    begun: list[int] = []
    for at in np.flatnonzero((units >= FIELD) & (units <= FIELD_END)).tolist():
        if units[at] == FIELD:
            begun.append(at)
        elif begun and begun[-1] >= 0:
            hidden.append((begun[-1], at + 1))
            begun[-1] = -1
        if units[at] == FIELD_END and begun:
            begun.pop()
    return np.concatenate([np.arange(0), *(np.arange(begin, end) for begin, end in hidden)])


class _Text(NamedTuple):
    """The characters of all parts of a text, in parallel: UTF-16 units, their places in the stream, and
    whether they are printed; and what is known of paragraphs."""

    units: Ints
    places: Ints
    shown: Bools
    runs: _Runs

    def paragraphs(self, begin: int, end: int) -> Iterator[_Paragraph]:
        """The paragraphs of a part that hold text."""
        end = min(end, len(self.units))
        marks = begin + np.flatnonzero(self.shown[begin:end] & np.isin(self.units[begin:end], ENDS))
        start = begin
        for mark, run in zip(
            marks.tolist(), self.runs.at(self.places[marks]).tolist(), strict=True
        ):
            if text := self._plain(start, mark):
                style, in_table, in_list = (0, False, False) if run < 0 else self.runs.known[run]
                in_table = in_table or self.units[mark] == CELL
                yield _Paragraph(text, style, in_table, in_list)
            start = mark + 1

    def _plain(self, start: int, end: int) -> str:
        units = self.units[start:end][self.shown[start:end]]
        text = units.astype("<u2").tobytes().decode("utf-16-le", "replace")
        return single_spaced([text.translate(PRINTED)])


def _text(main: bytes, table: bytes) -> _Text:
    units, places = _characters(main, _part(main, table, AT_PIECES))
    runs = _Runs.of(main, _part(main, table, AT_CHARACTERS), _is_hidden)
    # The last, False, is of places in no run (−1).
    shown = ~np.array([*runs.known, False])[runs.at(places)]
    shown[_instructions(units)] = False
    return _Text(
        units, places, shown, _Runs.of(main, _part(main, table, AT_PARAGRAPHS), _of_paragraph)
    )


def _part(main: bytes, table: bytes, at: int) -> bytes:
    """The table whose place and size stand in the file's head."""
    begin, size = unpack_from("<2I", main, at)
    return table[begin : begin + size]
