"""Files → shards, each to be read and written by one worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from framelens.core.errors import at
from framelens.core.files import short
from framelens.core.settings import Settings
from framelens.parallel.cuts import Stretch, cut
from framelens.parallel.stream import FileState, Seen
from framelens.readers.source import known_encoding

SHARD = 16 * 1024 * 1024
"""The least size of a shard in bytes, unless the file ends, where each is a file of its own: some
ten seconds' work, so that even a large cluster is kept busy to the end of a billion sentences."""

PART = 512 * 1024
"""The same where shards are parts of one output: what a run that is killed may lose, a worker."""

ROOM = ".00000.parquet.rejects.jsonl"
"""What is put behind the name of an input, at most."""

FILES = 128 * 1024
"""The most of small files that share one: web pages take eight times as long as records of their
size, and at the end all workers but one wait for the last."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Whole files, or a stretch of one, and the name of the file that their sentences go to.

    `header` says whether a table's header stands before its sentences, `ids` whether ids name
    documents.
    """

    stretches: tuple[Stretch, ...]
    output: str
    header: bool = True
    ids: bool = True

    @property
    def size(self) -> int:
        """How many bytes are read."""
        return sum(stretch.size for stretch in self.stretches)

    @property
    def files(self) -> tuple[FileState, ...]:
        """What the whole files were when it was planned."""
        return tuple(stretch.file for stretch in self.stretches)

    @property
    def day_first(self) -> bool:
        """Whether the day stands first in its dates, as those of a whole file show."""
        return any(stretch.source.day_first for stretch in self.stretches)


def plan_folder(files: Seen, settings: Settings) -> list[Shard]:
    """The shards of an input, in order, each with an output of its own, named as its file.

    Files, of which is known what they were before anything was read of them, are cut between two
    documents where they can be, others stay whole. Raise FramelensError for two files whose output
    would be one.
    """
    shards: dict[str, Shard] = {}
    for number, stretch in _stretches(files, settings, SHARD):
        # The name as a path that stays in the folder.
        parts = PurePosixPath(stretch.source.name.replace("\\", "/")).parts
        place = "/".join(short(part, ROOM) for part in parts if part.strip("/."))
        output = f"{place}.{number:05d}.{settings.form}"
        if output in shards:
            other = shards[output].stretches[0].source.place
            problem = f"would be written to one file with {other}; classify them into two folders"
            raise at(stretch.source.place, None, problem)
        shards[output] = Shard((stretch,), output, ids=settings.tables.ids)
    return list(shards.values())


def plan_parts(files: Seen, settings: Settings) -> list[Shard]:
    """The shards of an input, in order, that are parts of one output; small files share one."""
    groups: list[list[Stretch]] = []
    room = 0
    for _, stretch in _stretches(files, settings, PART):
        if not groups or stretch.span or room < stretch.size:
            groups.append([])
            room = min(PART, FILES)
        groups[-1].append(stretch)
        room = 0 if stretch.span else room - stretch.size
    return [
        Shard(tuple(group), f"{number:06d}.part", header=number == 0, ids=settings.tables.ids)
        for number, group in enumerate(groups)
    ]


def _stretches(files: Seen, settings: Settings, target: int) -> Iterator[tuple[int, Stretch]]:
    """The stretches of each file, and the number of each in it."""
    encoding = known_encoding(settings.encoding)
    for source, file in files:
        yield from enumerate(cut(source, file, encoding, target, settings.tables))
