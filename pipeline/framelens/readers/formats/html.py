"""Web pages → passages, through trafilatura."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any

from framelens.core.memory import compiled
from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import DAY, iso_date, printed_date
from framelens.readers.extracted import (
    RAISED_DIGITS,
    Block,
    Extracted,
    day_of,
    foreign,
    passages,
    quiet,
)
from framelens.readers.numbering import written
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
MOST_IN_TABLES = 20_000_000
"""The most steps of trafilatura through tables, for it goes through all that lies in one once for each
table around it."""
MOST_ABOVE = 2_000_000
"""The most elements that stand above others, each counted anew, in a page that nests over 256 deep."""
MOST_TIMES = 500
"""How many `time` elements are looked at for a page's date."""
MOST_LOOKED_FOR = 1_000
"""How many paragraphs are looked for in the one that trafilatura found."""
TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*+""")
ATTRIBUTE = re.compile(r"[\s/\"'][^\s/>=\"']")

DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE
)
XML = re.compile(r"^\s*<\?xml[^>]*>")
HEAD = 1 << 16
"""Bytes at a page's start in which it may name its encoding."""
APART = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "code", "div"})
"""Elements of trafilatura's tree whose text stands apart from what is around them."""
TREE_KINDS: Mapping[str, Kind] = {
    "head": "heading", "cell": "table", "item": "prose", "quote": "prose",
}  # fmt: skip
"""The kinds of text in some of them."""
TOO_DEEP = "Excessive depth"
"""libxml2's message where it leaves out the rest of a page."""
BREAKS = frozenset({"br", "lb"})
"""Elements that break a line, of pages and of trafilatura's tree."""
BREAK = "\0"
"""Their placeholder, a character that XML cannot hold."""


def read_html(source: Source, reading: Reading) -> Iterator[Passage]:
    """The main text of a page; raise Bad if it has none."""
    content = source.content(LIMIT)
    if (page := decoded_as_declared(content)) is None:
        page = "".join(decoded(iter([content]), reading.encoding))
    return passages(extract(page), source, reading)


def extract(page: str) -> Extracted:
    """The paragraphs of a page and its `title`, `date`, `author`, `source` (site) and `url`.

    Raise Bad where trafilatura finds no text.
    """
    import trafilatura
    from lxml.html import tostring

    page = _whole(page)
    with quiet("trafilatura", "htmldate", "courlan"), foreign("HTML"):
        tree, is_deep = _tree(page)
        is_pruned = _drop_hidden(tree)
        notes = _taken_notes(tree)
        is_changed = any([_number_items(tree), _raise_marks(tree), is_pruned, notes])
        if _break_lines(tree) or is_changed:
            page = tostring(tree, encoding="unicode")
        is_tangled = _is_tangled(tree, is_deep=is_deep)
        main = main_blocks(tree)
        whole = main or _body_blocks(tree, all_of_it=is_tangled)
        result = None
        if not is_tangled:
            result = trafilatura.bare_extraction(
                # A page given as text it would parse without its deep elements.
                _tree(page)[0] if is_deep else page,
                with_metadata=True,
                include_comments=False,
                date_extraction_params={"original_date": True, "extensive_search": True},
            )
    if isinstance(result, dict) or (result is not None and result.body is None):
        result = None
    blocks = (
        list(_blocks(_with_terms(result.body), TREE_KINDS, APART)) if result is not None else []
    )
    if 2 * letters(blocks) < letters(main):
        blocks = main
    blocks = whole if is_tangled else blocks
    blocks = _restored(_parted(blocks, whole), whole)
    if not blocks:
        raise Bad("no text in it")
    return Extracted(blocks, notes, _meta(result, tree, page, whole))


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
"""The names of what clicks show."""
GONE = "framelens-gone"


