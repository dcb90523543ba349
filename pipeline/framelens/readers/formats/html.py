"""Web pages → passages, through trafilatura."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framelens.core.types import Kind, Passage
from framelens.readers.extracted import Extracted, first_line, passages, quiet
from framelens.readers.formats.html_blocks import Block, letters, main_blocks
from framelens.readers.formats.html_dates import is_of_change, published
from framelens.readers.rejects import Bad
from framelens.readers.source import MARKS, Reading, Source, decoded

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

LIMIT = 32 * 1024 * 1024
"""The most bytes of a page; its tree takes ten times as many."""

MOST_TAGS = 300_000
"""The most tags of a page: a minute's work. A report of a thousand pages has some 50,000."""
MOST_ATTRIBUTES = 1_000
"""The most attributes of an element, each of which is compared with all before it."""
TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*+""")
ATTRIBUTE = re.compile(r"[\s/\"'][^\s/>=\"']")

DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE
)
XML = re.compile(r"^\s*<\?xml[^>]*>")
HEAD = 4096
"""Bytes at a page's start in which it may name its encoding."""
APART = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "code", "div"})
"""Elements of trafilatura's tree whose text stands apart from what is around them."""
TREE_KINDS: Mapping[str, Kind] = {
    "head": "heading",
    "cell": "table",
    "item": "prose",
    "quote": "prose",
}
"""What some of them say of their text."""
TOO_DEEP = "Excessive depth"
"""What libxml2 says where it leaves out the rest of a page."""
BREAK = "\0"
"""What stands for `<br>` for a while: XML cannot hold it."""


def read_html(source: Source, reading: Reading) -> Iterator[Passage]:
    """The main text of a page; raise Bad if it has none."""
    page = _decoded(source.content(LIMIT), reading.encoding)
    return passages(extract(page), source, reading)


def extract(page: str) -> Extracted:
    """The paragraphs of a page and its `title`, `date`, `author`, `source` (site) and `url`.

    Raise Bad where trafilatura finds no text.
    """
    import trafilatura

    _check_size(page)
    page = XML.sub("", page, count=1)  # lxml refuses it where a text is decoded already
    if "<html" not in page.lower():
        page = f"<html><body>{page}</body></html>"
    with quiet("trafilatura", "htmldate", "courlan"):
        try:
            tree, is_deep = _tree(page)
            own = main_blocks(tree)
            found = trafilatura.bare_extraction(
                # By itself it would not see what lies deep.
                _tree(page)[0] if is_deep else page,
                with_metadata=True,
                include_comments=False,
                date_extraction_params={"original_date": True, "extensive_search": True},
            )
        except Bad:
            raise
        except Exception as error:  # a parser of foreign pages may fail in any way
            raise Bad(f"not HTML that can be read: {first_line(error)}") from None
    if isinstance(found, dict) or (found is not None and found.body is None):
        found = None
    blocks = list(_paragraphs(found.body)) if found is not None else []
    if _misses(blocks, own):
        blocks = own
    if not blocks:
        raise Bad("no text in it")
    texts, kinds = [text for text, _ in blocks], [kind for _, kind in blocks]
    return Extracted(texts, kinds=kinds, meta=_meta(found, tree, page))


def _tree(page: str) -> tuple[HtmlElement, bool]:
    """A page's elements, and whether they nest deeper than lxml usually reads, which is 256; raise
    Bad where it loses some of them even so."""
    from lxml.html import HTMLParser, fromstring

    tree: HtmlElement
    for is_deep in (False, True):
        parser = HTMLParser(huge_tree=is_deep)
        tree = fromstring(page, parser=parser)
        if not any(TOO_DEEP in entry.message for entry in parser.error_log):
            return tree, is_deep
    raise Bad("its elements nest over 2,000 deep, and what lies deeper cannot be read")


def _check_size(page: str) -> None:
    """Raise Bad for a page that would take minutes or gigabytes to read."""
    if (tags := page.count("<")) > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the page")
    for tag in TAG.finditer(page):
        most = sum(1 for _ in ATTRIBUTE.finditer(tag[0])) if len(tag[0]) > MOST_ATTRIBUTES else 0
        if most > MOST_ATTRIBUTES:
            line = page.count("\n", 0, tag.start()) + 1
            raise Bad(f"an element has over {MOST_ATTRIBUTES:,} attributes", line)


def _misses(blocks: list[Block], own: list[Block]) -> bool:
    """Whether what was found is less than half of the page's main element, or one block of it."""
    joined = len(blocks) == 1 and len(own) > 2 and letters(blocks) > 200
    return bool(own) and (joined or 2 * letters(blocks) < letters(own))


def _meta(found: Document | None, tree: HtmlElement, page: str) -> dict[str, Any]:
    day = published(tree)
    if found is None:
        return {"title": (tree.findtext(".//title") or "").strip(), "date": day}
    if day is None and found.date and not is_of_change(found.date, page):
        day = found.date
    return {
        "title": found.title,
        "date": day,
        "author": found.author,
        "source": found.sitename or found.hostname,
        "url": found.url,
    }


def _paragraphs(body: _Element) -> Iterator[Block]:
    """The texts of elements that stand apart, with what these say of them; `<br>` breaks a line."""
    from lxml.etree import iterwalk

    held: list[str] = []
    kinds: list[Kind | None] = [None]
    for event, element in iterwalk(body, events=("start", "end")):
        if element.tag in APART:
            known = next((kind for kind in reversed(kinds) if kind), None)
            yield from ((text, known) for text in _cut(held))
            held.clear()
            if event == "start":
                kinds.append(TREE_KINDS.get(element.tag))
            else:
                kinds.pop()
        if event == "start":
            held.append(BREAK if element.tag == "lb" else element.text or "")
        elif element is not body:
            held.append(element.tail or "")
    yield from ((text, None) for text in _cut(held))


def _cut(held: list[str]) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in "".join(held).split(BREAK)]
    if text := "\n".join(filter(None, lines)):
        yield text


def _decoded(content: bytes, encoding: str) -> str:
    """A page's text: UTF-8 if it can be, else by the encoding it names, else by `encoding`."""
    if not content.startswith(tuple(MARKS)) and b"\0" not in content:
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8-sig")
        with suppress(LookupError, UnicodeError):
            return content.decode(_declared(content), errors="replace")
    return "".join(decoded(iter([content]), encoding))


def _declared(content: bytes) -> str:
    """The encoding a page names; raise LookupError if there is none or Python does not know it."""
    found = DECLARED.search(content, 0, HEAD)
    name = codecs.lookup(found[1].decode("ascii", "replace") if found else "").name
    # What calls itself Latin-1 is by the HTML standard Windows-1252.
    return "cp1252" if name in {"iso8859-1", "ascii"} else name
