"""The forms in which tables hold labels: which columns, and what their cells mean."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from framelens.core.codebook import BETWEEN, composed
from framelens.core.errors import FramelensError
from framelens.core.types import given_value
from framelens.readers.formats.records import column_of
from framelens.writers.csv_table import FORMULA

NONE = "none"
"""The label, in tables, of a sentence without a frame."""
TEXT = "text"
LABELS = ("labels", "label")
DOCUMENT = ("document", "doc")
"""The usual names of the columns of texts, labels and documents."""
YES = {"1", "1.0", "true", "yes", "x"}
NO = {"", "0", "0.0", "false", "no"}
SAMPLED = {"proposed", "probability", "stratum"}
"""Fields of a sample that is to be labelled: there a blank says that nobody has labelled it."""
PREDICTED = (
    {"labels", "evidence", "scores"},
    {"labels", "evidence", "primary", "start"},
    {"labels", "text_index", "primary", "start"},
)
"""Fields by which output of framelens is known: JSON Lines, a table, or the library's rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelForm:
    """How labelled sentences are to be read: files, dicts and tables of pandas.

    `text_column` names the texts, by default `text`. `label_column` names what holds the labels of
    a sentence, by default `labels` or `label`, with `separator` between them; or the columns, one a
    label, that hold 1 or 0: by their names, or a pattern such as `topic_*`. `group` names what
    sentences have in common that are to stay together in folds, by default, and for `none`, the
    document. `encoding` is that of text files that are not in UTF-8, `delimiter` stands in them.
    `predictions` says that labels which framelens itself gave have been read and corrected by people,
    and may be taken as such.
    `of_others` says that all this is of other tables: those of a project, or those trained on;
    `group_if_there` that a table without the group will do, as one to test on does.
    """

    text_column: str | None = None
    label_column: str | Sequence[str] = ()
    separator: str = BETWEEN
    group: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    predictions: bool = False
    of_others: bool = False
    group_if_there: bool = False

    def suited(self, names: Mapping[str, Any], frames: Sequence[str] | None) -> LabelForm:
        """The form by which to read a table that has the columns `names`: mostly this one.

        Without its group, where the table lacks it and may do so. With the usual columns in place of
        those that the table lacks, where it is a sample that framelens drew or this form is of other
        tables; where it is a sample and the form is of others, the usual columns stand above it."""
        sampled = is_sampled(names)
        form, may_lack = self, sampled or self.group_if_there
        if may_lack and self.group not in (None, NONE) and not column_of(names, self.group, ""):
            form = replace(self, group=None)
        if not (sampled or self.of_others):
            return form
        own = replace(form, separator=BETWEEN) if sampled else form
        usual = replace(own, text_column=None, label_column=())
        if sampled and self.of_others:
            return usual
        asked = (form, replace(own, text_column=None), replace(own, label_column=()), usual)
        return next((form for form in asked if form._fits(names, frames)), self)

    def _fits(self, names: Mapping[str, Any], frames: Sequence[str] | None) -> bool:
        try:
            self.columns(list(names), frames)
        except FramelensError:
            return False
        return True

    def columns(self, names: Sequence[str], frames: Sequence[str] | None) -> Columns:
        """The columns that hold texts, labels and documents; raise FramelensError where one is missing.

        `frames` are the labels that there are, None where they are yet to be found.
        """
        text = column_of(names, self.text_column, TEXT)
        if text is None:
            wanted = self.text_column or TEXT
            raise FramelensError(f"no column {wanted!r}; {_hint(names, '--text-column')}")
        group = column_of(names, self.group, "") if self.group else None
        if group is None and self.group not in (None, NONE):
            hint = _hint(names, "--group")
            raise FramelensError(f"no column {self.group!r}; {hint}, or say --group {NONE}")
        documents = (column_of(names, None, name) for name in DOCUMENT)
        labels = self._label_columns(names, frames)
        one_a_label = (
            None if frames is None else {label_of(it, frames) for it in labels} <= {*frames}
        )
        return Columns(text, labels, group or next(filter(None, documents), None), one_a_label)

    def _label_columns(self, names: Sequence[str], frames: Sequence[str] | None) -> tuple[str, ...]:
        if not self.label_column:
            usual = next(filter(None, (column_of(names, None, name) for name in LABELS)), None)
            if usual is not None:
                return (usual,)
            by_name = {composed(name): name for name in names}
            alike = (column_of(by_name, frame, "") for frame in frames or ())
            columns_of_frames = tuple(by_name[name] for name in alike if name is not None)
            if frames and len(columns_of_frames) == len(frames):
                return columns_of_frames
            raise FramelensError(
                f"no column {LABELS[0]!r}; {_hint(names, '--label-column')} (of columns that hold 1 "
                "or 0 each, all of them)"
            )
        columns: dict[str, None] = {}
        for wanted in self.label_column:
            column = column_of(names, wanted, "")
            fit = [column] if column else [name for name in names if _matches(name, wanted)]
            if not fit:
                raise FramelensError(f"no column {wanted!r}; {_hint(names, '--label-column')}")
            columns |= dict.fromkeys(fit)
        return tuple(columns)


