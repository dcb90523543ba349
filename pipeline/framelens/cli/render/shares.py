"""Shares of frames on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.table import Table
from rich.text import Text

from framelens.analysis.comparison import Cross, FrameTest
from framelens.analysis.shares import Group, Share, named
from framelens.analysis.summary import Summary
from framelens.cli.console import console, new_table, print_table, shown
from framelens.core.codebook import Frame, Scheme
from framelens.core.types import counted
from framelens.statistics.bootstrap import Interval
from framelens.statistics.clustered import p_value
from framelens.statistics.corrected import Estimate
from framelens.statistics.proportions import FEWEST_DOCUMENTS


def print_summary(summary: Summary, scheme: Scheme, out: TextIO) -> None:
    """A row a frame for all sentences, then a table a field with a row a value."""
    table = new_table("frame", "sentences", "share", "95%")
    # Whether a sentence may have no frame at all.
    bare = not scheme.exclusive or scheme.none or summary.whole.shares[-1].given > 0
    for row in summary.whole.shares if bare else summary.whole.shares[:-1]:
        style = scheme[row.frame].colour if row.frame else ""
        frame = Text(row.frame or "none", style=style)
        table.add_row(frame, f"{row.given:,}", _share(row), bounds(row))
    if summary.about is not None:
        row = summary.about.whole.shares[0]
        table.add_row("about the subject", f"{row.given:,}", _share(row), bounds(row))
    screen, whole = console(out), summary.whole
    counts = f"{counted(whole.sentences, 'sentence')} of {counted(whole.documents, 'document')}"
    print_table(table, out, f"{counts}; 95% intervals ({_how(summary)}).")
    for name, groups in summary.by.items():
        screen.print()
        about = summary.about.by[name] if summary.about is not None else ()
        print_table(_by(name, groups, scheme, about, bare=bare), out)
        if tests := summary.comparisons[name].tests:
            screen.print(Text(_tests(name, tests)))
    for crossed in summary.crosses:
        for number, one in enumerate(scheme):
            screen.print()
            print_table(_crossed(crossed, number, one), out)
    if summary.stances:
        screen.print("\nHow sentences treat a frame: shares of the sentences that carry it.")
    for name, inner in summary.stances.items():
        screen.print()
        _print_stances(inner, scheme[name], out)


def _how(summary: Summary) -> str:
    """How intervals were made, with a warning where there is a single cluster."""
    if summary.whole.clusters > 1:
        return f"Wilson, clustered by {shown(summary.cluster)}"
    single, _ = named(shown(summary.cluster))
    return (
        f"Wilson, as if the sentences of this single {single} were independent: too narrow if they "
        "are alike"
    )


def _print_stances(summary: Summary, frame: Frame, out: TextIO) -> None:
    """The sentences that carry a frame by their stance to it, a column a stance."""
    columns = (part for name in summary.frames for part in (name, "95%"))
    table = new_table(frame.name, "sentences", *columns)
    table.columns[0].header_style = frame.colour
    groups = [("all", "", summary.whole)]
    groups += [(name, group.value, group) for name, rows in summary.by.items() for group in rows]
    for crossed in summary.crosses:
        for line in crossed.lines:
            cells = zip(crossed.columns, line.cells, strict=True)
            groups += [
                (f"{crossed.field} over {crossed.over}", f"{line.value}, {column}", group)
                for column, group in cells
                if group is not None
            ]
    heading = "all"
    for name, value, group in groups:
        if name != heading:
            heading = name
            table.add_row(Text(shown(name), style="italic"))
        shares = group.shares[: len(summary.frames)]
        figures = (part for row in shares for part in (_share(row), bounds(row)))
        table.add_row(shown(value) or "all", f"{group.sentences:,}", *figures)
    print_table(table, out)


def uncertainty(summary: Summary) -> str:
    """A warning on groups that rest on few clusters."""
    _, what = named(summary.cluster)
    alone = (
        f"; {summary.single:,} of them on a single one, as if its sentences were independent of one "
        "another: intervals are too narrow if they are alike"
    )
    rest = "group rests" if summary.uncertain == 1 else "groups rest"
    return (
        f"{summary.uncertain:,} {rest} on fewer than {FEWEST_DOCUMENTS} {what}: intervals and tests of "
        f"so few are a poor guide{alone if summary.single else ''}"
    )


def _tests(name: str, tests: Sequence[FrameTest]) -> str:
    p_values = ", ".join(f"{it.frame or 'none'} {p_value(it.adjusted)}" for it in tests)
    return f"Do shares differ by {name}? p, held to all frames (Rao & Scott, Holm): {p_values}."


def _crossed(cross: Cross, number: int, frame: Frame) -> Table:
    """A row a group, a column a value of what it was crossed with, and the trend's p-value."""
    has_trend = any(line.trends and line.trends[number] for line in cross.lines)
    table = new_table(frame.name, *map(shown, cross.columns), *(["trend p"] if has_trend else []))
    table.columns[0].header_style = frame.colour
    for line in cross.lines:
        cells = [_share(group.shares[number]) if group is not None else "" for group in line.cells]
        trend = line.trends[number] if line.trends else None
        p_of_trend = [p_value(trend.test.p) if trend else ""] if has_trend else []
        table.add_row(shown(line.value), *cells, *p_of_trend)
    return table


def _by(
    name: str, groups: Sequence[Group], scheme: Scheme, about: Sequence[Group], *, bare: bool
) -> Table:
    """A row a group; `about` has those of which it is known how many are about the subject, `bare`
    says that there is a column of sentences without a frame."""
    columns = [part for frame in scheme for part in (frame.name, "95%")]
    columns += [*(["none"] if bare else []), *(["on subject"] if about else [])]
    table = new_table(shown(name), "sentences", *columns)
    on_subject = {group.value: _share(group.shares[0]) for group in about}
    for group in groups:
        *of_frames, none = group.shares
        cells = [part for row in of_frames for part in (_share(row), bounds(row))]
        cells += [_share(none)] if bare else []
        last = [on_subject.get(group.value, "")] if about else []
        table.add_row(shown(group.value), f"{group.sentences:,}", *cells, *last)
    return table


def _share(row: Share) -> str:
    return f"{100 * row.share:.1f}%"


def bounds(row: Share | Estimate | Interval) -> str:
    """The ends of a share's interval, in per cent."""
    return f"{100 * row.low:.1f}–{100 * row.high:.1f}"
