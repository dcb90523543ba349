"""doccano, text classification: JSON Lines with `text`, `label` and fields of its own.

doccano gives sentences numbers of its own as `id`, and cannot import a field that is null or missing
in some records. So what it shows beside a sentence is text, and all of ours goes along in one text,
`framelens`. It does not tell a sentence without labels from one that nobody has seen: the label
`none` does. https://doccano.github.io/doccano/tutorial/#import-a-dataset
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from framelens.core.codebook import Scheme
from framelens.core.errors import at
from framelens.core.files import open_whole
from framelens.project.items import Item, fields_of_item, item_of
from framelens.project.labelled.forms import NONE
from framelens.readers import rows_of

LABEL, COMMENTS, OURS = "label", "Comments", "framelens"


def write(items: Sequence[Item], _: Scheme, path: Path) -> None:
    """Write what doccano imports as JSONL."""
    with open_whole(path) as out:
        for item in items:
            fields = fields_of_item(item)
            labels, text = fields.pop("labels"), fields.pop("text")
            proposed = "|".join(item.proposed or ()) or ("" if item.proposed is None else NONE)
            record = {
                "text": text,
                LABEL: [] if labels is None else labels or [NONE],
                "document": item.document or "",
                "before": item.before,
                "after": item.after,
                "proposed": proposed,
                OURS: json.dumps(fields, ensure_ascii=False),
            }
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(path: Path, frames: Sequence[str]) -> list[Item]:
    """Read what doccano exports as JSONL."""
    items = []
    for line, record in rows_of(path):
        try:
            ours = json.loads(record[OURS])
            note = str(ours.get("note") or "")
        except (KeyError, TypeError, AttributeError, ValueError):
            raise at(
                path, line, f"no field {OURS!r}; expected what framelens export --to doccano wrote"
            ) from None
        chosen = record.get(LABEL, record.get("labels"))
        notes = [note, *map(str, record.get(COMMENTS) or [])]
        fields = {
            **ours,
            "text": record.get("text"),
            "labels": chosen or None,
            "note": "; ".join(filter(None, notes)),
        }
        items.append(item_of(fields, frames, path, line))
    return items
