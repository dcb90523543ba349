"""What a browser shows of a page beside its text, put into the text: the numbers of items, raised figures,
the ends of lines that were typed, and those of parts that trafilatura would join, cut or leave out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framelens.readers.extracted import RAISED_DIGITS
from framelens.readers.formats.html.blocks import BLOCKS
from framelens.readers.formats.html.tree import outermost
from framelens.readers.numbering import written

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""The names that Word has for the ways of HTML to write numbers, other than in figures."""
LEADS = frozenset({"p", "div", "span", "font", "a", "strong", "b", "em", "i", "u"})
"""Elements that an item's text may begin in."""


def number_items(page: HtmlElement) -> bool:
    """Put the numbers that a browser prints before items into their text; return whether there are any.

    Only lists that say at what they start, or how their numbers are written, are numbered: word processors
    write so what the text refers to.
    """
    lists = page.xpath("//ol[@start or @type or li/@value][not(contains(@style, 'none'))]")
    for numbered in lists:
        step = 1 if numbered.get("reversed") is None else -1
        first_number = 1 if step > 0 else len(numbered.findall("li"))
        form, number = (
            numbered.get("type") or "",
            _whole_number(numbered.get("start"), first_number),
        )
        around = "({})" if form in ("a", "i") else "{}."
        for item in numbered.iterchildren("li"):
            number = _whole_number(item.get("value"), number)
            label = around.format(written(number, FORMS.get(form, "decimal")))
            first = item
            while not (first.text or "").strip() and len(first) and first[0].tag in LEADS:
                first = first[0]
            first.text = f"{label} {(first.text or '').lstrip()}"
            number += step
    return bool(lists)


def raise_marks(page: HtmlElement) -> bool:
    """Put raised digits for figures that are printed raised, as marks of notes are; return whether there
    are any."""
    inside = (element for sup in page.iter("sup") for element in sup.iter())
    raised = [element for element in inside if (element.text or "").strip().isdigit()]
    for element in raised:
        element.text = element.text.translate(RAISED_DIGITS)
    return bool(raised)


def _whole_number(text: str | None, otherwise: int) -> int:
    """The number of up to four figures that an attribute holds, or another where it holds none."""
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,4}\s*", text) else otherwise


TYPED = ("pre", "xmp", "listing")
AS_TYPED = "|".join(
    (*(f"//{tag}" for tag in TYPED), "//*[contains(translate(@style, ' ', ''), 'white-space:pre')]")
)
"""Elements whose lines a browser shows as they were typed."""


def break_lines(page: HtmlElement) -> bool:
    """Put `br` elements where lines end that a browser shows as they were typed; return whether there are
    any."""
    from lxml.etree import Element

    typed = set(page.xpath(AS_TYPED))
    for outer in outermost(page, typed):
        for element in list(outer.iter("*")):
            first, *lines = (element.text or "").split("\n")
            element.text = first
            after, *more = (
                (element.tail or "").split("\n") if element is not outer else [element.tail]
            )
            element.tail = None
            for line in reversed(lines):
                element.insert(0, br := Element("br"))
                br.tail = line
            for line in reversed(more):
                element.addnext(br := Element("br"))
                br.tail = line
            element.tail = after
        outer.tag = "div" if outer.tag in TYPED else outer.tag
    return bool(typed)


CELLS = frozenset({"td", "th"})
HOLDERS = CELLS | {"li", "dd", "blockquote"}
"""Elements whose parts trafilatura joins without a space, or leaves out,"""
JOINED = frozenset({"div", "section", "article", "header", "address", "center"})
"""where they are these,"""
LEFT_OUT_OF_CELLS = frozenset({"ul", "ol", "menu", "li", "dl", "dt", "dd"})
"""or these in cells."""


def part_holders(page: HtmlElement) -> bool:
    """Make plain paragraphs of the parts of items, cells and quotations, and plain text of words in a line
    that are quoted or code; keep empty lines; return whether anything has changed."""
    from lxml.etree import iterwalk

    cells = holders = 0
    is_changed = False
    for event, element in iterwalk(page, events=("start", "end")):
        name, step = element.tag, 1 if event == "start" else -1
        cells += step if name in CELLS else 0
        holders += step if name in HOLDERS else 0
        if event == "start":
            continue
        if holders and (name in JOINED or (cells and name in LEFT_OUT_OF_CELLS)):
            element.tag = "div" if next(element.iterdescendants(*BLOCKS), None) is not None else "p"
        elif name == "q":
            element.tag = "span"
            element.text = f"“{element.text or ''}"
            element.tail = f"”{element.tail or ''}"
        elif name == "code":
            element.tag = "span"
        elif name == "br" and not element.tail:
            # trafilatura takes two of them, one right behind the other, for one.
            element.tail, is_changed = "\n", True
        is_changed = is_changed or element.tag != name
    return is_changed
