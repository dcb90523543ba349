"""Sentences, figures and rules as a person reads them on a terminal, or plain in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from framelens.core.codebook import Scheme
from framelens.core.types import Classified, Evidence, SentenceFrames

if TYPE_CHECKING:
    # Comparing imports scikit-learn, which who classifies should not have to wait for.
    from framelens.evaluation.evaluate import Evaluation
    from framelens.evaluation.rule_statistics import RuleStatistics
    from framelens.rules.lint import Finding
    from framelens.statistics.bootstrap import Interval
    from framelens.training.comparison import Comparison

_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
CONTROL = dict.fromkeys((*_CONTROLS, *_DIRECTIONS, *range(0xD800, 0xE000)), "�")
"""Control characters, changes of direction and lone surrogates are shown as a mark: text from
strangers must not drive the terminal."""


def console(out: TextIO | None = None) -> Console:
    """A console that colours and wraps on a terminal and does neither in a pipe."""
    out = out or sys.stdout
    width = None if out.isatty() else 1_000_000
    return Console(file=out, width=width, highlight=False, soft_wrap=not out.isatty(), markup=False)


def shown(text: str) -> str:
    """A text on one line, without characters that a terminal would obey."""
    return " ".join(text.translate(CONTROL).split())


def print_sentences(
    rows: Iterable[Classified], scheme: Scheme, out: TextIO, *, explain: bool
) -> None:
    """Each sentence with its frames, a heading a document; with `explain` what speaks for each."""
    screen, doc = console(out), None
    for row in rows:
        if row.sentence.doc != doc:
            doc = row.sentence.doc
            screen.print(Text(shown(doc), style="bold underline"))
        screen.print(_line(row.frames, scheme))
        if explain:
            for line in _reasons(row.frames, scheme):
                screen.print(line)


def _line(frames: SentenceFrames, scheme: Scheme) -> Text:
    """The letters of the frames, the primary one marked, and the sentence."""
    line = Text()
    for frame in scheme:
        given = frame.name in frames.labels
        style = f"bold {frame.colour}" if given else "dim"
        line.append(frame.letter if given else "·", style=style)
    line.append("  ")
    line.append(shown(frames.text), style=None if frames.labels else "dim")
    names = [
        f"{name}*" if name == frames.primary and len(frames.labels) > 1 else name
        for name in frames.labels
    ]
    if names:
        line.append("  [" + ", ".join(names) + "]", style="bold")
    return line


def _reasons(frames: SentenceFrames, scheme: Scheme) -> Iterable[Text]:
    for name in frames.labels:
        limit = f"(threshold {frames.thresholds[name]:.2f})"
        yield Text(f"      {name} {frames.scores[name]:.2f} {limit}", style=scheme[name].colour)
        yield Text(f"        {frames.bias[name]:+.2f}  bias", style="dim")
        for item in (row for row in frames.evidence if row.frame == name):
            yield Text(f"        {_reason(item)}", style="dim")


def _reason(item: Evidence) -> str:
    return f"{item.weight:+.2f}  {item.kind} {shown(item.name)}: “{shown(item.text)}”"


def print_rule_statistics(rows: Iterable[RuleStatistics], out: TextIO) -> None:
    """A row a rule: how often it hits, how often rightly, and what its frame loses without it."""
    table = Table("rule", box=None, pad_edge=False)
    for heading in ("hits", "right", "precision", "95%", "F1", "F1 without"):
        table.add_column(heading, justify="right")
    for row in rows:
        precision, interval = "–", "–"
        if row.precision is not None:
            precision, interval = f"{row.precision:.2f}", f"{row.low:.2f}–{row.high:.2f}"
        name = f"{row.rule} (weak)" if row.weak else row.rule
        counts = (str(row.hits), str(row.right), precision, interval)
        table.add_row(name, *counts, f"{row.f1:.3f}", f"{row.f1_without:.3f}")
    print_table(table, out)


def print_findings(found: Sequence[Finding], out: TextIO) -> None:
    """A line a finding, and how many there are."""
    screen = console(out)
    for row in found:
        style = "bold red" if row.severity == "error" else "yellow"
        place = ": ".join(part for part in (row.file, shown(row.rule)) if part)
        line = Text(f"{place}: " if place else "")
        screen.print(line.append(row.severity, style=style).append(f": {shown(row.message)}"))
    errors = sum(row.severity == "error" for row in found)
    screen.print(f"{errors} errors, {len(found) - errors} warnings")


def print_evaluation(found: Evaluation, out: TextIO) -> None:
    """The figures of every system, a row a frame, with 95% intervals."""
    for name, figures in found.systems.items():
        table = Table(name, box=None, pad_edge=False)
        for heading in ("precision", "recall", "F1", "95%", "support"):
            table.add_column(heading, justify="right")
        for row in figures.frames:
            numbers = (f"{row.precision:.3f}", f"{row.recall:.3f}", f"{row.f1.value:.3f}")
            table.add_row(row.frame, *numbers, _range(row.f1), str(row.support))
        for title, figure in (
            ("macro F1", figures.macro_f1),
            ("micro F1", figures.micro_f1),
            ("exact match", figures.exact),
            ("primary accuracy", figures.primary),
        ):
            if figure is not None:
                table.add_row(title, "", "", f"{figure.value:.3f}", _range(figure), "")
        print_table(table, out)
        console(out).print()
    console(out).print(
        f"{found.sentences} sentences; 95% intervals by bootstrap over {found.resampled}."
    )


def _range(figure: Interval) -> str:
    return f"{figure.low:.3f}–{figure.high:.3f}"


def print_table(table: Table, out: TextIO) -> None:
    """A table at its own width, however wide the screen is."""
    Console(file=out, width=160, highlight=False, markup=False).print(table)


def print_comparison(found: Comparison, out: TextIO) -> None:
    """The new model's cross-validated figures, then it and the shipped one side by side."""
    from framelens.evaluation.evaluate import Evaluation

    evaluation = Evaluation(
        found.sentences, 0, "sentences", {"cross-validated": found.cross_validated}
    )
    print_evaluation(evaluation, out)
    screen = console(out)
    if not found.systems:
        screen.print("The shipped model was trained on all of these sentences: nothing to compare.")
        return
    table = Table("macro F1", box=None, pad_edge=False)
    for heading in ("all folds", "95%", "fold by fold"):
        table.add_column(heading, justify="right")
    for name, figures in found.systems.items():
        folds = " ".join(f"{value:.3f}" for value in found.by_fold[name])
        table.add_row(name, f"{figures.macro_f1.value:.3f}", _range(figures.macro_f1), folds)
    print_table(table, out)
    screen.print(f"{found.sentences - found.seen} sentences that the shipped model has not seen.")
