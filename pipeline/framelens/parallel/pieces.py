"""Inputs → pieces of work, in order: enough at a time to be worth sending to another process.

What a worker can read itself it is only told of. The rest is read here: streams, archives, and
files too large to be taken as a whole of which no stretch can be read alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.parallel import stretches
from framelens.parallel.task import Task
from framelens.readers import Reading, Rejects, Source, read_sources

PIECE = 256 * 1024
"""The least size of a piece, in bytes or characters, unless the input ends: a tenth of a second's
work or two."""

LONG = 1_000_000
"""The size from which on a document is cut into parts: a book of six hundred pages."""

EXTRACTED = {".html", ".htm", ".pdf", ".docx"}
"""Files much larger than the text in them."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A bad record, or with no line a bad file, as `Rejects.add` takes it."""

    place: str
    line: int | None
    raw: str | None
    reason: str


class Collected(Rejects):
    """Bad records, kept in memory until someone takes them."""

    def __init__(self) -> None:
        super().__init__(None)
        self.rows: list[Reject] = []

    def add(self, path: Path | str, line: int | None, raw: str | None, reason: str) -> None:
        """Put one record, or with no line a whole file, aside."""
        self.rows.append(Reject(str(path), line, raw, reason))

    def take(self) -> tuple[Reject, ...]:
        """Those that have come since the last time."""
        rows, self.rows = tuple(self.rows), []
        return rows


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole documents, in `sources` still to be read or in `passages`, or a part of a long one.

    `continues` names the document of which this is a part, but not the first. `size` is in bytes
    or characters; `rejected` was met on the way here, and `error` ended the reading after this
    piece.
    """

    sources: tuple[Source, ...] = ()
    passages: tuple[Passage, ...] = ()
    size: int = 0
    continues: str | None = None
    rejected: tuple[Reject, ...] = ()
    error: str | None = None

    def emptied(self) -> Piece:
        """What is left to know of it when it has been sent."""
        return replace(self, sources=(), passages=(), rejected=())


Through = Callable[[Iterable[Passage]], Generator[Passage, None, None]]
"""What passages go through, one after the other, in this process."""


def pieces(
    sources: Sequence[Source], task: Task, through: Through | None = None
) -> Generator[Piece, None, None]:
    """The pieces of an input; the same input and unit give the same ones.

    With `through` everything is read here. Raise FramelensError for an unknown encoding; an error
    of reading is the last piece's.
    """
    reading = task.reading(None)
    kinds = (lambda source: _kind(source, reading)) if through is None else (lambda _: "read")
    for kind, group in groupby(sources, kinds):
        if kind == "whole":
            yield from _whole(group)
        elif kind == "cut":
            yield from (piece for source in group for piece in _cut(source, reading))
        else:
            for piece in _read(group, task, through):
                yield piece
                if piece.error is not None:
                    return


def _kind(source: Source, reading: Reading) -> str:
    if source.path is None or source.unpack or source.suffix == ".zip":
        return "read"
    if source.suffix in EXTRACTED or _size(source) <= LONG:
        return "whole"
    return "cut" if stretches.can_be_cut(source, reading.encoding) else "read"


def _size(source: Source) -> int:
    with suppress(OSError):
        if source.path is not None:
            return source.path.stat().st_size
    # Whoever reads it will say what is wrong.
    return 0


def _whole(sources: Iterable[Source]) -> Iterator[Piece]:
    """Files together until they are enough."""
    held: list[Source] = []
    size = 0
    for source in sources:
        held.append(source)
        size += _size(source)
        if size >= PIECE:
            yield Piece(tuple(held), size=size)
            held, size = [], 0
    if held:
        yield Piece(tuple(held), size=size)


def _cut(source: Source, reading: Reading) -> Iterator[Piece]:
    assert source.path is not None
    line = 1
    for span in stretches.spans(source, reading.encoding, PIECE):
        yield Piece((stretches.stretch(source, span, line),), size=span[1] - span[0])
        line += stretches.count_lines(source.path, span)


def _read(sources: Iterable[Source], task: Task, through: Through | None) -> Iterator[Piece]:
    rejects = Collected()
    reading = task.reading(rejects if task.skip_bad else None)
    error: list[str] = []
    passages: Iterator[Passage] = read_sources(sources, reading)
    with ExitStack() as stack:
        if through is not None:
            passages = stack.enter_context(closing(through(passages)))
        for piece in grouped(_until_error(passages, error)):
            yield replace(piece, rejected=rejects.take())
    if rejects.rows or error:
        yield Piece(rejected=rejects.take(), error=error[0] if error else None)


def _until_error(passages: Iterator[Passage], error: list[str]) -> Iterator[Passage]:
    try:
        yield from passages
    except FramelensError as problem:
        error.append(str(problem))


def grouped(passages: Iterable[Passage]) -> Generator[Piece, None, None]:
    """Documents together until they are enough, long ones in parts."""
    held: list[Passage] = []
    size = 0
    for _, document in groupby(passages, key=lambda passage: passage.doc):
        parts = _parts(document)
        part = next(parts)
        if part.size >= LONG:
            if held:
                yield Piece(passages=tuple(held), size=size)
            yield part
            yield from parts
            held, size = [], 0
            continue
        held.extend(part.passages)
        size += part.size
        if size >= PIECE:
            yield Piece(passages=tuple(held), size=size)
            held, size = [], 0
    if held:
        yield Piece(passages=tuple(held), size=size)


def _parts(document: Iterable[Passage]) -> Iterator[Piece]:
    """The parts of a document, the first of less than LONG only if it is the only one."""
    held: list[Passage] = []
    size, continues = 0, None
    for passage in document:
        held.append(passage)
        size += len(passage.text)
        if size >= LONG:
            yield Piece(passages=tuple(held), size=size, continues=continues)
            held, size, continues = [], 0, passage.doc
    if held:
        yield Piece(passages=tuple(held), size=size, continues=continues)
