"""How often each frame is given, in all sentences and by the values of fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from framelens.analysis.shares import Group, Tally
from framelens.core.arrays import Floats
from framelens.core.errors import FramelensError
from framelens.core.fields import MOST_GROUPS, NOTHING, other_values
from framelens.core.files import Writer
from framelens.core.types import Classified
from framelens.writers.csv_table import csv_line

DOCUMENT = "document"
"""The field that every sentence has: the name of its document."""

ALL = "all sentences"
COLUMNS = ("field", "value", "frame", "sentences", "documents", "given", "share", "low", "high")


@dataclass(frozen=True, slots=True)
class Summary:
    """Shares of frames among all sentences, and by field among the sentences of each value, the
    commonest first; rarer ones are put together."""

    frames: tuple[str, ...]
    whole: Group
    by: dict[str, tuple[Group, ...]] = field(default_factory=dict)


def summarize(
    sentences: Iterable[Classified], frames: Sequence[str], *, by: Sequence[str] = ()
) -> Summary:
    """Count classified sentences as they come.

    Memory grows with the number of values that the fields in `by` have, not with that of sentences.
    Raise FramelensError where no sentence has one of the fields.
    """
    counter = ShareCounter(frames, by)
    known: dict[str, None] = {}
    for classified in sentences:
        fields = fields_of(classified)
        known |= dict.fromkeys(fields)
        values = [fields.get(name) for name in by]
        counter.add(classified.sentence.doc, classified.frames.labels, values)
    for name in by:
        check_known(name, known)
    return counter.summary()


class ShareCounter:
    """Counts sentences by the values of fields, a document after the other; of each field the
    `most` common values have groups of their own."""

    def __init__(
        self, frames: Sequence[str], by: Sequence[str], *, most: int = MOST_GROUPS
    ) -> None:
        self.frames, self.by, self.most = tuple(frames), tuple(by), most
        self.whole = Tally(frames)
        self.tallies: dict[str, dict[str | None, Tally]] = {name: {} for name in by}
        self._document: str | None = None
        self._open: dict[tuple[str, str | None], Floats] = {}

    def add(self, document: str, labels: Sequence[str], values: Sequence[str | None]) -> None:
        """Count a sentence in; `values` are those of the fields in `by`, in their order."""
        if document != self._document:
            self._close()
            self._document = document
        counted = np.array([1.0, *(name in labels for name in self.frames), not labels])
        for key in chain([("", None)], zip(self.by, values, strict=True)):
            held = self._open.get(key)
            self._open[key] = counted if held is None else held + counted

    def summary(self) -> Summary:
        """What was counted."""
        self._close()
        by = {name: self._groups(tallies) for name, tallies in self.tallies.items()}
        return Summary(self.frames, self.whole.group(ALL), by)

    def _close(self) -> None:
        """Hand what was counted in the document to the tallies."""
        for (name, value), counted in self._open.items():
            tallies = self.tallies[name] if name else {value: self.whole}
            if value not in tallies:
                tallies[value] = Tally(self.frames)
            tallies[value].add(int(counted[0]), counted[1:])
        self._open.clear()

    def _groups(self, tallies: dict[str | None, Tally]) -> tuple[Group, ...]:
        """The commonest values, then the others together, then the sentences without a value."""
        given = {value: tally for value, tally in tallies.items() if value is not None}
        order = sorted(given, key=lambda value: -given[value].sentences)
        groups = [given[value].group(value) for value in order[: self.most]]
        if rest := order[self.most :]:
            others = Tally(self.frames)
            for value in rest:
                others.merge(given[value])
            groups.append(others.group(other_values(len(rest)), "rest"))
        if None in tallies:
            groups.append(tallies[None].group(NOTHING, "missing"))
        return tuple(groups)


def fields_of(classified: Classified) -> dict[str, str]:
    """What is known of a sentence's source and place, as text; lists are joined by commas, and what
    has no plain form is left out."""
    given = {**classified.sentence.meta, DOCUMENT: classified.sentence.doc}
    return {name: text for name, value in given.items() if (text := plain(value))}


def plain(value: object) -> str:
    """A field's value as text, or nothing."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(plain, value)))
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def check_known(name: str, known: Iterable[str]) -> None:
    """Raise FramelensError where a field is not among those that sentences have."""
    names = sorted(known)
    if name not in names:
        raise FramelensError(
            f"no sentence has the field {name!r}; there are: {', '.join(names) or 'none'}"
        )


def write_summary(summary: Summary, out: Writer, *, keep_formulas: bool = False) -> None:
    """A CSV row for each frame in each group, the first ones those of all sentences."""
    out.write(csv_line(COLUMNS))
    for cells in table(summary):
        out.write(csv_line(cells, keep_formulas=keep_formulas))


def table(summary: Summary) -> Iterator[tuple[object, ...]]:
    """The rows under `COLUMNS`; no field and no value stand for all sentences."""
    yield from _rows("", summary.whole)
    for name, groups in summary.by.items():
        for group in groups:
            yield from _rows(name, group)


def _rows(name: str, group: Group) -> Iterator[tuple[object, ...]]:
    about = (name, group.value if name else "")
    for share in group.shares:
        figures = (round(value, 4) for value in (share.share, share.low, share.high))
        counts = (group.sentences, group.documents, share.given)
        yield (*about, share.frame or "none", *counts, *figures)
