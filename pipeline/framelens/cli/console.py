"""A terminal to draw on, which text from strangers must not drive."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# A carriage return is white space, as other line ends are.
_CONTROLS = (*range(9), 11, 12, *range(14, 32), *range(127, 160))
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
CONTROL = dict.fromkeys((*_CONTROLS, *_DIRECTIONS, *range(0xD800, 0xE000)), "�")
"""Control characters, changes of direction and lone surrogates, each shown as a mark."""


Line = Sequence[tuple[str, str]]
"""A line in parts, each with its style, which may be none."""


def print_line(line: Line, out: TextIO) -> None:
    """A line in its colours on a terminal, plain in a pipe, where nobody need wait for Rich."""
    if out.isatty() or os.environ.get("FORCE_COLOR"):
        from rich.text import Text

        console(out).print(Text.assemble(*line))
    else:
        out.write("".join(text for text, _ in line) + "\n")


def console(out: TextIO | None = None) -> Console:
    """A console that colours and wraps on a terminal and does neither in a pipe."""
    from rich.console import Console

    out = out or sys.stdout
    width = None if out.isatty() else 1_000_000
    return Console(file=out, width=width, highlight=False, soft_wrap=not out.isatty(), markup=False)


def shown(text: str) -> str:
    """A text on one line, without characters that a terminal would obey."""
    return " ".join(text.translate(CONTROL).split())


def new_table(title: str, *headings: str) -> Table:
    """A table whose first column is named `title`, with a column of figures for each heading."""
    from rich.table import Table

    made = Table(title, box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, justify="right")
    return made


def print_table(table: Table, out: TextIO, *below: str) -> None:
    """A table at its own width, however wide the screen is, and lines below it."""
    from rich.console import Console

    Console(file=out, width=160, highlight=False, markup=False).print(table)
    for line in below:
        console(out).print(line)
