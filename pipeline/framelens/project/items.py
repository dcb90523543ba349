"""Sentences to be labelled, and their labels: files of them, read and written.

A file is CSV, or JSON Lines or an Excel workbook if its name ends so. In a table, labels stand
between `|`; `none` says that a sentence carries no frame, a blank cell that nobody has labelled it.
In JSON the former is an empty list, the latter null. Tables that a spreadsheet has saved are read,
too: with other capitals in labels and names of columns, decimal commas, and empty rows.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framelens.core.codebook import Scheme, composed
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_format, check_regular, open_whole, replaces
from framelens.core.tables import short_repr
from framelens.core.types import counted, given_value
from framelens.project.labelled.forms import NONE, is_predicted, unguarded
from framelens.project.workbook import (
    WORKBOOK,
    is_workbook,
    read_rows,
    require_openpyxl,
    write_rows,
)
from framelens.readers import is_unicode, rows_of
from framelens.readers.formats.records import DELIMITERS, JSON_LINES
from framelens.writers.csv_table import csv_line

COLUMNS = (
    "id", "document", "start", "end", "before", "text", "after", "labels", "proposed", "probability",
    "stratum", "design", "coder", "unsure", "note",
)  # fmt: skip
YES = "yes"

TOGETHER = "merged"
"""The coder of merged sentences; those without labels are what coders disagree on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A sentence to be labelled, in its place.

    `start` and `end` are characters of the document, `before` and `after` the sentences around it.
    `labels` is None until somebody has labelled it, `proposed` what framelens gave, None where
    coders are not to know. `probability` is its chance to be drawn, `stratum` the part of the
    sentences that it was drawn from at random, `design` how these parts were made. `meta` holds
    what else its record has.
    """

    id: str
    text: str
    document: str | None = None
    start: int | None = None
    end: int | None = None
    before: str = ""
    after: str = ""
    labels: tuple[str, ...] | None = None
    proposed: tuple[str, ...] | None = None
    probability: float | None = None
    stratum: str = ""
    design: str = ""
    coder: str = ""
    unsure: bool = False
    note: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)

    __repr__ = short_repr

    @property
    def is_disputed(self) -> bool:
        """Whether it has no labels because coders disagree or are unsure."""
        return self.labels is None and (self.coder == TOGETHER or self.unsure)


def read_items(
    path: Path, frames: Sequence[str], encoding: str = "utf-8", *, labelled: bool = False
) -> list[Item]:
    """Read a file of sentences, in UTF-8 where it is that, else in `encoding`.

    Raise FramelensError with file, line and reason for a bad row, and where labels are expected
    (`labelled`) and there is no column of them.
    """
    items: dict[str, Item] = {}
    names: dict[str, None] = {}
    lines: dict[str, int] = {}
    if not path.is_fifo():
        check_regular(path)
    is_table = path.is_file() and path.suffix.lower() in DELIMITERS
    if is_table and encoding == "utf-8" and not is_unicode(path):
        raise at(path, None, NOT_UNICODE)
    rows = read_rows(path) if is_workbook(path) else rows_of(path, encoding=encoding)
    for line, row in rows:
        if not is_json(path):
            if not any(given_value(cell) for cell in row.values()):
                continue
            row = {_column(name, row): cell for name, cell in row.items()}
            _check_columns(row, path, names)
            if not is_workbook(path):
                row = {name: unguarded(cell) for name, cell in row.items()}
        names |= dict.fromkeys(row)
        if is_predicted(row):
            raise at(
                path, line, "labels that framelens gave; expected a sample, or what coders labelled"
            )
        item = item_of(row, frames, path, line)
        if item.id in items:
            raise at(path, line, f"the id {item.id!r} is on line {lines[item.id]} already")
        items[item.id], lines[item.id] = item, line
    if not items:
        raise at(path, None, "no sentences in it")
    if labelled and "labels" not in names:
        raise at(
            path, None, f"no labels: expected a column 'labels', found {', '.join(names)[:200]}"
        )
    return list(items.values())


NOT_UNICODE = (
    "not UTF-8; name the encoding with --encoding, or, where texts are in UTF-8, make it UTF-8 first: "
    "framelens import FILE --from csv --encoding cp1252 --output NEW.csv"
)


def _column(name: str, row: Mapping[str, Any]) -> str:
    """The name of a column, in small letters where it is one of COLUMNS."""
    folded = name.strip().casefold()
    return folded if folded in COLUMNS and folded not in row else name


def _check_columns(row: Mapping[str, Any], path: Path, seen: Container[str]) -> None:
    actual = f"found {', '.join(row)[:200]}"
    if "text" not in row and "text" not in seen:  # of a workbook, empty cells are not there
        raise at(path, 1, f"no column 'text'; {actual}")
    if given_value(row.get("probability")) and "id" not in row:
        raise at(path, 1, f"no column 'id', by which drawn sentences are known; {actual}")


def write_items(items: Iterable[Item], path: Path) -> None:
    """Write a file of sentences, whole or not at all; raise FramelensError as `check_named` does."""
    check_named(path)
    rows = [fields_of_item(item) for item in items]
    # The columns of a table: those of every sentence, then others as they come.
    columns = list(dict.fromkeys((*COLUMNS, *(name for row in rows for name in row))))
    if is_workbook(path):
        write_rows([{n: sheet_cell(v) for n, v in row.items()} for row in rows], columns, path)
        return
    with open_whole(path) as out:
        if is_json(path):
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        out.write(csv_line(columns))
        out.writelines(csv_line([cell_of(row.get(name)) for name in columns]) for row in rows)


def check_named(path: Path) -> None:
    """Raise FramelensError where a file to write is named as another format than those written."""
    check_format(path, (".csv", *sorted(JSON_LINES), WORKBOOK))
    if is_workbook(path):
        require_openpyxl()


def check_labels(items: Iterable[Item], scheme: Scheme, path: Path) -> None:
    """Raise FramelensError where frames exclude one another and a sentence has several, or none in a
    codebook in which each has one."""
    for item in items:
        count = None if item.labels is None else len(item.labels)
        if problem := labels_problem(count, scheme):
            raise at(path, None, f"the sentence {item.id!r} has {problem}")


def labels_problem(count: int | None, scheme: Scheme) -> str:
    """A message where a codebook does not allow a sentence so many labels, else nothing."""
    if count == 0 and not scheme.may_be_none:
        return f"{NONE!r} for its label; expected a frame, for every sentence has one here"
    if scheme.exclusive and count is not None and count > 1:
        return f"{count} frames; expected one, for they exclude each other"
    return ""


def same_sentence(one: Item, other: Item) -> bool:
    """Whether items are one sentence of one sample, whatever their labels."""
    words = one.text.split() == other.text.split()
    drawn = one.stratum == other.stratum and one.design == other.design
    return words and drawn and same_probability(one, other)


def same_probability(one: Item, other: Item) -> bool:
    """Whether chances to be drawn are the same, as far as a spreadsheet keeps their digits."""
    if one.probability is None or other.probability is None:
        return one.probability == other.probability
    return abs(one.probability - other.probability) < 1e-9


def check_unlabelled(path: Path) -> None:
    """Raise FramelensError where a file to write holds labels, people's work, or cannot be read."""
    if not (replaces(path) and path.exists() and path.stat().st_size):
        return
    try:
        rows = [
            {_column(n, row): c for n, c in row.items()}
            # Whatever the encoding is, one that has all bytes tells the columns and which cells are blank.
            for _, row in rows_of(path, encoding="iso8859-15")
        ]
    except FramelensError as error:
        raise FramelensError(f"{error}; it would be written over, expected another file") from None
    if labelled := sum(row.get("labels") not in (None, "") for row in rows):
        raise at(
            path, None, f"has labels in {counted(labelled, 'row')}; expected another file to write"
        )


