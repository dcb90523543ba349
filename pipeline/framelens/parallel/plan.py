"""Files → shards, each to be read and written by one worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from framelens.core.errors import at
from framelens.core.files import short
from framelens.core.settings import Settings
from framelens.parallel.cuts import Partition, cut
from framelens.parallel.stream import FileState, FileStates
from framelens.readers.source import encoding_name

SHARD = 16 * 1024 * 1024
"""Bytes that a shard has at least, but the last of a file, where each is written to a file of its own:
some ten seconds' work, so that even a large cluster is kept busy to the end."""

PART = 512 * 1024
"""The same for shards that are parts of one output: the most work that a killed worker loses."""

LONGEST_ENDING = ".00000.parquet.rejects.jsonl"
"""The longest of what is put behind the name of an input."""

SMALL_FILES = 128 * 1024
"""Bytes of small files that share a shard, at most: web pages take eight times as long as records of
their size, and at the end all workers but one wait for the last."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Whole files, or a partition of one, and the name of the file that their sentences go to; whether this
    gets a `header` if it is CSV, and whether `ids` of records name documents."""

    partitions: tuple[Partition, ...]
    output: str
    header: bool = True
    ids: bool = True

    @property
    def size(self) -> int:
        """Bytes to read."""
        return sum(partition.size for partition in self.partitions)

    @property
    def files(self) -> tuple[FileState, ...]:
        """The state of the whole files when the shard was planned."""
        return tuple(partition.file for partition in self.partitions)

    @property
    def day_first(self) -> bool:
        """Whether 03/04/2024 is 3 April in it, as other dates of the whole file show."""
        return any(partition.source.day_first for partition in self.partitions)


def plan_folder(files: FileStates, settings: Settings) -> list[Shard]:
    """The shards of an input, in order, each with an output of its own named after its file; FramelensError
    for two files that would be written to one."""
    shards: dict[str, Shard] = {}
    for number, partition in _partitions(files, settings, SHARD):
        # A name such as ../a or C:\a becomes a path that stays in the folder.
        parts = PurePosixPath(partition.source.name.replace("\\", "/")).parts
        place = "/".join(short(part, LONGEST_ENDING) for part in parts if part.strip("/."))
        output = f"{place}.{number:05d}.{settings.form}"
        if output in shards:
            other = shards[output].partitions[0].source.place
            problem = f"would be written to one file with {other}; classify them into two folders"
            raise at(partition.source.place, None, problem)
        shards[output] = Shard((partition,), output, ids=settings.tables.ids)
    return list(shards.values())


def plan_parts(files: FileStates, settings: Settings) -> list[Shard]:
    """The shards of an input, in order, that are parts of one output; small files share one."""
    groups: list[list[Partition]] = []
    space = 0  # bytes that the last group still takes
    for _, partition in _partitions(files, settings, PART):
        if not groups or partition.span or space < partition.size:
            groups.append([])
            space = min(PART, SMALL_FILES)
        groups[-1].append(partition)
        space = 0 if partition.span else space - partition.size
    return [
        Shard(tuple(group), f"{number:06d}.part", header=number == 0, ids=settings.tables.ids)
        for number, group in enumerate(groups)
    ]


def _partitions(
    files: FileStates, settings: Settings, target: int
) -> Iterator[tuple[int, Partition]]:
    """The partitions of all files, each with its number in its file."""
    encoding = encoding_name(settings.encoding)
    for source, file in files:
        yield from enumerate(cut(source, file, encoding, target, settings.tables))
