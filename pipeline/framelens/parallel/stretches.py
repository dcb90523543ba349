"""Files of JSON Lines → stretches that can be read apart.

A stretch begins and ends between two documents: at a line whose record has another id than the
record on the line before, or none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from framelens.core.types import Passage
from framelens.readers import Reading, Rejects, Source
from framelens.readers.bad import Bad
from framelens.readers.decoding import HEAD, MARKS
from framelens.readers.formats.records import read_json_lines

SUFFIXES = {".jsonl", ".ndjson"}
ENCODINGS = ("utf-8", "ascii", "iso8859", "cp125")
"""Encodings, by how their names begin, in which the byte of a line break is nothing else."""

CHUNK = 1 << 20

Span = tuple[int, int]


def can_be_cut(source: Source, encoding: str) -> bool:
    """Whether a source is a file of JSON Lines whose lines can be told without decoding it."""
    if source.path is None or source.unpack or source.suffix not in SUFFIXES:
        return False
    try:
        with source.path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    binary = b"\0" in head or head.startswith(tuple(MARKS))
    return encoding.startswith(ENCODINGS) and not binary


def spans(source: Source, encoding: str, target: int) -> Iterator[Span]:
    """The stretches of a file, in bytes, each of at least `target` but the last.

    They are longer where documents are. Together they are the whole file.
    """
    assert source.path is not None
    with source.path.open("rb") as stream:
        size, start = stream.seek(0, io.SEEK_END), 0
        while start < size:
            stop = _next_cut(stream, source, encoding, start + target, size)
            yield start, stop
            start = stop


def stretch(source: Source, span: Span, line: int) -> Source:
    """The stretch of a source's file that begins with line number `line`."""
    assert source.path is not None
    unpack = partial(open_stretch, source.path, span)
    if not span[0]:
        return replace(source, unpack=unpack)
    # The line break lest the reader take the first line for the beginning of a file, where a
    # byte order mark may stand; it makes an empty line more.
    return replace(source, unpack=unpack, head=b"\n", line=line - 1)


def count_lines(path: Path, span: Span) -> int:
    """How many line breaks there are in a stretch."""
    with open_stretch(path, span) as stream:
        return sum(chunk.count(b"\n") for chunk in iter(partial(stream.read, CHUNK), b""))


def open_stretch(path: Path, span: Span) -> BinaryIO:
    """The bytes of a stretch."""
    return io.BufferedReader(_Stretch(path, span))


class _Stretch(io.RawIOBase):
    def __init__(self, path: Path, span: Span) -> None:
        self._file, self._left = path.open("rb"), span[1] - span[0]
        self._file.seek(span[0])

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # stub: Buffer
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _next_cut(stream: BinaryIO, source: Source, encoding: str, at: int, size: int) -> int:
    if at >= size:
        return size
    stream.seek(at)
    stream.readline()
    place, before = stream.tell(), None
    while row := stream.readline():
        passage = _passage(row, source, encoding)
        if passage and before and (passage.id is None or passage.id != before.id):
            return place
        if row.strip():
            before = passage
        place = stream.tell()
    return size


def _passage(row: bytes, source: Source, encoding: str) -> Passage | None:
    """What a line comes to, if it is not a bad record."""
    line = replace(source, head=b"\n", unpack=partial(io.BytesIO, row))
    with suppress(Bad):
        return next(read_json_lines(line, Reading(encoding, "document", Rejects(None))), None)
    return None
