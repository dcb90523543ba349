"""Word files → passages, through python-docx, with the numbers that Word puts before paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from lxml import etree
from lxml.etree import _Element

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.archives import check_tags, opened
from framelens.readers.extracted import Extracted, foreign, given_name, passages, single_spaced
from framelens.readers.numbering import LEVELS, Level, Levels, printed, step
from framelens.readers.source import Reading, Source

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
"""Elements that stand for a character."""
MADE_UP, MADE_UP_ON = "python-docx", datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""The author and date that python-docx writes where its user gives none."""
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
STYLES: Mapping[str, Kind] = {
    "heading": "heading",
    "title": "heading",
    "subtitle": "heading",
    "caption": "caption",
    "table of figures": "contents",
    "toc heading": "contents",
    "toc ": "contents",
    "list": "prose",
    "endnote": "note",
    "footnote": "note",
}
"""Beginnings of the names of Word's own styles, in lower case, and the kind of their text."""
APART = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}p", f"{W}pPr", f"{W}rt", FALLBACK}
)
"""Elements of a paragraph whose text is not part of it: what tracked changes took out, text boxes and
paragraphs within (which stand for themselves), settings, how words are spoken that stands above them,
and second versions for old readers."""
STYLE = f"{W}pPr/{W}pStyle"
JOINED = (
    f"{W}pPr/{W}rPr/{W}del",
    *(f"{W}pPr/{W}framePr[@{W}dropCap='{place}']" for place in ("drop", "margin")),
)
"""What says that the next paragraph goes on this one: tracked changes took out its end, or it is a large
initial."""
VANISH = f"{W}rPr/{W}vanish"
"""The setting that hides a run, or all runs of a style."""
OFF = frozenset({"0", "false", "off"})
"""Values of settings that are not set."""
BULLET = "bullet"
DEEPEST = 32
"""Styles that are based on one another are followed so far."""


