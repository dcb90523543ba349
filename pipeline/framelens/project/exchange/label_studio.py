"""Label Studio: a JSON list of tasks with `data`, `annotations` and `predictions`.

Beside the tasks stands NAME.config.xml, the labelling interface to paste into the project's
settings. A task that was skipped has no labels; of several annotations by one person the last counts.
https://labelstud.io/guide/tasks and https://labelstud.io/guide/export
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_writable, open_whole, read_text, replaces
from framelens.project.items import Item, fields_of_item, item_of
from framelens.project.labelled.forms import NONE

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


def read(path: Path, frames: Sequence[str], coder: str = "") -> list[Item]:
    """Read what Label Studio exports as JSON; of tasks that several people labelled, what `coder` says."""
    try:
        tasks = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise at(path, None, f"not JSON: {error}") from None
    if not isinstance(tasks, list):
        raise at(path, None, "expected a list of tasks (export as JSON, not JSON-MIN)")
    answered = [_annotations(task, path, number) for number, task in enumerate(tasks, start=1)]
    if any(len(set(map(_coder, rows))) > 1 for rows in answered):
        people = dict.fromkeys(filter(None, map(_coder, chain.from_iterable(answered))))
        if coder not in people:
            problem = f"{', '.join(people)} have labelled the same sentences; name one with --coder"
            raise at(path, None, problem)
        answered = [[row for row in rows if _coder(row) == coder] for rows in answered]
    return [
        _item(task, rows, frames, path, number)
        for number, (task, rows) in enumerate(zip(tasks, answered, strict=True), start=1)
    ]


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


def _annotations(task: Any, path: Path, number: int) -> list[dict[str, Any]]:
    """The annotations of a task that were not skipped."""
    place = f"task {number}"
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        raise at(path, None, f"{place} has no data; expected what framelens export wrote")
    if "id" not in task["data"]:
        raise at(path, None, f"{place} has no id in its data; expected what framelens export wrote")
    return [row for row in task.get("annotations") or [] if not row.get("was_cancelled")]


def _item(
    task: Mapping[str, Any],
    annotations: Sequence[Mapping[str, Any]],
    frames: Sequence[str],
    path: Path,
    number: int,
) -> Item:
    fields, place = dict(task["data"]), f"task {number}"
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
    coder = _coder(annotation)
    return {"labels": chosen or [], **answers, **({"coder": coder} if coder else {})}


def _coder(annotation: Mapping[str, Any]) -> str:
    """Who labelled, or nothing."""
    by = annotation.get("completed_by")
    who = by.get("email") if isinstance(by, dict) else by
    return "" if who is None else str(who)


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
