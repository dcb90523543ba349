"""A piece → its sentences as text, with all that the rest of the output does not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from framelens.classification.stream import Classified, classify_passages
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.parallel.pieces import Collected, Piece, Reject
from framelens.parallel.task import Task, opened
from framelens.preprocessing.boilerplate import main_text
from framelens.preprocessing.structure import with_fields
from framelens.readers import read_sources
from framelens.writers.layout import Layout, layout_for

SENTENCES = 2048
"""The most sentences in one result."""


@dataclass(frozen=True, slots=True)
class Done:
    """Some sentences of a piece: their lines, or of a part of a document only the `tails` of them.

    What is wrong with the input after these sentences is in `error`; nothing comes after it.
    """

    sentences: int
    text: str = ""
    tails: tuple[str, ...] = ()
    rejected: tuple[Reject, ...] = ()
    error: str | None = None


def work(piece: Piece, task: Task) -> Iterator[Done]:
    """Read, classify and write a piece, some sentences at a time."""
    rejects = Collected()
    rejects.rows.extend(piece.rejected)
    errors: list[str] = []
    layout = layout_for(task)
    rows = _until_error(_rows(piece, task, rejects), errors)
    while batch := list(islice(rows, SENTENCES)):
        yield _done(batch, piece, layout, rejects.take())
    error = errors[0] if errors else piece.error
    if error is not None or rejects.rows:
        yield Done(0, rejected=rejects.take(), error=error)


def _rows(piece: Piece, task: Task, rejects: Collected) -> Iterator[Classified]:
    reading = task.reading(rejects if task.skip_bad else None)
    passages: Iterable[Passage] = chain(piece.passages, read_sources(piece.sources, reading))
    if task.main_text:
        passages = main_text(passages)
    rows = classify_passages(passages, opened(task), unit=task.unit, evidence=task.evidence)
    # What is found of a sentence's place is a field of its record; a table has no place for it.
    return with_fields(rows) if task.form == "jsonl" else rows


def _until_error(rows: Iterator[Classified], errors: list[str]) -> Iterator[Classified]:
    try:
        yield from rows
    except FramelensError as error:
        errors.append(str(error))


def _done(
    batch: list[Classified], piece: Piece, layout: Layout, rejected: tuple[Reject, ...]
) -> Done:
    if piece.continues is None:
        return Done(len(batch), text="".join(map(layout.line, batch)), rejected=rejected)
    heads = (layout.head(row.passage.doc, row.index) for row in batch)
    tails = (layout.line(row)[len(head) :] for row, head in zip(batch, heads, strict=True))
    return Done(len(batch), tails=tuple(tails), rejected=rejected)
