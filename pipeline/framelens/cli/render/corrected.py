"""Corrected shares on a terminal."""

from __future__ import annotations

from typing import TextIO

from rich.table import Table

from framelens.analysis.corrected.results import NO_ESTIMATE, Corrected, CorrectedGroup
from framelens.analysis.corrected.tables import methods, outlook, warnings
from framelens.cli.console import console, new_table, print_table, shown
from framelens.cli.render.shares import bounds
from framelens.core.types import counted
from framelens.statistics.bootstrap import Interval
from framelens.statistics.clustered import p_value
from framelens.statistics.corrected import Estimate

MOST_COMPARISONS = 40
"""Rows of differences that a screen shows; JSON has all."""


def print_corrected(corrected: Corrected, out: TextIO) -> None:
    """A row a frame for all sentences, a table a field, differences, and how all was made."""
    screen = console(out)
    print_table(_whole(corrected.whole), out)
    for line in filter(None, (*warnings(corrected), outlook(corrected))):
        screen.print(f"\n{line}")
    for name, groups in corrected.by.items():
        screen.print()
        print_table(_by(name, groups), out)
    if corrected.compared:
        screen.print()
        print_table(_compared(corrected), out)
        if len(corrected.compared) > MOST_COMPARISONS:
            screen.print(f"… {len(corrected.compared):,} differences; --format json has all")
    screen.print(f"\n{methods(corrected)}")


def _whole(group: CorrectedGroup) -> Table:
    table = new_table(
        "frame", "counted", "95%", "corrected", "95%", "labels alone", "as precise as"
    )
    for share in (one for one in group.shares if one.is_possible):
        plain, estimate, alone, worth = share.counted, share.corrected, "", ""
        cells = (f"{100 * plain.share:.1f}%", bounds(plain))
        if estimate is not None:
            alone = "{} ({})".format(*_cells(estimate.alone))
            worth = counted(estimate.worth, "random label")
        table.add_row(share.frame or "none", *cells, *_cells(estimate), alone, worth)
    return table


def _by(name: str, groups: tuple[CorrectedGroup, ...]) -> Table:
    frames = [share.frame or "none" for share in groups[0].shares if share.is_possible]
    columns = (part for frame in frames for part in (frame, "95%"))
    table = new_table(shown(name), "sentences", "labelled", *columns)
    for group in groups:
        estimates = (share.corrected for share in group.shares if share.is_possible)
        cells = [part for estimate in estimates for part in _cells(estimate)]
        about = (shown(group.value), f"{group.sentences:,}", f"{group.labelled:,}")
        table.add_row(*about, *([NO_ESTIMATE] if group.refusal else cells))
    return table


def _cells(estimate: Estimate | Interval | None) -> tuple[str, str]:
    """A share and its interval; there may be no estimate."""
    if estimate is None:
        return NO_ESTIMATE, ""
    return f"{100 * estimate.value:.1f}%", bounds(estimate)


def _compared(corrected: Corrected) -> Table:
    table = new_table("difference", "frame", "points", "95%", "p", "p (Holm)")
    for row in corrected.compared[:MOST_COMPARISONS]:
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
