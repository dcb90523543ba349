"""Where a text comes from, and how it is to be read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from framelens.documents.bad import Bad
from framelens.documents.rejects import Rejects
from framelens.errors import at
from framelens.passages import Passage, Unit

CHUNK = 256 * 1024
"""Bytes read at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or standard input (`path` is None).

    `name` is what its document is called in the output; `head` is what has been read of it already.
    """

    name: str
    path: Path | None
    head: bytes = b""

    @property
    def place(self) -> Path | str:
        """What errors call it."""
        return self.path or self.name

    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece; raise Bad where they cannot be read."""
        if self.head:
            yield self.head
        try:
            if self.path is None:
                yield from _pieces(sys.stdin.buffer)
            else:
                with self.path.open("rb") as stream:
                    yield from _pieces(stream)
        except OSError as error:
            raise Bad(f"cannot be read: {error.strerror}") from None


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: the encoding, the unit of plain text, what becomes of bad records."""

    encoding: str
    unit: Unit
    rejects: Rejects | None = None

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
