"""Prodigy, the interface `choice`: JSON Lines with `options`, `accept` and `answer`.

An ignored sentence is one without labels, an accepted one with no choice carries no frame.
https://prodi.gy/docs/api-interfaces#choice
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from framelens.core.codebook import Scheme
from framelens.core.errors import at
from framelens.core.files import open_whole
from framelens.project.items import Item, fields_of_item, item_of
from framelens.readers import rows_of

ID = "framelens"
"""The field that holds all that Prodigy does not show."""


def write(items: Sequence[Item], scheme: Scheme, path: Path) -> None:
    """Write a source for `prodigy mark DATASET FILE --view-id choice`."""
    options = [{"id": frame.name, "text": f"{frame.letter} {frame.name}"} for frame in scheme]
    style = "single" if scheme.exclusive else "multiple"
    with open_whole(path) as out:
        for item in items:
            fields = fields_of_item(item)
            labels, text = fields.pop("labels"), fields.pop("text")
            record = {
                "text": text,
                "options": options,
                "config": {"choice_style": style},
                "meta": {"id": item.id, "before": item.before, "after": item.after},
                ID: fields,
            }
            if labels is not None:
                record |= {"accept": labels, "answer": "accept"}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(path: Path, frames: Sequence[str]) -> list[Item]:
    """Read what `prodigy db-out` gives."""
    items, rows = [], list(rows_of(path))
    accepted = [line for line, record in rows if record.get("answer") == "accept"]
    if accepted and not any("accept" in record for _, record in rows):
        raise at(path, accepted[0], "no field 'accept'; expected answers of the interface choice")
    for line, record in rows:
        fields = record.get(ID)
        if not isinstance(fields, dict):
            raise at(
                path, line, f"no field {ID!r}; expected what framelens export --to prodigy wrote"
            )
        labels = (record.get("accept") or []) if record.get("answer") == "accept" else None
        coder = record.get("_annotator_id") or fields.get("coder")
        read = {**fields, "text": record.get("text"), "labels": labels, "coder": coder}
        items.append(item_of(read, frames, path, line))
    return items