def is_json(path: Path) -> bool:
    """Whether a file is JSON Lines, by its name."""
    return path.suffix.lower() in JSON_LINES


def fields_of_item(item: Item) -> dict[str, Any]:
    """The fields of a record; `meta` stands beside the others."""
    fields = {name: getattr(item, name) for name in COLUMNS}
    lists = {name: None if fields[name] is None else list(fields[name]) for name in _LISTS}
    others = {name: value for name, value in item.meta.items() if name not in fields}
    return {**fields, **lists, **others}


_LISTS = ("labels", "proposed")


def sheet_cell(value: object) -> str | int | float | None:
    """A field as a cell of a table."""
    if isinstance(value, list):
        return "|".join(map(str, value)) or NONE
    if isinstance(value, bool):
        return YES if value else ""
    if value is None or isinstance(value, (str, int, float)):
        return value
    return json.dumps(value, ensure_ascii=False)


def cell_of(value: object) -> object:
    """A field as a cell of CSV."""
    value = sheet_cell(value)
    # A text that looks guarded gets one more apostrophe, which reading removes.
    looks_guarded = isinstance(value, str) and value != unguarded(value)
    return f"'{value}" if looks_guarded else value


def item_of(row: Mapping[str, Any], frames: Sequence[str], path: Path, line: int | None) -> Item:
    """A record as an item; raise FramelensError for labels, numbers or texts that are none."""
    text, identifier = row.get("text"), row.get("id", f"{path.stem}-{line}")
    text = str(text) if type(text) in (int, float) else text
    if not isinstance(text, str) or not text.strip():
        raise at(path, line, "text is missing or empty")
    if not isinstance(identifier, (str, int)) or identifier == "":
        raise at(path, line, f"id is {identifier!r}; expected a text")
    document = row.get("document")
    texts = ("before", "after", "stratum", "design", "coder", "note")
    return Item(
        id=str(identifier),
        text=text,
        document=None if document in (None, "") else str(document),
        start=_number(row.get("start"), int, path, line, "start"),
        end=_number(row.get("end"), int, path, line, "end"),
        labels=_labels(row.get("labels"), frames, path, line),
        proposed=_labels(row.get("proposed"), frames, path, line),
        probability=_probability(row.get("probability"), path, line),
        unsure=str(row.get("unsure") or "").strip().casefold() in ("yes", "true", "1", "x"),
        meta={name: value for name, value in row.items() if name not in COLUMNS},
        **{name: str(row.get(name) or "") for name in texts},
    )


