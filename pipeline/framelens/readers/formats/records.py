"""JSON Lines and CSV → passages, a record at a time."""

from __future__ import annotations

import csv
import json
import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Literal, NoReturn

import numpy as np

from framelens.core.errors import FramelensError
from framelens.core.settings import Tables
from framelens.core.types import Ints, Passage, storable
from framelens.readers.rejects import EMPTY, Bad
from framelens.readers.source import Reading, Source, decoded, lines, suffix_of, undecoded

JSON_LINES = {".jsonl", ".ndjson"}
DELIMITERS = {".csv": ",", ".tsv": "\t"}
"""The delimiters of tables by the suffix of the file."""

MARKS = (",", ";", "\t", "|")
NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}
"""Marks between cells that are called by a name."""
LONGEST_HEADER = 20
"""Lines that are looked at for a header."""
MARK = "\ufeff"

TEXT, ID = "text", "id"
"""The usual names of the columns of texts and ids, in any case of letters."""

NO_ID = "record{s} {have} no field that --id-column names"
AGAIN = "record{s} {have} an id that stands further up: documents are named by line there"
TAGGED = "record{s} {have} HTML in the text, whose tags are read as words"
SHORT = "row{s} {are} one cell short of the header and {were} filled up"

LATEST = 1 << 16
"""Ids of which more is held than their number, before they are sorted away."""

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

HTML = re.compile(r"</(?:p|div|li|h[1-6]|span|blockquote)>|<br\s*/?>", re.IGNORECASE)
"""Signs that a text is HTML, as interfaces of web sites give it."""

Record = tuple[int, str, dict[str, Any] | Bad]
"""The line on which a record begins, the record as it stands, and its fields."""


def read_records(source: Source, reading: Reading) -> Iterator[Passage]:
    """The objects of a JSON Lines file, or the rows of a CSV file with a header; raise Bad if it has
    none, or no column of texts.

    Where the settings name no delimiter, it is the one of `,`, `;`, tab and `|` that makes a column
    of texts in the header. Rows that are one cell short are filled up where the first row is.
    """
    return passages(records_of(source, reading), source, reading)


def records_of(source: Source, reading: Reading) -> Iterator[Record]:
    """The records of a CSV or TSV file, or else of JSON Lines, as they stand."""
    is_piped = source.path is None and stream_suffix(source.head, reading.tables) == ".csv"
    if source.suffix not in DELIMITERS and not is_piped:
        return json_records(enumerate(_lines(source, reading, "\n"), start=source.line))
    rows = _lines(source, reading, "")
    delimiter, rows = detect_delimiter(rows, DELIMITERS.get(source.suffix, ","), reading.tables)
    return _csv_records(rows, delimiter, source, reading)


def delimiter_of(source: Source, reading: Reading) -> str:
    """The delimiter of a table; raise Bad where its header cannot be read."""
    rows = _lines(source, reading, "")
    delimiter, rows = detect_delimiter(rows, DELIMITERS[source.suffix], reading.tables)
    next(_csv_records(rows, delimiter, source, reading), None)
    return delimiter


def _lines(source: Source, reading: Reading, newline: Literal["", "\n"]) -> Iterator[str]:
    # A byte that cannot be decoded spoils its record, not the file.
    return lines(decoded(source.chunks(), reading.encoding, "surrogateescape"), newline)


def passages(records: Iterable[Record], source: Source, reading: Reading) -> Iterator[Passage]:
    """A passage a record, bad ones reported, empty ones noted; raise Bad if there are no records.

    Each record is a document: whoever reads files finds out first whether ids name them (see
    `framelens.readers.ahead`). Of standard input, one with an id that was there is named by its line.
    """
    empty, seen = True, SeenIds() if source.path is None else None
    for line, raw, fields in records:
        empty = False
        try:
            if problem := undecoded(raw, reading.encoding):
                raise Bad(problem)
            passage = _passage(source, line, fields, reading, seen)
        except Bad as bad:
            reading.report(source, line, raw, bad.reason)
            continue
        if not passage.text.strip():
            reading.notes.add(EMPTY, f"{source.name}:{line}")
        elif "<" in passage.text and HTML.search(passage.text):
            reading.notes.add(TAGGED, f"{source.name}:{line}")
        yield passage
    if empty:
        raise Bad("no records in it")