def read_docx(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a Word file, tables and text boxes included, tracked changes accepted.

    Headers, footers, comments and hidden text are left out, footnotes and endnotes come last. Raise Bad
    if there is no text or the file cannot be read.
    """
    with opened(source) as (stream, archive), foreign("a Word file"):
        check_tags(archive)
        document = _extracted(stream)
    return passages(document, source, reading)


def _extracted(stream: Any) -> Extracted:
    document = docx.Document(stream)
    styles = {style.style_id: style.name or "" for style in document.styles}
    hidden = _hidden_styles(document.styles.element)
    _hide(document.element.body, hidden)
    numbers = _numbers(document)
    blocks = [(text, _kind(at, styles)) for at, text in _texts(document.element.body, numbers)]
    about = _meta(document)
    made = about.get("date")
    about["title"] = given_name(about.get("title")) or _title(document, styles)
    about["date"] = printed_date((text for text, _ in blocks), made)
    return Extracted(blocks, list(_notes(document, hidden)), about, made=made)


def _meta(document: Document) -> dict[str, Any]:
    kinds = {relation.reltype for relation in document.part.package.rels.values()}
    if KIND.CORE_PROPERTIES not in kinds:
        return {}  # python-docx would make them up
    about = document.core_properties
    date = about.created or about.modified
    author = about.author.strip()
    return {
        "title": about.title.strip(),
        "date": date.date().isoformat() if date and date != MADE_UP_ON else None,
        "author": author if author != MADE_UP else None,
    }


def _numbers(document: Document) -> Numbering:
    lists = next(_parts(document, KIND.NUMBERING), None)
    by_id = _by_id(document.styles.element)
    by_style = {name: _numbering_of(name, by_id) for name in by_id}
    return Numbering({} if lists is None else _lists(lists), by_style)


def _parts(document: Document, *kinds: str) -> Iterator[_Element]:
    """The roots of the parts of a document that are of some kinds."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype in kinds:
            yield etree.fromstring(relation.target_part.blob, parser)


def _title(document: Document, styles: Mapping[str, str]) -> str:
    """The first paragraph in the style of titles."""
    # Not `paragraph.style`, which looks through all styles if a paragraph has none.
    styled = ((one, _value(one._p.find(STYLE))) for one in document.paragraphs)
    titles = (one.text for one, style in styled if styles.get(style or "") == "Title")
    return " ".join(next(titles, "").split())[:300]


def _notes(document: Document, hidden: frozenset[str]) -> Iterator[str]:
    for notes in _parts(document, KIND.FOOTNOTES, KIND.ENDNOTES):
        _hide(notes, hidden)
        yield from filter(None, (" ".join(text for _, text in _texts(note)) for note in notes))


def _texts(element: _Element, numbers: Numbering | None = None) -> Iterator[tuple[_Element, str]]:
    """The paragraphs within an element that hold text, each with its text, its number before it."""
    held: list[str] = []
    for paragraph in element.iter(f"{W}p"):
        if any(above.tag == FALLBACK for above in paragraph.iterancestors()):
            continue
        held += _pieces(paragraph)
        following = next(paragraph.itersiblings(f"{W}p", f"{W}tbl"), None)
        is_last = following is None or following.tag != f"{W}p"
        if not is_last and any(paragraph.find(mark) is not None for mark in JOINED):
            continue
        label = numbers.label(paragraph) if numbers else ""  # an empty one is counted, too
        if text := single_spaced(held):
            yield paragraph, f"{label} {text}" if label else text
        held.clear()


def _kind(paragraph: _Element, styles: Mapping[str, str]) -> Kind | None:
    """The kind of a paragraph by its style, or "table" in a table."""
    name = styles.get(_value(paragraph.find(STYLE)) or "", "")
    if any(above.tag == f"{W}tc" for above in paragraph.iterancestors()):
        return "table"
    kind = next((it for start, it in STYLES.items() if name.lower().startswith(start)), None)
    if kind is None and paragraph.find(f"{W}pPr/{W}numPr") is not None:
        return "prose"
    return kind


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in MARKS:
            yield MARKS[child.tag]
        elif child.tag not in APART and not _is_on(child.find(VANISH)):
            yield from _pieces(child)


def _hidden_styles(styles: _Element) -> frozenset[str]:
    """The styles that hide their text, by themselves or by a style that they are based on."""
    by_id = _by_id(styles)
    hidden = set()
    for name in by_id:
        marks = (mark for it in _with_bases(name, by_id) if (mark := it.find(VANISH)) is not None)
        if _is_on(next(marks, None)):
            hidden.add(name)
    return frozenset(hidden)


def _hide(root: _Element, hidden: frozenset[str]) -> None:
    """Mark as hidden the runs whose style or paragraph style is hidden, unless they are set otherwise,
    and take out what stands where nobody has filled in a form."""
    for mark in filter(_is_on, list(root.iter(f"{W}showingPlcHdr"))):
        for empty in mark.iterancestors(f"{W}sdt"):
            empty.clear(keep_tail=True)
            break
    for run in root.iter(f"{W}r") if hidden else ():
        above = next(run.iterancestors(f"{W}p"), None)
        of_paragraph = None if above is None else above.find(STYLE)
        named = {_value(run.find(f"{W}rPr/{W}rStyle")), _value(of_paragraph)}
        if run.find(VANISH) is None and not hidden.isdisjoint(filter(None, named)):
            look = run.find(f"{W}rPr")
            look = run.makeelement(f"{W}rPr") if look is None else look
            look.append(look.makeelement(f"{W}vanish"))
            run.insert(0, look)


@dataclass(frozen=True, slots=True)
class _List:
    """A list of a document: the abstract list whose count it continues, its levels, the numbers at
    which it restarts the count of a level, and the level of each style that stands for one."""

    abstract: str
    levels: Levels
    restarts: Mapping[int, int]
    styles: Mapping[str, int]


@dataclass(slots=True)
class Numbering:
    """The numbers of a Word document's paragraphs; `label` is to be called for all, in order."""

    lists: Mapping[str, _List]
    by_style: Mapping[str, tuple[str | None, int | None]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: _Element) -> str:
        """The number that Word prints before a paragraph; nothing for bullets and paragraphs
        without one."""
        style = _value(paragraph.find(STYLE)) or ""
        direct = paragraph.find(f"{W}pPr/{W}numPr")
        number, depth = self.by_style.get(style, (None, None))
        if direct is not None:
            stated_number = _value(direct.find(f"{W}numId"))
            stated_depth = _whole(direct.find(f"{W}ilvl"))
            number, depth = stated_number or number, depth if stated_depth is None else stated_depth
        numbered = self.lists.get(number or "")
        if numbered is None:
            return ""
        depth = numbered.styles.get(style, 0) if depth is None else depth
        level = numbered.levels.get(depth)
        if level is None or number is None or level.form == BULLET:
            return ""
        count = self.counts.setdefault(numbered.abstract, {})
        if depth in numbered.restarts and (number, depth) not in self.restarted:
            self.restarted.add((number, depth))
            count[depth] = numbered.restarts[depth] - 1
        step(count, depth, level.start)
        return printed(numbered.levels, count, depth)


def _lists(numbering: _Element) -> dict[str, _List]:
    abstract = {
        one.get(f"{W}abstractNumId") or "": one for one in numbering.iter(f"{W}abstractNum")
    }
    styled = {_value(one.find(f"{W}styleLink")) or " ": name for name, one in abstract.items()}
    lists: dict[str, _List] = {}
    for one in numbering.iter(f"{W}num"):
        key = _value(one.find(f"{W}abstractNumId")) or ""
        if key not in abstract:
            continue
        # Lists may refer to that of a style.
        linked = _value(abstract[key].find(f"{W}numStyleLink"))
        steps = list(islice(abstract[styled.get(linked or "", key)].iter(f"{W}lvl"), LEVELS))
        levels = {_depth(step): _level(step) for step in steps}
        styles = {name: _depth(step) for step in steps if (name := _value(step.find(f"{W}pStyle")))}
        restarts: dict[int, int] = {}
        for other in islice(one.iter(f"{W}lvlOverride"), LEVELS):
            if (step := other.find(f"{W}lvl")) is not None:
                levels[_depth(other)] = _level(step)
            if (start := _whole(other.find(f"{W}startOverride"))) is not None:
                restarts[_depth(other)] = start
        lists[one.get(f"{W}numId") or ""] = _List(key, levels, restarts, styles)
    return lists


def _depth(step: _Element) -> int:
    written = step.get(f"{W}ilvl") or ""
    return int(written) if written.isdecimal() else 0


def _level(step: _Element) -> Level:
    start, text = _whole(step.find(f"{W}start")), _value(step.find(f"{W}lvlText")) or ""
    form = _value(step.find(f"{W}numFmt")) or "decimal"
    return Level(1 if start is None else start, form, text, _is_on(step.find(f"{W}isLgl")))


def _numbering_of(name: str, styles: Mapping[str, _Element]) -> tuple[str | None, int | None]:
    """The list and the level that a style, or one that it is based on, puts paragraphs in."""
    depth: int | None = None
    for style in _with_bases(name, styles):
        depth = _whole(style.find(f"{W}pPr/{W}numPr/{W}ilvl")) if depth is None else depth
        if number := _value(style.find(f"{W}pPr/{W}numPr/{W}numId")):
            return number, depth
    return None, None


def _by_id(styles: _Element) -> dict[str, _Element]:
    return {one.get(f"{W}styleId") or "": one for one in styles.iter(f"{W}style")}


def _with_bases(name: str, styles: Mapping[str, _Element]) -> Iterator[_Element]:
    """A style, and those that it is based on."""
    for _ in range(DEEPEST):
        style = styles.get(name)
        if style is None:
            return
        yield style
        name = _value(style.find(f"{W}basedOn")) or ""


def _whole(element: _Element | None) -> int | None:
    value = _value(element) or ""
    return int(value) if value.isdecimal() else None


def _is_on(setting: _Element | None) -> bool:
    return setting is not None and _value(setting) not in OFF


def _value(element: _Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")
