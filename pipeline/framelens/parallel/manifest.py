"""Which shards are done: a line of a journal for each, in the end a manifest."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from framelens.core.errors import FramelensError, at
from framelens.core.files import open_whole, reporting
from framelens.parallel.plan import Shard
from framelens.readers.rejects import Note
from framelens.readers.source import is_for_want

NAME = "manifest.json"
JOURNAL = "manifest.journal"
SCRATCH = ".partial"
"""The folder in which files are written until they are whole."""
WORK = ".framelens-work"
"""What the folder of work on an output is called after its name."""
FORMAT = 5

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A shard that is done.

    `inputs` are the files that were read as they were then (path, size in bytes, times of change in
    ns); `part` of one was read (bytes, row groups of Parquet, null for all of it), `input_digest`
    is that of what was read, null for row groups. `size` is that of the output in bytes. Digests
    are SHA-256. `notes` are what was noticed of the input; `ids` says whether ids named documents,
    `day_first` whether the day was read as first in its dates.
    """

    output: str
    inputs: tuple[tuple[str, int, int, int], ...]
    part: tuple[int, int] | None
    line: int
    input_digest: str | None
    sentences: int
    rejected: int
    size: int
    digest: str
    notes: tuple[Note, ...] = ()
    ids: bool = True
    day_first: bool = False

    def is_of(self, shard: Shard) -> bool:
        """Whether it is this part of these files, as far as names tell."""
        paths = [row[0] for row in self.inputs]
        here = (self.output, self.part, self.line, self.ids, self.day_first)
        return paths == [row[0] for row in shard.files] and here == (
            shard.output, shard.part, shard.line, shard.ids, shard.day_first,
        )  # fmt: skip

    def is_unchanged(self, shard: Shard) -> bool:
        """Whether the files are as they were."""
        return self.inputs == shard.files


class Manifest:
    """The entries of a folder, by output; `settings` are what they were made with."""

    def __init__(self, folder: Path, settings: Row, journal: BinaryIO) -> None:
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
        _write(self._journal, asdict(entry))

    def remove(self, output: str) -> None:
        """Remove a shard's output, and its bad records, that are no longer wanted."""
        del self.entries[output]
        for name in (output, f"{output}.rejects.jsonl"):
            (self.folder / name).unlink(missing_ok=True)

    def finish(self) -> None:
        """Write the manifest, in the order of the outputs, in place of the journal."""
        found = [asdict(self.entries[name]) for name in sorted(self.entries)]
        with open_whole(self.folder / NAME) as out:
            whole = {"framelens": FORMAT, "settings": self.settings, "shards": found}
            out.write(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
        shutil.rmtree(self.folder / SCRATCH, ignore_errors=True)
        (self.folder / JOURNAL).unlink(missing_ok=True)


@contextmanager
def open_manifest(
    folder: Path, settings: Row, *, named: Path, advice: str, afresh: bool = False
) -> Iterator[Manifest]:
    """The manifest of a folder, with what earlier runs have left unless it is begun `afresh`.

    Raise FramelensError, with `advice`, where another run is at work on `named`, or the folder
    holds what was made with another model, other rules or other options, or what is not a run's.
    """
    with reporting(named), locked(folder / JOURNAL, named) as journal:
        manifest = Manifest(folder, settings, journal)
        if afresh:
            journal.truncate(0)
            (folder / NAME).unlink(missing_ok=True)
        for row in [*_finished(folder / NAME, advice), *_rows(journal)]:
            if "framelens" in row:
                _check_settings(row, manifest.settings, named, advice)
            elif entry := _entry(row):
                manifest.entries[entry.output] = entry
            else:
                raise at(folder, None, f"damaged: {str(row)[:80]} is no entry; {advice}")
        _write(journal, {"framelens": FORMAT, "settings": manifest.settings})
        yield manifest


def _check_settings(before: Row, settings: Row, named: Path, advice: str) -> None:
    old = before.get("settings")
    if before["framelens"] != FORMAT or not isinstance(old, dict):
        raise at(named, None, f"was begun with another version of framelens; {advice}")
    for name, value in settings.items():
        # As JSON: a tuple that was written is read back as a list.
        if json.dumps(old.get(name)) != json.dumps(value):
            raise at(named, None, f"{name} is not what it was when this was begun; {advice}")


def _finished(path: Path, advice: str) -> list[Row]:
    if not path.exists():
        return []
    try:
        found = json.loads(path.read_bytes())
        rows = [{"framelens": found["framelens"], "settings": found["settings"]}, *found["shards"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise at(path, None, f"damaged: {str(error)[:80]}; {advice}") from None
    if not all(isinstance(row, dict) for row in rows):
        raise at(path, None, f"damaged: expected a list of shards; {advice}")
    return rows


def _entry(row: Row) -> Entry | None:
    """A row as an entry, if it is one whose output lies in the folder."""
    if row.keys() != {field.name for field in fields(Entry)}:
        return None
    try:
        values = dict(row)
        values["inputs"] = tuple((str(path), *map(int, rest)) for path, *rest in row["inputs"])
        values["part"] = None if row["part"] is None else (int(row["part"][0]), int(row["part"][1]))
        values["notes"] = tuple((str(a), int(n), str(b)) for a, n, b in row["notes"])
        entry = Entry(**values)
        numbers = (entry.line, entry.sentences, entry.rejected, entry.size)
    except (TypeError, ValueError, LookupError, OverflowError):
        return None
    if not isinstance(entry.digest, str) or not isinstance(entry.input_digest, (str, type(None))):
        return None
    is_number = all(isinstance(number, int) and number >= 0 for number in numbers)
    return entry if is_number and _stays_inside(entry.output) else None


def _stays_inside(name: object) -> bool:
    if not isinstance(name, str) or not name or "\0" in name or "\\" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.name == name.split("/")[-1]


def _rows(stream: BinaryIO) -> list[Row]:
    """The rows of a journal, up to where one was cut off, which is dropped."""
    stream.seek(0)
    found: list[Row] = []
    for line in iter(stream.readline, b""):
        try:
            row = json.loads(line) if line.endswith(b"\n") else None
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            stream.seek(-len(line), os.SEEK_CUR)
            stream.truncate()
            break
        found.append(row)
    return found


def _write(stream: BinaryIO, row: Row) -> None:
    stream.write(json.dumps(row).encode() + b"\n")
    stream.flush()


@contextmanager
def locked(path: Path, named: Path) -> Iterator[BinaryIO]:
    """A file to read and write, made if missing, that no other run has; raise FramelensError where
    one does, naming what the user asked for, or where the path is a link."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise at(path, None, f"cannot be written: {error.strerror}") from None
    with open(number, "r+b") as stream:  # noqa: PTH123  # a descriptor
        if not _lock(stream) or not _is_still(path, number):
            raise at(named, None, "another run is writing it; wait for that, or end it")
        yield stream


def _lock(stream: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows, which has no such locks
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, number: int) -> bool:
    """Whether a file that was opened still has its name: a run that ends removes it, locked."""
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except OSError:
        return False


def check_is_work(folder: Path) -> None:
    """Raise FramelensError where a folder is there and is not one in which runs do their work."""
    if not folder.exists() and not folder.is_symlink():
        return
    is_ours = folder.is_dir() and not folder.is_symlink()
    is_known = is_ours and (not any(folder.iterdir()) or (folder / JOURNAL).is_file())
    if not is_known:
        problem = "is in the way of a run's work files, and is none of them"
        raise FramelensError(f"{folder}: {problem}; move it away")
