"""An output file under way: written beside its place, with a journal by which it can be resumed."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from framelens.core.errors import FramelensError, at
from framelens.core.files import check_writable, reporting
from framelens.core.unicode import storable
from framelens.parallel.journal import Mark, difference, locked, read_journal, write_row
from framelens.parallel.pieces import Reject

EVERY = 1.0
"""Seconds of work that a killed run may lose."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Places:
    """The files of a run that writes to `path`; bad records end in `rejects`."""

    path: Path
    rejects: Path

    @property
    def text(self) -> Path:
        """The output so far."""
        return self.path.with_name(f"{self.path.name}.partial")

    @property
    def bad(self) -> Path:
        """The bad records so far."""
        return self.rejects.with_name(f"{self.rejects.name}.partial")

    @property
    def journal(self) -> Path:
        """How far that is."""
        return self.path.with_name(f"{self.path.name}.journal")

    def remove(self) -> None:
        """Remove what is left beside the output."""
        for path in (self.text, self.bad, self.journal):
            # Windows keeps what is open; a journal without a text says nothing.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)


@contextmanager
def open_partial(
    path: Path, rejects: Path, about: Mapping[str, Any], *, resume: bool
) -> Iterator[Partial]:
    """A file that appears, or is replaced, only when the block ends without an error.

    If it ends otherwise after a second's work, what has been done stays beside it, to be resumed
    by a run `about` the same. Raise FramelensError at once where the file cannot be written,
    another run is writing it, or what is to be resumed was about something else.
    """
    check_writable(path)
    places = Places(path.resolve(), rejects)
    with locked(places.journal, path) as journal:
        mark = _resumed(journal, places, about) if resume else None
        if mark is None:
            mark = _begun(journal, places, about)
        partial = Partial(places, journal, mark)
        try:
            with reporting(path), partial.open():
                yield partial
        except BaseException as error:
            if not partial.kept:
                places.remove()
            elif isinstance(error, FramelensError):
                raise FramelensError(f"{error}; {KEPT}") from None
            raise
        _move(places, partial.mark)


class Partial:
    """Takes text and bad records; `mark` is how far it has come, at first that of a run before."""

    def __init__(self, places: Places, journal: BinaryIO, mark: Mark) -> None:
        self.mark, self.kept = mark, mark.pieces > 0
        self._places, self._journal = places, journal
        self._digest = _digest(places.text, mark.size)
        self._size, self._rejected, self._rejects_size = mark.size, mark.rejected, mark.rejects_size
        self._since = time.monotonic()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Open the files; bring them to the disk where the block ends without an error, else note
        how far they are, if that was worth a note before."""
        with self._places.text.open("ab") as self._text, self._places.bad.open("ab") as self._bad:
            try:
                yield
            except BaseException:
                # On a full disk the note before stands.
                with suppress(OSError):
                    if self.kept:
                        self._keep()
                raise
            for stream in (self._text, self._bad):
                stream.flush()
                os.fsync(stream.fileno())

    def write(self, text: str) -> None:
        """Take lines of the output."""
        data = text.encode()
        self._digest.update(data)
        self._size += len(data)
        self._text.write(data)

    def reject(self, rows: Iterable[Reject]) -> None:
        """Take bad records."""
        for row in rows:
            fields = {"file": row.place, "line": row.line, "reason": row.reason, "raw": row.raw}
            data = (storable(json.dumps(fields, ensure_ascii=False)) + "\n").encode()
            self._rejected += 1
            self._rejects_size += len(data)
            self._bad.write(data)

    def reach(self, pieces: int, sentences: int, continued: int) -> None:
        """Note that all of so many pieces has been taken, and from time to time keep the note."""
        self.mark = Mark(
            pieces=pieces,
            sentences=sentences,
            continued=continued,
            size=self._size,
            digest=self._digest.hexdigest(),
            rejected=self._rejected,
            rejects_size=self._rejects_size,
        )
        if time.monotonic() - self._since >= EVERY:
            self._keep()

    def _keep(self) -> None:
        # What the journal tells of must be there before it does.
        self._text.flush()
        self._bad.flush()
        write_row(self._journal, self.mark)
        self.kept, self._since = True, time.monotonic()


def _begun(journal: BinaryIO, places: Places, about: Mapping[str, Any]) -> Mark:
    journal.truncate(0)
    write_row(journal, about)
    for place in (places.text, places.bad):
        place.write_bytes(b"")
    return Mark()


def _resumed(journal: BinaryIO, places: Places, about: Mapping[str, Any]) -> Mark | None:
    """Where a run before got to, with all after that cut off; None if there is nothing of it."""
    before, mark, end = read_journal(journal)
    if before is None or not places.text.exists():
        return None
    if changed := difference(before, about):
        raise at(places.text, None, f"{changed} is not what it was when this was begun; {ADVICE}")
    for place, size in ((places.text, mark.size), (places.bad, mark.rejects_size)):
        if not place.exists() or place.stat().st_size < size:
            raise at(place, None, f"shorter than its journal says; {ADVICE}")
        os.truncate(place, size)
    if mark.size and _digest(places.text, mark.size).hexdigest() != mark.digest:
        raise at(places.text, None, f"does not hold what its journal says; {ADVICE}")
    journal.truncate(end)
    return mark


ADVICE = "run without --resume to begin again"
KEPT = "what had been done is kept: --resume goes on from there"


def _digest(path: Path, size: int) -> Any:
    made = sha256()
    if size:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                made.update(chunk)
    return made


def _move(places: Places, mark: Mark) -> None:
    # The output first: a run that is ended in between is then done again, and not resumed with half
    # of its files.
    places.text.replace(places.path)
    if mark.rejected:
        places.bad.replace(places.rejects)
    places.remove()
