"""Passages → sentences, each with its place: number, how it follows on the last, UN fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from framelens.core.types import FOOTNOTE, Follows, Passage, Sentence, Unit
from framelens.preprocessing.line_breaks import BREAKS
from framelens.preprocessing.sentences import Span, split
from framelens.preprocessing.un_documents import Place


def sentences_of(passages: Iterable[Passage], unit: Unit) -> Iterator[Sentence]:
    """The sentences of passages, in order and as they come.

    Passages of one document follow one another. `unit="sentence"` takes each passage as one
    sentence. Of footnotes no fields are told.
    """
    doc, index, place = None, 0, Place()
    for passage in passages:
        if passage.doc != doc:
            doc, index, place = passage.doc, 0, Place()
        is_note = passage.meta.get("part") == FOOTNOTE
        follows = Follows.NOTE if is_note else Follows.NEW_PARAGRAPH
        before: Span | None = None
        for start, end in sentence_spans(passage.text, unit):
            text = passage.text[start:end]
            if before is not None:
                follows = _follows(passage.text, before, (start, end))
            opens = follows >= Follows.NEW_PARAGRAPH
            fields = {} if is_note else place.move(text, opens=opens)
            yield Sentence(passage, index, start, text, follows, fields)
            before = start, end
            index += 1


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
