"""Classified sentences as records: what JSON Lines and CSV hold.

Each record has `id`, `doc`, `index`, `start`, `end`, `text`, `labels`, `primary`, `scores`,
`evidence` and, where its source has other fields, `meta`. To keep files small, the evidence is that
for and against the frames given; a sentence without a frame has none. With `explain` a record
accounts for the score of every frame: the evidence is every contribution to any of them, those of
rules with the rule's `note`, and there are two more fields, `bias` (log-odds by frame) and
`thresholds` (probabilities by frame). Then, for each frame,

    log(p / (1 - p)) = bias + sum of the weights of its evidence,

and the frame is given where p, its score, reaches its threshold.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Protocol

from framelens.classification.stream import Classified
from framelens.core.types import Evidence, Unit
from framelens.core.unicode import storable

COLUMNS = ("id", "doc", "index", "start", "end", "text", "labels", "primary")
LIMITS = {"bias": "bias", "thresholds": "threshold"}
"""The fields that explain adds, and what CSV calls each frame's column of them."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula when it stands first in it."""


class Writer(Protocol):
    """Anything with a `write` for text."""

    def write(self, text: str, /) -> object: ...


def write_jsonl(
    rows: Iterable[Classified], out: Writer, *, unit: Unit, explain: bool = False
) -> None:
    """One JSON object a line, a sentence each."""
    for row in rows:
        found = record(row, unit=unit, explain=explain)
        out.write(json_text(found) + "\n")


def write_csv(
    rows: Iterable[Classified],
    out: Writer,
    *,
    unit: Unit,
    frames: Sequence[str],
    explain: bool = False,
    keep_formulas: bool = False,
) -> None:
    """A row a sentence, with a column a frame for its score and one for the evidence.

    With `explain` the evidence is that of every frame, and each frame has two more columns, such as
    `look bias` and `look threshold`.

    Cells that a spreadsheet would run as formulas get a leading apostrophe, unless
    `keep_formulas`.
    """
    out.write(csv_line(csv_columns(frames, explain=explain), keep_formulas=keep_formulas))
    for row in rows:
        cells = csv_cells(record(row, unit=unit, explain=explain), frames)
        out.write(csv_line(cells, keep_formulas=keep_formulas))


def record(row: Classified, *, unit: Unit, explain: bool = False) -> dict[str, Any]:
    """A sentence as the fields of its JSON line."""
    frames, passage = row.frames, row.passage
    shown = (item for item in frames.evidence if explain or item.frame in frames.labels)
    found: dict[str, Any] = {
        "id": sentence_id(row, unit),
        "doc": passage.doc,
        "index": row.index,
        "start": frames.start,
        "end": frames.end,
        "text": frames.text,
        "labels": list(frames.labels),
        "primary": frames.primary,
        "scores": dict(frames.scores),
        "evidence": [_fields(item, explain) for item in shown],
    }
    if explain:
        found |= {name: dict(getattr(frames, name)) for name in LIMITS}
    # What a record brings along stands above what was found.
    meta = {**(row.fields or {}), **passage.meta}
    return {**found, "meta": meta} if meta else found


def sentence_id(row: Classified, unit: Unit) -> str:
    """The document's name and the sentence's number; a record that is one sentence keeps its own."""
    if unit == "sentence" and row.passage.id is not None:
        return row.passage.id
    return f"{row.passage.doc}#{row.index}"


def _fields(item: Evidence, explain: bool) -> dict[str, Any]:
    note = {"note": item.note} if explain and item.kind == "rule" else {}
    return {
        "frame": item.frame,
        "kind": item.kind,
        "name": item.name,
        "start": item.start,
        "end": item.end,
        "text": item.text,
        "weight": item.weight,
        **note,
    }


def csv_columns(frames: Sequence[str], *, explain: bool = False) -> list[str]:
    """The header of `write_csv`."""
    limits = [f"{frame} {name}" for name in LIMITS.values() for frame in frames] if explain else []
    return [*COLUMNS, *frames, "evidence", *limits]


def csv_cells(fields: dict[str, Any], frames: Sequence[str]) -> list[object]:
    """A record as the cells of its row."""
    return [*_cells(fields, frames)]


def _cells(fields: dict[str, Any], frames: Sequence[str]) -> Iterator[object]:
    for column in COLUMNS:
        value = fields[column]
        yield "|".join(value) if isinstance(value, list) else value
    yield from (f"{fields['scores'][frame]:.4f}" for frame in frames)
    yield "; ".join(
        f"{item['frame']}: {item['name']} “{item['text']}” {item['weight']:+.2f}"
        for item in fields["evidence"]
    )
    for name in LIMITS:
        yield from (round(fields[name][frame], 4) for frame in frames if name in fields)


def json_text(fields: Mapping[str, Any]) -> str:
    """An object in JSON on one line, which can be written in UTF-8."""
    return storable(json.dumps(fields, ensure_ascii=False))


def csv_line(cells: Iterable[object], *, keep_formulas: bool = False) -> str:
    """Cells as a line of CSV, which can be written in UTF-8."""
    line = StringIO()
    # Of line breaks in cells, Python up to 3.12 quotes only those that end lines: here both.
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(cells if keep_formulas else [harmless(cell) for cell in cells])
    return storable(line.getvalue().removesuffix("\r\n")) + "\n"


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