class SeenIds:
    """A set of ids, of most of which eight bytes are held."""

    def __init__(self) -> None:
        self._latest: set[int] = set()
        self._sorted: list[Ints] = []

    def add(self, name: str) -> bool:
        """Add an id; return whether it was there before."""
        key = hash(name)
        if key in self._latest or any(self._holds(part, key) for part in self._sorted):
            return True
        self._latest.add(key)
        if len(self._latest) == LATEST:
            part = np.fromiter(self._latest, np.int64)
            # Each part is more than twice as long as the next, so that there are few of them.
            while self._sorted and len(self._sorted[-1]) <= 2 * len(part):
                part = np.concatenate([self._sorted.pop(), part])
            part.sort()
            self._sorted.append(part)
            self._latest.clear()
        return False

    @staticmethod
    def _holds(part: Ints, key: int) -> bool:
        at = int(part.searchsorted(key))
        return at < len(part) and int(part[at]) == key


def _passage(
    source: Source, line: int, fields: dict[str, Any] | Bad, reading: Reading, seen: SeenIds | None
) -> Passage:
    if isinstance(fields, Bad):
        raise fields
    tables = reading.tables
    column = column_of(fields, tables.text_column, TEXT)
    if column is None:
        raise Bad(f"no field {tables.text_column or TEXT!r}")
    text = fields.pop(column)
    named = column_of(fields, tables.id_column, ID) if tables.ids else None
    if named is None and tables.ids and tables.id_column is not None:
        reading.notes.add(NO_ID, f"{source.name}, line {line}")
    identifier = fields[named] if named is not None else ""
    if text is None:
        text = ""
    if type(text) in (int, float):  # as in a CSV file, where cells are texts
        text = str(text)
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
    if name is not None and seen is not None and seen.add(name):
        reading.notes.add(AGAIN, f"{name}, line {line}")
        named = name = None
    if named is not None:
        del fields[named]
    return Passage(name or f"{source.name}:{line}", text, id=name, meta=fields)


def column_of(names: Iterable[str], asked: str | None, usual: str) -> str | None:
    """The column asked for, by default the usual one, in any case of letters if only one is so called."""
    wanted = asked or usual
    if wanted in names:
        return wanted
    wanted = tidy(wanted).casefold()
    alike = [name for name in names if tidy(name).casefold() == wanted]
    return alike[0] if len(alike) == 1 else None


def tidy(name: str) -> str:
    """The name of a column in one line, as people write it in options, without the blanks around it."""
    return " ".join(name.split())


def tidied(header: list[str]) -> list[str]:
    """The names of columns, tidy unless two would be the same."""
    names = [*map(tidy, header)]
    return header if twice(names) else names


def written_else(names: Iterable[str], asked: str) -> str:
    """A hint at the column that a name which is not there may stand for: in other letters, or with a blank
    at its end, which no list of names shows."""
    alike = column_of(names, asked, "")
    return f", but {alike!r}" if alike else ""


def twice(names: Iterable[str]) -> str | None:
    """The first name that stands twice, if any does; columns without a name do not count."""
    counts = Counter(names)
    return next((name for name, count in counts.items() if name and count > 1), None)


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


def json_records(rows: Iterable[tuple[int, str]]) -> Iterator[Record]:
    """The records of lines of JSON, given with their numbers; blank lines are passed over."""
    for number, row in rows:
        # Where files were joined, a mark may stand before each.
        if record := row.removeprefix(MARK).rstrip():
            yield number, row, _object(record)


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
    value = _JSON.decode(row)
    if r"\ud" in row or r"\uD" in row:
        text = json.dumps(value, ensure_ascii=False)
        if (mended := storable(text)) is not text:
            return json.loads(mended)
    return value


def _unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError(f"the field {twice(name for name, _ in pairs)!r} stands twice")
    return fields


