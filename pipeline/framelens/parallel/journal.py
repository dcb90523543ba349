"""How far a run has come, kept in a file beside its output so that another run may go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from framelens.core.errors import at
from framelens.readers import Source

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """The state after some pieces of the input, all of whose lines have been written.

    `continued` is the number of sentences of the document that the next piece may be a part of;
    `size` and `digest` (SHA-256) are those of what has been written, `rejects_size` is that of the
    file of bad records. Sizes are in bytes.
    """

    pieces: int = 0
    sentences: int = 0
    continued: int = 0
    size: int = 0
    digest: str | None = None
    rejected: int = 0
    rejects_size: int = 0


def inputs(sources: Sequence[Source]) -> list[list[object]]:
    """The files of an input as they are now: name, size in bytes and time of change (ns).

    Raise FramelensError for a file that cannot be read.
    """
    found: list[list[object]] = []
    for source in sources:
        assert source.path is not None
        try:
            status = source.path.stat()
        except OSError as error:
            raise at(source.place, None, f"cannot be read: {error.strerror}") from None
        found.append([str(source.path), status.st_size, status.st_mtime_ns])
    return found


def about(task: Mapping[str, Any], sources: Sequence[Source]) -> dict[str, Any]:
    """What a journal begins with: all that the output depends on."""
    return {"journal": FORMAT, "task": dict(task), "inputs": inputs(sources)}


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """The first thing in which two runs differ, if they do: an option, a digest or a file."""
    return different_option(before, now["task"]) or _changed_input(before["inputs"], now["inputs"])


def different_option(before: Mapping[str, Any], task: Mapping[str, Any]) -> str | None:
    """The first part of a task that is not what it was when a journal was begun."""
    if before.get("journal") != FORMAT:
        return "version of framelens"
    old = before["task"]
    return next((name for name in task if old.get(name) != task[name]), None)


def _changed_input(before: Sequence[Any], now: Sequence[Any]) -> str | None:
    for old, new in zip(before, now, strict=False):
        if old != new:
            return str(new[0])
    return "the list of files" if len(before) != len(now) else None


def read_journal(stream: BinaryIO) -> tuple[Mapping[str, Any] | None, Mark, int]:
    """What the run was about, the last mark, and where that ends; None for an empty journal."""
    found = rows(stream)
    mark = Mark(**found[-1]) if len(found) > 1 else Mark()
    return (found[0] if found else None), mark, stream.tell()


def rows(stream: BinaryIO) -> list[dict[str, Any]]:
    """The rows of a journal, up to where one was cut off, where the stream then stands."""
    stream.seek(0)
    found: list[dict[str, Any]] = []
    for line in iter(stream.readline, b""):
        if (row := _row(line)) is None:
            stream.seek(-len(line), 1)
            break
        found.append(row)
    return found


def _row(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def write_row(stream: BinaryIO, row: Mark | Mapping[str, Any]) -> None:
    """Add a line, such that it stays if the process is killed."""
    fields = asdict(row) if isinstance(row, Mark) else row
    stream.write(json.dumps(fields).encode() + b"\n")
    stream.flush()


@contextmanager
def locked(path: Path, named: Path) -> Iterator[BinaryIO]:
    """A file to read and write, made if missing, that no other run has; raise FramelensError where
    one does, naming what the user asked for."""
    with path.open("a+b") as stream:
        if not _lock(stream):
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
