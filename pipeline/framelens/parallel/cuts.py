"""Large files → partitions that can be read apart, each whole documents.

JSON Lines and CSV are cut between two records, Parquet between two row groups.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from os.path import realpath
from pathlib import Path

from framelens.core.settings import Tables
from framelens.parallel.stream import FileState
from framelens.readers.formats.records import DELIMITERS, JSON_LINES, cells_of, delimiter_of
from framelens.readers.rejects import Bad
from framelens.readers.source import HEAD, MARKS, Reading, Source, missing

PARQUET = ".parquet"
ENCODINGS = ("utf-8", "ascii", "iso8859", "cp125")
"""Encodings, by how their names begin, in which the byte of a line break is nothing else."""

MARK = "\ufeff".encode().decode("latin-1")
"""The byte order mark of UTF-8, a character for each byte."""

Span = tuple[int, int]

Row = tuple[int, int, bool | None]
"""A record or a row group: the number of its first line or row, its size in bytes, and whether a cut
before or after it is safe, None for a blank line."""

Cells = tuple[int, str, list[str] | Bad]
"""A row of a table: its first line, its text, and its cells, none for a blank line."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A file or a part of it, as a source to read: the state of the whole `file` before it was cut, the
    `span` that is read of it (bytes or row groups, None for all), its first `line` or row, and its `size`
    in bytes."""

    source: Source
    file: FileState
    span: Span | None
    line: int
    size: int


class Part(io.FileIO):
    """The bytes of a file within a span; only `read` keeps to it."""

    def __init__(self, path: Path, span: Span) -> None:
        super().__init__(path)
        self._end = span[1]
        self.seek(span[0])

    def read(self, size: int | None = -1) -> bytes:
        left = self._end - self.tell()
        return super().read(left if size is None or size < 0 else min(size, left)) or b""


def cut(
    source: Source, file: FileState, encoding: str, target: int, tables: Tables
) -> list[Partition]:
    """Cut a file into partitions of whole records, each of at least `target` bytes but the last; a file
    that cannot be cut is one."""
    # A path that holds in any working directory, as workers may have another.
    path = Path(realpath(source.place))
    source, partitions = replace(source, path=path), list[Partition]()
    size = file[1]
    if size <= target:
        pass
    elif source.suffix == PARQUET and not missing(PARQUET):
        for span, place, line in _between(_row_groups(path), target):
            part = replace(source, row_groups=span, line=line)
            partitions.append(Partition(part, file, span, line, place[1] - place[0]))
    elif source.suffix in (*JSON_LINES, *DELIMITERS) and _is_cut_by_lines(path, encoding):
        # All parts but the first are read with the table's header before them; of JSON Lines with a
        # line break, lest the reader look for a byte order mark. `lines` is what that adds.
        head, lines, short, rows = b"\n", 1, None, _json_lines(path)
        if source.suffix in DELIMITERS:
            head, lines, short, rows = _table(source, path, encoding, tables)
        for _, place, line in _between(rows, target):
            part = replace(source, unpack=partial(Part, path, place))
            if partitions:
                part = replace(part, head=head, line=line - lines, short=short)
            partitions.append(Partition(part, file, place, line, place[1] - place[0]))
    return partitions if len(partitions) > 1 else [Partition(source, file, None, 1, size)]


def _between(rows: Iterable[Row], target: int) -> Iterator[tuple[Span, Span, int]]:
    """Cut rows into groups of at least `target` bytes, only between two that are safe: of each group
    the span in rows, the span in bytes, and the number of its first line."""
    row, place, line = 0, 0, 1
    count = end = 0
    was_safe: bool | None = False
    for number, size, is_safe in rows:
        if is_safe and was_safe and end - place >= target:
            yield (row, count), (place, end), line
            row, place, line = count, end, number
        count, end = count + 1, end + size
        was_safe = was_safe if is_safe is None else is_safe
    yield (row, count), (place, end), line


def _is_cut_by_lines(path: Path, encoding: str) -> bool:
    """Whether line breaks can be found in a file without decoding it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    binary = b"\0" in head or head.startswith(tuple(MARKS))
    return encoding.startswith(ENCODINGS) and not binary


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            text = line.lstrip()
            yield number, len(line), text.startswith(b"{") if text else None


def _table(
    source: Source, path: Path, encoding: str, tables: Tables
) -> tuple[bytes, int, bool | None, Iterator[Row]]:
    """The results of `_header`, and the rows; none where a table is not to be cut, as with a bad header,
    which is to be reported once, or a delimiter that is not one byte."""
    try:
        delimiter = delimiter_of(source, Reading(encoding, "document", tables=tables))
    except Bad:
        delimiter = ""
    byte = delimiter.encode(encoding.removesuffix("-sig"), "ignore")
    if len(byte) != 1:
        return b"", 0, None, iter(())
    rows = partial(_cells, path, encoding, byte.decode("latin-1"))
    return *_header(rows()), _table_rows(rows())


def _table_rows(rows: Iterable[Cells]) -> Iterator[Row]:
    header = 0
    for line, raw, cells in rows:
        if isinstance(cells, Bad):
            yield line, len(raw), False
            continue
        # A bad row may hide the ends of others: there is no cut beside it.
        yield line, len(raw), header - len(cells) in (0, 1) if cells else None
        header = header or len(cells)


def _header(rows: Iterable[Cells]) -> tuple[bytes, int, bool | None]:
    """The bytes of a table's first record, its lines, and whether the first row is a cell short."""
    head, header, lines = "", 0, 0
    for line, raw, cells in rows:
        if header:
            lines = lines or line - 1
            if cells and isinstance(cells, list):
                return head.encode("latin-1"), lines, len(cells) + 1 == header
        else:
            head += raw
            header = len(cells) if isinstance(cells, list) else 0
    return head.encode("latin-1"), lines, None


def _cells(path: Path, encoding: str, delimiter: str) -> Iterator[Cells]:
    """The rows of a table as `cells_of` gives them, a character for each byte."""
    with path.open(encoding="latin-1", newline="") as stream:
        if encoding.startswith("utf-8") and stream.read(len(MARK)) == MARK:
            yield 1, MARK, []
        else:
            stream.seek(0)
        yield from cells_of(stream, delimiter, 1)


def _row_groups(path: Path) -> Iterator[Row]:
    """The row groups; none where the file cannot be read, which its reader will report."""
    from pyarrow.parquet import ParquetFile

    line = 1
    try:
        with ParquetFile(path) as file:
            # A group's size is reckoned from its rows: asking a damaged file for the sizes of columns
            # crashes the process.
            size, count = path.stat().st_size, max(1, file.metadata.num_rows)
            for number in range(file.num_row_groups):
                rows = file.metadata.row_group(number).num_rows
                yield line, size * rows // count, True
                line += rows
    except Exception:  # a parser of foreign files may fail in any way
        return