def _number(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _no_number(digits)


def _no_number(name: str) -> NoReturn:
    # Python reads NaN, but the JSON that it would write is invalid.
    raise ValueError(f"{name} is not a number in JSON")


_JSON = json.JSONDecoder(
    parse_constant=_no_number, parse_float=_number, object_pairs_hook=_unique_fields
)
"""Made once: to make one takes as long as to read a short record."""


def detect_delimiter(rows: Iterator[str], usual: str, tables: Tables) -> tuple[str, Iterator[str]]:
    """The delimiter of a table, and its rows, with those that were looked at.

    It is that of the settings, else the first, the usual one before others, by which the header has a
    column of texts; where it has none, by which it has most columns, for a message on them.
    """
    if tables.delimiter is not None:
        return NAMED.get(tables.delimiter, tables.delimiter), rows
    taken: list[str] = []
    most = usual
    for row in islice(rows, LONGEST_HEADER):
        taken.append(row)
        if not row.strip():
            continue
        headers = {mark: cells_in(taken, mark) for mark in dict.fromkeys((usual, *MARKS))}
        for mark, cells in headers.items():
            if cells is not None and column_of(cells, tables.text_column, TEXT) is not None:
                return mark, chain(taken, rows)
        most = max(headers, key=lambda mark: len(headers[mark] or ()))
        if None not in headers.values():  # a header that goes on in the next line is not whole yet
            break
    return most, chain(taken, rows)


WORDS = re.compile(r"\s+\S+\s+\S")
"""Several words after a blank, as a comma in prose has them behind it and the name of a column has not."""


def stream_suffix(head: bytes, tables: Tables) -> str:
    """The suffix of files that begin as a stream does: as `suffix_of` has it, but ".csv" where text begins
    with the header of a table that has a column of texts beside others, or a column is asked for."""
    if (suffix := suffix_of(head)) != ".txt":
        return suffix
    if tables.text_column is not None:
        return ".csv"
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n")
    line = start.decode("utf-8", "replace").splitlines()[:1]
    asked = tables.delimiter
    marks = MARKS if asked is None else (NAMED.get(asked, asked),)
    headers = [cells_in(line, mark) or () for mark in marks if len(mark) == 1]
    is_table = any(
        len(cells) > 1
        and column_of(cells, None, TEXT) is not None
        and not any(map(WORDS.match, cells))
        for cells in headers
    )
    return ".csv" if is_table else suffix


def cells_in(rows: Iterable[str], delimiter: str) -> list[str] | None:
    """The first cells in some lines, None where they are not whole."""
    try:
        reader = csv.reader(rows, delimiter=delimiter, strict=True)
        return [cell.removeprefix(MARK) for cell in next(filter(None, reader), [])]
    except csv.Error:
        return None


def _csv_records(
    rows: Iterable[str], delimiter: str, source: Source, reading: Reading
) -> Iterator[Record]:
    """The records of a table whose first line has the number that the source says."""
    short, header = source.short, None
    for line, raw, cells in cells_of(rows, delimiter, source.line):
        if header is None:
            if problem := undecoded(raw, reading.encoding):
                raise Bad(problem, line)
            header = _header(cells, line, delimiter, reading.tables)
        elif cells:
            if short is None:
                short = len(cells) + 1 == len(header) if isinstance(cells, list) else None
            if short and isinstance(cells, list) and len(cells) + 1 == len(header):
                reading.notes.add(SHORT, f"{source.name}:{line}")
                cells = [*cells, ""]
            yield line, raw, fields_of_cells(header, cells)


def cells_of(
    rows: Iterable[str], delimiter: str, first: int
) -> Iterator[tuple[int, str, list[str] | Bad]]:
    """The rows of a table: line, the row as it stands, and its cells, none for a blank line."""
    taken: list[str] = []
    try:
        reader = csv.reader(_noted(rows, taken), delimiter=delimiter, strict=True)
    except TypeError:
        raise FramelensError(f"--delimiter {delimiter}: expected one character, or tab") from None
    while (cells := _next(reader)) is not None:
        raw = "".join(taken)
        line = first + reader.line_num - len(taken)
        if isinstance(cells, Bad) and len(taken) > 1:
            last = line + len(taken) - 1
            reaches = f"in a record that reaches to line {last:,}: is a quotation mark not closed?"
            cells = Bad(f"{cells.reason}, {reaches}")
        taken.clear()
        yield line, raw, cells


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


def _header(cells: list[str] | Bad, line: int, delimiter: str, tables: Tables) -> list[str] | None:
    if isinstance(cells, Bad):
        raise Bad(cells.reason, line)
    if cells and column_of(cells, tables.text_column, TEXT) is None:
        mark = next((name for name, one in NAMED.items() if one == delimiter), repr(delimiter))
        raise Bad(
            f"no column {tables.text_column or TEXT!r} in the header; found {listed(cells)} (cells between "
            f"{mark}); name it with --text-column, or the mark between cells with --delimiter",
            line,
        )
    if (name := twice(cells)) is not None:
        raise Bad(f"the header has the column {name!r} twice", line)
    return tidied(cells) or None


def listed(header: Iterable[str]) -> str:
    """The first columns of a table, for a message."""
    return ", ".join(filter(None, map(tidy, header)))[:200]


def fields_of_cells(header: list[str], cells: list[str] | Bad) -> dict[str, Any] | Bad:
    """The cells of a row by the names of their columns; Bad where there are more or fewer."""
    if isinstance(cells, Bad):
        return cells
    if len(cells) != len(header):
        return Bad(f"expected {len(header)} cells, found {len(cells)}")
    # A header that ends in a delimiter has a column without a name.
    return {name: cell for name, cell in zip(header, cells, strict=True) if name or cell}
