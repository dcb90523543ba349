"""The text of a Word file of 1997 to 2003: its pieces, and what is known of characters and paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from struct import unpack_from
from typing import Any, NamedTuple

import numpy as np

from framelens.core.types import Bools, Ints
from framelens.readers.extracted import single_spaced
from framelens.readers.formats.word97.numbers import Place
from framelens.readers.rejects import Bad

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
DELETED, HIDDEN, SYMBOL = 0x0800, 0x083C, 0x6A09
IN_TABLE, LIST, LEVEL = 0x2416, 0x460B, 0x260A
"""Properties (`sprm`) of characters and of paragraphs."""
SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""How many bytes the value of a property takes, by the upper three bits of its number."""


NOWHERE = Place(0, None, None)
"""What is said of a paragraph of which nothing is."""


class Paragraph(NamedTuple):
    """A paragraph, what it says of its style and number, and whether it is in a table."""

    text: str
    place: Place
    in_table: bool


class Text(NamedTuple):
    """The characters of all parts of a text, in parallel: UTF-16 units, their places in the stream, and
    whether they are printed; and what is known of paragraphs."""

    units: Ints
    places: Ints
    shown: Bools
    runs: _Runs

    @classmethod
    def of(cls, main: bytes, pieces: bytes, characters: bytes, paragraphs: bytes) -> Text:
        """The text of the main stream, by the tables of its pieces, its characters and its paragraphs."""
        units, places = _characters(main, pieces)
        runs = _Runs.of(main, characters, is_hidden)
        # The last, False, is of places in no run (−1).
        left_out = np.array([*runs.known, False])[runs.at(places)]
        shown = ~(left_out | _instructions(units))
        return cls(units, places, shown, _Runs.of(main, paragraphs, _of_paragraph))

    def paragraphs(self, begin: int, end: int) -> Iterator[Paragraph]:
        """The paragraphs of a part, also empty ones, which may be counted."""
        end = min(end, len(self.units))
        marks = begin + np.flatnonzero(self.shown[begin:end] & np.isin(self.units[begin:end], ENDS))
        runs = self.runs.at(self.places[marks]).tolist()
        start = begin
        for mark, run in zip([*marks.tolist(), end], [*runs, -1], strict=True):
            place, in_table = self.runs.known[run] if run >= 0 else (NOWHERE, False)
            in_table = in_table or (mark < end and self.units[mark] == CELL)
            yield Paragraph(self._plain(start, mark), place, in_table)
            start = mark + 1

    def _plain(self, start: int, end: int) -> str:
        units = self.units[start:end][self.shown[start:end]]
        text = units.astype("<u2").tobytes().decode("utf-16-le", "replace")
        return single_spaced([text.translate(PRINTED)])


class _Runs(NamedTuple):
    """What is known of stretches of the stream, by their places: each begins and ends at one, in order."""

    begins: Ints
    ends: Ints
    known: Sequence[Any]

    @classmethod
    def of(cls, main: bytes, part: bytes, read: Callable[[bytes, int], Any]) -> _Runs:
        """The runs that the pages of a table list; `read` takes a page and where in it one is described."""
        pages = min(len(part) // 8, len(main) // PAGE)
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


def is_hidden(page: bytes, at: int) -> bool:
    """Whether characters are hidden, deleted while changes were tracked, or stand for a sign of a font."""
    properties = dict(_properties(page[at + 1 : at + 1 + page[at]])) if at else {}
    return any(properties.get(name) for name in (DELETED, HIDDEN, SYMBOL))


def _of_paragraph(page: bytes, at: int) -> tuple[Place, bool]:
    """The style of a paragraph and what it says of its number, and whether it is in a table."""
    if not at:
        return NOWHERE, False
    size, begin = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
    described = page[begin : begin + size]
    if len(described) < 2:
        return NOWHERE, False
    properties = dict(_properties(described[2:]))
    style = unpack_from("<H", described)[0]
    place = Place(style, properties.get(LIST), properties.get(LEVEL))
    return place, bool(properties.get(IN_TABLE))


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
    units, places, total = [], [], 0
    for piece, (begin, end) in enumerate(pairwise(bounds)):
        place = unpack_from("<I", table, 4 * (count + 1) + 8 * piece + 2)[0]
        is_narrow = bool(place & NARROW)
        place, width = ((place & ~NARROW) // 2, 1) if is_narrow else (place, 2)
        stored = main[place : place + width * max(end - begin, 0)]
        stored = stored[: len(stored) // width * width]
        if (total := total + len(stored)) > len(main):
            raise Bad("damaged: pieces of its text stand in it twice")
        wide = stored.decode("cp1252", "replace").encode("utf-16-le") if is_narrow else stored
        units.append(np.frombuffer(wide, dtype="<u2").astype(np.int64))
        places.append(place + width * np.arange(len(units[-1])))
    if not units:
        raise Bad("no text in it")
    return np.concatenate(units), np.concatenate(places)


def _instructions(units: Ints) -> Bools:
    """Which characters are of fields and are not printed: their instructions, and the marks around."""
    depth = np.zeros(len(units) + 1, dtype=np.int64)
    begun: list[int] = []
    for at in np.flatnonzero((units >= FIELD) & (units <= FIELD_END)).tolist():
        if units[at] == FIELD:
            begun.append(at)
        elif begun and begun[-1] >= 0:
            depth[begun[-1]] += 1
            depth[at + 1] -= 1
            begun[-1] = -1
        if units[at] == FIELD_END and begun:
            begun.pop()
    return depth.cumsum()[:-1] > 0
