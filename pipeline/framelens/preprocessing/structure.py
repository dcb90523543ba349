"""Classified sentences → the same with what can be found of their places in documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, tee

from framelens.classification.stream import Classified
from framelens.core.types import FOOTNOTE
from framelens.preprocessing.line_breaks import BREAKS
from framelens.preprocessing.un_documents import un_fields


def with_fields(rows: Iterable[Classified]) -> Iterator[Classified]:
    """The rows, in order and as they come, with the fields that `un_fields` finds.

    Each document is read from its start; of footnotes nothing is told.
    """
    for (_, is_note), stretch in groupby(rows, key=_stretch):
        if not is_note:
            stretch = _located(stretch)
        yield from stretch


def _stretch(row: Classified) -> tuple[str, bool]:
    return row.passage.doc, row.passage.meta.get("part") == FOOTNOTE


def _located(rows: Iterable[Classified]) -> Iterator[Classified]:
    paragraphs, copies = tee(_paragraphs(rows))
    texts = ([row.frames.text for row in paragraph] for paragraph in copies)
    for paragraph, fields in zip(paragraphs, un_fields(texts), strict=True):
        for row, found in zip(paragraph, fields, strict=True):
            yield replace(row, fields=found) if found else row


def _paragraphs(rows: Iterable[Classified]) -> Iterator[list[Classified]]:
    held: list[Classified] = []
    for row in rows:
        if held and _is_apart(held[-1], row):
            yield held
            held = []
        held.append(row)
    if held:
        yield held


def _is_apart(before: Classified, row: Classified) -> bool:
    """Whether a blank line stands between two sentences."""
    passage = row.passage
    if before.passage is not passage:
        return True
    between = passage.text[before.frames.end - passage.offset : row.frames.start - passage.offset]
    return sum(between.replace("\r\n", "\n").count(char) for char in BREAKS) > 1
