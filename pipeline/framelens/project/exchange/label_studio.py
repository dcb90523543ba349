"""Label Studio: a JSON list of tasks with `data`, `annotations` and `predictions`.

Beside the tasks stands NAME.config.xml, the labelling interface to paste into the project's
settings. A task that was skipped has no labels; of several annotations of a task the last counts.
https://labelstud.io/guide/tasks and https://labelstud.io/guide/export
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_writable, open_whole, replaces
from framelens.project.items import Item, fields_of_item, item_of
from framelens.project.label_forms import NONE
from framelens.project.labelled import open_text

FRAMES, SURE, NOTE, TEXT = "frames", "sure", "note", "text"
UNSURE = "unsure"


def write(items: Sequence[Item], scheme: Scheme, path: Path) -> None:
    """Write tasks, and the labelling interface beside them."""
    if not replaces(path):
        raise at(
            path, None, "two files are written; expected the name of the first, such as tasks.json"
        )
    interface, config = path.with_suffix(".config.xml"), _config(scheme)
    check_writable(interface)
    # An interface that was edited, or another file, is not overwritten; a link is replaced.
    there = interface.exists() and not interface.is_symlink()
    if there and not (interface.is_file() and interface.read_bytes() == config.encode()):
        raise at(
            interface,
            None,
            "is in the way of the labelling interface, and another one, or none; move it away",
        )
    with open_whole(path) as out:
        json.dump([_task(item) for item in items], out, ensure_ascii=False, indent=1)
        out.write("\n")
    with open_whole(interface, follow=False) as out:
        out.write(config)


def read(path: Path, frames: Sequence[str]) -> list[Item]:
    """Read what Label Studio exports as JSON."""
    try:
        tasks = json.loads(open_text(path))
    except (ValueError, RecursionError) as error:
        raise at(path, None, f"not JSON: {error}") from None
    if not isinstance(tasks, list):
        raise at(path, None, "expected a list of tasks (export as JSON, not JSON-MIN)")
    return [_item(task, frames, path, number) for number, task in enumerate(tasks, start=1)]


def _task(item: Item) -> dict[str, Any]:
    fields = fields_of_item(item)
    labels = fields.pop("labels")
    task: dict[str, Any] = {"data": fields}
    if item.proposed is not None:
        result = _choices(list(item.proposed) or [NONE])
        task["predictions"] = [{"model_version": "framelens", "result": [result]}]
    if labels is not None:
        task["annotations"] = [{"result": [_choices(labels or [NONE])]}]
    return task


def _choices(chosen: list[str]) -> dict[str, Any]:
    value = {"choices": chosen}
    return {"from_name": FRAMES, "to_name": TEXT, "type": "choices", "value": value}


def _item(task: Any, frames: Sequence[str], path: Path, number: int) -> Item:
    place = f"task {number}"
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        raise at(path, None, f"{place} has no data; expected what framelens export wrote")
    fields = dict(task["data"])
    if "id" not in fields:
        raise at(path, None, f"{place} has no id in its data; expected what framelens export wrote")
    annotations = [row for row in task.get("annotations") or [] if not row.get("was_cancelled")]
    if annotations:
        try:
            fields |= _answers(annotations[-1])
        except FramelensError as error:
            raise at(path, None, f"{place} {error}") from None
    return item_of(fields, frames, path.with_name(f"{path.name}, {place}"), None)


def _answers(annotation: Mapping[str, Any]) -> dict[str, Any]:
    chosen: list[str] | None = None
    others: dict[str, None] = {}
    answers: dict[str, Any] = {}
    for row in annotation.get("result") or []:
        name, value = row.get("from_name"), row.get("value", {})
        if name == FRAMES:
            chosen = list(value.get("choices", []))
        elif name == SURE:
            answers["unsure"] = UNSURE in value.get("choices", [])
        elif name == NOTE:
            text = value.get("text", [])
            answers["note"] = text if isinstance(text, str) else "; ".join(text)
        else:
            others[str(name)] = None
    if chosen is None and others:
        raise FramelensError(
            f"has answers under {', '.join(others)} and none under {FRAMES!r}; expected the labelling "
            "interface that framelens export wrote"
        )
    by = annotation.get("completed_by")
    who = by.get("email") if isinstance(by, dict) else by
    coder = {} if who is None else {"coder": str(who)}
    return {"labels": chosen or [], **answers, **coder}


def _config(scheme: Scheme) -> str:
    choices = "".join(
        f'    <Choice value="{escape(frame.name)}" hint="{escape(frame.test)}" '
        f'hotkey="{escape(frame.letter.lower())}"/>\n'
        for frame in scheme
    )
    if scheme.may_be_none and NONE not in scheme.names:
        choices += f'    <Choice value="{NONE}" hotkey="0"/>\n'
    how = "single" if scheme.exclusive else "multiple"
    return f"""<View>
  <Text name="before" value="$before"/>
  <Header value="To label"/>
  <Text name="{TEXT}" value="$text"/>
  <Text name="after" value="$after"/>
  <Choices name="{FRAMES}" toName="{TEXT}" choice="{how}" required="true">
{choices}  </Choices>
  <Choices name="{SURE}" toName="{TEXT}" choice="multiple"><Choice value="{UNSURE}"/></Choices>
  <TextArea name="{NOTE}" toName="{TEXT}" placeholder="Note"/>
</View>
"""
