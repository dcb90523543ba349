"""Large files → stretches that can be read apart, each whole documents.

JSON Lines and CSV are cut between two records, Parquet between two row groups.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from framelens.core.settings import Tables
from framelens.readers.formats.records import DELIMITERS, JSON_LINES, found_delimiter
from framelens.readers.source import HEAD, MARKS, Source, missing

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

PARQUET = ".parquet"
ENCODINGS = ("utf-8", "ascii", "iso8859", "cp125")
"""Encodings, by how their names begin, in which the byte of a line break is nothing else."""

CHUNK = 1 << 20
USUAL = Tables()

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file: `span` in bytes, or row groups of Parquet; `size` in bytes.

    `line` is the number of its first line or row, None where it is still to be counted.
    """

    span: Span
    size: int
    line: int | None = None


def stretches(source: Source, encoding: str, target: int, tables: Tables = USUAL) -> list[Stretch]:
    """The stretches of a file, each of at least `target` bytes but the last, together the whole.

    They are longer where records are. A file that cannot be cut has none.
    """
    if source.path is None or source.unpack:
        return []
    if source.suffix == PARQUET:
        return [] if missing(PARQUET) else list(_row_groups(source.path, target))
    if not _is_cut_by_lines(source.path, encoding):
        return []
    if source.suffix in JSON_LINES:
        return list(_of_json_lines(source.path, target))
    if source.suffix in DELIMITERS:
        return list(_of_table(source.path, encoding, tables, target))
    return []


def part(source: Source, stretch: Stretch, line: int, tables: Tables = USUAL) -> Source:
    """A stretch of a source's file, which begins with line or row number `line`, as a source."""
    assert source.path is not None
    if source.suffix == PARQUET:
        return replace(source, row_groups=stretch.span, line=line)
    unpack = partial(open_span, source.path, stretch.span)
    if not stretch.span[0]:
        return replace(source, unpack=unpack)
    # The header that a table's rows are read by, or the line break lest the reader take the first
    # line for the beginning of a file, where a byte order mark may stand: lines more, as counted.
    if source.suffix not in DELIMITERS:
        return replace(source, unpack=unpack, head=b"\n", line=line - 1)
    head, lines, short = _header(source.path, tables)
    return replace(source, unpack=unpack, head=head, line=line - lines, short=short)


def count_lines(path: Path, span: Span) -> int:
    """How many line breaks there are in a stretch."""
    with open_span(path, span) as stream:
        return sum(chunk.count(b"\n") for chunk in iter(partial(stream.read, CHUNK), b""))


def open_span(path: Path, span: Span) -> BinaryIO:
    """The bytes of a stretch."""
    return io.BufferedReader(_Bytes(path, span))


class _Bytes(io.RawIOBase):
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


def _is_cut_by_lines(path: Path, encoding: str) -> bool:
    """Whether a file's lines can be told without decoding it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    binary = b"\0" in head or head.startswith(tuple(MARKS))
    return encoding.startswith(ENCODINGS) and not binary


def _of_json_lines(path: Path, target: int) -> Iterator[Stretch]:
    with path.open("rb") as stream:
        size, start = stream.seek(0, io.SEEK_END), 0
        while start < size:
            stop = _next_cut(stream, start + target, size)
            yield Stretch((start, stop), stop - start, 1 if not start else None)
            start = stop


def _next_cut(stream: BinaryIO, at: int, size: int) -> int:
    """Where a line that is surely a record ends before another."""
    if at >= size:
        return size
    stream.seek(at)
    stream.readline()
    place, before = stream.tell(), False
    while row := stream.readline():
        is_record = row.lstrip().startswith(b"{")
        if is_record and before:
            return place
        place, before = stream.tell(), is_record
    return size


def _of_table(path: Path, encoding: str, tables: Tables, target: int) -> Iterator[Stretch]:
    """Cut a table by its records as a reader of CSV finds them; where it stops, the rest is whole."""
    size = path.stat().st_size
    if size <= target:
        yield Stretch((0, size), size, 1)
        return
    start, line = 0, 1
    for stop, next_line in _ends_of_records(path, encoding, tables):
        if stop - start >= target:
            yield Stretch((start, stop), stop - start, line)
            start, line = stop, next_line
    if start < size:
        yield Stretch((start, size), size - start, line)


def _ends_of_records(path: Path, encoding: str, tables: Tables) -> Iterator[tuple[int, int]]:
    """Where a record ends before another, in bytes, and the next record's line."""
    taken = [0]
    with path.open("rb") as stream, suppress(csv.Error):
        rows = _rows(stream, path, taken, tables)
        cells = len(next(rows, []))
        before = False
        place = (taken[0], rows.line_num + 1)
        for row in rows:
            if row:
                # What a bad row hides is not known: there is no cut beside it.
                whole = cells - len(row) in (0, 1) and _is_text(row, encoding)
                if whole and before:
                    yield place
                before = whole
            place = taken[0], rows.line_num + 1


def _is_text(row: list[str], encoding: str) -> bool:
    try:
        "".join(row).encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _rows(stream: BinaryIO, path: Path, taken: list[int], tables: Tables) -> Any:
    """A reader of a table's rows, in bytes as characters."""
    with path.open("rb") as head:
        usual = DELIMITERS[path.suffix.lower()]
        delimiter, _ = found_delimiter(_counted(head, [0]), usual, tables)
    return csv.reader(_counted(stream, taken), delimiter=delimiter, strict=True)


def _counted(stream: BinaryIO, taken: list[int]) -> Iterator[str]:
    """The lines of a file, a character for each byte; `taken` counts those given."""
    for line in io.TextIOWrapper(stream, "latin-1", newline=""):
        taken[0] += len(line)
        yield line


def _header(path: Path, tables: Tables) -> tuple[bytes, int, bool | None]:
    """The bytes of a table's first record, its lines, and whether the first row is a cell short."""
    taken = [0]
    with path.open("rb") as stream:
        rows = _rows(stream, path, taken, tables)
        header: list[str] = next(rows, [])
        size, count = taken[0], rows.line_num
        first: list[str] = next(filter(None, rows), [])
        stream.seek(0)
        return stream.read(size), count, len(first) + 1 == len(header)


def _row_groups(path: Path, target: int) -> Iterator[Stretch]:
    """Runs of row groups; none where the file cannot be read, which its reader will tell."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            yield from _runs(file, target)
    except (ArrowException, OSError):
        return


def _runs(file: ParquetFile, target: int) -> Iterator[Stretch]:
    start, row, rows, size = 0, 1, 0, 0
    for group in range(file.num_row_groups):
        found = file.metadata.row_group(group)
        rows, size = rows + found.num_rows, size + _size(found)
        last = group + 1 == file.num_row_groups
        if last or size >= target:
            yield Stretch((start, group + 1), size, row)
            start, row, rows, size = group + 1, row + rows, 0, 0


def _size(group: Any) -> int:
    columns = (group.column(number) for number in range(group.num_columns))
    return sum(column.total_compressed_size for column in columns)
