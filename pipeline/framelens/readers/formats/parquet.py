"""Parquet files → passages, a row at a time, through pyarrow."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, BinaryIO

from framelens.core.types import Passage, storable
from framelens.readers.archives import HARMLESS
from framelens.readers.extracted import foreign
from framelens.readers.formats.records import ID, TEXT, column_of, passages, twice
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

TEXTS = {"string", "large_string", "binary", "large_binary"}
ROWS = 1024
"""Rows taken at a time."""

RATIO = 1_000
"""How many times larger than the file its rows may be, where they hold more than is harmless: a text
that stands in a file, or a workbook, once may be that of every row."""
FEW = 16
"""Rows taken at a time where cells hold lists, which may be long."""
ROWS_AT_MOST, CELLS, PACKED = 100_000, 100_000_000, 8
"""Rows and cells of a file up to which it does not matter how many there are for each of its bytes, and
how many there may be: rows that differ take a bit each, those that are the same again and again none."""


def read_parquet(source: Source, reading: Reading) -> Iterator[Passage]:
    """The rows of a Parquet file; raise Bad if it has none, or no column `text`.

    The other columns are kept as JSON has them: dates and times by ISO 8601, decimals as text, and
    null for what is no number. The line of a row, in errors and names, is its number from 1.
    """
    with source.seekable() as stream:
        file, most = _opened(stream)
        names, tables = file.schema_arrow.names, reading.tables
        if column_of(names, tables.text_column, TEXT) is None:
            raise Bad(
                f"no column {tables.text_column or TEXT!r}; found {', '.join(names[:8])[:200]}; "
                "name it with --text-column"
            )
        identifier = column_of(names, tables.id_column, ID) or ID
        yield from passages(_rows(file, source, identifier, most), source, reading)


def parquet_rows(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a Parquet file, whatever its columns, with their numbers from 1."""
    with source.seekable() as stream:
        file, most = _opened(stream)
        for number, _, fields in _rows(file, source, ID, most):
            yield number, fields


def _opened(stream: BinaryIO) -> tuple[ParquetFile, int]:
    """The file, and how many characters its rows may hold together."""
    from pyarrow.parquet import ParquetFile

    with foreign("Parquet"):
        # Opened again with texts as dictionaries, lest each row gets a copy of a repeated text.
        file = ParquetFile(stream)
        size, schema = stream.seek(0, 2), file.schema_arrow
        if (double := twice(schema.names)) is not None:
            raise Bad(f"has the column {double!r} twice")
        _check_cells(file, size)
        texts = [field.name for field in schema if str(field.type) in TEXTS]
        return ParquetFile(stream, read_dictionary=texts), max(HARMLESS, RATIO * size)


def _check_cells(file: ParquetFile, size: int) -> None:
    """Raise Bad for a file of so many bytes that holds far more rows or cells than those can say.

    What a file says of a column, such as how many values its lists hold, is not asked: where that is
    damaged, pyarrow ends the process.
    """
    rows, cells = file.metadata.num_rows, file.metadata.num_rows * file.metadata.num_columns
    if rows > max(ROWS_AT_MOST, PACKED * size) or cells > max(CELLS, PACKED * size):
        raise Bad(f"holds {rows:,} rows of {cells:,} cells in {size:,} bytes")


def parquet_fields(
    source: Source, wanted: Callable[[list[str]], Iterable[str | None]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The cells of the columns `wanted` of those that there are, with the numbers of their rows;
    nothing else of a file is read."""
    with source.seekable() as stream, foreign("Parquet"):
        file, most = _opened(stream)
        names = file.schema_arrow.names
        columns = [
            name for name in dict.fromkeys(wanted(names)) if name is not None and name in names
        ]
        if not columns:
            return
        yield from enumerate(_cells_by_name(file, most, columns), start=1)


def _rows(
    file: ParquetFile, source: Source, identifier: str, most: int
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The rows, whose texts may hold `most` characters together."""
    groups = range(*source.row_groups) if source.row_groups else None
    with foreign("Parquet"):
        rows = _cells_by_name(file, most, groups=groups)
        for number, fields in enumerate(rows, start=source.line):
            raw = json.dumps(fields, ensure_ascii=False)
            if fields.get(identifier, "") is None:  # which says that the row has no id
                del fields[identifier]
            yield number, raw, fields


def _cells_by_name(
    file: ParquetFile,
    most: int,
    columns: list[str] | None = None,
    groups: Iterable[int] | None = None,
) -> Iterator[dict[str, Any]]:
    """The rows as JSON can hold them; they may hold `most` characters or bytes together."""
    from pyarrow.types import is_dictionary

    is_nested = any(
        field.type.num_fields > 0 and (columns is None or field.name in columns)
        for field in file.schema_arrow
    )
    size = FEW if is_nested else ROWS
    for batch in file.iter_batches(batch_size=size, columns=columns, row_groups=groups):
        # Columns without a dictionary are in memory already: their size is checked first.
        apart = [one for one in batch.columns if not is_dictionary(one.type)]
        most -= sum(one.nbytes for one in apart)
        if most < 0:
            raise Bad(f"unpacks to over {RATIO:,} times its size")
        # Bad UTF-8 would raise later, or not at all.
        for one in apart:
            one.validate(full=True)
        names, cells_by_column = batch.schema.names, [_cells(column) for column in batch.columns]
        most -= sum(len(cell) for cells in cells_by_column for cell in cells if type(cell) is str)
        if most < 0:
            raise Bad(f"unpacks to over {RATIO:,} times its size")
        for row in zip(*cells_by_column, strict=True):
            yield {name: plain(cell) for name, cell in zip(names, row, strict=True)}


def _cells(column: Any) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        # Only the part that these rows use: a dictionary is that of the whole row group.
        used = column.indices.unique().drop_null()
        taken = column.dictionary.take(used)
        taken.validate(full=True)
        values = dict(zip(used.to_pylist(), _cells(taken), strict=True))
        return [None if at is None else values[at] for at in column.indices.to_pylist()]
    try:
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            # With pandas installed this would give its Timestamp, which prints in another way.
            column = column.cast(pa.timestamp("us", column.type.tz))
        cells: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, LookupError):  # of them pyarrow's ArrowInvalid
        # Times that Python cannot hold: past the year 9999, in nanoseconds, of an unknown zone.
        cells = column.cast("string").to_pylist()
    return cells


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
