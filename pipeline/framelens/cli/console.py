"""A terminal to draw on, which text from strangers must not drive."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console
from rich.table import Table

_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
CONTROL = dict.fromkeys((*_CONTROLS, *_DIRECTIONS, *range(0xD800, 0xE000)), "�")
"""Control characters, changes of direction and lone surrogates, each shown as a mark."""


def console(out: TextIO | None = None) -> Console:
    """A console that colours and wraps on a terminal and does neither in a pipe."""
    out = out or sys.stdout
    width = None if out.isatty() else 1_000_000
    return Console(file=out, width=width, highlight=False, soft_wrap=not out.isatty(), markup=False)


def shown(text: str) -> str:
    """A text on one line, without characters that a terminal would obey."""
    return " ".join(text.translate(CONTROL).split())


def print_table(table: Table, out: TextIO) -> None:
    """A table at its own width, however wide the screen is."""
    Console(file=out, width=160, highlight=False, markup=False).print(table)
