"""Sentences to label, to and from the tools that people label with; a file a tool.

Whatever a tool shows, all fields of a sentence go with it and come back: id, place, probability.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from framelens.core.codebook import Scheme
from framelens.core.errors import at
from framelens.project.exchange import doccano, label_studio, prodigy, spreadsheet
from framelens.project.items import Item, read_items, write_items

Tool = Literal["label-studio", "doccano", "prodigy", "csv", "xlsx"]


class Exchange(NamedTuple):
    """How a tool's files are written and read."""

    write: Callable[[Sequence[Item], Scheme, Path], None]
    read: Callable[[Path, Sequence[str]], list[Item]]


TOOLS: Mapping[Tool, Exchange] = {
    "label-studio": Exchange(label_studio.write, label_studio.read),
    "doccano": Exchange(doccano.write, doccano.read),
    "prodigy": Exchange(prodigy.write, prodigy.read),
    "csv": Exchange(lambda items, _, path: write_items(items, path), read_items),
    "xlsx": Exchange(spreadsheet.write, spreadsheet.read),
}


def export_items(items: Sequence[Item], scheme: Scheme, path: Path, tool: Tool) -> None:
    """Write a file that a tool can open; raise FramelensError where it cannot be written."""
    TOOLS[tool].write(items, scheme, path)


def import_items(path: Path, frames: Sequence[str], tool: Tool, *, coder: str = "") -> list[Item]:
    """Read what a tool has saved; `coder` is put where no coder is named.

    Raise FramelensError with file and reason where it is not such a file, or the sentences are not
    those that framelens wrote.
    """
    found = TOOLS[tool].read(path, frames)
    if twice := len(found) - len({item.id for item in found}):
        raise at(path, None, f"{twice} sentences are there twice; expected one coder's file")
    return [replace(item, coder=item.coder or coder) for item in found]
