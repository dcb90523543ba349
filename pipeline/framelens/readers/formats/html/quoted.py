"""What a message in HTML quotes of others."""

from __future__ import annotations

from framelens.readers.formats.html.blocks import own_blocks
from framelens.readers.formats.html.tree import parsed, whole_page

QUOTES = (
    "//blockquote[@type='cite' or contains(@class, '_quote')] | "
    "//*[contains(@class, 'gmail_quote') or contains(@class, 'yahoo_quoted') or "
    "contains(@class, 'moz-cite-prefix') or contains(@class, 'OutlookMessageHeader')] | "
    "//*[contains(@id, 'divRplyFwdMsg') or contains(@id, 'appendonsend')] | "
    "//*[contains(@id, 'divRplyFwdMsg') or contains(@id, 'appendonsend')]/following-sibling::*"
)
"""Elements in which mail programs put quotations; other `blockquote` elements are the sender's
citations."""


def without_quoted(page: str) -> tuple[str, list[str]]:
    """A message's HTML without what it quotes of other messages, and the paragraphs of that."""
    from lxml.html import tostring

    page = whole_page(page)
    tree = parsed(page)[0]
    quoted: list[str] = []
    for quote in tree.xpath(QUOTES):
        if tree in quote.iterancestors():  # else it is in one that has been taken out
            quoted += [text for text, _ in own_blocks(quote)]
            quote.drop_tree()
    return (tostring(tree, encoding="unicode"), quoted) if quoted else (page, quoted)
