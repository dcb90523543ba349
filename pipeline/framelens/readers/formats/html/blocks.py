"""The tree of a page, or trafilatura's of its main text → paragraphs with their kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, groupby
from typing import TYPE_CHECKING

from framelens.core.types import Kind
from framelens.readers.extracted import Block
from framelens.readers.formats.html.tree import outermost

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

BREAKS = frozenset({"br", "lb"})
"""Elements that break a line, in pages and in trafilatura's tree."""
BREAK = "\0"
"""Their placeholder, a character that XML cannot hold."""
KINDS: Mapping[str, Kind] = {
    **{f"h{level}": "heading" for level in range(1, 7)}, "td": "table", "th": "table",
    "figcaption": "caption", "caption": "caption", "li": "prose", "blockquote": "prose",
}  # fmt: skip
"""The kinds of text in some elements."""
BLOCKS = frozenset(
    {*KINDS, "p", "div", "section", "article", "main", "header", "ul", "ol", "dl", "dt", "dd", "table",
     "tbody", "thead", "tr", "figure", "pre", "address", "details", "summary", "hr", "body"}
)  # fmt: skip
"""Elements whose text stands apart from what is around them."""
LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select",
     "svg", "iframe", "head", "video", "audio", "object"}
)  # fmt: skip
"""Elements whose text is none of the page."""
MAIN = ("//main", "//*[@role='main']", "//article", "//*[@itemprop='articleBody']")
"""Paths of the element with a page's main text, the surest first."""


def main_blocks(page: HtmlElement) -> list[Block]:
    """The paragraphs of the element that the page marks as its main text, none if it marks none."""
    for path in MAIN:
        # The outermost of nested ones, so that each paragraph is read once.
        main = max(map(own_blocks, outermost(page, set(page.xpath(path)))), key=letters, default=[])
        if main:
            return main
    return []


def body_blocks(page: HtmlElement, *, all_of_it: bool) -> list[Block]:
    """The paragraphs of a whole page, less its menus, asides and the like, unless `all_of_it` is wanted
    where nothing else is left."""
    body = page if page.tag == "body" else page.find("body")
    if body is None:
        return []
    found = own_blocks(body)
    if found or not all_of_it:
        return found
    for element in body.iter("form", "nav", "aside", "footer", "button", "noscript", "object"):
        element.tag = "div"
    return own_blocks(body)


def own_blocks(root: HtmlElement) -> list[Block]:
    """The paragraphs of an element of a page."""
    return list(blocks_of(root, KINDS, BLOCKS))


def flat(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def letters(paragraphs: list[Block]) -> int:
    """How many characters paragraphs have together."""
    return sum(len(text) for text, _ in paragraphs)


def blocks_of(root: _Element, kinds: Mapping[str, Kind], apart: Collection[str]) -> Iterator[Block]:
    """The paragraphs of an element, which begin and end with the elements whose names are in `apart`.

    A paragraph's kind is that of the innermost element around it whose name is in `kinds`.
    """
    held: list[str] = []
    around: list[Kind | None] = [None]
    for step in chain(_walk(root, apart), [("", True)]):
        if isinstance(step, str):
            held.append(step)
            continue
        lines = [" ".join(line.split()) for line in "".join(held).split(BREAK)]
        kind = next((kind for kind in reversed(around) if kind), None)
        for is_text, run in groupby(lines, key=bool):
            if is_text:
                yield "\n".join(run), kind
        held.clear()
        name, opens = step
        if opens:
            around.append(kinds.get(name))
        else:
            around.pop()


def _walk(element: _Element, apart: Collection[str]) -> Iterator[str | tuple[str, bool]]:
    """The texts within an element; at the start and end of each element in `apart` its name, with
    whether it opens."""
    # No recursion: pages nest deeper than Python's stack.
    stack: list[tuple[_Element, bool]] = [(element, True)]
    while stack:
        inner, opening = stack.pop()
        name = inner.tag if isinstance(inner.tag, str) else ""
        skipped = not name or (name in LEFT_OUT and name not in apart)
        if opening and not skipped:
            yield (name, True) if name in apart else (BREAK if name in BREAKS else "")
            yield inner.text or ""
            stack.append((inner, False))
            stack += [(child, True) for child in reversed(list(inner))]
            continue
        if not skipped and name in apart:
            yield name, False
        if inner is not element:
            yield inner.tail or ""