def _drop_hidden(page: HtmlElement) -> bool:
    """Take out what a browser does not show, and return whether anything has changed. What a click shows
    stays; where it is most of the page, a script shows it, and it stays, too."""
    shown = {name.lstrip("#") for value in page.xpath(CONTROLS) for name in value.split()}
    hidden = {one for one in page.xpath(HIDDEN) if one.get("id") not in shown}
    outer = _outermost(page, hidden.union(page.xpath(OVER)))
    if 2 * sum(letters(_own_blocks(one)) for one in outer) > letters(_own_blocks(page)):
        outer = []
    _take_out(page, outer)
    kept = page.xpath(HIDDEN)
    for one in kept:  # trafilatura would leave it out
        one.attrib.pop("hidden", None)
        one.attrib.pop("style", None)
    return bool(outer or kept)


def _outermost(page: HtmlElement, some: Collection[HtmlElement]) -> list[HtmlElement]:
    """Those of some elements that are in none of the others, in the order of the page."""
    from lxml.etree import iterwalk

    outer = []
    walk = iterwalk(page, events=("start",))
    for _, one in walk if some else ():
        if one in some:
            outer.append(one)
            walk.skip_subtree()
    return outer


def _take_out(page: HtmlElement, some: Iterable[HtmlElement]) -> None:
    """Take out elements, at once: `drop_tree` copies the text behind each again and again."""
    from lxml.etree import strip_elements

    for one in some:
        one.tag = GONE
    strip_elements(page, GONE, with_tail=False)


BACK = re.compile(
    r"(?:ftnt?|fn|edn|foot|end|note|cite|cmnt)[-_:.]*(?:note[-_:.]*)?(?:ref(?!erences)|anchor)|"
    r"sd(?:foot|end)note\d+anc",
    re.IGNORECASE,
)
"""Names of the places in a text that its notes lead back to."""
NOTE_ID = re.compile(r"(?:ftnt?|fn|edn|note)[-_:.]{0,4}\w{0,20}\d", re.IGNORECASE)
HOLDERS = frozenset({"p", "li", "div", "dd", "td", "aside"})
MOST_BEFORE = 8
"""The most characters before a note's link back, where that is not its end."""


def _taken_notes(page: HtmlElement) -> list[str]:
    """Take out the footnotes of a page, and return them: what begins or ends with a link back to a
    place further up, by a name for such."""
    links = [one for one in page.iter("a") if BACK.search(_target(one))]
    if not links:
        return []
    places = _Places(page)
    found = _outermost(page, {note for one in links if (note := _note_of(one, places)) is not None})
    for note in found:
        note.tag = "div"  # an aside would be left out
    notes = [" ".join(text for text, _ in _own_blocks(note)) for note in found]
    _take_out(page, found)
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
        for event, one in iterwalk(page, events=("start", "end", "comment", "pi")):
            if event != "start":
                self.end[one] = count
                count += len(_flat(one.tail or ""))
                continue
            for name in filter(None, (one.get("id"), one.get("name"))):
                self.named.setdefault(name, len(self.number))
            self.number[one], self.begin[one] = len(self.number), count
            count += len(_flat(one.text or ""))


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


FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
"""The names that Word has for the ways of HTML to write numbers, other than in figures."""


LEADS = frozenset({"p", "div", "span", "font", "a", "strong", "b", "em", "i", "u"})
"""Elements that an item's text may begin in."""


def _number_items(page: HtmlElement) -> bool:
    """Put the numbers that a browser prints before the items of lists which say at what they start or how
    they are written, as those of word processors do; return whether there are any."""
    lists = page.xpath("//ol[@start or @type or li/@value][not(contains(@style, 'none'))]")
    for one in lists:
        step = 1 if one.get("reversed") is None else -1
        first_number = 1 if step > 0 else len(one.findall("li"))
        form, number = one.get("type") or "", _whole_number(one.get("start"), first_number)
        around = "({})" if form in ("a", "i") else "{}."
        for item in one.iterchildren("li"):
            number = _whole_number(item.get("value"), number)
            label = around.format(written(number, FORMS.get(form, "decimal")))
            first = item
            while not (first.text or "").strip() and len(first) and first[0].tag in LEADS:
                first = first[0]
            first.text = f"{label} {(first.text or '').lstrip()}"
            number += step
    return bool(lists)


