"""Where a text comes from, and how it is to be read."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

from framelens.core.errors import at
from framelens.core.settings import Tables
from framelens.core.types import Passage, Unit
from framelens.readers.bad import Bad
from framelens.readers.metadata import Beside
from framelens.readers.notes import Notes
from framelens.readers.rejects import Rejects

CHUNK = 256 * 1024
"""Bytes read at a time."""

WHOLE = 256 * 1024 * 1024
"""The most bytes of one document that is read into memory as a whole."""

DAMAGED = (BadZipFile, zlib.error, EOFError)
"""What unpacking raises where an archive is damaged."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a file within an archive, or standard input (`path` is None).

    `name` is what its document is called in the output; `head` is what has been read of it already;
    `unpack` opens what `path` leads to inside an archive. A stretch of JSON Lines or Parquet is a
    source too: `unpack` opens the one, `row_groups` (first, and one after the last) are the other,
    and `line` is the number of its first line or row in the file. `short` says whether the rows of
    a table lack a cell, None where its first row tells.
    """

    name: str
    path: Path | None
    head: bytes = b""
    unpack: Callable[[], BinaryIO] | None = None
    row_groups: tuple[int, int] | None = None
    line: int = 1
    short: bool | None = None

    @property
    def place(self) -> Path | str:
        """What errors call it."""
        return self.path or self.name

    @property
    def suffix(self) -> str:
        """The end of the file's name that tells its format, in lower case."""
        return self.path.suffix.lower() if self.path else ""

    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece; raise Bad where they cannot be read."""
        if self.head:
            yield self.head
        try:
            if self.path is None:
                yield from _pieces(sys.stdin.buffer)
            else:
                with self._open(self.path) as stream:
                    yield from _pieces(stream)
        except OSError as error:
            raise Bad(f"cannot be read: {error.strerror or error}") from None
        except DAMAGED as error:
            raise Bad(f"cannot be unpacked: {error}") from None

    def content(self, limit: int = WHOLE) -> bytes:
        """All the bytes; raise Bad where there are more than `limit` or they cannot be read."""
        found = bytearray()
        for chunk in self.chunks():
            found += chunk
            if len(found) > limit:
                raise Bad(f"larger than {limit >> 20} MB; expected a smaller document")
        return bytes(found)

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """A stream to read from at any place; raise Bad where there is none."""
        if self.path is None or self.unpack is not None:
            yield BytesIO(self.content())
            return
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise Bad(f"cannot be read: {error.strerror}") from None
        with stream:
            yield stream

    def _open(self, path: Path) -> BinaryIO:
        return self.unpack() if self.unpack is not None else path.open("rb")


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: the encoding, the unit of plain text, what becomes of bad records.

    `tables` says how tables are read, `beside` what is known of documents from beside them; `notes`
    are taken of what should be known of the input.
    """

    encoding: str
    unit: Unit
    rejects: Rejects | None = None
    tables: Tables = field(default_factory=Tables)
    beside: Beside = field(default_factory=Beside)
    notes: Notes = field(default_factory=Notes)

    def report(self, source: Source, line: int | None, raw: str | None, reason: str) -> None:
        """Put a bad record or file aside, or raise FramelensError for it."""
        if self.rejects is None:
            raise at(source.place, line, reason)
        self.rejects.add(source.place, line, raw, reason)


Reader = Callable[[Source, Reading], Iterator[Passage]]
"""Reads one family of formats; raises Bad where the whole file is."""


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece
