"""A page's own elements → paragraphs: for pages whose main text cannot be told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framelens.core.types import Kind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Block = tuple[str, Kind | None]
"""A paragraph's text, and what its element says of it."""

KINDS: dict[str, Kind] = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "td": "table",
    "th": "table",
    "figcaption": "caption",
    "caption": "caption",
    "li": "prose",
    "blockquote": "prose",
}
BLOCKS = frozenset(
    {*KINDS, "p", "div", "section", "article", "main", "header", "ul", "ol", "dl", "dt", "dd", "table",
     "tbody", "thead", "tr", "figure", "pre", "address", "details", "summary", "hr", "body"}
)  # fmt: skip
LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select",
     "svg", "iframe", "head", "video", "audio", "object"}
)  # fmt: skip
ROOTS = ("//main", "//*[@role='main']", "//article", "//*[@itemprop='articleBody']")
"""What a page's main text lies in, the surest first."""


def main_blocks(page: HtmlElement) -> list[Block]:
    """The paragraphs of the element that says it is the main one; none if there is none."""
    for root in ROOTS:
        found = max((list(_blocks(one)) for one in page.xpath(root)), key=letters, default=[])
        if found:
            return found
    return []


def letters(blocks: list[Block]) -> int:
    """How many characters paragraphs have together."""
    return sum(len(text) for text, _ in blocks)


def _blocks(root: HtmlElement) -> Iterator[Block]:
    held: list[str] = []
    kinds: list[Kind | None] = [None]
    for step in _walk(root):
        if isinstance(step, str):
            held.append(step)
            continue
        lines = [" ".join(line.split()) for line in "".join(held).split("\0")]
        if text := "\n".join(filter(None, lines)):
            yield text, next((kind for kind in reversed(kinds) if kind), None)
        held.clear()
        name, opens = step
        if opens:
            kinds.append(KINDS.get(name))
        else:
            kinds.pop()


def _walk(element: HtmlElement) -> Iterator[str | tuple[str, bool]]:
    """The texts within an element, and where its blocks open and close."""
    # A stack of our own: pages nest deeper than Python's.
    stack: list[tuple[HtmlElement, bool]] = [(element, True)]
    while stack:
        one, opening = stack.pop()
        name = one.tag if isinstance(one.tag, str) else ""
        skipped = name in LEFT_OUT or not name
        if opening and not skipped:
            yield (name, True) if name in BLOCKS else ("\0" if name == "br" else "")
            yield one.text or ""
            stack.append((one, False))
            stack += [(child, True) for child in reversed(list(one))]
            continue
        if not skipped and name in BLOCKS:
            yield name, False
        if one is not element:
            yield one.tail or ""
