"""Files or a text → classified sentences, by this process, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from os.path import realpath
from pathlib import Path

from framelens.core.errors import at
from framelens.core.files import REPLACING, check_apart, files_of, open_whole, replaces
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage
from framelens.project.project import Project
from framelens.project.relevance import FIELD as RELEVANT
from framelens.readers import (
    Rejects,
    Source,
    find,
    looked_ahead,
    read_sources,
    reading_of,
    rejects_path,
    told_rejects,
)
from framelens.readers.rejects import Notes, check_rejects

STEP = 1 << 16
"""Progress is told of whenever so many characters have gone by."""


FileState = tuple[str, int, int, int]
"""A file: its path, its size in bytes, and when its content and its record were last changed (ns).

The last cannot be set by hand, so that an edit which keeps size and time is noticed, too.
"""
CHANGED = "was changed while it was read; run again when it is not"

Seen = Sequence[tuple[Source, FileState]]
"""Files, and what each was before anything was read of it."""


def state(source: Source) -> FileState:
    """What a source's file is now; of one that is not there, or is out of reach, its reader tells. Raise
    FramelensError for a stream."""
    if source.path is None:
        raise at(source.place, None, "cannot be cut into shards; expected files")
    # A name that is no text would not come back from a manifest as it was.
    path = realpath(source.path).encode(errors=REPLACING).decode()
    try:
        status = source.path.stat()
    except OSError:
        return path, 0, 0, 0
    return path, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def check_unchanged(seen: Seen) -> None:
    """Raise FramelensError where a file is not what it was."""
    for source, before in seen:
        if state(source) != before:
            raise at(source.place, None, CHANGED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run: sentences written, bad records passed over, the file they are in, and
    what was noticed of the input, in lines."""

    sentences: int
    rejected: int
    rejects: Path | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run has come: shards and their bytes (0 if they are not known), in all, done, and
    `kept` from earlier runs; sentences of the shards done by this run; at the end of it bad records,
    and what was noticed, in lines, of the whole input."""

    shards: int
    size: int
    kept: int = 0
    done: int = 0
    size_done: int = 0
    sentences: int = 0
    rejected: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)


Progress = Callable[[Tally], object]
"""Told of every shard that is done, and of a stream whenever some of it has gone by."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Sentences as they come, the project that they come from, with what its settings hold of the
    whole input, and what is noticed and put aside on the way."""

    rows: Iterable[Classified]
    project: Project
    notes: Notes
    rejects: Rejects
    seen: Seen = ()

    def check(self) -> None:
        """Raise FramelensError where a file was changed while it was read: to be asked when all
        sentences are taken, and before what was made of them stands under its name."""
        check_unchanged(self.seen)

    def told(self) -> list[str]:
        """What was left out, put aside and noticed, in lines, when all sentences are taken."""
        put_aside = told_rejects(self.rejects.count, self.rejects.path)
        return [*self.project.left_out.told(), *put_aside, *self.notes.told()]


def sources_of(
    paths: Sequence[Path | str],
    settings: Settings,
    output: Path | None = None,
    *,
    others: Iterable[Path] = (),
) -> list[Source]:
    """The files that paths lead to; raise FramelensError as `readers.find` does, where what is
    written ("-" for standard output) is among what is read, `others` too, and where something else
    has the name of the bad records."""
    found = find(paths, skip_bad=settings.skip_bad)
    if output is not None:
        rejects = rejects_of(output)
        read = chain((source.path for source in found), others, read_beside(settings))
        check_apart([output, rejects], read)
        if rejects is not None and settings.skip_bad:
            check_rejects(rejects)
    return found


def read_beside(settings: Settings) -> Iterator[Path]:
    """The files that are read beside the texts: metadata, and those of the model and the rules."""
    if settings.tables.metadata is not None:
        yield Path(settings.tables.metadata)
    yield from files_of(settings.model, settings.rules)


def rejects_of(output: Path | None) -> Path | None:
    """Where bad records are kept: beside a file that is written, not of a stream."""
    return rejects_path(output) if output is not None and replaces(output) else None


def looked_through(
    sources: Sequence[Source], settings: Settings, notes: Notes, *, peeks: bool = False
) -> tuple[list[Source], Settings]:
    """What is found out of the whole input before: whether ids name documents, whether days stand
    before months, which columns a table has; streams have been read as far as that needs, or `peeks`
    asks for."""
    if not (peeks or settings.form == "csv"):
        return looked_ahead(sources, settings, notes)
    from framelens.readers.columns import columns_of, peeked

    found, settings = looked_ahead([peeked(source) for source in sources], settings, notes)
    if settings.form == "csv":
        about = [RELEVANT] if settings.about else []
        columns = dict.fromkeys([*columns_of(found, settings), *about])
        settings = replace(settings, columns=tuple(columns))
    return found, settings


@contextmanager
def streamed(
    given: Sequence[Source] | str,
    project: Project,
    output: Path | None = None,
    *,
    texts: Path | None = None,
    anew: bool = True,
    progress: Progress | None = None,
) -> Iterator[Stream]:
    """The sentences of sources, or of a text, to be taken within the block.

    Bad records that are passed over are kept beside the output if it is a file; `texts` is a folder
    for the texts that offsets refer to. What framelens wrote is taken as it stands unless it is to
    be classified `anew`.
    """
    notes, sources = Notes(), list[Source]()
    seen = [] if isinstance(given, str) else [(one, state(one)) for one in given if one.path]

    def watched(passages: Iterable[Passage]) -> Iterable[Passage]:
        if texts is not None:
            passages = saved(passages, texts, sources, project.settings, output)
        if progress is None:
            return passages
        # What is not a file, or is one no more, has no size.
        total = sum(size for _, (_, size, *_) in seen) if len(seen) == len(sources) else 0
        return _watched(passages, total, progress)

    with Rejects(rejects_of(output)) as rejects:
        if isinstance(given, str):
            rows = project.classify(watched([Passage("text", given)]))
        else:
            sources, settings = looked_through(given, project.settings, notes, peeks=not anew)
            project = replace(project, settings=settings)
            reading = replace(reading_of(settings, rejects), notes=notes)
            if anew:
                rows = project.classify(watched(read_sources(sources, reading)))
            else:
                from framelens.project.recorded import sentences_from

                rows = sentences_from(sources, reading, project, watched)
        yield Stream(rows, project, notes, rejects, seen)


def write_stream(
    given: Sequence[Source] | str,
    settings: Settings,
    output: Path | None,
    *,
    texts: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Write the sentences of sources, or of a text, as they come."""
    from framelens.writers import write_sentences

    project = Project.open(settings)
    with streamed(given, project, output, texts=texts, progress=progress) as stream:
        project, rejects = stream.project, stream.rejects
        with open_whole(output) as out:
            count = write_sentences(stream.rows, out, project.settings, project.frames)
            stream.check()
    stream.notes.add_left_out(project.left_out)
    place = rejects.path if rejects.count else None
    return Outcome(count, rejects.count, place, tuple(stream.notes.told()))


def saved(
    passages: Iterable[Passage],
    texts: Path,
    sources: Iterable[Source],
    settings: Settings,
    output: Path | None,
) -> Iterator[Passage]:
    """The passages of sources, their texts saved in a folder as they go by."""
    from framelens.writers.plain_text import save_texts

    inputs = [source.path for source in sources if source.path]
    others = [*read_beside(settings), *([output] if output else [])]
    return save_texts(passages, texts, inputs=inputs, others=others)


def _watched(passages: Iterable[Passage], total: int, progress: Progress) -> Iterator[Passage]:
    done = held = 0
    for passage in passages:
        yield passage
        held += len(passage.text)
        if held >= STEP:
            done, held = done + held, 0
            progress(Tally(1, total, size_done=done))
