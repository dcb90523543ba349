"""Labelled sentences, read from files and dicts (see `forms.py` for their columns)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framelens.core.checks import shown
from framelens.core.codebook import composed
from framelens.core.errors import FramelensError, at
from framelens.core.files import read_text
from framelens.core.types import counted, given_value
from framelens.project.labelled.forms import (
    LABELS,
    NONE,
    TEXT,
    Columns,
    LabelForm,
    is_predicted,
    is_sampled,
    label_denied,
    label_given,
    label_of,
    labels_in,
    says_yes_or_no,
    unguarded,
)
from framelens.project.labelled.sentence import (
    LabelledSentence,
    check_labels,
    check_primary,
    check_text,
)
from framelens.readers import rows_of
from framelens.readers.formats.records import column_of
from framelens.readers.source import WORKBOOKS

Note = Callable[[str], None]
"""Takes a line on something that should be known of a file."""

GUARDED = WORKBOOKS | {".csv", ".tsv"}
"""Files in which a text may have an apostrophe before it, lest it run as a formula."""
FIELDS = {"id", "text", "labels", "primary", "document", "start", "end"}

MOST_BITS = 10_000
"""The most bits of a number: Python refuses to turn much larger ones into text."""


def read_labelled(
    path: Path,
    frames: Sequence[str] | None,
    form: LabelForm | None = None,
    *,
    note: Note = lambda _: None,
) -> list[LabelledSentence]:
    """Read a labelled file and check it: labels, ids, primary, offsets.

    A file is CSV, TSV, JSON Lines, Parquet or a workbook, by the end of its name, and is read as
    `form` says. `frames` are the labels allowed, in the order they are returned in; with None any
    are, in the order of the file. Rows without a text are left out, and so are those that nobody
    has labelled: blank rows of a sample that was drawn to be labelled, or where others say `none`;
    `note` takes a line on how many. Raise FramelensError with file, line and reason.
    """
    form = form or LabelForm()
    rows = _rows_of(path, form)
    if not rows:
        raise at(path, None, "no labelled sentences in it")
    return _from_rows(path, rows, frames, form, note)


def _rows_of(path: Path, form: LabelForm) -> list[tuple[int, Mapping[str, Any]]]:
    """The rows of a file, read as `form` says.

    A delimiter that was named for other tables is passed over where it would make a single column.
    """
    encoding, delimiter, wanted = form.encoding, form.delimiter, form.text_column or TEXT
    if delimiter and form.of_others and path.is_file():  # a pipe can be read only once
        rows = rows_of(path, encoding=encoding, delimiter=delimiter)
        with suppress(FramelensError):
            delimiter = None if len(next((row for _, row in rows), {})) == 1 else delimiter
    return list(rows_of(path, encoding=encoding, delimiter=delimiter, wanted=wanted))


def _from_rows(
    path: Path,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    frames: Sequence[str] | None,
    form: LabelForm,
    note: Note,
) -> list[LabelledSentence]:
    names = dict.fromkeys(name for _, row in rows for name in row)
    if not form.predictions and is_predicted(names):
        raise at(
            path,
            rows[0][0],
            "labels with scores or evidence, as framelens gives them itself; "
            "if people have read and corrected them, say so with --predictions",
        )
    asked, form = form, form.suited(names, frames)
    try:
        columns = form.columns(list(names), frames)
    except FramelensError as error:
        raise at(path, None, str(error)) from None
    if form != asked and not is_sampled(names):
        without = "" if form.group == asked.group else f", without {asked.group!r}"
        own = ", ".join((columns.text, *columns.labels))
        note(f"{path}: read by its own columns, {own}{without}")
    reader = _Rows(path, frames, form, columns, _one_a_label(columns, rows))
    sentences = reader.sentences(rows, note)
    if not sentences:
        raise at(path, None, "no labelled sentences in it")
    if frames is None:
        _hint_at_separator(path, sentences, form.separator, note)
    return sentences


def _hint_at_separator(
    path: Path, sentences: Iterable[LabelledSentence], separator: str, note: Note
) -> None:
    """Note labels that look as if they were several, where any name may be a label."""
    names = dict.fromkeys(label for sentence in sentences for label in sentence.labels)
    for mark in "|;,":
        several = [name for name in names if mark in name.strip(mark) and mark != separator]
        parts = {part.strip() for name in several for part in name.split(mark)}
        # A comma may well stand within a name, unless its parts are names, too.
        if several and (mark != "," or parts & names.keys()):
            note(
                f"{path}: {counted(len(several), 'label')} with {mark!r} in it, such as {several[0]!r}: "
                f"if it stands between labels, say --separator {mark!r}"
            )


def _one_a_label(columns: Columns, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> bool:
    """Whether each column of labels is for one label, by its name or its cells."""
    if columns.one_a_label is not None:
        return columns.one_a_label
    named = {name.strip().casefold() for name in columns.labels} & set(LABELS)
    return not named and all(
        says_yes_or_no(row.get(name) for _, row in rows) for name in columns.labels
    )


@dataclass(slots=True)
class _Rows:
    """The rows of one file on their way to sentences."""

    path: Path
    frames: Sequence[str] | None
    form: LabelForm
    columns: Columns
    one_a_label: bool

    def sentences(
        self, rows: Sequence[tuple[int, Mapping[str, Any]]], note: Note
    ) -> list[LabelledSentence]:
        labelled = [(line, row, self._labels(line, row)) for line, row in rows]
        blank_is_none = not any(
            labels == () or is_sampled(row) or self._says_no(row) for _, row, labels in labelled
        )
        lines: dict[str, int] = {}
        sentences: list[LabelledSentence] = []
        left_out: Counter[str] = Counter()
        for line, row, labels in labelled:
            if self.columns.text not in row:
                raise at(self.path, line, "text is missing")
            if given_value(row[self.columns.text]) is None:
                left_out["a text"] += 1
            elif labels is None and not blank_is_none:
                left_out["labels"] += 1
            else:
                sentence = _sentence(self.path, line, self._record(row, labels or ()), self.frames)
                if sentence.id in lines:
                    raise at(
                        self.path,
                        line,
                        f"the id {sentence.id!r} is on line {lines[sentence.id]} already; expected a row a "
                        f"sentence, with all its labels (as in a{self.form.separator}b)",
                    )
                lines[sentence.id] = line
                sentences.append(sentence)
        blank = [line for line, row, labels in labelled if labels is None and not is_sampled(row)]
        if blank_is_none and blank and not self.one_a_label:
            note(
                f"{self.path}: {counted(len(blank), 'row')} without labels, from line {blank[0]} on: taken "
                f"to have none of them (where some say {NONE!r}, blank ones are left out)"
            )
        if not blank_is_none and (
            partly := [line for line, row, _ in labelled if self._partly_blank(row)]
        ):
            note(
                f"{self.path}: {counted(len(partly), 'row')} with some cells of labels blank, from line "
                f"{partly[0]} on: taken for 0"
            )
        for what, count in left_out.items():
            note(f"{self.path}: left out {counted(count, 'row')} without {what}")
        _check_offsets(self.path, sentences, list(lines.values()))
        return sentences

    def _labels(self, line: int, row: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The labels of a row, None where its cells are blank."""
        cells = {name: row[name] for name in self.columns.labels if name in row}
        if not cells:
            raise at(self.path, line, "labels is missing; expected a list of frames")
        try:
            if self.one_a_label:
                given = [
                    label_of(name, self.frames) for name, cell in cells.items() if label_given(cell)
                ]
                return tuple(given) if given or self._says_no(row) else None
            found = [labels_in(cell, self.frames, self.form.separator) for cell in cells.values()]
        except FramelensError as error:
            raise at(self.path, line, str(error)) from None
        if all(labels is None for labels in found):
            return None
        return tuple(dict.fromkeys(name for labels in found for name in labels or ()))

    def _says_no(self, row: Mapping[str, Any]) -> bool:
        """Whether a cell in the column of a label says 0, so that a blank one says nothing."""
        return self.one_a_label and any(map(label_denied, map(row.get, self.columns.labels)))

    def _partly_blank(self, row: Mapping[str, Any]) -> bool:
        blank = [given_value(row.get(name)) is None for name in self.columns.labels]
        return self.one_a_label and any(blank) and not all(blank)

    def _record(self, row: Mapping[str, Any], labels: tuple[str, ...]) -> dict[str, Any]:
        """The fields of a record as this library names them."""
        columns = self.columns
        used = {columns.text, columns.document, *columns.labels}
        record = {name: cell for name, cell in row.items() if name not in used}
        if (identifier := column_of(record, None, "id")) is not None:
            record["id"] = record.pop(identifier)
        if columns.document is not None:
            record["document"] = given_value(row.get(columns.document))
        primary, text = composed(given_value(record.get("primary"))), row[columns.text]
        if self.form.predictions and primary not in labels:
            # The labels were corrected, it was not.
            primary = labels[0] if len(labels) == 1 else None
        return {
            **record,
            "text": unguarded(text) if self.path.suffix.lower() in GUARDED else text,
            "labels": list(labels),
            "primary": primary,
        }