def _matches(name: str, wanted: str) -> bool:
    """Whether a column's name matches a pattern, in any case of letters, as names do."""
    return fnmatchcase(name.strip().casefold(), wanted.casefold())


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that hold texts, labels and documents; `one_a_label` says whether each column in
    `labels` is named after a label and holds yes or no, None where that shows in their cells only."""

    text: str
    labels: tuple[str, ...]
    document: str | None
    one_a_label: bool | None


def label_of(column: str, frames: Sequence[str] | None) -> str:
    """The label that a column is for: a frame that is so called, in any case of letters if only one is, or
    else the column's own name."""
    name = column.strip()
    return column_of(frames or (), composed(name), "") or composed(name)


def says_yes_or_no(cells: Iterable[Any]) -> bool:
    """Whether all cells are a yes or a no: 1 or 0, true or false, x or nothing."""
    return all(_folded(cell) in YES | NO for cell in cells)


def label_given(cell: Any) -> bool:
    """Whether a cell of a label's own column gives the label; raise FramelensError where it says
    neither yes nor no."""
    answer = _folded(cell)
    if answer not in YES | NO:
        raise FramelensError(f"{cell!r} in the column of a label; expected 1 or 0")
    return answer in YES


def label_denied(cell: Any) -> bool:
    """Whether a cell of a label's own column says that it is not given, which a blank does not."""
    return _folded(cell) in NO - {""}


def _folded(cell: Any) -> str:
    return (given_value(cell) or "").strip().casefold()


def labels_in(cell: Any, frames: Sequence[str] | None, separator: str) -> tuple[str, ...] | None:
    """The labels that a cell names, in its order; None where it is blank.

    A cell may be a list, the text of one, as pandas writes it, or names with `separator` between
    them; `none` stands for no label, unless a frame is called so. Raise FramelensError for what is
    no name, and for `none` beside labels.
    """
    if isinstance(cell, (list, tuple, set, frozenset)):
        return _less_none(tuple(_name(one) for one in cell), frames)
    if given_value(cell) is None:
        return None
    text = unguarded(_name(cell))
    if frames is not None and text in frames:
        return (text,)
    if text[:1] == "[" and text[-1:] == "]" and (names := _listed(text)) is not None:
        return _less_none(names, frames)
    names = tuple(name for part in text.split(separator) if (name := part.strip()))
    return _less_none(names, frames) if names else None


def _less_none(names: tuple[str, ...], frames: Sequence[str] | None) -> tuple[str, ...]:
    """No names where they say `none`, in any case of letters, unless a frame is called so."""
    said = {name.casefold() for name in names}
    if NONE not in said or NONE in map(str.casefold, frames or ()):
        return names
    if len(said) > 1:
        raise FramelensError(
            f"{NONE!r} beside other labels, {', '.join(names)}; expected one or the other"
        )
    return ()


def _name(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise FramelensError(f"unknown label {value!r:.40}; expected a name")
    return str(composed(str(value).strip()))


def _listed(text: str) -> tuple[str, ...] | None:
    """The names in a list as JSON or Python writes it, None where it is none."""
    for parse in (json.loads, ast.literal_eval):
        try:
            return tuple(_name(one) for one in parse(text))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, FramelensError):
            continue
    return None


def unguarded(cell: Any) -> Any:
    """A cell without the apostrophe that keeps a spreadsheet from running it as a formula."""
    guarded = isinstance(cell, str) and cell[:1] == "'" and cell.lstrip("'").startswith(FORMULA)
    return cell[1:] if guarded else cell


def is_predicted(names: Iterable[str]) -> bool:
    """Whether a file with such fields is framelens's own output."""
    return any(fields <= set(names) for fields in PREDICTED)


def is_sampled(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of a sample that was drawn to be labelled."""
    return record.keys() >= SAMPLED


def _hint(names: Sequence[str], option: str) -> str:
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"found {shown[:300]}; name it with {option}"
