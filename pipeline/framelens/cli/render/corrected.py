"""Corrected shares on a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.table import Table

from framelens.analysis.corrected.shares import Corrected, CorrectedGroup, CorrectedShare
from framelens.analysis.corrected.tables import methods, outlook, warnings
from framelens.cli.console import console, new_table, print_table, shown
from framelens.core.types import counted
from framelens.statistics.clustered import p_value

MOST_COMPARISONS = 40
"""Rows of differences that a screen shows; JSON has all."""


def print_corrected(found: Corrected, out: TextIO) -> None:
    """A row a frame for all sentences, a table a field, differences, and how all was made."""
    screen = console(out)
    print_table(_whole(found.whole), out)
    for line in warnings(found):
        screen.print()
        screen.print(line)
    if more := outlook(found):
        screen.print()
        screen.print(more)
    for name, groups in found.by.items():
        screen.print()
        print_table(_by(name, groups), out)
    if found.compared:
        screen.print()
        print_table(_compared(found), out)
        if len(found.compared) > MOST_COMPARISONS:
            screen.print(f"… {len(found.compared):,} differences; --format json has all")
    screen.print()
    screen.print(methods(found))


def _whole(group: CorrectedGroup) -> Table:
    table = new_table(
        "frame", "counted", "95%", "corrected", "95%", "labels alone", "as precise as"
    )
    for share in group.shares:
        estimate = share.corrected
        plain = share.counted
        cells = (f"{100 * plain.share:.1f}%", _range(plain.low, plain.high))
        if estimate is None:
            table.add_row(share.frame or "none", *cells, "–", "", "", "")
            continue
        table.add_row(
            share.frame or "none",
            *cells,
            f"{100 * estimate.value:.1f}%",
            _range(estimate.low, estimate.high),
            f"{100 * estimate.alone.value:.1f}% "
            f"({_range(estimate.alone.low, estimate.alone.high)})",
            counted(estimate.worth, "random label"),
        )
    return table


def _by(name: str, groups: tuple[CorrectedGroup, ...]) -> Table:
    frames = [share.frame or "none" for share in groups[0].shares]
    columns = (part for frame in frames for part in (frame, "95%"))
    table = new_table(shown(name), "sentences", "labelled", *columns)
    for group in groups:
        cells = [part for share in group.shares for part in _cells(share)]
        about = (shown(group.value), f"{group.sentences:,}", f"{group.labelled:,}")
        table.add_row(*about, *(["no estimate"] if group.refusal else cells))
    return table


def _cells(share: CorrectedShare) -> tuple[str, str]:
    found = share.corrected
    return (
        ("–", "") if found is None else (f"{100 * found.value:.1f}%", _range(found.low, found.high))
    )


def _compared(found: Corrected) -> Table:
    table = new_table("difference", "frame", "points", "95%", "p", "p (Holm)")
    for row in found.compared[:MOST_COMPARISONS]:
        less = row.difference
        table.add_row(
            f"{shown(row.one)} less {shown(row.other)}",
            row.frame or "none",
            f"{100 * less.value:+.1f}",
            f"{100 * less.low:+.1f} to {100 * less.high:+.1f}",
            p_value(less.p),
            p_value(row.holm),
        )
    return table


def _range(low: float, high: float) -> str:
    return f"{100 * low:.1f}–{100 * high:.1f}"