def labelled_from(
    rows: Iterable[Mapping[str, Any]],
    frames: Sequence[str],
    form: LabelForm | None = None,
    *,
    note: Note = lambda _: None,
) -> list[LabelledSentence]:
    """Labelled sentences from dicts with the fields that a labelled file has, read as `form` says.

    `labels` may be a list, or text with `|` between them. Raise FramelensError as `read_labelled`
    does, naming the number of the row, from 1.
    """
    form = form or LabelForm()
    # A blank text or label is reported; any other blank field is left out.
    kept = {TEXT, *LABELS, *frames, form.text_column or TEXT, *form.label_column}
    numbered: list[tuple[int, Mapping[str, Any]]] = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            problem = f"{type(row).__name__} given; expected a dict with text and labels"
            raise at("labelled", number, problem)
        cells = {
            str(name): cell.tolist()
            if hasattr(cell, "tolist")
            else cell  # numpy's and pandas' kinds
            for name, cell in row.items()
            if cell is not None or column_of(kept, str(name), "")
        }
        for name, cell in cells.items():
            values = cell if isinstance(cell, (list, tuple)) else [cell]
            if any(isinstance(value, int) and value.bit_length() > MOST_BITS for value in values):
                raise at("labelled", number, f"{name} is a number of over {MOST_BITS:,} bits")
        numbered.append((number, cells))
    return _from_rows(Path("labelled"), numbered, frames, form, note) if numbered else []


