"""Files or a text → classified sentences, by this process, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from framelens.core.errors import at
from framelens.core.files import REPLACING, check_apart, files_of, open_whole, replaces
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage
from framelens.project.relevance import FIELD as RELEVANT
from framelens.readers import (
    Rejects,
    Source,
    find,
    look_ahead,
    read_sources,
    reading_of,
    rejects_path,
)
from framelens.readers.rejects import EMPTY, Notes, check_rejects

if TYPE_CHECKING:
    from framelens.project.project import Project

STEP = 1 << 16
"""Characters between two calls of `progress`."""

FileState = tuple[str, int, int, int]
"""A file's path, its size in bytes, and the times when its content and its inode were changed (ns); the
last cannot be set by hand, so that an edit which keeps size and time is noticed, too."""

CHANGED = "was changed while it was read; run again when it is not"

FileStates = Sequence[tuple[Source, FileState]]
"""Files, and the state of each before anything was read of it."""


def state(source: Source) -> FileState:
    """The present state of a source's file, without sizes and times if it cannot be reached, which its
    reader will report; FramelensError for a stream."""
    if source.path is None:
        raise at(source.place, None, "cannot be cut into shards; expected files")
    # A name with bytes that are no UTF-8 would not come back from a manifest as it was.
    path = realpath(source.path).encode(errors=REPLACING).decode()
    try:
        status = source.path.stat()
    except OSError:
        return path, 0, 0, 0
    return path, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def check_unchanged(files: FileStates) -> None:
    """Raise FramelensError where a file was changed since."""
    for source, before in files:
        if state(source) != before:
            raise at(source.place, None, CHANGED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many sentences were written and bad records passed over, the file of these, and messages."""

    sentences: int
    rejected: int
    rejects: Path | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run has come: all shards and their bytes (0 if not known), shards `kept` from earlier
    runs, shards, bytes and sentences done by this run; at its end bad records, and messages on the
    whole input."""

    shards: int
    size: int
    kept: int = 0
    done: int = 0
    size_done: int = 0
    sentences: int = 0
    rejected: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)


Progress = Callable[[Tally], object]
"""Called for every shard that is done, and for a stream after every STEP characters."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Sentences as they come, the project that classifies them, with the settings completed from the
    input, and the notes and bad records that come up on the way."""

    rows: Iterable[Classified]
    project: Project
    notes: Notes
    rejects: Rejects
    files: FileStates = ()

    def checked(self) -> Iterator[Classified]:
        """The sentences; raise FramelensError after the last where a file was changed meanwhile."""
        yield from self.rows
        check_unchanged(self.files)

    def messages(self) -> list[str]:
        """Messages on what was left out, passed over and noticed, when all sentences are taken."""
        passed_over = self.rejects.messages()
        return [*self.project.left_out.told(), *passed_over, *self.notes.messages()]


def sources_of(
    paths: Sequence[Path | str],
    settings: Settings,
    output: Path | None = None,
    *,
    others: Iterable[Path] = (),
) -> list[Source]:
    """The files that paths lead to; FramelensError where `output` ("-" for standard output) or its file of
    bad records is also read, be it as one of `others`, or would replace a file of another kind."""
    sources = find(paths, skip_bad=settings.skip_bad)
    if output is not None:
        rejects = rejects_of(output)
        read = chain((source.path for source in sources), others, read_beside(settings))
        check_apart([output, rejects], read)
        if rejects is not None and settings.skip_bad:
            check_rejects(rejects)
    return sources


def read_beside(settings: Settings) -> Iterator[Path]:
    """The files that are read beside the texts: metadata, and those of the model and the rules."""
    if settings.tables.metadata is not None:
        yield Path(settings.tables.metadata)
    yield from files_of(settings.model, settings.rules)


def rejects_of(output: Path | None) -> Path | None:
    """The file of bad records beside an output, None where that is a stream."""
    return rejects_path(output) if output is not None and replaces(output) else None


def look_through(
    sources: Sequence[Source], settings: Settings, notes: Notes, *, peeks: bool = False
) -> tuple[list[Source], Settings]:
    """The sources and settings completed with what only the whole input tells (see `look_ahead`), and the
    columns of a CSV output. For these, or if `peeks`, standard input is read at its beginning."""
    if not (peeks or settings.form == "csv"):
        return look_ahead(sources, settings, notes)
    from framelens.readers.columns import columns_of, peeked

    sources, settings = look_ahead([peeked(source) for source in sources], settings, notes)
    if settings.form == "csv":
        about = [RELEVANT] if settings.about else []
        columns = dict.fromkeys([*columns_of(sources, settings), *about])
        settings = replace(settings, columns=tuple(columns))
    return list(sources), settings


@contextmanager
def streamed(
    text_or_sources: Sequence[Source] | str,
    project: Project,
    output: Path | None = None,
    *,
    texts: Path | None = None,
    anew: bool = True,
    progress: Progress | None = None,
) -> Iterator[Stream]:
    """The sentences of sources, or of a text, to be taken within the block.

    Bad records that are passed over are kept beside the output if it is a file; `texts` is a folder
    for the texts that offsets refer to. Unless `anew`, files that framelens has written are taken as
    they stand, and not classified again.
    """
    notes = Notes()
    sources = [] if isinstance(text_or_sources, str) else list(text_or_sources)
    files = [(source, state(source)) for source in sources if source.path]

    def observed(passages: Iterable[Passage]) -> Iterable[Passage]:
        if texts is not None:
            passages = saving_texts(passages, texts, sources, project.settings, output)
        if progress is None:
            return passages
        # Standard input has no size.
        total = sum(size for _, (_, size, *_) in files) if len(files) == len(sources) else 0
        return _reporting(passages, total, progress)

    with Rejects(rejects_of(output)) as rejects:
        if isinstance(text_or_sources, str):
            if not text_or_sources.strip():
                notes.add(EMPTY, "text")
            rows = project.classify(observed([Passage("text", text_or_sources)]))
        else:
            sources, settings = look_through(sources, project.settings, notes, peeks=not anew)
            project = replace(project, settings=settings)
            reading = replace(reading_of(settings, rejects), notes=notes)
            if anew:
                rows = project.classify(observed(read_sources(sources, reading)))
            else:
                from framelens.project.recorded import sentences_from

                rows = sentences_from(sources, reading, project, observed)
        yield Stream(rows, project, notes, rejects, files)


def write_stream(
    text_or_sources: Sequence[Source] | str,
    settings: Settings,
    output: Path | None,
    *,
    texts: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Write the sentences of sources, or of a text, as they come."""
    from framelens.project.project import Project
    from framelens.writers import write_sentences

    project = Project.open(settings)
    with streamed(text_or_sources, project, output, texts=texts, progress=progress) as stream:
        project, rejects = stream.project, stream.rejects
        with open_whole(output) as out:
            count = write_sentences(stream.rows, out, project.settings, project.frames)
            check_unchanged(stream.files)
    stream.notes.add_left_out(project.left_out)
    place = rejects.path if rejects.count else None
    notes = (*rejects.messages(), *stream.notes.messages())
    return Outcome(count, rejects.count, place, notes)


def saving_texts(
    passages: Iterable[Passage],
    texts: Path,
    sources: Iterable[Source],
    settings: Settings,
    output: Path | None,
) -> Iterator[Passage]:
    """The same passages; as they go by, the texts of their documents are saved in a folder."""
    from framelens.writers.plain_text import save_texts

    inputs = [source.path for source in sources if source.path]
    others = [*read_beside(settings), *([output] if output else [])]
    return save_texts(passages, texts, inputs=inputs, others=others)


def _reporting(passages: Iterable[Passage], total: int, progress: Progress) -> Iterator[Passage]:
    """The same passages, with a call of `progress` after every STEP characters."""
    done = reported = 0
    for passage in passages:
        yield passage
        done += len(passage.text)
        if done - reported >= STEP:
            reported = done
            progress(Tally(1, total, size_done=done))
