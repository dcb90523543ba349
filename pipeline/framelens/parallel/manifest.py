"""What a folder of output holds: a line of a journal for each shard, in the end a manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from framelens.core.errors import at
from framelens.core.files import open_whole
from framelens.parallel.journal import FORMAT, different_option, locked, rows, write_row
from framelens.parallel.plan import Shard

NAME = "manifest.json"
JOURNAL = "manifest.journal"


@dataclass(frozen=True, slots=True)
class Entry:
    """A shard that is done.

    `input` is the file that was read, of `input_size` bytes, last changed at `input_changed` (ns);
    `part` of it was read (bytes of JSON Lines, row groups of Parquet, null for all of it), whose
    digest is `input_digest`, null for row groups. `size` is that of the output in bytes. Digests
    are SHA-256.
    """

    output: str
    input: str
    part: tuple[int, int] | None
    line: int
    input_size: int
    input_changed: int
    input_digest: str | None
    sentences: int
    rejected: int
    size: int
    digest: str

    def is_of(self, shard: Shard) -> bool:
        """Whether it is this part of this file, as far as its name tells."""
        part = None if self.part is None else tuple(self.part)
        place = (self.output, self.input, part, self.line)
        return place == (shard.output, str(shard.path), shard.part, shard.line)

    def is_unchanged(self, shard: Shard) -> bool:
        """Whether the file is as it was."""
        return (self.input_size, self.input_changed) == shard.file


class Manifest:
    """The entries of a folder, by output."""

    def __init__(self, folder: Path, task: Mapping[str, Any], journal: BinaryIO) -> None:
        self.folder, self.task, self._journal = folder, dict(task), journal
        self.entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> None:
        """Note a shard that is done, such that it stays noted."""
        self.entries[entry.output] = entry
        write_row(self._journal, asdict(entry))

    def remove(self, output: str) -> None:
        """Remove a shard's output that is no longer wanted."""
        del self.entries[output]
        (self.folder / output).unlink(missing_ok=True)

    def finish(self) -> None:
        """Write the manifest, in the order of the outputs, in place of the journal."""
        found = [asdict(self.entries[name]) for name in sorted(self.entries)]
        with open_whole(self.folder / NAME) as out:
            whole = {"journal": FORMAT, "task": self.task, "shards": found}
            out.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        (self.folder / JOURNAL).unlink(missing_ok=True)


@contextmanager
def open_manifest(folder: Path, task: Mapping[str, Any]) -> Iterator[Manifest]:
    """The manifest of a folder, with what earlier runs have left.

    Raise FramelensError where another run is at work, or the folder holds what was made with
    another model, other rules or other options.
    """
    with locked(folder / JOURNAL, folder) as journal:
        manifest = Manifest(folder, task, journal)
        before = [*_finished(folder / NAME), *rows(journal)]
        for row in before:
            if "output" in row:
                entry = Entry(**row)
                manifest.entries[entry.output] = entry
            elif changed := different_option(row, manifest.task):
                raise at(folder, None, f"was begun with other {changed}; {ADVICE}")
        write_row(journal, {"journal": FORMAT, "task": manifest.task})
        yield manifest


ADVICE = "give another folder, or empty this one"


def _finished(path: Path) -> Sequence[Mapping[str, Any]]:
    if not path.exists():
        return []
    try:
        found = json.loads(path.read_bytes())
        return [{"journal": found["journal"], "task": found["task"]}, *found["shards"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise at(path, None, f"damaged: {error}; {ADVICE}") from None
