"""Statistics of rules, and findings on them, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from rich.text import Text

from framelens.cli.console import console, new_table, print_table, shown
from framelens.core.types import counted

if TYPE_CHECKING:
    from framelens.evaluation.rule_statistics import RuleStatistics
    from framelens.rules.lint import Finding


def print_rule_statistics(rows: Iterable[RuleStatistics], out: TextIO) -> None:
    """A row a rule: how often it hits, how often rightly, and what its frame loses without it."""
    table = new_table("rule", "hits", "right", "precision", "95%", "F1", "F1 without")
    for row in rows:
        precision, interval = "–", "–"
        if row.precision is not None:
            precision, interval = f"{row.precision:.2f}", f"{row.low:.2f}–{row.high:.2f}"
        name = f"{row.rule} (weak)" if row.weak else row.rule
        counts = (str(row.hits), str(row.right), precision, interval)
        table.add_row(name, *counts, f"{row.f1:.3f}", f"{row.f1_without:.3f}")
    print_table(table, out)


def print_findings(findings: Sequence[Finding], out: TextIO) -> None:
    """A line an error, and one for the warnings of a rule that are of one kind; how many there are."""
    screen = console(out)
    rows: dict[tuple[str, ...], list[str]] = {}
    for row in findings:
        alone = row.message if row.severity == "error" else ""
        rows.setdefault((row.file, row.rule, row.severity, row.check, alone), []).append(
            row.message
        )
    for (file, rule, severity, *_), messages in rows.items():
        style = "bold red" if severity == "error" else "yellow"
        place = ": ".join(part for part in (file, shown(rule)) if part)
        line = Text(f"{place}: " if place else "")
        more = f" (and {len(messages) - 1} more; see --format json)" if len(messages) > 1 else ""
        screen.print(line.append(severity, style=style).append(f": {shown(messages[0])}{more}"))
    errors = sum(row.severity == "error" for row in findings)
    screen.print(f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}")