def _raise_marks(page: HtmlElement) -> bool:
    """Make figures that are printed raised, as marks of notes are, such that are; return whether there
    are any."""
    raised = [
        one for sup in page.iter("sup") for one in sup.iter() if (one.text or "").strip().isdigit()
    ]
    for one in raised:
        one.text = one.text.translate(RAISED_DIGITS)
    return bool(raised)


def _whole_number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,4}\s*", text) else otherwise


TYPED = ("pre", "xmp", "listing")
AS_TYPED = "|".join(
    (*(f"//{tag}" for tag in TYPED), "//*[contains(translate(@style, ' ', ''), 'white-space:pre')]")
)
"""Elements whose lines a browser shows as they were typed."""


def _break_lines(page: HtmlElement) -> bool:
    """Put elements where lines end that a browser shows as they were typed, and return whether there are
    any."""
    from lxml.etree import Element

    typed = set(page.xpath(AS_TYPED))
    for outer in _outermost(page, typed):
        for one in list(outer.iter("*")):
            first, *lines = (one.text or "").split("\n")
            one.text = first
            after, *more = (one.tail or "").split("\n") if one is not outer else [one.tail]
            one.tail = None
            for line in reversed(lines):
                one.insert(0, br := Element("br"))
                br.tail = line
            for line in reversed(more):
                one.addnext(br := Element("br"))
                br.tail = line
            one.tail = after
        outer.tag = "div" if outer.tag in TYPED else outer.tag
    return bool(typed)


def _with_terms(tree: _Element) -> _Element:
    """A tree of trafilatura's in which the terms of a list of definitions are no items."""
    for one in tree.iter("item"):
        if (one.get("rend") or "").startswith("dt"):
            one.tag = "p"
    return tree


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


def _is_tangled(tree: HtmlElement, *, is_deep: bool) -> bool:
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


def _whole(page: str) -> str:
    """A page, wrapped in `html` and `body` if it lacks them; raise Bad for one that would take minutes
    or gigabytes to read."""
    if (tags := page.count("<")) > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the page")
    for tag in TAG.finditer(page):
        most = sum(1 for _ in ATTRIBUTE.finditer(tag[0])) if len(tag[0]) > MOST_ATTRIBUTES else 0
        if most > MOST_ATTRIBUTES:
            line = page.count("\n", 0, tag.start()) + 1
            raise Bad(f"an element has over {MOST_ATTRIBUTES:,} attributes", line)
    page = XML.sub("", page, count=1)  # lxml refuses a declaration of encoding in decoded text
    return page if "<html" in page.lower() else f"<html><body>{page}</body></html>"


def _parted(blocks: list[Block], own: list[Block]) -> list[Block]:
    """The page's `own` paragraphs where trafilatura has joined them in one, as it does with short pages
    and with pages whose text stands in JSON-LD, too; else its `blocks`."""
    if len(blocks) == 1:
        whole = _flat(blocks[0][0])
        within = (text for text, _ in own[:MOST_LOOKED_FOR] if _flat(text) in whole)
        if len(list(islice(within, 2))) > 1:
            return own
    return blocks


HEADS_BEFORE = 3
"""How many blocks before the first paragraph the page's heading is looked for."""


def _restored(blocks: list[Block], own: list[Block]) -> list[Block]:
    """The `blocks` of trafilatura with those of the page's `own` between them that it left out:
    captions, and if it left no heading, headings, lists and tables as well."""
    known = {_flat(text) for text, _ in blocks}
    flat = [_flat(text) for text, _ in own]
    places = [at for at, text in enumerate(flat) if text in known]
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
        if flat[at] in known:
            before.setdefault(flat[at], waiting)
            waiting = []
        elif own[at][1] in lost and (at > begin or at in heads):
            waiting.append(own[at])
    return [one for block in blocks for one in (*before.pop(_flat(block[0]), ()), block)]


