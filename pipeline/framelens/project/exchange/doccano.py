"""doccano, text classification: JSON Lines with `text`, `label` and fields of its own.

doccano gives sentences numbers of its own as `id`; ours goes along as `item`. It does not tell a
sentence without labels from one that nobody has seen: the label `none` does.
https://doccano.github.io/doccano/tutorial/#import-a-dataset
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from framelens.core.codebook import Scheme
from framelens.core.errors import at
from framelens.core.files import open_whole
from framelens.project.items import Item, fields_of_item, item_of
from framelens.project.label_forms import NONE
from framelens.readers import rows_of

ID, LABEL, COMMENTS = "item", "label", "Comments"


def write(items: Sequence[Item], _: Scheme, path: Path) -> None:
    """Write what doccano imports as JSONL."""
    with open_whole(path) as out:
        for item in items:
            fields = fields_of_item(item)
            labels = fields.pop("labels")
            shown = [] if labels is None else labels or [NONE]
            record = {"text": fields.pop("text"), LABEL: shown, ID: fields.pop("id"), **fields}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(path: Path, frames: Sequence[str]) -> list[Item]:
    """Read what doccano exports as JSONL."""
    found = []
    for line, record in rows_of(path):
        if ID not in record:
            raise at(
                path, line, f"no field {ID!r}; expected what framelens export --to doccano wrote"
            )
        given = record.get(LABEL, record.get("labels"))
        fields = {name: record[name] for name in record if name not in (LABEL, "id", ID, COMMENTS)}
        notes = [fields.get("note") or "", *map(str, record.get(COMMENTS) or [])]
        fields |= {
            "id": record[ID],
            "labels": given or None,
            "note": "; ".join(filter(None, notes)),
        }
        found.append(item_of(fields, frames, path, line))
    return found
