"""The record of shards that are done: a journal with a line for each, in the end a manifest."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Literal

from framelens.core.errors import at
from framelens.core.files import (
    LONGEST,
    REPLACING,
    check_writable,
    clear_away,
    open_whole,
    replaces,
    reporting,
)
from framelens.parallel.cuts import Span
from framelens.parallel.plan import Shard
from framelens.parallel.stream import FileState
from framelens.readers.rejects import Note, forget_rejects, rejects_path
from framelens.readers.source import is_missing_package

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAME = "manifest.json"
JOURNAL = "manifest.journal"
FORMAT: Literal[4] = 4
BEGINNING = b'{"framelens": '
"""The first bytes of a run's journal."""
OUTPUT = re.compile(r".+\.[0-9]{5,}\.(?:jsonl|csv|parquet)|[0-9]{6,}\.part", re.DOTALL)
"""The names of files that shards are written to."""


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return file_digest(stream, sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A shard that is done; ValueError for an output that is not in the folder.

    `inputs` are the states of its files; `part` and `line` as `span` and `line` of a Partition, `ids`
    and `day_first` as of a Shard. `size` is that of the output in bytes, `digest` its SHA-256, and
    `input_digest` that of what was read, null for row groups.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

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
        place = PurePath(self.output)
        inside = place.as_posix() == self.output and not place.anchor and ".." not in place.parts
        lengths = [len(os.fsencode(part)) for part in place.parts]
        if not (inside and OUTPUT.fullmatch(self.output) and max(lengths) <= LONGEST):
            raise ValueError(f"{self.output!r} is no output of a shard in the folder")

    def is_of(self, shard: Shard) -> bool:
        """Whether it is of files of these names, the same part of them, read in the same way."""
        first, paths = shard.partitions[0], [path for path, *_ in shard.files]
        wanted = first.span, first.line, shard.ids, shard.day_first, paths
        paths = [path for path, *_ in self.inputs]
        return wanted == (self.part, self.line, self.ids, self.day_first, paths)


@dataclass(frozen=True, slots=True)
class Saved:
    """The content of a manifest; without shards, a journal's first line, before an Entry on each."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    framelens: Literal[4]  # FORMAT
    settings: dict[str, Any]
    shards: tuple[Entry, ...]


class Manifest:
    """The entries of a folder, by output, and the settings that they were made with."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], journal: BinaryIO) -> None:
        self.folder, self.settings, self._journal = folder, dict(settings), journal
        self.entries: dict[str, Entry] = {}

    def earlier(self, shard: Shard) -> Entry | None:
        """A shard's entry from an earlier run, if its output is there and no package was missing."""
        entry, output = self.entries.get(shard.output), self.folder / shard.output
        if entry is None or not entry.is_of(shard):
            return None
        is_unread = any(is_missing_package(what) for what, _, _ in entry.notes)
        lacks_rejects = entry.rejected and not rejects_path(output).is_file()
        is_there = output.is_file() and output.stat().st_size == entry.size
        return entry if is_there and not (is_unread or lacks_rejects) else None

    def add(self, entry: Entry) -> None:
        """Enter a shard that is done, in the journal too."""
        self.entries[entry.output] = entry
        self._write(entry)

    def remove(self, entry: Entry) -> None:
        """Remove a shard's entry, and its output and bad records if nobody has changed them since."""
        del self.entries[entry.output]
        output = self.folder / entry.output
        if output.is_file() and digest_of(output) == entry.digest:
            output.unlink()
            forget_rejects(rejects_path(output))

    def finish(self) -> None:
        """Write the manifest, in the order of the outputs, in place of the journal."""
        shards = tuple(self.entries[name] for name in sorted(self.entries))
        with open_whole(self.folder / NAME) as out:
            whole = asdict(Saved(FORMAT, self.settings, shards))
            out.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        self._end()

    def clear(self) -> None:
        """Remove a folder of work with the files that runs have written there."""
        for path in self.folder.glob("[0-9]*.part*"):
            path.unlink(missing_ok=True)
        self._end()
        with suppress(OSError):  # a user's files may be in it
            self.folder.rmdir()

    def _end(self) -> None:
        # Once for the folder, for to list it takes time with the number of its files.
        clear_away(self.folder.rglob(".*.partial"))
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def begin(self, named: Path, advice: str) -> None:
        """Take over the entries of earlier runs, and begin this run's journal."""
        manifest, journal = self.folder / NAME, self.folder / JOURNAL
        rows = [(manifest, manifest.read_bytes())] if manifest.exists() else []
        self._journal.seek(0)
        *lines, cut_off = self._journal.read().split(b"\n")
        has_settings = False
        for path, text in [*rows, *((journal, line) for line in lines)]:
            try:
                saved = _reader().validate_json(text, strict=True)
                entries = saved.shards if isinstance(saved, Saved) else (saved,)
                has_settings = has_settings or isinstance(saved, Saved)
                if not has_settings:
                    raise ValueError("no settings of a run")
            except ValueError:
                problem = "damaged, or of another version of framelens"
                raise at(path, None, f"{problem}; {advice}") from None
            if isinstance(saved, Saved):
                self._check_settings(saved.settings, named, advice)
            self.entries.update({entry.output: entry for entry in entries})
        self._journal.truncate(self._journal.tell() - len(cut_off))
        self._write(Saved(FORMAT, self.settings, ()))

    def _check_settings(self, earlier: Mapping[str, Any], named: Path, advice: str) -> None:
        for name in [*self.settings, *earlier]:
            # As JSON: a tuple that was written is read back as a list.
            if json.dumps(earlier.get(name)) != json.dumps(self.settings.get(name)):
                problem = f"{name} is not what it was when this was begun"
                raise at(named, None, f"{problem}; {advice}")

    def _write(self, row: Saved | Entry) -> None:
        line = json.dumps(asdict(row), ensure_ascii=False)
        self._journal.write(line.encode(errors=REPLACING) + b"\n")
        self._journal.flush()


@cache
def _reader() -> TypeAdapter[Saved | Entry]:
    from pydantic import TypeAdapter

    return TypeAdapter(Saved | Entry)


@contextmanager
def open_manifest(
    folder: Path, settings: Mapping[str, Any], *, named: Path, advice: str, afresh: bool = False
) -> Iterator[Manifest]:
    """The manifest of a folder, with the entries of earlier runs unless it is begun `afresh`.

    Raise FramelensError, with `advice`, where another run is writing `named`, where earlier ones had
    other settings, and where something else has the manifest's name.
    """
    with reporting(named), locked(folder / JOURNAL, named) as journal:
        if (folder / NAME).is_symlink() or not replaces(folder / NAME) or not _is_begun(journal):
            raise at(folder, None, f"holds a {NAME} or {JOURNAL} that is no run's; {advice}")
        check_writable(folder / NAME)  # now, not when all is done
        if afresh:
            journal.truncate(0)
            (folder / NAME).unlink(missing_ok=True)
        manifest = Manifest(folder, settings, journal)
        manifest.begin(named, advice)
        yield manifest


def _is_begun(journal: BinaryIO) -> bool:
    """Whether a journal is a run's; a run that was killed may have written a part of its first line."""
    journal.seek(0)
    head = journal.read(len(BEGINNING))
    return head == BEGINNING[: len(head)]


@contextmanager
def locked(path: Path, named: Path) -> Iterator[BinaryIO]:
    """A file to read and write, made if missing and locked until the block ends; FramelensError where
    another run, which writes `named`, has locked it, and where the path is a link or no file."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise at(path, None, f"cannot be written: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise at(path, None, "is no file; expected one, or none")
    with open(number, "r+b") as stream:  # noqa: PTH123  # a descriptor
        try:
            with suppress(ImportError):  # Windows has no such locks
                from fcntl import LOCK_EX, LOCK_NB, flock

                flock(stream, LOCK_EX | LOCK_NB)
            # A run that ends removes the file while it is locked: another may now have its name.
            is_ours = os.path.samestat(path.stat(), os.fstat(number))
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise at(named, None, "another run is writing it; wait for that, or end it")
        yield stream


def check_is_work(folder: Path) -> None:
    """Raise FramelensError where something is at a folder's place that no run has put there."""
    journal = folder / JOURNAL
    is_ours = not os.path.lexists(folder)
    if folder.is_dir() and not folder.is_symlink():
        is_ours = not any(folder.iterdir())
        if journal.is_file() and not journal.is_symlink():
            with journal.open("rb") as stream:
                is_ours = _is_begun(stream)
    if not is_ours:
        raise at(folder, None, "is in the way of a run's work files, and is none; move it away")
