"""Which shards are done: a line of a journal for each, in the end a manifest."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from framelens.core.errors import FramelensError, at
from framelens.core.files import REPLACING, check_writable, open_whole, reporting
from framelens.parallel.cuts import FileState, Span
from framelens.parallel.plan import Shard
from framelens.readers.rejects import Note, rejects_path
from framelens.readers.source import is_for_want

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAME = "manifest.json"
JOURNAL = "manifest.journal"
SCRATCH = ".partial"
"""The folder in which files are written until they are whole."""
WORK = ".framelens-work"
"""What the folder of work on an output is called after its name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A shard that is done.

    `inputs` are the files that were read as they were then (path, size in bytes, times of change in
    ns); `part` of one was read (bytes, row groups of Parquet, null for all of it), `input_digest`
    is that of what was read, null for row groups. `size` is that of the output in bytes. Digests
    are SHA-256. `notes` are what was noticed of the input; `ids` says whether ids named documents,
    `day_first` whether the day was read as first in its dates. Raise
    ValueError for an output that is not in the folder.
    """

    output: str
    inputs: tuple[FileState, ...]
    part: Span | None
    line: int
    input_digest: str | None
    sentences: int
    rejected: int
    size: int
    digest: str
    notes: tuple[Note, ...] = ()
    ids: bool = True
    day_first: bool = False

    def __post_init__(self) -> None:
        place = PureWindowsPath(self.output)  # which knows the marks between folders of all systems
        if not place.name or place.anchor or ".." in place.parts or "\0" in self.output:
            raise ValueError(f"{self.output!r} is not in the folder")

    def is_of(self, shard: Shard) -> bool:
        """Whether it is this part of these files, as far as names tell."""
        first, paths = shard.stretches[0], [file[0] for file in shard.files]
        told, here = (self.ids, self.day_first), [file[0] for file in self.inputs]
        return (self.output, self.part, self.line, *told, here) == (
            shard.output, first.span, first.line, shard.ids, shard.day_first, paths,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """What a manifest holds: the settings of a run, and the shards that it has done. A line of a
    journal holds the same, the first the settings, others a shard."""

    settings: dict[str, Any]
    shards: tuple[Entry, ...] = ()
    framelens: Literal[4] = 4


class Manifest:
    """The entries of a folder, by output; `settings` are what they were made with."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], journal: BinaryIO) -> None:
        self.folder, self.settings, self._journal = folder, dict(settings), journal
        self.entries: dict[str, Entry] = {}

    def known(self, shard: Shard) -> Entry | None:
        """What an earlier run made of a shard, if it is still there and nothing was left unread that
        another package would have read."""
        entry = self.entries.get(shard.output)
        if entry is None or not entry.is_of(shard):
            return None
        if any(is_for_want(what) for what, _, _ in entry.notes):
            return None
        output = self.folder / shard.output
        return entry if output.is_file() and output.stat().st_size == entry.size else None

    def add(self, entry: Entry) -> None:
        """Note a shard that is done, such that it stays noted."""
        self.entries[entry.output] = entry
        self._write(Saved({}, (entry,)))

    def remove(self, output: str) -> None:
        """Remove a shard's output, and its bad records, that are no longer wanted."""
        del self.entries[output]
        for path in (self.folder / output, rejects_path(self.folder / output)):
            path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Write the manifest, in the order of the outputs, in place of the journal."""
        shards = tuple(self.entries[name] for name in sorted(self.entries))
        with open_whole(self.folder / NAME) as out:
            whole = asdict(Saved(self.settings, shards))
            out.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        shutil.rmtree(self.folder / SCRATCH, ignore_errors=True)
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def begin(self, named: Path, advice: str) -> None:
        """Take in what earlier runs have left; raise FramelensError as `open_manifest` does."""
        manifest = self.folder / NAME
        found = [(manifest, manifest.read_bytes())] if manifest.exists() else []
        self._journal.seek(0)
        *lines, cut_off = self._journal.read().split(b"\n")
        self._journal.truncate(self._journal.tell() - len(cut_off))
        for path, text in [*found, *((self.folder / JOURNAL, line) for line in lines)]:
            try:
                saved = _reader().validate_json(text, strict=True)
            except ValueError:
                problem = "damaged, or of another version of framelens"
                raise at(path, None, f"{problem}; {advice}") from None
            for name, value in saved.settings.items():
                # As JSON: a tuple that was written is read back as a list.
                if json.dumps(self.settings.get(name)) != json.dumps(value):
                    problem = f"{name} is not what it was when this was begun"
                    raise at(named, None, f"{problem}; {advice}")
            self.entries.update({entry.output: entry for entry in saved.shards})
        self._write(Saved(self.settings))

    def _write(self, row: Saved) -> None:
        line = json.dumps(asdict(row), ensure_ascii=False)
        self._journal.write(line.encode(errors=REPLACING) + b"\n")
        self._journal.flush()


@cache
def _reader() -> TypeAdapter[Saved]:
    from pydantic import TypeAdapter

    return TypeAdapter(Saved)


@contextmanager
def open_manifest(
    folder: Path, settings: Mapping[str, Any], *, named: Path, advice: str, afresh: bool = False
) -> Iterator[Manifest]:
    """The manifest of a folder, with what earlier runs have left unless it is begun `afresh`.

    Raise FramelensError, with `advice`, where another run is at work on `named`, or the folder
    holds what was made with another model, other rules or other options, or what is not a run's.
    """
    with reporting(named), locked(folder / JOURNAL, named) as journal:
        check_writable(folder / NAME)
        if afresh:
            journal.truncate(0)
            (folder / NAME).unlink(missing_ok=True)
        manifest = Manifest(folder, settings, journal)
        manifest.begin(named, advice)
        yield manifest


@contextmanager
def locked(path: Path, named: Path) -> Iterator[BinaryIO]:
    """A file to read and write, made if missing, that no other run has; raise FramelensError where
    one does, naming what the user asked for, or where the path is a link."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise at(path, None, f"cannot be written: {error.strerror}") from None
    with open(number, "r+b") as stream:  # noqa: PTH123  # a descriptor
        try:
            with suppress(ImportError):  # Windows has no such locks
                from fcntl import LOCK_EX, LOCK_NB, flock

                flock(stream, LOCK_EX | LOCK_NB)
            # A run that ends removes the file, locked: its name then leads elsewhere, or nowhere.
            is_ours = os.path.samestat(path.stat(), os.fstat(number))
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise at(named, None, "another run is writing it; wait for that, or end it")
        yield stream


def check_is_work(folder: Path) -> None:
    """Raise FramelensError where a folder is there and is not one in which runs do their work."""
    if not folder.exists() and not folder.is_symlink():
        return
    is_ours = folder.is_dir() and not folder.is_symlink()
    is_known = is_ours and (not any(folder.iterdir()) or (folder / JOURNAL).is_file())
    if not is_known:
        problem = "is in the way of a run's work files, and is none of them"
        raise FramelensError(f"{folder}: {problem}; move it away")