def _number(value: Any, kind: type[Any], path: Path, line: int | None, name: str) -> Any:
    if given_value(value) is None:
        return None
    if isinstance(value, str) and "." not in value:
        value = value.replace(",", ".")
    try:
        number = float(value)  # pandas has 12.0 for 12 where a cell of the column is blank
        return kind(number) if number.is_integer() else kind(value)
    except (OverflowError, TypeError, ValueError):
        raise at(path, line, f"{name} is {value!r}; expected a number") from None


def _probability(value: Any, path: Path, line: int | None) -> float | None:
    probability = _number(value, float, path, line, "probability")
    if probability is not None and not 0 < probability <= 1:
        raise at(path, line, f"probability is {value!r}; expected a number above 0, at most 1")
    return None if probability is None else float(probability)


def _labels(
    value: Any, frames: Sequence[str], path: Path, line: int | None
) -> tuple[str, ...] | None:
    if not isinstance(value, list) and given_value(value) is None:
        return None
    names = value if isinstance(value, list) else [part.strip() for part in str(value).split("|")]
    names = [_frame(name, frames) for name in names if name != ""] or names
    if names == [NONE] and NONE not in frames:
        return ()
    for name in names:
        if name not in frames:
            problem = f"{NONE!r} beside others" if name == NONE else f"unknown label {name!r}"
            expected = f"one of {', '.join((*frames, NONE))}, several frames with | between"
            raise at(path, line, f"{problem}; expected {expected}")
    return tuple(frame for frame in frames if frame in names)


def _frame(name: Any, frames: Sequence[str]) -> Any:
    """A frame's name, or `none`, in the letters of the codebook where only capitals differ."""
    names, name = (*frames, NONE), composed(name)
    if name in names or not isinstance(name, str):
        return name
    alike = [frame for frame in names if frame.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else name
