"""Files → shards, each to be read and written by one worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from framelens.core.errors import at
from framelens.parallel import stretches
from framelens.parallel.rowgroups import row_groups
from framelens.parallel.stretches import Span
from framelens.parallel.task import Task
from framelens.readers import Source
from framelens.readers.decoding import known_encoding

SHARD = 16 * 1024 * 1024
"""The least size of a shard in bytes, unless the file ends: some ten seconds' work, so that even a
large cluster is kept busy to the end of a billion sentences."""

PARQUET = ".parquet"

CountLines = Callable[[Iterable[tuple[Path, Span]]], Iterable[int]]
"""Counts the line breaks in stretches of files, in order."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A file or a part of one, and the name of the file in the folder that its sentences go to.

    `part` is in bytes of JSON Lines, or row groups of Parquet, None for a whole file; `line` is
    the number of its first line or row, `size` is in bytes, and `file` is the size of the whole
    file and when it was last changed (ns).
    """

    source: Source
    output: str
    part: Span | None
    line: int
    size: int
    file: tuple[int, int]

    @property
    def path(self) -> Path:
        """The file that is read."""
        assert self.source.path is not None
        return self.source.path


def plan(sources: Sequence[Source], task: Task, count: CountLines) -> list[Shard]:
    """The shards of an input, in order.

    Files of JSON Lines and Parquet are cut between two documents, others stay whole. Raise
    FramelensError for standard input, a file that cannot be read, and two whose output would be
    one file.
    """
    files = [_resolved(source) for source in sources]
    cuts = [_cuts(source, task) for source in files]
    spans = [(file.path, span) for file, found in zip(files, cuts, strict=True)
             for span in found[:-1] if file.path]  # fmt: skip
    lines = iter(count(spans))
    found = [
        shard
        for source, spans_of_file in zip(files, cuts, strict=True)
        for shard in _shards(source, _parts(source, spans_of_file, lines), task)
    ]
    _check_apart(found)
    return found


def state(path: Path) -> tuple[int, int]:
    """The size of a file and when it was last changed (ns); raise FramelensError without one."""
    try:
        status = path.stat()
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None
    return status.st_size, status.st_mtime_ns


def _resolved(source: Source) -> Source:
    if source.path is None:
        raise at(source.place, None, "cannot be cut into shards; expected files")
    # Workers may have another working directory.
    return replace(source, path=source.path.resolve())


def _cuts(source: Source, task: Task) -> list[Span]:
    encoding = known_encoding(task.encoding)
    if not stretches.can_be_cut(source, encoding):
        return []
    return list(stretches.spans(source, encoding, SHARD))


def _parts(
    source: Source, spans: Sequence[Span], lines: Iterator[int]
) -> Iterator[tuple[Source, Span | None, int, int]]:
    """The parts of a file: the source, `part`, `line` and `size` of each shard."""
    assert source.path is not None
    groups = list(row_groups(source.path, SHARD)) if source.suffix == PARQUET else []
    if max(len(spans), len(groups)) < 2:
        yield source, None, 1, state(source.path)[0]
    line = 1
    for span in spans if len(spans) > 1 else ():
        yield stretches.stretch(source, span, line), span, line, span[1] - span[0]
        line += next(lines) if span != spans[-1] else 0
    for span, row, size in groups if len(groups) > 1 else ():
        yield replace(source, row_groups=span, line=row), span, row, size


def _shards(
    source: Source, parts: Iterable[tuple[Source, Span | None, int, int]], task: Task
) -> Iterator[Shard]:
    assert source.path is not None
    place, file = _place(source.name), state(source.path)
    for number, (part, span, line, size) in enumerate(parts):
        yield Shard(part, f"{place}.{number:05d}.{task.form}", span, line, size, file)


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
