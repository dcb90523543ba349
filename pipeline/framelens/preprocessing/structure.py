"""Passages → sentences, each with its place: number, kind, how it follows on the last, UN fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat

from framelens.core.types import FOOTNOTE, Follows, Kind, Passage, Sentence, Unit
from framelens.preprocessing.boilerplate import MENU, judge
from framelens.preprocessing.boundaries import BREAKS
from framelens.preprocessing.kinds import Kinds
from framelens.preprocessing.selection import foreign_language
from framelens.preprocessing.sentences import Span, split
from framelens.preprocessing.un_documents import LENGTH, Place, masthead

LABELS = 3
"""How many of the lines of a menu must be labels that nothing but their row gives away."""
ROW = 100
"""Headings in a row that are held back at most, until it is known whether they are a menu."""


def sentences_of(passages: Iterable[Passage], unit: Unit) -> Iterator[Sentence]:
    """The sentences of passages, in order and as they come.

    Passages of one document follow one another. `unit="sentence"` takes each passage as one
    sentence. Of footnotes only the document's own fields are told.
    """
    held: list[Sentence] = []
    for sentence in _sentences(passages, unit):
        if held and (sentence.doc != held[0].doc or len(held) == ROW):
            yield from _settled(held, leads=False)
            held = []
        if sentence.kind in ("heading", "menu"):
            held.append(sentence)
        elif held:
            yield from _settled(held, leads=True)
            yield sentence
            held = []
        else:
            yield sentence
    yield from _settled(held, leads=False)


def _settled(held: Sequence[Sentence], *, leads: bool) -> Iterator[Sentence]:
    """Headings in a row: labels that are many are a menu, but for the last if it `leads` on to text.

    The only sentence of a document heads nothing, and is prose.
    """
    if not leads and len(held) == 1 and held[0].index == 0 and held[0].kind == "heading":
        yield replace(held[0], kind="prose")
        return
    labels = [at for at, sentence in enumerate(held) if _is_label(sentence)]
    furniture = sum(sentence.kind == "menu" for sentence in held)
    menu = set(labels if len(labels) >= LABELS and len(labels) + furniture >= MENU else ())
    if leads and labels:
        menu.discard(labels[-1])
    for at, sentence in enumerate(held):
        yield replace(sentence, kind="menu") if at in menu else sentence


def _is_label(sentence: Sentence) -> bool:
    known = sentence.passage.kind is not None or "symbol" in sentence.fields
    return sentence.kind == "heading" and not known and judge(sentence.text) is None


def _sentences(passages: Iterable[Passage], unit: Unit) -> Iterator[Sentence]:
    doc, index, place, kinds = None, 0, Place(), Kinds()
    for passage, about in _with_heads(passages):
        if passage.doc != doc:
            doc, index, place, kinds = passage.doc, 0, Place(), Kinds()
        is_note = passage.meta.get("part") == FOOTNOTE
        hint = "note" if is_note else passage.kind
        text = passage.text
        spans = sentence_spans(text, unit)
        follows = Follows.NOTE if is_note else Follows.NEW_PARAGRAPH
        last = len(spans) - 1
        for at, (start, end) in enumerate(spans):
            after = (
                Follows.NEW_PARAGRAPH if at == last else _follows(text, spans[at], spans[at + 1])
            )
            sentence = text[start:end]
            opens = follows > Follows.SAME_LINE
            kind: Kind = "prose"
            if unit == "document" or hint is not None:
                kind = kinds.read(sentence, hint, opens=opens, alone=after > Follows.SAME_LINE)
            fields = about
            if not is_note:
                fields = place.move(
                    sentence, opens=follows >= Follows.NEW_PARAGRAPH, prose=kind == "prose"
                )
                fields = {**about, **fields} if about else fields
            yield Sentence(passage, index, start, sentence, follows, fields, kind)
            follows = after
            index += 1


def _with_heads(passages: Iterable[Passage]) -> Iterator[tuple[Passage, Mapping[str, str]]]:
    """Passages with what the beginning of their document says of the whole of it.

    As many of a document are drawn at first as its masthead may reach over.
    """
    held: list[Passage] = []
    length = 0
    about: Mapping[str, str] | None = None
    doc = None
    for passage in passages:
        if passage.doc != doc:
            yield from _told(held)
            doc, held, length, about = passage.doc, [], 0, None
        if about is not None:
            yield passage, about
            continue
        held.append(passage)
        length += len(passage.text)
        if length >= LENGTH:
            about = _about(held)
            yield from zip(held, repeat(about))
            held = []
    yield from _told(held)


def _told(held: Sequence[Passage]) -> Iterator[tuple[Passage, Mapping[str, str]]]:
    return zip(held, repeat(_about(held)))


def _about(held: Sequence[Passage]) -> Mapping[str, str]:
    """What is known of a document from its beginning."""
    if not held:
        return {}
    text = held[0].text if len(held) == 1 else "\n".join(passage.text for passage in held)
    language = foreign_language(text)
    found = masthead(text)
    return {**found, "language": language} if language else found


def sentence_spans(text: str, unit: Unit) -> list[Span]:
    """The sentences of a text by offsets; with `unit="sentence"` the whole of it, trimmed."""
    if unit == "document":
        return split(text)
    start = len(text) - len(text.lstrip())
    return [(start, len(text.rstrip()))] if text.strip() else []


def _follows(text: str, before: Span, span: Span) -> Follows:
    between = text[before[1] : span[0]]
    if between == " ":
        return Follows.SAME_LINE
    breaks = sum(between.replace("\r\n", "\n").count(char) for char in BREAKS)
    if breaks > 1:
        return Follows.NEW_PARAGRAPH
    # In text that is broken by width, a line may end with a sentence by chance.
    wrapped = breaks and ("\n" in text[slice(*before)] or "\n" in text[slice(*span)])
    return Follows.NEW_LINE if breaks and not wrapped else Follows.SAME_LINE