def _flat(text: str) -> str:
    return "".join(text.split())


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


KINDS: dict[str, Kind] = {
    **{f"h{level}": "heading" for level in range(1, 7)}, "td": "table", "th": "table",
    "figcaption": "caption", "caption": "caption", "li": "prose", "blockquote": "prose",
}  # fmt: skip
BLOCKS = frozenset(
    {*KINDS, "p", "div", "section", "article", "main", "header", "ul", "ol", "dl", "dt", "dd", "table",
     "tbody", "thead", "tr", "figure", "pre", "address", "details", "summary", "hr", "body"}
)  # fmt: skip
LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select",
     "svg", "iframe", "head", "video", "audio", "object"}
)  # fmt: skip
ROOTS = ("//main", "//*[@role='main']", "//article", "//*[@itemprop='articleBody']")
"""Paths of the element with a page's main text, the surest first."""


def main_blocks(page: HtmlElement) -> list[Block]:
    """The paragraphs of the element that the page marks as its main text, none if it marks none."""
    for root in ROOTS:
        inner = frozenset(page.xpath(root))
        # The outermost of nested ones, so that each paragraph is read once.
        outer = (one for one in page.xpath(root) if inner.isdisjoint(one.iterancestors()))
        longest = max(map(_own_blocks, outer), key=letters, default=[])
        if longest:
            return longest
    return []


def _body_blocks(page: HtmlElement, *, all_of_it: bool) -> list[Block]:
    """The paragraphs of a whole page, less its menus, asides and the like, unless `all_of_it` is wanted
    where nothing else is left."""
    body = page if page.tag == "body" else page.find("body")
    blocks = _own_blocks(body) if body is not None else []
    if blocks or not all_of_it or body is None:
        return blocks
    for one in body.iter("form", "nav", "aside", "footer", "button", "noscript", "object"):
        one.tag = "div"
    return _own_blocks(body)


def _own_blocks(root: HtmlElement) -> list[Block]:
    return list(_blocks(root, KINDS, BLOCKS))


def letters(blocks: list[Block]) -> int:
    """How many characters paragraphs have together."""
    return sum(len(text) for text, _ in blocks)


def _blocks(root: _Element, kinds: Mapping[str, Kind], apart: Collection[str]) -> Iterator[Block]:
    """The texts of the elements in `apart`, each with the kind of the innermost element around it that
    is in `kinds`."""
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

    page = _whole(page)
    tree = _tree(page)[0]
    quoted: list[str] = []
    for one in tree.xpath(QUOTES):
        if tree in one.iterancestors():  # else it is in one that has been taken out
            quoted += [text for text, _ in _own_blocks(one)]
            one.drop_tree()
    return (tostring(tree, encoding="unicode"), quoted) if quoted else (page, quoted)


def _walk(element: _Element, apart: Collection[str]) -> Iterator[str | tuple[str, bool]]:
    """The texts within an element; at the start and end of each element in `apart` its name, with
    whether it opens."""
    # No recursion: pages nest deeper than Python's stack.
    stack: list[tuple[_Element, bool]] = [(element, True)]
    while stack:
        one, opening = stack.pop()
        name = one.tag if isinstance(one.tag, str) else ""
        skipped = not name or (name in LEFT_OUT and name not in apart)
        if opening and not skipped:
            yield (name, True) if name in apart else (BREAK if name in BREAKS else "")
            yield one.text or ""
            stack.append((one, False))
            stack += [(child, True) for child in reversed(list(one))]
            continue
        if not skipped and name in apart:
            yield name, False
        if one is not element:
            yield one.tail or ""


NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "og:pubdate", "pubdate", "publishdate", "publish-date", "publish_date", "date", "dc.date",
    "dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created", "dc.date.created",
    "sailthru.date", "parsely-pub-date", "citation_publication_date", "citation_date", "article.published",
)  # fmt: skip
"""Names of `meta` elements that hold the date of publication, in lower case, the surest first."""
DATE = re.compile(r"\s*(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?!\d)")
CHANGED = re.compile(r"(?:modif|updat|revis)[^<>]{0,80}?(\d{4}-\d\d-\d\d)", re.IGNORECASE)
MODIFIED = re.compile(r"modif|updat|revis|changed", re.IGNORECASE)
EVENT = re.compile(
    r"(?<!pointer-)event|\b(?:start|end)[-_\s]?(?:date|time)|deadline|\bdue\b|expir|schedule|calendar|"
    r"agenda|upcoming|\bnext\b|\bregister|\buntil\b|\bjoin\b",
    re.IGNORECASE,
)
"""Words about days on which something else happens."""
MOST_BESIDE = 60
"""The most characters beside the day of publication in its paragraph; longer ones are prose."""


def published(page: HtmlElement) -> str | None:
    """A page's date of publication (as in 2024-03-05); None where it does not say.

    A day that is still to come is none.
    """
    written = (*_linked(page), *_named(page), *(text for text, is_own in _timed(page) if is_own))
    return next((day for text in written if (day := _day(text)) and not is_to_come(day)), None)


def is_to_come(day: str) -> bool:
    """Whether a day is later than today, wherever it is read."""
    return day > (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def is_of_other(day: str, page: str, tree: HtmlElement) -> bool:
    """Whether a day stands in a page's source as that of its last change, or of an event, or does not stand
    there at all: from a year alone trafilatura takes the first of January."""
    if is_to_come(day) or any(match[1] == day for match in CHANGED.finditer(page)):
        return True
    year = day[:4]
    stated = rf"{year}(?:0101|\W0?1\W0?1)(?!\d)|(?<!\d)0?1\W0?1\W{year}"
    if day.endswith("-01-01") and not re.search(stated, page):
        return all(iso_date(written) != day for written in compiled(DAY).finditer(page))
    return any(_day(text) == day for text, is_own in _timed(tree) if not is_own)


def _linked(page: HtmlElement) -> Iterator[str]:
    """The dates in JSON-LD."""
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        with suppress(ValueError, RecursionError):
            yield from _dates(json.loads(script.text or ""))


def _dates(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(given := value.get("datePublished"), str):
            yield given
        for inner in (value.get("@graph"), value.get("mainEntity")):
            yield from _dates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dates(inner)


def _named(page: HtmlElement) -> Iterator[str]:
    values: dict[str, str] = {}
    for one in page.xpath("//meta[@content]"):
        for key in ("property", "name", "itemprop"):
            values.setdefault((one.get(key) or "").lower(), one.get("content"))
    yield from (values[name] for name in NAMES if name in values)


def _timed(page: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The `time` elements, those of the main text first, each with whether it may be the page's date:
    it is none of a change or an event, and stands in no prose."""
    times = list(islice(page.iter("time"), MOST_TIMES))
    surest = (
        one for one in times if "pubdate" in one.attrib or one.get("itemprop") == "datePublished"
    )
    inner = (
        one
        for one in times
        if next(one.iterancestors("main", "article", "header"), None) is not None
    )
    for one in (*surest, *inner, *times):
        near = [one, *list(one.iterancestors())[:2]]
        about = " ".join(f"{it.get('class', '')} {it.get('itemprop', '')}" for it in near)
        previous = one.getprevious()
        label = (previous.tail if previous is not None else one.getparent().text) or ""
        others = any(sign.search(f"{about} {label}") for sign in (MODIFIED, EVENT))
        yield one.get("datetime") or one.text_content(), not (others or _is_in_prose(one))


def _is_in_prose(one: HtmlElement) -> bool:
    """Whether an element stands in a paragraph that says much more."""
    block = next((above for above in one.iterancestors() if above.tag in {"p", "li", "td"}), None)
    return block is not None and len(block.text_content()) - len(one.text_content()) > MOST_BESIDE


def _day(text: str) -> str | None:
    if day := day_of(DATE.match(text)):
        return day
    written = compiled(DAY).search(text)
    return iso_date(written) if written else None
