"""Classified sentences as records: what JSON Lines and CSV hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from framelens.frames import Evidence
from framelens.passages import Unit
from framelens.stream import Classified

COLUMNS = ("id", "doc", "index", "start", "end", "text", "labels", "primary")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula when it stands first in it."""


class Writer(Protocol):
    """Anything with a `write` for text."""

    def write(self, text: str, /) -> object: ...


def write_jsonl(rows: Iterable[Classified], out: Writer, *, unit: Unit) -> None:
    """One JSON object a line, a sentence each."""
    for row in rows:
        out.write(json.dumps(record(row, unit=unit), ensure_ascii=False) + "\n")


def write_csv(
    rows: Iterable[Classified],
    out: Writer,
    *,
    unit: Unit,
    frames: Sequence[str],
    keep_formulas: bool = False,
) -> None:
    """A row a sentence, with a column a frame for its score and one for the evidence.

    Cells that a spreadsheet would run as formulas get a leading apostrophe, unless
    `keep_formulas`.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *frames, "evidence"])
    for row in rows:
        cells = _cells(record(row, unit=unit), frames)
        writer.writerow(cells if keep_formulas else [_harmless(cell) for cell in cells])


def record(row: Classified, *, unit: Unit) -> dict[str, Any]:
    """A sentence as the fields of its JSON line."""
    frames, passage = row.frames, row.passage
    found = {
        "id": sentence_id(row, unit),
        "doc": passage.doc,
        "index": row.index,
        "start": frames.start,
        "end": frames.end,
        "text": frames.text,
        "labels": list(frames.labels),
        "primary": frames.primary,
        "scores": dict(frames.scores),
        "evidence": [_fields(item) for item in frames.evidence],
    }
    return {**found, "meta": dict(passage.meta)} if passage.meta else found


def sentence_id(row: Classified, unit: Unit) -> str:
    """The document's name and the sentence's number; a record that is one sentence keeps its own."""
    if unit == "sentence" and row.passage.id is not None:
        return row.passage.id
    return f"{row.passage.doc}#{row.index}"


def _fields(item: Evidence) -> dict[str, Any]:
    return {
        "frame": item.frame,
        "kind": item.kind,
        "name": item.name,
        "start": item.start,
        "end": item.end,
        "text": item.text,
        "weight": item.weight,
    }


def _cells(fields: dict[str, Any], frames: Sequence[str]) -> Iterator[object]:
    for column in COLUMNS:
        value = fields[column]
        yield "|".join(value) if isinstance(value, list) else value
    yield from (f"{fields['scores'][frame]:.4f}" for frame in frames)
    yield "; ".join(
        f"{item['frame']}: {item['name']} “{item['text']}” {item['weight']:+.2f}"
        for item in fields["evidence"]
    )


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
