"""The numbers that Word of 1997 to 2003 puts before paragraphs, from the tables of its lists."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import unpack_from
from typing import NamedTuple

from framelens.readers.numbering import Level, Levels, printed, step

FORMS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 22: "decimalZero",
    23: "bullet", 255: "none",
}  # fmt: skip
"""How numbers are written (`nfc`), as later files name it."""
BULLET = "bullet"
DEPTHS = 9
"""Levels of a list."""
NO_STYLE = 0xFFF
"""What stands where a level has no style."""


class Place(NamedTuple):
    """What a paragraph says of its number: its style, the use of a list (from 1, 0 for none, None where the
    style tells), and the level, from 0."""

    style: int
    use: int | None
    depth: int | None


class _List(NamedTuple):
    """The levels of a list, and the level of each style that stands for one."""

    levels: Levels
    styles: Mapping[int, int]


class _Use(NamedTuple):
    """A use of a list: which, the levels that are other ones here, and the numbers that levels restart at."""

    number: int
    levels: Levels
    restarts: Mapping[int, int]


@dataclass(slots=True)
class Numbers:
    """The numbers of a text's paragraphs; `label` is to be called for all, in order."""

    lists: Mapping[int, _List]
    uses: list[_Use]
    counts: dict[int, dict[int, int]] = field(default_factory=dict)
    restarted: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, lists: bytes, size: int, uses: bytes) -> Numbers:
        """The numbers by the table of lists, of which `size` bytes stand before their levels, and that of
        their uses; none where these are damaged."""
        try:
            return cls(_lists(lists, size), list(_uses(uses)))
        except struct.error:
            return cls({}, [])

    def label(self, place: Place) -> str:
        """The number that Word prints before a paragraph; nothing for bullets and what has none."""
        number, depth, use = self._list_of(place)
        if number not in self.lists:
            return ""
        own = self.uses[use] if use is not None else _Use(number, {}, {})
        levels = {**self.lists[number].levels, **own.levels}
        level = levels.get(depth)
        if level is None or level.form == BULLET:
            return ""
        count = self.counts.setdefault(number, {})
        if use is not None and depth in own.restarts and (use, depth) not in self.restarted:
            self.restarted.add((use, depth))
            count[depth] = own.restarts[depth] - 1
        step(count, depth, level.start)
        return printed(levels, count, depth)

    def _list_of(self, place: Place) -> tuple[int, int, int | None]:
        """The list of a paragraph, its level, and the use of the list, None where the style tells."""
        if place.use is not None:
            use = place.use - 1
            number = self.uses[use].number if 0 <= use < len(self.uses) else 0
            styled = self.lists[number].styles.get(place.style, 0) if number in self.lists else 0
            return number, styled if place.depth is None else place.depth, use
        for number, one in self.lists.items():
            if place.style in one.styles:
                return number, one.styles[place.style], None
        return 0, 0, None


def _lists(part: bytes, size: int) -> dict[int, _List]:
    if len(part) < 2:
        return {}
    lists: dict[int, _List] = {}
    at = size
    for row in range(min(unpack_from("<H", part)[0], size // 28)):
        number = unpack_from("<i", part, 2 + 28 * row)[0]
        styles = unpack_from(f"<{DEPTHS}H", part, 10 + 28 * row)
        levels: dict[int, Level] = {}
        for depth in range(1 if part[28 + 28 * row] & 1 else DEPTHS):
            levels[depth], at = _level(part, at)
        by_style = {style: depth for depth, style in enumerate(styles) if style != NO_STYLE}
        lists[number] = _List(levels, by_style)
    return lists


def _level(part: bytes, at: int) -> tuple[Level, int]:
    """The level that is described at a place, and where the next one is."""
    start, form, flags = unpack_from("<i2B", part, at)
    of_characters, of_paragraph = unpack_from("<2B", part, at + 24)
    at += 28 + of_characters + of_paragraph
    length = unpack_from("<H", part, at)[0]
    end = at + 2 + 2 * length
    units = unpack_from(f"<{length}H", part, at + 2)
    # Characters below nine stand for the number of a level.
    text = "".join(f"%{unit + 1}" if unit < DEPTHS else chr(unit) for unit in units)
    return Level(start, FORMS.get(form, "decimal"), text, bool(flags & 4)), end


def _uses(part: bytes) -> Iterator[_Use]:
    if len(part) < 4:
        return
    count = min(unpack_from("<I", part)[0], len(part) // 16)
    at = 4 + 16 * count
    for row in range(count):
        number, changed = unpack_from("<i8xB", part, 4 + 16 * row)
        levels: dict[int, Level] = {}
        restarts: dict[int, int] = {}
        at += 4
        for _ in range(changed):
            start, flags = unpack_from("<iI", part, at)
            depth, at = flags & 15, at + 8
            if flags & 32:
                levels[depth], at = _level(part, at)
                start = levels[depth].start
            if flags & 16:
                restarts[depth] = start
        yield _Use(number, levels, restarts)