def read_many(
    paths: Iterable[Path],
    frames: Sequence[str] | None,
    form: LabelForm | None = None,
    *,
    note: Note = lambda _: None,
) -> list[LabelledSentence]:
    """Read several labelled files as one; raise FramelensError where two share an id."""
    files: dict[str, Path] = {}
    sentences = []
    for path in paths:
        for sentence in read_labelled(path, frames, form, note=note):
            if sentence.id in files:
                raise at(path, None, f"the id {sentence.id!r} is in {files[sentence.id]} already")
            files[sentence.id] = path
            sentences.append(sentence)
    return sentences


def _sentence(
    path: Path, line: int, record: Mapping[str, Any], frames: Sequence[str] | None
) -> LabelledSentence:
    text, labels, primary = record["text"], record["labels"], record["primary"]
    if isinstance(text, (bytes, dict, list, set, tuple)):
        raise at(path, line, f"text is {shown(text)}; expected a text")
    if not isinstance(text, str) and given_value(text) is not None:
        text = str(text)
    text = check_text(path, line, text)
    if frames is None:
        frames = tuple(dict.fromkeys(labels))
    check_labels(path, line, labels, frames)
    check_primary(path, line, primary, labels)
    identifier = record.get("id")
    if given_value(identifier) is None:
        identifier = f"{path.stem}-{line}"
    if not isinstance(identifier, (str, int, float)):
        raise at(path, line, f"id is {identifier!r}; expected a string")
    return LabelledSentence(
        id=str(identifier),
        text=text,
        labels=tuple(frame for frame in frames if frame in labels),
        primary=primary,
        **_place(path, line, record),
        meta={key: _meta(key, value) for key, value in record.items() if key not in FIELDS},
    )


def _meta(name: str, value: Any) -> Any:
    """A field of a record; `weight` is a number even where the table holds text."""
    if name == "weight" and isinstance(value, str):
        with suppress(ValueError):
            return float(value)
    return value


def _place(path: Path, line: int, record: Mapping[str, Any]) -> dict[str, Any]:
    document, start, end = (record.get(name) for name in ("document", "start", "end"))
    place: dict[str, Any] = {"document": given_value(document)}
    if given_value(start) is None and given_value(end) is None:
        return place
    offsets = [_offset(value) for value in (start, end)]
    if None in offsets or not 0 <= offsets[0] <= offsets[1]:  # type: ignore[operator]
        raise at(path, line, f"start {start!r} and end {end!r} are not offsets")
    return {**place, "start": offsets[0], "end": offsets[1]}


def _offset(value: Any) -> int | None:
    """A number of characters, as a number or as a cell has it; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return int(number) if number.is_integer() else None


def _check_offsets(path: Path, sentences: Sequence[LabelledSentence], lines: Sequence[int]) -> None:
    """Raise FramelensError where a sentence is not what its document, if it lies beside the file in
    `documents/`, has at the sentence's offsets."""
    texts: dict[str, str | None] = {}
    for sentence, line in zip(sentences, lines, strict=True):
        if sentence.document is None or sentence.start is None:
            continue
        if sentence.document not in texts:
            place = path.parent / "documents" / sentence.document
            is_there = place.name == sentence.document and place.is_file()
            texts[sentence.document] = read_text(place) if is_there else None
        text = texts[sentence.document]
        if text is not None and text[sentence.start : sentence.end] != sentence.text:
            raise at(path, line, f"the text is not what {sentence.document} has at its offsets")
