"""Parquet files → runs of row groups that can be read apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framelens.parallel.stretches import Span

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile


def row_groups(path: Path, target: int) -> Iterator[tuple[Span, int, int]]:
    """Row groups (the first, and one after the last), the number of their first row from 1, and
    their size in bytes, which is at least `target` but for the last.

    They end between two documents, as stretches do, and where that cannot be told from a column's
    statistics they go on. Nothing comes of a file that cannot be read.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            yield from _runs(file, target)
    except (ArrowException, OSError):
        return


def _runs(file: ParquetFile, target: int) -> Iterator[tuple[Span, int, int]]:
    start, row, rows, size = 0, 1, 0, 0
    for group in range(file.num_row_groups):
        found = file.metadata.row_group(group)
        rows, size = rows + found.num_rows, size + _size(found)
        last = group + 1 == file.num_row_groups
        if last or (size >= target and _ends_document(file, group)):
            yield (start, group + 1), row, size
            start, row, rows, size = group + 1, row + rows, 0, 0


def _size(group: Any) -> int:
    columns = (group.column(number) for number in range(group.num_columns))
    return sum(column.total_compressed_size for column in columns)


def _ends_document(file: ParquetFile, group: int) -> bool:
    """Whether a row group and the next surely hold different documents at their border."""
    if any(_may_lack_text(file.metadata.row_group(at)) for at in (group, group + 1)):
        return False
    if "id" not in file.schema_arrow.names:
        return True
    before = file.read_row_group(group, columns=["id"]).column("id")
    after = file.read_row_group(group + 1, columns=["id"]).column("id")
    if not len(before) or not len(after):
        return False
    name, next_name = before[-1].as_py(), after[0].as_py()
    return next_name in (None, "") or str(name) != str(next_name)


def _may_lack_text(group: Any) -> bool:
    """Whether a row may hold no text: it is passed over, and hides what was before it."""
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema == "text":
            counts = column.statistics
            return counts is None or not counts.has_null_count or bool(counts.null_count)
    return True
