"""The footnotes of a page, taken out of its tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framelens.readers.formats.html.blocks import flat, own_blocks
from framelens.readers.formats.html.tree import outermost, take_out

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

BACK = re.compile(
    r"(?:ftnt?|fn|edn|foot|end|note|cite|cmnt)[-_:.]*(?:note[-_:.]*)?(?:ref(?!erences)|anchor)|"
    r"sd(?:foot|end)note\d+anc",
    re.IGNORECASE,
)
"""Names of the places in a text that its notes link back to."""
NOTE_ID = re.compile(r"(?:ftnt?|fn|edn|note)[-_:.]{0,4}\w{0,20}\d", re.IGNORECASE)
"""Names of the elements that are notes."""
HOLDERS = frozenset({"p", "li", "div", "dd", "td", "aside"})
"""Elements that a note may be."""
MOST_BEFORE = 8
"""The most characters before a note's link back, where that is not its end."""


def taken_notes(page: HtmlElement) -> list[str]:
    """Take out the footnotes of a page, and return their texts.

    A footnote begins or ends with a link back to a place further up, whose name is one for such places.
    """
    links = [link for link in page.iter("a") if BACK.search(_target(link))]
    if not links:
        return []
    places = _Places(page)
    found = outermost(
        page, {note for link in links if (note := _note_of(link, places)) is not None}
    )
    for note in found:
        note.tag = "div"  # an aside would be left out
    notes = [" ".join(text for text, _ in own_blocks(note)) for note in found]
    take_out(page, found)
    return list(filter(None, notes))


def _target(link: HtmlElement) -> str:
    """The name of the place in a page that a link leads to."""
    return (link.get("href") or "").partition("#")[2]


class _Places:
    """Where the elements of a page stand: by number, in `named` by their names as well, and how many
    characters stand before the begin and before the end of each, spaces aside."""

    def __init__(self, page: HtmlElement) -> None:
        from lxml.etree import iterwalk

        self.number: dict[_Element, int] = {}
        self.begin: dict[_Element, int] = {}
        self.end: dict[_Element, int] = {}
        self.named: dict[str, int] = {}
        count = 0
        for event, element in iterwalk(page, events=("start", "end", "comment", "pi")):
            if event != "start":
                self.end[element] = count
                count += len(flat(element.tail or ""))
                continue
            for name in filter(None, (element.get("id"), element.get("name"))):
                self.named.setdefault(name, len(self.number))
            self.number[element], self.begin[element] = len(self.number), count
            count += len(flat(element.text or ""))


def _note_of(link: HtmlElement, places: _Places) -> HtmlElement | None:
    """The element that is the note which a link back stands in, None where it stands within a text."""
    place = places.named.get(_target(link))

    def is_note(holder: HtmlElement) -> bool:
        is_first = places.begin[link] - places.begin[holder] <= MOST_BEFORE
        if place is None:  # sites take names out
            return is_first
        is_last = places.end[holder] == places.end[link]
        return (is_first or is_last) and place < places.number[holder]

    holder = next((above for above in link.iterancestors() if above.tag in HOLDERS), None)
    if holder is None or not is_note(holder):
        return None
    above = holder.getparent()
    while (
        above is not None
        and above.tag in HOLDERS
        and NOTE_ID.search(above.get("id") or "")
        and is_note(above)
    ):
        holder, above = above, above.getparent()
    return holder
