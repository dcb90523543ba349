"""Web pages → passages, through trafilatura."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from framelens.core.types import Passage
from framelens.readers.bad import Bad
from framelens.readers.decoding import MARKS, decoded
from framelens.readers.extracted import Extracted, first_line, passages, quiet
from framelens.readers.source import Reading, Source

if TYPE_CHECKING:
    from lxml.etree import _Element
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
            found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
        except Exception as error:  # a parser of foreign pages may fail in any way
            raise Bad(f"not HTML that can be read: {first_line(error)}") from None
    if found is None or isinstance(found, dict) or found.body is None:
        raise Bad("no text in it")
    return Extracted(list(_paragraphs(found.body)), meta=_meta(found))


def _check_size(page: str) -> None:
    """Raise Bad for a page that would take minutes or gigabytes to read."""
    if (tags := page.count("<")) > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the page")
    for tag in TAG.finditer(page):
        most = sum(1 for _ in ATTRIBUTE.finditer(tag[0])) if len(tag[0]) > MOST_ATTRIBUTES else 0
        if most > MOST_ATTRIBUTES:
            line = page.count("\n", 0, tag.start()) + 1
            raise Bad(f"an element has over {MOST_ATTRIBUTES:,} attributes", line)


def _meta(found: Document) -> dict[str, Any]:
    return {
        "title": found.title,
        "date": found.date,
        "author": found.author,
        "source": found.sitename or found.hostname,
        "url": found.url,
    }


def _paragraphs(body: _Element) -> Iterator[str]:
    """The texts of elements that stand apart; `<br>` breaks a line."""
    from lxml.etree import iterwalk

    held: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        if element.tag in APART:
            yield from _cut(held)
            held.clear()
        if event == "start":
            held.append(BREAK if element.tag == "lb" else element.text or "")
        elif element is not body:
            held.append(element.tail or "")
    yield from _cut(held)


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
