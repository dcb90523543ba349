"""JSON Lines and CSV → passages, a record at a time."""

from __future__ import annotations

import csv
import json
import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NoReturn

from framelens.core.types import Passage
from framelens.core.unicode import storable
from framelens.readers.bad import Bad
from framelens.readers.decoding import decoded, lines, undecoded
from framelens.readers.source import Reading, Source

DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""What stands between the cells of a table, by the end of its file's name."""

CELL = 128 * 1024 * 1024
"""The longest cell of a CSV file, in characters."""

FIELDS = 1_000_000
"""The most characters of a record's fields other than its text: each of its sentences is written
with them."""

DEEPEST = 100
"""How deep a record's fields may be nested: deeper ones can be read in one place of a program and
not in another."""

LIMIT = threading.RLock()
"""Held while the limit on cells is changed, which is one for all threads."""

Record = tuple[int, str, dict[str, Any] | Bad]
"""The line on which a record begins, the record as it stands, and its fields."""


def read_json_lines(source: Source, reading: Reading) -> Iterator[Passage]:
    """The objects of a JSON Lines file; raise Bad if it has none."""
    rows = enumerate(_lines(source, reading, "\n"), start=source.line)
    return passages(_json_records(rows), source, reading)


def read_csv(source: Source, reading: Reading) -> Iterator[Passage]:
    """The rows of a CSV file with a header; raise Bad if it has none, or no column `text`."""
    return _separated(source, reading, DELIMITERS[".csv"])


def read_tsv(source: Source, reading: Reading) -> Iterator[Passage]:
    """As `read_csv`, with tabs between the cells."""
    return _separated(source, reading, DELIMITERS[".tsv"])


def _separated(source: Source, reading: Reading, delimiter: str) -> Iterator[Passage]:
    records = _csv_records(_lines(source, reading, ""), delimiter, reading.encoding, source.line)
    return passages(records, source, reading)


def _lines(source: Source, reading: Reading, newline: Literal["", "\n"]) -> Iterator[str]:
    # A byte that cannot be decoded spoils its record, not the file.
    return lines(decoded(source.chunks(), reading.encoding, "surrogateescape"), newline)


def passages(records: Iterable[Record], source: Source, reading: Reading) -> Iterator[Passage]:
    """A passage a record, bad ones reported; raise Bad if there are no records."""
    empty = True
    for line, raw, fields in records:
        empty = False
        try:
            if problem := undecoded(raw, reading.encoding):
                raise Bad(problem)
            passage = _passage(source, line, fields)
        except Bad as bad:
            reading.report(source, line, raw, bad.reason)
        else:
            yield passage
    if empty:
        raise Bad("no records in it")


def _passage(source: Source, line: int, fields: dict[str, Any] | Bad) -> Passage:
    if isinstance(fields, Bad):
        raise fields
    if "text" not in fields:
        raise Bad("no field 'text'")
    text, identifier = fields.pop("text"), fields.pop("id", "")
    if not isinstance(text, str):
        raise Bad(f"text is {_kind(text)}; expected a string")
    if not isinstance(identifier, str) and type(identifier) is not int:
        raise Bad(f"id is {_kind(identifier)}; expected a string or a whole number")
    if _depth(fields) > DEEPEST:
        raise Bad(f"nested over {DEEPEST} deep")
    if (size := len(json.dumps(fields))) > FIELDS:
        problem = f"the other fields hold {size:,} characters; expected at most {FIELDS:,}"
        raise Bad(f"{problem}, since they are written with every sentence")
    name = str(identifier) or None
    return Passage(name or f"{source.name}:{line}", text, id=name, meta=fields)


def _depth(value: Any) -> int:
    """How many objects and lists lie in one another."""
    depth, inside = 0, [value]
    while inside := [one for one in inside if isinstance(one, (dict, list))]:
        depth += 1
        inside = [
            part for one in inside for part in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", type(None): "null"}
    return names.get(type(value)) or json.dumps(value)[:40]


def _json_records(rows: Iterable[tuple[int, str]]) -> Iterator[Record]:
    for number, row in rows:
        if row.strip():
            yield number, row, _object(row.rstrip())


def _object(row: str) -> dict[str, Any] | Bad:
    try:
        value = _parsed(row)
    except json.JSONDecodeError as error:
        where = f"{error.msg}, column {error.pos + 1}"
        return Bad(f"not JSON: {where}; expected one object a line")
    except RecursionError:
        return Bad("not JSON that can be read: nested too deeply")
    except ValueError as error:
        return Bad(f"not JSON: {error}")
    if not isinstance(value, dict):
        return Bad(f"expected an object with a field 'text', found {_kind(value)}")
    return value


def _parsed(row: str) -> Any:
    value = json.loads(row, parse_constant=_no_number, parse_float=_number)
    if r"\ud" in row or r"\uD" in row:
        text = json.dumps(value, ensure_ascii=False)
        if (mended := storable(text)) is not text:
            return json.loads(mended)
    return value


def _number(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits)


def _no_number(name: str) -> NoReturn:
    # Python would read it, and write JSON that others cannot.
    raise ValueError(f"{name} is not a number in JSON")


def _csv_records(
    rows: Iterable[str], delimiter: str, encoding: str, first: int
) -> Iterator[Record]:
    """The records of a table whose first line is number `first` of its file."""
    taken: list[str] = []
    reader = csv.reader(_noted(rows, taken), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while (cells := _next(reader)) is not None:
        raw = "".join(taken)
        line = first + reader.line_num - len(taken)
        taken.clear()
        if header is None:
            if problem := undecoded(raw, encoding):
                raise Bad(problem, line)
            header = _header(cells, line)
        elif cells:
            yield line, raw, _fields(header, cells)


def _noted(rows: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The rows, each added to `taken` as it goes."""
    for row in rows:
        taken.append(row)
        yield row


def _next(reader: Iterator[list[str]]) -> list[str] | Bad | None:
    """The next row's cells, none for a blank line; None at the end."""
    # The limit is the whole process's: it is raised for this row only, by one thread at a time.
    with LIMIT:
        before = csv.field_size_limit(CELL)
        try:
            return next(reader, None)
        except csv.Error as error:
            return Bad(f"not CSV: {error}")
        finally:
            csv.field_size_limit(before)


def _header(cells: list[str] | Bad, line: int) -> list[str] | None:
    if isinstance(cells, Bad):
        raise Bad(cells.reason, line)
    if cells and "text" not in cells:
        found = ", ".join(cells[:8])[:200]
        raise Bad(f"no column 'text' in the header; found {found}", line)
    for name, count in Counter(cells).items():
        if count > 1:
            raise Bad(f"the header has the column {name!r} {count} times", line)
    return cells or None


def _fields(header: list[str], cells: list[str] | Bad) -> dict[str, Any] | Bad:
    if isinstance(cells, Bad):
        return cells
    if len(cells) != len(header):
        return Bad(f"expected {len(header)} cells, found {len(cells)}")
    return dict(zip(header, cells, strict=True))
