"""The rows of a table with all their fields, whatever its columns: labelled sentences, metadata."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import chain, dropwhile, islice
from pathlib import Path
from typing import Any

from framelens.core.errors import at
from framelens.core.files import check_regular
from framelens.core.types import storable
from framelens.readers.formats.parquet import parquet_rows
from framelens.readers.formats.records import (
    DELIMITERS,
    JSON_LINES,
    LONGEST_HEADER,
    MARKS,
    NAMED,
    cells_in,
    cells_of,
    column_of,
    fields_of_cells,
    json_records,
    tidied,
    twice,
)
from framelens.readers.formats.workbooks import sheets_of
from framelens.readers.rejects import Bad
from framelens.readers.source import (
    CHUNK,
    OLE,
    WORKBOOKS,
    Source,
    decoded,
    encoding_name,
    lines,
    require,
    suffix_of,
)

MOST = 2_000_000
"""Rows of a table: each takes memory, however little is in it."""

Row = tuple[int, dict[str, Any]]
"""The line on which a row begins, and its fields by the names of their columns."""


def rows_of(
    path: Path,
    *,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    wanted: str | None = None,
) -> Iterator[Row]:
    """The rows of a file of CSV, TSV, JSON Lines, Parquet or of a workbook, by the end of its name;
    other files are JSON Lines where they begin with an object, or a list of objects, else CSV.

    Of CSV and TSV the first line names the columns; where no `delimiter` is given, it is the mark
    that makes most of them. Of a workbook the sheet with the column `wanted` is taken, with titles above
    its header, or else the first that is not empty. Cells of CSV are texts; a line of Parquet is the
    number of the row. Raise FramelensError where a file cannot be read, several sheets have that
    column, a package is missing or the encoding is unknown, and for what is too large or a device.
    """
    source, encoding = Source(path.name, path), encoding_name(encoding)
    if not path.exists():
        raise at(path, None, "no such file")
    if path.is_dir():
        raise at(path, None, "is a folder; expected a file")
    require(source.suffix, path)
    if not path.is_fifo():
        check_regular(path)
    for number, row in enumerate(_rows(source, encoding, delimiter, wanted)):
        if number == MOST:
            raise at(path, row[0], f"over {MOST:,} rows; expected a smaller table")
        yield row


def is_unicode(path: Path) -> bool:
    """Whether a file is in UTF-8, or has the mark of UTF-16 or UTF-32."""
    try:
        with path.open("rb") as stream:
            deque(decoded(iter(partial(stream.read, CHUNK), b""), "utf-8", nul=True), maxlen=0)
    except Bad:
        return False
    except OSError:  # its reader says why
        return True
    return True


def _rows(
    source: Source, encoding: str, delimiter: str | None, wanted: str | None
) -> Iterator[Row]:
    path = source.place
    try:
        if source.path is not None and source.path.is_fifo():
            # A pipe can be read only once, and its beginning is needed twice.
            source = replace(source, unpack=partial(BytesIO, source.content()))
        if source.suffix == ".parquet":
            yield from parquet_rows(source)
        elif source.suffix in WORKBOOKS:
            yield from _sheet_rows(source, wanted)
        elif (objects := _objects(source, encoding)) is not None:
            yield from enumerate(objects, start=1)
        elif not _is_json(source):
            yield from _table_rows(source, encoding, delimiter)
        else:
            for line, _, fields in json_records(enumerate(_lines(source, encoding, "\n"), start=1)):
                if isinstance(fields, Bad):
                    raise Bad(fields.reason, line)
                yield line, fields
    except Bad as bad:
        raise at(path, bad.line, bad.reason) from None


def _sheet_rows(source: Source, wanted: str | None) -> list[Row]:
    sheets = sheets_of(source, wanted)
    fit = {
        name: rows[0][0]
        for name, (header, rows) in sheets.items()
        if rows and wanted and column_of(header, None, wanted)
    }
    # A sheet that explains the columns names them below its own header.
    names = [name for name, first in fit.items() if first == 2] or [*fit]
    if len(names) > 1:
        raise Bad(
            f"the sheets {', '.join(names)} have a column {wanted!r} each; expected one, or a file for each"
        )
    header, rows = sheets[names[0]] if names else next(iter(sheets.values()), ([], []))
    _check_header(header, 1)
    return rows


def _objects(source: Source, encoding: str) -> list[dict[str, Any]] | None:
    """The objects that a file of JSON lists; None for another kind of file, or JSON Lines under
    that name."""
    if source.suffix != ".json":
        return None
    try:
        value = json.loads(storable("".join(decoded(source.chunks(), encoding))))
    except (ValueError, RecursionError):
        return None
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise Bad("expected a list of objects")
    return rows


def _is_json(source: Source) -> bool:
    if source.suffix in JSON_LINES or source.suffix in DELIMITERS:
        return source.suffix in JSON_LINES
    return suffix_of(next(source.chunks(), b"")) in JSON_LINES


def _lines(source: Source, encoding: str, newline: Any) -> Iterator[str]:
    return lines(decoded(source.chunks(), encoding, nul=True), newline)


def _table_rows(source: Source, encoding: str, delimiter: str | None) -> Iterator[Row]:
    if next(source.chunks(), b"").startswith((b"PK\x03\x04", OLE)):
        raise Bad(
            "a workbook or an archive by what is in it; expected text: name it .xlsx or .xls?"
        )
    rows = _lines(source, encoding, "")
    head = [*islice(dropwhile(lambda row: not row.strip(), rows), LONGEST_HEADER)]
    if delimiter is None:
        marks = dict.fromkeys((DELIMITERS.get(source.suffix, ","), *MARKS))
        delimiter = max(marks, key=lambda mark: len(cells_in(head, mark) or ()))
    header: list[str] = []
    for line, _, cells in cells_of(chain(head, rows), NAMED.get(delimiter, delimiter), 1):
        if isinstance(cells, Bad):
            raise Bad(cells.reason, line)
        if header and cells:
            fields = fields_of_cells(header, cells)
            if isinstance(fields, Bad):
                raise Bad(fields.reason, line)
            yield line, fields
        elif cells:
            _check_header(cells, line)
        header = header or tidied(cells)


def _check_header(cells: list[str], line: int) -> None:
    if (name := twice(cells)) is not None:
        raise Bad(f"the header has the column {name!r} {cells.count(name)} times", line)
