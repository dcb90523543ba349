"""A web page → its tree of elements, within bounds; what all steps do with it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from framelens.readers.rejects import Bad
from framelens.readers.source import MARKS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LIMIT = 32 * 1024 * 1024
"""The most bytes of a page; its tree takes ten times as many."""

MOST_TAGS = 300_000
"""The most tags of a page: a minute's work. A report of a thousand pages has some 50,000."""
MOST_COMPARED = 50_000_000
"""The most pairs of attributes, each of which is compared with all before it in its element: seconds."""
FEW = 200
"""Characters of a tag's attributes up to which these are too few to be counted."""
MOST_IN_TABLES = 20_000_000
"""The most steps of trafilatura through tables, for it goes through all that lies in one once for each
table around it."""
MOST_ABOVE = 2_000_000
"""The most elements that stand above others, each counted anew, in a page that nests over 256 deep."""
# As the HTML standard cuts tags, so that a value's own text counts for nothing, however it is quoted.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]++)?+)?+"""
ATTRIBUTE = re.compile(_ATTRIBUTE)
TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+((?:[\s/]++|{_ATTRIBUTE})*+)")

DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE
)
XML = re.compile(r"^\s*<\?xml[^>]*>")
ENDS = re.compile(r"</(?:html|body)\s*+>", re.IGNORECASE)
"""Tags that end nothing in a browser, but make lxml lose what stands behind them."""
HEAD = 1 << 16
"""Bytes at a page's start in which it may name its encoding."""
TOO_DEEP = "Excessive depth"
"""libxml2's message where it leaves out the rest of a page."""
GONE = "framelens-gone"
"""The tag that elements to be taken out bear meanwhile."""


def decoded_as_declared(content: bytes) -> str | None:
    """A page decoded as UTF-8, or else by the encoding it declares; None where neither is possible."""
    if not content.startswith(tuple(MARKS)) and b"\0" not in content:
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8-sig")
        with suppress(LookupError, UnicodeError):
            declared = DECLARED.search(content, 0, HEAD)
            return content.decode(
                web_encoding(declared[1].decode("ascii", "replace") if declared else ""), "replace"
            )
    return None


def web_encoding(name: str) -> str:
    """Python's name of an encoding that a page or a message declares; raise LookupError if it has none."""
    name = codecs.lookup(name).name
    # What calls itself Latin-1 is by the HTML standard Windows-1252.
    return "cp1252" if name in {"iso8859-1", "ascii"} else name


def whole_page(page: str) -> str:
    """A page, wrapped in `html` and `body` if it lacks them; raise Bad for one that would take minutes
    or gigabytes to read."""
    if (tags := page.count("<")) > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the page")
    compared = 0
    for tag in TAG.finditer(page):
        if len(tag[1]) > FEW:
            compared += sum(1 for _ in ATTRIBUTE.finditer(tag[1])) ** 2
        if compared > MOST_COMPARED:
            line = page.count("\n", 0, tag.start()) + 1
            raise Bad("elements with too many attributes", line)
    page = XML.sub("", page, count=1)  # lxml refuses a declaration of encoding in decoded text
    page = ENDS.sub("", page)
    return page if "<html" in page.lower() else f"<html><body>{page}</body></html>"


def parsed(page: str) -> tuple[HtmlElement, bool]:
    """A page's elements, and whether they nest deeper than lxml usually reads, which is 256.

    Raise Bad where it loses some of them even so.
    """
    from lxml.html import HTMLParser, fromstring

    tree: HtmlElement
    for is_deep in (False, True):
        parser = HTMLParser(huge_tree=is_deep)
        tree = fromstring(page, parser=parser)
        if not any(TOO_DEEP in entry.message for entry in parser.error_log):
            return tree, is_deep
    raise Bad("its elements nest over 2,000 deep, and what lies deeper cannot be read")


def is_tangled(tree: HtmlElement, *, is_deep: bool) -> bool:
    """Whether elements nest so deep, and are so many, that trafilatura would take minutes; the page is
    then read without it."""
    from lxml.etree import iterwalk

    steps = above = depth = 0
    for table in tree.iter("table"):
        if around := sum(1 for _ in table.iterancestors("table")):
            steps += around * sum(1 for _ in table.iter())
            if steps > MOST_IN_TABLES:
                return True
    for event, _ in iterwalk(tree, events=("start", "end")) if is_deep else ():
        depth += 1 if event == "start" else -1
        above += depth if event == "start" else 0
    return above > MOST_ABOVE


def outermost(page: HtmlElement, elements: Collection[HtmlElement]) -> list[HtmlElement]:
    """The elements of a page that stand within none of the others, in the order of the page."""
    from lxml.etree import iterwalk

    outer = []
    walk = iterwalk(page, events=("start",))
    for _, element in walk if elements else ():
        if element in elements:
            outer.append(element)
            walk.skip_subtree()
    return outer


def take_out(page: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take elements out of a page, all at once: `drop_tree` copies the text behind each again and again."""
    from lxml.etree import strip_elements

    for element in elements:
        element.tag = GONE
    strip_elements(page, GONE, with_tail=False)
