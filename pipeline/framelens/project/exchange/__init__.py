"""Sentences to label, to and from the tools that people label with; a file a tool.

Whatever a tool shows, all fields of a sentence go with it and come back: id, place, probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from framelens.core.codebook import Scheme
from framelens.core.errors import at
from framelens.core.files import check_format
from framelens.core.settings import Tool
from framelens.core.types import counted
from framelens.project.exchange import doccano, label_studio, prodigy
from framelens.project.items import Item, read_items, write_items
from framelens.project.workbook import WORKBOOK, is_workbook


class Exchange(NamedTuple):
    """How a tool's files are written and read, and how their names end."""

    write: Callable[[Sequence[Item], Scheme, Path], None]
    read: Callable[[Path, Sequence[str]], list[Item]]
    ends: tuple[str, ...]


def _write_table(items: Sequence[Item], _: Scheme, path: Path) -> None:
    write_items(items, path)


TOOLS: Mapping[Tool, Exchange] = {
    "label-studio": Exchange(label_studio.write, label_studio.read, (".json",)),
    "doccano": Exchange(doccano.write, doccano.read, (".jsonl", ".ndjson", ".json")),
    "prodigy": Exchange(prodigy.write, prodigy.read, (".jsonl", ".ndjson")),
    "csv": Exchange(_write_table, read_items, (".csv",)),
    "xlsx": Exchange(_write_table, read_items, (WORKBOOK,)),
}


def export_items(items: Sequence[Item], scheme: Scheme, path: Path, tool: Tool) -> None:
    """Write a file that a tool can open; raise FramelensError where it cannot be written, or its name
    says another format."""
    check_format(path, TOOLS[tool].ends)
    if tool == "xlsx" and path.suffix.lower() != WORKBOOK:
        raise at(path, None, f"expected a name in {WORKBOOK} for a workbook")
    TOOLS[tool].write(items, scheme, path)


def import_items(
    path: Path, frames: Sequence[str], tool: Tool, *, coder: str = "", encoding: str = "utf-8"
) -> list[Item]:
    """Read what a tool has saved; `coder` is put where no coder is named, or is the one of several whose
    labels are taken, and `encoding` is that of a table that is not UTF-8.

    Raise FramelensError with file and reason where it is not such a file, or the sentences are not
    those that framelens wrote.
    """
    try:
        if tool == "csv":  # a workbook does not keep columns that are all blank
            items = read_items(path, frames, encoding, labelled=not is_workbook(path))
        elif tool == "label-studio":
            items = label_studio.read(path, frames, coder)
        else:
            items = TOOLS[tool].read(path, frames)
    except (AttributeError, KeyError, TypeError) as error:  # parts are missing
        raise at(path, None, f"not as {tool} saves it: {error}") from error
    if not items:
        raise at(path, None, "no sentences in it")
    if twice := [name for name, count in Counter(item.id for item in items).items() if count > 1]:
        there = f"{counted(len(twice), 'sentence')} there twice, such as {twice[0]!r}"
        raise at(path, None, f"{there}; expected one coder's file")
    return [replace(item, coder=item.coder or coder) for item in items]
