"""Files → shards, each to be read and written by one worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath

from framelens.core.errors import at
from framelens.core.settings import Settings
from framelens.parallel.cuts import Span, Stretch, part, stretches
from framelens.readers import Source
from framelens.readers.source import known_encoding

SHARD = 16 * 1024 * 1024
"""The least size of a shard in bytes, unless the file ends, where each is a file of its own: some
ten seconds' work, so that even a large cluster is kept busy to the end of a billion sentences."""

PART = 512 * 1024
"""The same where shards are parts of one output: what a run that is killed may lose, a worker."""

FileState = tuple[str, int, int, int]
"""A file: its path, its size in bytes, and when its content and its record were last changed (ns).

The last cannot be set by hand, so that an edit which keeps size and time is noticed, too.
"""

CountLines = Callable[[Iterable[tuple[Path, Span]]], Iterable[int]]
"""Counts the line breaks in stretches of files, in order."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Whole files, or a part of one, and the name of the file that their sentences go to.

    `part` is in bytes, or row groups of Parquet, None for whole files; `line` is the number of its
    first line or row, `size` is in bytes, `files` say what the whole files were when it was
    planned. `header` says whether a table's header stands before its sentences, `ids` whether ids name
    documents.
    """

    sources: tuple[Source, ...]
    output: str
    part: Span | None
    line: int
    size: int
    files: tuple[FileState, ...]
    header: bool = True
    ids: bool = True

    @property
    def path(self) -> Path:
        """The file that is read, or the first of them."""
        return _path(self.sources[0])


def plan_folder(sources: Sequence[Source], settings: Settings, count: CountLines) -> list[Shard]:
    """The shards of an input, in order, each with an output of its own, named as its file.

    Files that can be are cut between two documents, others stay whole. Raise FramelensError for
    standard input, a file that cannot be read, and two whose output would be one file.
    """
    found = [
        Shard((source,), f"{_place(source.name)}.{number:05d}.{settings.form}", span, line, size,
              (state(_path(source)),), ids=settings.tables.ids)
        for number, source, span, line, size in _parts(sources, settings, SHARD, count)
    ]  # fmt: skip
    _check_apart(found)
    return found


def plan_parts(sources: Sequence[Source], settings: Settings, count: CountLines) -> list[Shard]:
    """The shards of an input, in order, that are parts of one output; small files share one."""
    groups: list[list[tuple[Source, Span | None, int, int]]] = []
    room = 0
    for _, source, span, line, size in _parts(sources, settings, PART, count):
        if not groups or span is not None or room < size:
            groups.append([])
            room = PART
        groups[-1].append((source, span, line, size))
        room = 0 if span is not None else room - size
    return [
        Shard(
            tuple(source for source, *_ in group),
            f"{number:06d}.part",
            group[0][1],
            group[0][2],
            sum(size for *_, size in group),
            tuple(state(_path(source)) for source, *_ in group),
            header=number == 0,
            ids=settings.tables.ids,
        )
        for number, group in enumerate(groups)
    ]


def state(path: Path) -> FileState:
    """What a file is now; raise FramelensError without one."""
    try:
        status = path.stat()
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None
    return str(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _parts(
    sources: Sequence[Source], settings: Settings, target: int, count: CountLines
) -> Iterator[tuple[int, Source, Span | None, int, int]]:
    """The parts of each file: number in it, source, `part`, `line` and `size`."""
    encoding = known_encoding(settings.encoding)
    files = [_resolved(source) for source in sources]
    cuts = [stretches(source, encoding, target, settings.tables) for source in files]
    uncounted = [
        (_path(file), stretch.span)
        for file, found in zip(files, cuts, strict=True)
        for stretch, after in pairwise(found)
        if after.line is None
    ]
    counts = iter(count(uncounted))
    for source, found in zip(files, cuts, strict=True):
        if len(found) < 2:
            yield 0, source, None, 1, state(_path(source))[1]
            continue
        for number, (stretch, line) in enumerate(_numbered(found, counts)):
            yield (
                number,
                part(source, stretch, line, settings.tables),
                stretch.span,
                line,
                stretch.size,
            )


def _numbered(found: Sequence[Stretch], counts: Iterator[int]) -> Iterator[tuple[Stretch, int]]:
    """The stretches of a file, each with the number of its first line."""
    line = 1
    for number, stretch in enumerate(found):
        if number:
            line = line + next(counts) if stretch.line is None else stretch.line
        yield stretch, line


def _path(source: Source) -> Path:
    assert source.path is not None
    return source.path


def _resolved(source: Source) -> Source:
    if source.path is None:
        raise at(source.place, None, "cannot be cut into shards; expected files")
    # Workers may have another working directory.
    return replace(source, path=source.path.resolve())


def _place(name: str) -> str:
    """A source's name as a path that stays in the folder."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part.strip("/.")]
    return "/".join(parts)


def _check_apart(shards: Sequence[Shard]) -> None:
    seen: dict[str, Path] = {}
    for shard in shards:
        if shard.output in seen:
            problem = f"would be written to one file with {seen[shard.output]}"
            raise at(shard.path, None, f"{problem}; classify them into two folders")
        seen[shard.output] = shard.path
