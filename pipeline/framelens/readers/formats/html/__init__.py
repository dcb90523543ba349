"""Web pages → passages, through trafilatura."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.extracted import Block, Extracted, foreign, passages, quiet
from framelens.readers.formats.html.blocks import (
    blocks_of,
    body_blocks,
    flat,
    letters,
    main_blocks,
)
from framelens.readers.formats.html.dates import MODIFIED, is_of_other, published
from framelens.readers.formats.html.hidden import drop_hidden
from framelens.readers.formats.html.marks import (
    break_lines,
    number_items,
    part_holders,
    raise_marks,
)
from framelens.readers.formats.html.notes import taken_notes
from framelens.readers.formats.html.tree import (
    LIMIT,
    decoded_as_declared,
    is_tangled,
    parsed,
    whole_page,
)
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, decoded

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

APART = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "code", "div"})
"""Elements of trafilatura's tree whose text stands apart from what is around them."""
TREE_KINDS: Mapping[str, Kind] = {
    "head": "heading", "cell": "table", "item": "prose", "quote": "prose",
}  # fmt: skip
"""The kinds of text in some of them."""


def read_html(source: Source, reading: Reading) -> Iterator[Passage]:
    """The main text of a page; raise Bad if it has none."""
    content = source.content(LIMIT)
    if (page := decoded_as_declared(content)) is None:
        page = "".join(decoded(iter([content]), reading.encoding))
    return passages(extract(page), source, reading)


def extract(page: str) -> Extracted:
    """The paragraphs of a page and its `title`, `date`, `author`, `source` (site) and `url`.

    Raise Bad where no text is found.
    """
    from lxml.html import tostring

    page = whole_page(page)
    with quiet("trafilatura", "htmldate", "courlan"), foreign("HTML"):
        tree, is_deep = parsed(page)
        is_pruned = drop_hidden(tree)
        notes = taken_notes(tree)
        is_changed = any([number_items(tree), raise_marks(tree), is_pruned, notes])
        if any([break_lines(tree), part_holders(tree), is_changed]):
            page = tostring(tree, encoding="unicode")
        is_left_to_us = is_tangled(tree, is_deep=is_deep)
        main = main_blocks(tree)
        whole = main or body_blocks(tree, all_of_it=is_left_to_us)
        result = None if is_left_to_us else _extracted(page, is_deep=is_deep)
    blocks = _main_text(result, main) if not is_left_to_us else whole
    blocks = _restored(_parted(blocks, whole), whole)
    if not blocks:
        raise Bad("no text in it")
    return Extracted(blocks, notes, _meta(result, tree, page, whole))


def _extracted(page: str, *, is_deep: bool) -> Document | None:
    """What trafilatura finds in a page, None where it finds no text."""
    import trafilatura

    result = trafilatura.bare_extraction(
        # A page given as text it would parse without its deep elements.
        parsed(page)[0] if is_deep else page,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": True},
    )
    return None if result is None or isinstance(result, dict) or result.body is None else result


def _main_text(result: Document | None, main: list[Block]) -> list[Block]:
    """The paragraphs that trafilatura found, or those of the `main` text that the page marks where it found
    less than half of that."""
    blocks = [] if result is None else list(blocks_of(_with_terms(result.body), TREE_KINDS, APART))
    return main if 2 * letters(blocks) < letters(main) else blocks


def _with_terms(tree: _Element) -> _Element:
    """A tree of trafilatura's in which the terms of a list of definitions are no items."""
    for item in tree.iter("item"):
        if (item.get("rend") or "").startswith("dt"):
            item.tag = "p"
    return tree


MOST_LOOKED_FOR = 1_000
"""How many paragraphs are looked for in the one that trafilatura found."""


def _parted(blocks: list[Block], own: list[Block]) -> list[Block]:
    """The page's `own` paragraphs where trafilatura has joined them in one, as it does with short pages
    and with pages whose text stands in JSON-LD, too; else its `blocks`."""
    if len(blocks) == 1:
        whole = flat(blocks[0][0])
        within = (text for text, _ in own[:MOST_LOOKED_FOR] if flat(text) in whole)
        if len(list(islice(within, 2))) > 1:
            return own
    return blocks


HEADS_BEFORE = 3
"""How many blocks before the first paragraph the page's heading is looked for."""


def _restored(blocks: list[Block], own: list[Block]) -> list[Block]:
    """The `blocks` of trafilatura with those of the page's `own` between them that it left out:
    captions, and if it left no heading, headings, lists and tables as well."""
    known = {flat(text) for text, _ in blocks}
    names = [flat(text) for text, _ in own]
    places = [at for at, name in enumerate(names) if name in known]
    if not places or 2 * len(places) < len(blocks):
        return blocks
    begin, end = places[0], places[-1] + 1
    heads = [at for at in range(max(0, begin - HEADS_BEFORE), begin) if own[at][1] == "heading"]
    between = range(heads[0] if heads else begin, end)
    is_bare = all(kind != "heading" for _, kind in blocks)
    is_bare = is_bare and any(own[at][1] == "heading" for at in between)
    lost: tuple[Kind, ...] = ("caption", "heading", "prose", "table") if is_bare else ("caption",)
    before: dict[str, list[Block]] = {}
    waiting: list[Block] = []
    for at in between:
        if names[at] in known:
            before.setdefault(names[at], waiting)
            waiting = []
        elif own[at][1] in lost and (at > begin or at in heads):
            waiting.append(own[at])
    return [each for block in blocks for each in (*before.pop(flat(block[0]), ()), block)]


def _meta(
    result: Document | None, tree: HtmlElement, page: str, own: list[Block]
) -> dict[str, Any]:
    # A date that stands alone at the top is surer than one from anywhere, which trafilatura finds.
    lines = (line for text, _ in own for line in text.split("\n") if not MODIFIED.search(line))
    day = published(tree) or printed_date(lines)
    if result is None:
        author = next(iter(tree.xpath("//meta[@name='author']/@content")), None)
        title = (tree.findtext(".//title") or "").strip()
        return {"title": title, "date": day, "author": author}
    if day is None and result.date and not is_of_other(result.date, page, tree):
        day = result.date
    return {
        "title": result.title,
        "date": day,
        "author": result.author,
        "source": result.sitename or result.hostname,
        "url": result.url,
    }
