"""Fields of documents from outside their files, from paths and a table; and the field `date`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from framelens.core.errors import FramelensError, at
from framelens.core.files import check_regular
from framelens.core.settings import Tables
from framelens.core.types import Passage, given_value, plain
from framelens.readers.dates import Order, iso_date, order_of
from framelens.readers.rejects import Notes

DATE = "date"
DATES = (
    "date", "published_date", "publication_date", "date_published", "published", "published_at",
    "pub_date", "date_of_statement", "statement_date", "date_of_speech", "speech_date", "date_of_document",
    "document_date", "date_of_publication", "datum", "created_at", "datetime", "timestamp", "year",
)  # fmt: skip
"""Fields that hold dates, in any case of letters; the first that there is becomes `date`."""

OWN = (DATE, "year")
"""Fields that need no field `date` beside them."""

KEYS = ("file", "filename", "file_name", "path", "document", "doc", "id")
"""Columns of a table of metadata that may name the files, the likeliest first."""

FIELD = re.compile(r"\{(\w*)(?::(\d{0,3})(d?))?\}")
"""A field of a pattern of names: what it is called, of how many characters, and `d` for digits."""

NO_MATCH = "file{s} {have} a name that --names does not fit"
TWO_WAYS = (
    "file{s} {have} a name that --names fits in more than one way (end fields with a mark that they "
    "do not hold, or say how long they are or that they are digits: {{name:3}}, {{name:4d}}, {{name:d}})"
)
NO_ROW = "document{s} {have} no row in the --metadata table"
NO_DATE = "date{s} cannot be read (see --date-column, --date-format, --day-first)"
NO_DATE_COLUMN = "document{s} {have} no field that --date-column names"
MONTH_FIRST = "date{s} {were} read with the month first (--day-first reads the day first)"
DAY_FIRST = "date{s} {were} read with the day first, for others beside can be read only so"


Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """A pattern of file names, as expressions that find its `fields` at the end of a path.

    `fits` are tried in turn. Each is a pair: an expression whose fields are as short as possible, and
    one whose fields are as long. Where their fields differ, a path can be read in more than one way.
    """

    fields: tuple[str, ...]
    fits: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]

    def ways(self, path: str) -> tuple[Fields | None, Fields | None]:
        """The fields of a path, or None, and what they could be as well if it can be read in two ways."""
        for short, long in self.fits:
            shortest, longest = short.search(path), long.search(path)
            if shortest and longest:
                fields, others = shortest.groupdict(), longest.groupdict()
                return fields, others if others != fields else None
        return None, None


@dataclass(frozen=True, slots=True)
class Beside:
    """Where fields of documents come from besides their files.

    `names` finds fields in a path; `rows` are those of the table of metadata by the values of its
    column `key`, `order` is what stands first in their dates.
    """

    tables: Tables = field(default_factory=Tables)
    names: Names | None = None
    key: str = ""
    rows: Mapping[str, Mapping[str, str]] | None = None
    order: Order = "month"

    def fields_of(self, name: str, notes: Notes) -> dict[str, Any]:
        """The fields that the path of a file gives, where `names` is not None."""
        ends = PurePosixPath(self.tables.names or "").suffix
        bare = str(PurePosixPath(name).with_suffix(""))
        # A field behind a dot may stand before how files end, or be that.
        paths = (bare, name) if "{" in ends else (name if ends else bare,)
        ways = map(self.names.ways, paths) if self.names else iter([({}, None)])
        fields, other = next((way for way in ways if way[0] is not None), (None, None))
        if fields is None:
            notes.add(NO_MATCH, name)
            return {}
        if other is not None:
            notes.add(TWO_WAYS, f"{name}: {_listed(fields)}; or {_listed(other)}")
        return dict(fields)

    def joined(self, passage: Passage, fields: Mapping[str, Any]) -> Mapping[str, str] | None:
        """The table's row for a passage: by a field of the key's name, else by file or id."""
        rows = self.rows or {}
        value = given_value({**passage.meta, **fields}.get(self.key))
        if value is not None:
            return rows.get(value.strip())
        named = PurePosixPath(passage.doc)
        candidates = (passage.doc, named.name, str(named.with_suffix("")), named.stem)
        return next((rows[one] for one in candidates if one in rows), None)


def fields_beside(
    passage: Passage, from_path: Mapping[str, Any], beside: Beside, notes: Notes, order: Order
) -> dict[str, Any]:
    """The fields that a passage's document gets besides its own: those `from_path`, those of its row
    in the table, and `date` as of ISO 8601.

    `order` is what stands first in dates of its file, "either" where that is not known yet: raise
    FramelensError where such a date shows that those before it were read in the wrong way.
    """
    row = beside.joined(passage, from_path) if beside.rows is not None else {}
    if row is None:
        notes.add(NO_ROW, passage.doc)
    fields = {**from_path, **(row or {})}
    meta, tables = {**passage.meta, **fields}, beside.tables
    name = tables.date_column or date_field(meta)
    if tables.date_column is not None and name not in meta:
        notes.add(NO_DATE_COLUMN, str(name))
    if name is None or (written := given_value(meta.get(name))) is None:
        return fields
    if row and name in row:
        order = beside.order
    is_settled = tables.day_first or tables.date_format is not None
    if order == "either" and not is_settled and order_of(written) == "day":
        raise FramelensError(f"{passage.doc}: {written} {LATE}")
    return fields | _date(name, written, meta, notes=notes, tables=tables, order=order)


LATE = (
    "can be read only with the day first, and what came before it was read with the month first; say "
    "which with --day-first or --date-format"
)


def _date(
    name: str, written: str, meta: Mapping[str, Any], *, notes: Notes, tables: Tables, order: Order
) -> dict[str, str]:
    """The field `date`, from the text `written` in the field `name`: that text where it is no date, and
    nothing where the field is `date` already."""
    day_first = tables.day_first or order == "day"
    iso = iso_date(written, form=tables.date_format, day_first=day_first)
    if iso is None and tables.date_format is None and (year := _year_beside(name, meta)):
        iso = iso_date(f"{written} {year}")
    if iso is None:
        notes.add(NO_DATE, written)
        return {} if name in OWN else {DATE: written}
    if not tables.day_first and tables.date_format is None and order_of(written) == "either":
        notes.add(DAY_FIRST if day_first else MONTH_FIRST, written)
    return {} if name in OWN and written.startswith(iso) else {DATE: iso}


def date_field(names: Iterable[str]) -> str | None:
    """The first of the fields that holds a date by its name, if any does."""
    return _date_field(tuple(names))


@lru_cache(maxsize=64)  # all records of a file have the same names
def _date_field(names: tuple[str, ...]) -> str | None:
    folded = {name.casefold().replace(" ", "_"): name for name in reversed(names)}
    return next((folded[name] for name in DATES if name in folded), None)


def _year_beside(name: str, meta: Mapping[str, Any]) -> str | None:
    """The content of a field `year` that completes the date in another field: `Wednesday, 7 May`."""
    field = next((one for one in meta if one != name and one.casefold() == YEAR), None)
    return given_value(meta[field]) if field else None


def _listed(fields: Fields) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items())


@lru_cache
def names_pattern(pattern: str) -> Names:
    """The expressions for a pattern such as `{country}_{year}.txt`.

    A field goes to the next character that the pattern states; `{iso:3}` takes three characters,
    `{n:d}` digits, `{year:4d}` four of them. Fields that say when are taken as four digits, for
    `year`, or a date in figures, where that fits, and as any other where not. `*` stands for
    anything within a name, `**` for any folders; a pattern may leave out how files end.

    Raise FramelensError where there is no field in it, or two of a name.
    """
    parts = [(match[0], *match.groups(default="")) for match in PART.finditer(pattern)]
    fields = [name for part, name, *_ in parts if part.startswith("{")]
    is_clear = all(map(str.isidentifier, fields)) and len({*fields}) == len(fields)
    if not fields or not is_clear:
        example = "'{country}_{session}_{year:4d}.txt'"
        expected = f"expected fields in braces, each once, such as {example}"
        raise FramelensError(f"--names {pattern}: {expected}")
    dated = {name: SHAPES[name.casefold() == YEAR] for name in fields if name.casefold() in DATES}
    tried: list[dict[str, str]] = [dated, {}] if dated else [{}]
    fits = tuple((_fit(parts, shape, "?", ""), _fit(parts, shape, "", "?")) for shape in tried)
    return Names(tuple(fields), fits)


YEAR = "year"
SHAPES = (r"(?:\d{4}(?:[-_. ]?\d{2}){0,2}|\d{1,2}[-_. ]\d{1,2}[-_. ]\d{4})", r"\d{4}")
"""How dates in figures are written, and years."""

PART = re.compile(rf"{FIELD.pattern}|\*\*?|[^*{{]+|.", re.DOTALL)


def _fit(
    parts: Iterable[tuple[str, ...]], shapes: Mapping[str, str], lazy: str, lazy_star: str
) -> re.Pattern[str]:
    """An expression for the end of a path, from the parts of a pattern; `lazy` and `lazy_star` are
    "?" where fields and stars take as little as can be."""
    stars = {"*": f"[^/]*{lazy_star}", "**": f".*{lazy_star}"}
    expression = ""
    for part, name, width, digits in parts:
        if not part.startswith("{"):
            expression += stars.get(part, re.escape(part))
        elif name in shapes and not width and not digits:
            expression += f"(?P<{name}>{shapes[name]})"
        else:
            times = f"{{{width}}}" if width else f"+{lazy}"
            expression += f"(?P<{name}>{r'[0-9]' if digits else '[^/]'}{times})"
    return re.compile(rf"(?:^|/){expression}$")


def indexed(
    table: Path, records: Iterable[tuple[int, Mapping[str, Any]]], key: str | None
) -> tuple[str, dict[str, dict[str, str]]]:
    """The key of a metadata table, and its rows, less the key, by the key's values.

    `records` are its rows with their lines. Raise FramelensError where it has no such column, or
    two rows of one key.
    """
    rows: dict[str, dict[str, str]] = {}
    column: str | None = None
    for line, record in records:
        if column is None:
            column = _key(table, list(record), key)
        fields = {name: text for name, value in record.items() if (text := _text(value))}
        value = fields.pop(column, "").strip()
        if not value:
            continue
        if value in rows:
            raise at(table, line, f"a second row for {value!r}; expected one row a {column}")
        rows[value] = fields
    if column is None:
        raise at(table, None, "no rows in it; expected a table of metadata")
    return column, rows


def _text(value: object) -> str | None:
    return plain(value) if isinstance(value, (bool, list)) else given_value(value)


def _key(table: Path, columns: list[str], asked: str | None) -> str:
    if asked is not None and asked in columns:
        return asked
    folded = {name.casefold(): name for name in reversed(columns)}
    for name in (asked.casefold(),) if asked else KEYS:
        if name in folded:
            return folded[name]
    what = f"no column {asked!r}" if asked else "no column that names files; name it with --key"
    raise at(table, None, f"{what}; found {', '.join(columns[:8])[:200]}")


def digest_of(table: Path) -> str:
    """The SHA-256 of a table; raise FramelensError where it cannot be read."""
    check_regular(table)
    try:
        return sha256(table.read_bytes()).hexdigest()
    except OSError as error:
        raise at(table, None, f"cannot be read: {error.strerror}") from None
