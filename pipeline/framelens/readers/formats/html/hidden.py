"""What a browser does not show of a page, taken out of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framelens.readers.formats.html.blocks import letters, own_blocks
from framelens.readers.formats.html.tree import outermost, take_out

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HIDDEN = (
    "//body//*[(@hidden and @hidden != 'until-found' and "
    "not(@role = 'tabpanel' or starts-with(@id, 'S:'))) or "
    "contains(translate(@style, ' ', ''), 'display:none')]"
)
"""Elements that a browser does not show; what a click on its tab or React shows is text."""
OVER = (
    "//*[@role = 'dialog' or @role = 'alertdialog' or @aria-modal = 'true'] | "
    "//dialog | //del | //template[not(@shadowrootmode)]"
)
"""Elements that a browser shows over the page, as notices of cookies, or struck out, and what scripts copy
from."""
CONTROLS = "//@aria-controls | //@data-target | //@data-bs-target | //a/@href[starts-with(., '#')]"
"""The names of the elements that a click shows."""


def drop_hidden(page: HtmlElement) -> bool:
    """Take out what a browser does not show, and return whether anything has changed.

    What a click shows stays. Where most of the page is hidden, a script shows it, and it stays, too.
    """
    shown = {name.lstrip("#") for value in page.xpath(CONTROLS) for name in value.split()}
    hidden = {element for element in page.xpath(HIDDEN) if element.get("id") not in shown}
    outer = outermost(page, hidden.union(page.xpath(OVER)))
    if 2 * sum(letters(own_blocks(element)) for element in outer) > letters(own_blocks(page)):
        outer = []
    take_out(page, outer)
    kept = page.xpath(HIDDEN)
    for element in kept:  # trafilatura would leave them out
        element.attrib.pop("hidden", None)
        element.attrib.pop("style", None)
    return bool(outer or kept)
