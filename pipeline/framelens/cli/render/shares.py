"""Shares of frames on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.table import Table
from rich.text import Text

from framelens.analysis.shares import Group, Share
from framelens.analysis.summary import Summary
from framelens.cli.console import console, print_table, shown
from framelens.core.codebook import Scheme


def print_summary(found: Summary, scheme: Scheme, out: TextIO) -> None:
    """A row a frame for all sentences, then a table a field with a row a value."""
    table = _table("frame", "sentences", "share", "95%")
    for row in found.whole.shares:
        style = scheme[row.frame].colour if row.frame else ""
        frame = Text(row.frame or "none", style=style)
        table.add_row(frame, f"{row.given:,}", _share(row), _range(row))
    print_table(table, out)
    screen = console(out)
    counts = f"{found.whole.sentences:,} sentences of {found.whole.documents:,} documents"
    screen.print(f"{counts}; 95% intervals (Wilson).")
    for name, groups in found.by.items():
        screen.print()
        print_table(_by(name, groups, scheme), out)


def _by(name: str, groups: Sequence[Group], scheme: Scheme) -> Table:
    columns = (part for frame in scheme for part in (frame.name, "95%"))
    table = _table(shown(name), "sentences", *columns, "none")
    for group in groups:
        *given, none = group.shares
        cells = (part for row in given for part in (_share(row), _range(row)))
        table.add_row(shown(group.value), f"{group.sentences:,}", *cells, _share(none))
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title, box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _share(row: Share) -> str:
    return f"{100 * row.share:.1f}%"


def _range(row: Share) -> str:
    return f"{100 * row.low:.1f}–{100 * row.high:.1f}"
