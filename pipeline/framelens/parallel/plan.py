"""Files → shards, each to be read and written by one worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from framelens.core.errors import at
from framelens.core.settings import Settings
from framelens.parallel.cuts import FileState, Span, Stretch, cut, state
from framelens.readers import Source
from framelens.readers.source import known_encoding

SHARD = 16 * 1024 * 1024
"""The least size of a shard in bytes, unless the file ends, where each is a file of its own: some
ten seconds' work, so that even a large cluster is kept busy to the end of a billion sentences."""

PART = 512 * 1024
"""The same where shards are parts of one output: what a run that is killed may lose, a worker."""

FILES = 128 * 1024
"""The most of small files that share one: web pages take eight times as long as records of their
size, and at the end all workers but one wait for the last."""


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

    @classmethod
    def of(
        cls, stretches: Sequence[Stretch], output: str, settings: Settings, *, header: bool = True
    ) -> Shard:
        """The shard of whole files, or of one stretch."""
        return cls(
            tuple(stretch.source for stretch in stretches),
            output,
            stretches[0].span,
            stretches[0].line,
            sum(stretch.size for stretch in stretches),
            tuple(stretch.file for stretch in stretches),
            header,
            settings.tables.ids,
        )


def plan_folder(sources: Sequence[Source], settings: Settings) -> list[Shard]:
    """The shards of an input, in order, each with an output of its own, named as its file.

    Files that can be are cut between two documents, others stay whole. Raise FramelensError for
    standard input, a file that cannot be read, and two whose output would be one file.
    """
    shards: dict[str, Shard] = {}
    for number, stretch in _stretches(sources, settings, SHARD):
        # The name as a path that stays in the folder.
        parts = PurePosixPath(stretch.source.name.replace("\\", "/")).parts
        place = "/".join(part for part in parts if part.strip("/."))
        shard = Shard.of([stretch], f"{place}.{number:05d}.{settings.form}", settings)
        if shard.output in shards:
            problem = f"would be written to one file with {shards[shard.output].sources[0].path}"
            raise at(stretch.source.place, None, f"{problem}; classify them into two folders")
        shards[shard.output] = shard
    return list(shards.values())


def plan_parts(sources: Sequence[Source], settings: Settings) -> list[Shard]:
    """The shards of an input, in order, that are parts of one output; small files share one."""
    groups: list[list[Stretch]] = []
    room = 0
    for _, stretch in _stretches(sources, settings, PART):
        if not groups or stretch.span or room < stretch.size:
            groups.append([])
            room = min(PART, FILES)
        groups[-1].append(stretch)
        room = 0 if stretch.span else room - stretch.size
    return [
        Shard.of(group, f"{number:06d}.part", settings, header=number == 0)
        for number, group in enumerate(groups)
    ]


def _stretches(
    sources: Sequence[Source], settings: Settings, target: int
) -> Iterator[tuple[int, Stretch]]:
    """The stretches of each file, and the number of each in it."""
    encoding = known_encoding(settings.encoding)
    for source in sources:
        # Workers may have another working directory.
        file = replace(source, path=source.path.resolve() if source.path else None)
        yield from enumerate(cut(file, state(file), encoding, target, settings.tables))
