"""Texts in, one file or stream out, by one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from framelens.core.errors import FramelensError
from framelens.core.files import open_whole, replaces
from framelens.core.types import Passage
from framelens.parallel.journal import Mark, about
from framelens.parallel.partial import open_partial
from framelens.parallel.pieces import Piece, Reject, Through, grouped, pieces
from framelens.parallel.pool import Here, Pool
from framelens.parallel.task import Task
from framelens.parallel.work import Done
from framelens.readers import Rejects, Source, find, rejects_path, save_texts
from framelens.writers.layout import Layout, layout_for

Progress = Callable[[int], object]
"""Told of every piece that is done, by its size in bytes or characters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: sentences written, bad records passed over, and the file they are in."""

    sentences: int
    rejected: int
    rejects: Path | None = None


class Sink(Protocol):
    """Where lines and bad records go; `mark` is how far it has come."""

    mark: Mark

    def write(self, text: str) -> None:
        """Take lines of the output."""
        ...

    def reject(self, rows: Iterable[Reject]) -> None:
        """Take bad records."""
        ...

    def reach(self, pieces: int, sentences: int, continued: int) -> None:
        """Note that all of so many pieces has been taken."""
        ...


class Stream:
    """A stream that is open, and `Rejects`."""

    def __init__(self, out: TextIO, rejects: Rejects) -> None:
        self.out, self.rejects, self.mark = out, rejects, Mark()

    def write(self, text: str) -> None:
        self.out.write(text)

    def reject(self, rows: Iterable[Reject]) -> None:
        for row in rows:
            self.rejects.add(row.place, row.line, row.raw, row.reason)

    def reach(self, pieces: int, sentences: int, continued: int) -> None:
        self.mark = Mark(pieces, sentences, continued, rejected=self.rejects.count)


def classify_files(
    paths: Sequence[Path | str],
    task: Task,
    output: Path | None,
    *,
    pool: Pool | None = None,
    resume: bool = False,
    texts: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Classify what paths lead to (as `documents.read` takes them) and write it to one file.

    The output, by default standard output, is the same whoever is in the pool, by default this
    process. A file is written beside its place; where a run was ended before its end, `resume` goes
    on from there, unless input, model, rules or options are others. Bad records go to
    `OUTPUT.rejects.jsonl` if the task passes over them; `texts` is a folder for the texts that
    offsets refer to. Raise FramelensError for the first bad record that is not passed over, after
    what came before it, and where something cannot be read or written.
    """
    found, pool = find(paths), pool or Here()
    with closing(pieces(found, task, _saving(texts, found))) as work:
        task = pool.seal(task)
        with _sink(task, found, output, resume) as sink:
            drive(pool, work, task, sink, progress or _ignore)
    return _outcome(sink, output)


def classify_text(
    text: str, task: Task, output: Path | None, *, texts: Path | None = None
) -> Outcome:
    """Classify one text, named `text`, and write it as `classify_files` does."""
    passages: Iterable[Passage] = [Passage("text", text)]
    if through := _saving(texts, ()):
        passages = through(passages)
    pool = Here()
    task = pool.seal(task)
    with _sink(task, (), output, False) as sink:
        drive(pool, grouped(passages), task, sink)
    return _outcome(sink, output)


def _outcome(sink: Sink, output: Path | None) -> Outcome:
    rejects = rejects_path(output) if output and sink.mark.rejected else None
    return Outcome(sink.mark.sentences, sink.mark.rejected, rejects)


def _saving(texts: Path | None, found: Sequence[Source]) -> Through | None:
    if texts is None:
        return None
    inputs = [source.path for source in found if source.path]
    return lambda passages: save_texts(passages, texts, inputs=inputs)


def _ignore(size: int) -> None:
    """What is told of progress when nobody asks for it."""


@contextmanager
def _sink(task: Task, found: Sequence[Source], output: Path | None, resume: bool) -> Iterator[Sink]:
    rejects = rejects_path(output) if output else None
    is_repeatable = bool(found) and all(source.path for source in found)
    if output and rejects and replaces(output) and is_repeatable:
        journal = about(task.fingerprint(), found)
        with open_partial(output, rejects, journal, resume=resume) as partial:
            yield partial
        return
    if resume:
        raise FramelensError("--resume goes with files that are read and one that is written")
    with Rejects(rejects) as bad, open_whole(output) as out:
        yield Stream(out, bad)


def drive(
    pool: Pool, work: Iterable[Piece], task: Task, sink: Sink, progress: Progress = _ignore
) -> None:
    """Put what comes of the pieces into a sink, in order, from where the sink has come to.

    Raise FramelensError for the first error in the input, after what came before it.
    """
    layout, mark = layout_for(task), sink.mark
    number, sentences, continued = mark.pieces, mark.sentences, mark.continued
    if not number:
        sink.write(layout.header())
    for piece, results in pool.run(_after(work, number, progress), task):
        continued = 0 if piece.continues is None else continued
        for done in results:
            sink.write(_lines(done, piece, layout, continued))
            sink.reject(done.rejected)
            if done.error is not None:
                raise FramelensError(done.error)
            sentences, continued = sentences + done.sentences, continued + done.sentences
        number += 1
        sink.reach(number, sentences, continued)
        progress(piece.size)


def _after(work: Iterable[Piece], count: int, progress: Progress) -> Iterator[Piece]:
    """The pieces that come after the first `count`."""
    for number, piece in enumerate(work):
        if number >= count:
            yield piece
        else:
            progress(piece.size)


def _lines(done: Done, piece: Piece, layout: Layout, continued: int) -> str:
    if piece.continues is None:
        return done.text
    doc = piece.continues
    return "".join(layout.head(doc, at) + tail for at, tail in enumerate(done.tails, continued))
