"""Numbers that word processors put before paragraphs and files do not hold as text: `12.`, `(b)`, `IV.`"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMANS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
PLACE = re.compile(r"%([1-9])")
BULLET, NONE = "bullet", "none"
DEEPEST = 32
"""Styles that are based on one another are followed so far."""
LARGEST = 4_000
"""Numbers above it are printed in figures, whatever the file asks for."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: where it `start`s, how numbers are written (a `form` of Word), and the
    `text` around them, in which %1 stands for the number of the first level."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    in_figures: bool = False


Levels = Mapping[int, Level]


@dataclass(frozen=True, slots=True)
class _List:
    """A list of a document: the abstract list whose count it carries on, its levels, where it
    begins a count anew, and the levels that styles stand for."""

    abstract: str
    levels: Levels
    anew: Mapping[int, int]
    styles: Mapping[str, int]


@dataclass(slots=True)
class Numbering:
    """The numbers of a Word document's paragraphs, which are to be asked for in order."""

    lists: Mapping[str, _List]
    by_style: Mapping[str, tuple[str | None, int | None]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: _Element) -> str:
        """What Word prints before a paragraph; nothing for bullets and what has no number."""
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle")) or ""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, depth = self.by_style.get(style, (None, None))
        if own is not None:
            given = _value(own.find(f"{W}numId"))
            stated = _whole(own.find(f"{W}ilvl"))
            number, depth = given or number, depth if stated is None else stated
        found = self.lists.get(number or "")
        if found is None:
            return ""
        depth = found.styles.get(style, 0) if depth is None else depth
        level = found.levels.get(depth)
        if level is None or number is None or level.form == BULLET:
            return ""
        count = self.counts.setdefault(found.abstract, {})
        if depth in found.anew and (number, depth) not in self.begun:
            self.begun.add((number, depth))
            count[depth] = found.anew[depth] - 1
        step(count, depth, level.start)
        return printed(found.levels, count, depth)


def step(count: MutableMapping[int, int], depth: int, start: int) -> None:
    """Count one on at a level; those below begin anew."""
    count[depth] = count.get(depth, start - 1) + 1
    for below in [one for one in count if one > depth]:
        del count[below]


def printed(levels: Levels, count: Mapping[int, int], depth: int) -> str:
    """The text of a level with the numbers that the count has come to."""
    level = levels[depth]

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        one = levels.get(at, Level())
        plain = level.in_figures and at < depth
        return written(count.get(at, one.start), "decimal" if plain else one.form)

    return PLACE.sub(number, level.text).strip()


def written(number: int, form: str) -> str:
    """A number as Word writes it in one of its forms, in figures where the form is another one."""
    if form == NONE:
        return ""
    if form == "decimalZero":
        return f"{number:02}"
    if not 0 < number <= LARGEST or not form.endswith(("Letter", "Roman")):
        return str(number)
    text = ""
    if form.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        for value, letters in ROMANS:
            text += letters * (number // value)
            number %= value
    return text.upper() if form.startswith("upper") else text


TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
"""What OpenDocument calls the forms of numbers, and Word."""
HOLDS_NUMBER = frozenset({f"{TEXT}p", f"{TEXT}h"})


class OpenNumbering:
    """The numbers of the lists of an OpenDocument text, whose paragraphs are to be asked for in order;
    those of headings are not told.

    `parts` are its content and its styles.
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
        """What is printed before a paragraph; nothing for bullets and what has no number."""
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
        """Begin a list anew, or where another one ended that it carries on."""
        if outer is self.list:
            return
        self.list = outer
        before = outer.get(f"{TEXT}continue-list")
        carried = self.counts.get(before) if before else None
        if carried is None and outer.get(f"{TEXT}continue-numbering") == "true":
            carried = self.last.get(style)
        self.count = {} if carried is None else carried
        self.last[style] = self.counts[outer.get(XML_ID) or ""] = self.count


def _open_level(style: _Element) -> tuple[int, Level]:
    """A level of a list, and the first is 0; -1 for bullets and levels without numbers."""
    form = FORMS.get(style.get(f"{STYLE}num-format") or "")
    depth = style.get(f"{TEXT}level") or ""
    if form is None or not depth.isdecimal():
        return -1, Level()
    shown, start = (style.get(f"{TEXT}{name}") or "1" for name in ("display-levels", "start-value"))
    first = int(depth) - (int(shown) if shown.isdecimal() else 1)
    number = ".".join(f"%{at}" for at in range(max(0, first) + 1, int(depth) + 1))
    around = (style.get(f"{STYLE}num-{side}") or "" for side in ("prefix", "suffix"))
    text = number.join(around)
    return int(depth) - 1, Level(int(start) if start.isdecimal() else 1, form, text)


def numbering_of(numbering: _Element | None, styles: _Element) -> Numbering:
    """What numbers paragraphs have, from a document's lists (its numbering part) and its styles."""
    lists = {} if numbering is None else _lists(numbering)
    own = {one.get(f"{W}styleId") or "": one for one in styles.iter(f"{W}style")}
    return Numbering(lists, {name: _of_style(name, own) for name in own})


def _lists(numbering: _Element) -> dict[str, _List]:
    abstract = {
        one.get(f"{W}abstractNumId") or "": one for one in numbering.iter(f"{W}abstractNum")
    }
    styled = {_value(one.find(f"{W}styleLink")) or " ": name for name, one in abstract.items()}
    found: dict[str, _List] = {}
    for one in numbering.iter(f"{W}num"):
        key = _value(one.find(f"{W}abstractNumId")) or ""
        if key not in abstract:
            continue
        # Lists may refer to that of a style.
        linked = _value(abstract[key].find(f"{W}numStyleLink"))
        steps = list(abstract[styled.get(linked or "", key)].iter(f"{W}lvl"))
        levels = {_depth(step): _level(step) for step in steps}
        styles = {name: _depth(step) for step in steps if (name := _value(step.find(f"{W}pStyle")))}
        anew: dict[int, int] = {}
        for other in one.iter(f"{W}lvlOverride"):
            if (step := other.find(f"{W}lvl")) is not None:
                levels[_depth(other)] = _level(step)
            if (start := _whole(other.find(f"{W}startOverride"))) is not None:
                anew[_depth(other)] = start
        found[one.get(f"{W}numId") or ""] = _List(key, levels, anew, styles)
    return found


def _depth(step: _Element) -> int:
    written = step.get(f"{W}ilvl") or ""
    return int(written) if written.isdecimal() else 0


def _level(step: _Element) -> Level:
    legal, start = step.find(f"{W}isLgl"), _whole(step.find(f"{W}start"))
    return Level(
        1 if start is None else start,
        _value(step.find(f"{W}numFmt")) or "decimal",
        _value(step.find(f"{W}lvlText")) or "",
        legal is not None and _value(legal) not in {"0", "false"},
    )


def _of_style(name: str, styles: Mapping[str, _Element]) -> tuple[str | None, int | None]:
    """The list and the level that a style, or one that it is based on, puts paragraphs in."""
    depth: int | None = None
    for _ in range(DEEPEST):
        style = styles.get(name)
        if style is None:
            break
        depth = _whole(style.find(f"{W}pPr/{W}numPr/{W}ilvl")) if depth is None else depth
        if number := _value(style.find(f"{W}pPr/{W}numPr/{W}numId")):
            return number, depth
        name = _value(style.find(f"{W}basedOn")) or ""
    return None, None


def _whole(element: _Element | None) -> int | None:
    value = _value(element) or ""
    return int(value) if value.isdecimal() else None


def _value(element: _Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")
