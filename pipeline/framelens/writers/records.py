"""A classified sentence as the fields that every output holds.

Each record has `id`, `doc`, `index`, `start`, `end`, `text`, `labels`, `primary`, `scores`,
`evidence` and, where there are other fields (those of its source, and those found of its place),
`meta`. To keep files small, the evidence is that for and against the frames given; a sentence
without a frame has none. With `explain` a record accounts for the score of every frame: the
evidence is every contribution to any of them, those of rules and subjects with their `note`, and
there are two more fields, `bias` (log-odds by frame) and `thresholds` (probabilities by frame), and
where stances are told, `reasons`: by frame given, why it has its stance, in plain words. Then,
for each frame,

    log(p / (1 - p)) = bias + sum of the weights of its evidence,

and the frame is given where p, its score, reaches its threshold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from framelens.core.types import Classified, Evidence, Unit, storable

COLUMNS = ("id", "doc", "index", "start", "end", "text", "labels", "primary")
"""The fields that hold one value and come first, in every output's order."""

LIMITS = {"bias": "bias", "thresholds": "threshold"}
"""The numbers that explain adds, and what a table calls each frame's column of them."""

EXPLAINED = {**LIMITS, "reasons": "reasons"}
"""All that explain adds, likewise."""


def record(row: Classified, *, unit: Unit, explain: bool = False) -> dict[str, Any]:
    """A sentence as the fields of its JSON line."""
    frames, sentence = row.frames, row.sentence
    shown = (item for item in frames.evidence if explain or item.frame in frames.labels)
    stances = {name: stance.name for name, stance in frames.stances.items()}
    fields: dict[str, Any] = {
        "id": sentence_id(row, unit),
        "doc": sentence.doc,
        "index": sentence.index,
        "start": frames.start,
        "end": frames.end,
        "text": frames.text,
        "labels": list(frames.labels),
        "primary": frames.primary,
        "scores": dict(frames.scores),
        **({} if frames.about is None else {"about": round(frames.about, 4)}),
        **({"stances": stances} if stances else {}),
        "evidence": [_fields(item, explain) for item in shown],
    }
    if explain:
        fields |= {name: dict(getattr(frames, name)) for name in LIMITS}
        if stances:
            fields["reasons"] = {
                name: [asdict(reason) for reason in stance.reasons]
                for name, stance in frames.stances.items()
            }
    meta = sentence.meta
    return {**fields, "meta": meta} if meta else fields


def sentence_id(row: Classified, unit: Unit) -> str:
    """The document's name and the sentence's number; a record that is one sentence keeps its own."""
    sentence = row.sentence
    if unit == "sentence" and sentence.passage.id is not None:
        return sentence.passage.id
    return f"{sentence.doc}#{sentence.index}"


def _fields(item: Evidence, explain: bool) -> dict[str, Any]:
    note = {"note": item.note} if explain and item.kind != "term" else {}
    return {
        "frame": item.frame, "kind": item.kind, "name": item.name, "start": item.start,
        "end": item.end, "text": item.text, "weight": item.weight, **note,
    }  # fmt: skip


def json_lines(rows: Iterable[Classified], *, unit: Unit, explain: bool = False) -> Iterator[str]:
    """The lines, each with its end."""
    return (json_text(record(row, unit=unit, explain=explain)) + "\n" for row in rows)


def json_text(fields: Mapping[str, Any]) -> str:
    """An object in JSON on one line, which can be written in UTF-8."""
    return storable(json.dumps(fields, ensure_ascii=False))
