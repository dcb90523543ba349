"""Trust in frames, figures of groups and agreement of coders, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TextIO

from framelens.cli.console import new_table, print_table, shown
from framelens.core.types import counted
from framelens.evaluation.evaluate import Evaluation
from framelens.evaluation.groups import GroupFigures
from framelens.evaluation.stances import StanceEvaluation
from framelens.evaluation.tiers import RULE, TIERS
from framelens.statistics.agreement import Agreement
from framelens.statistics.bootstrap import Interval


def print_reliability(evaluation: Evaluation, out: TextIO) -> None:
    """Print the first system's trust, stances, groups and agreement with coders."""
    _print_trust(evaluation, out)
    if evaluation.stances is not None:
        _print_stances(evaluation.stances, out)
    for name, rows in evaluation.groups.items():
        _print_groups(name, rows, out)
    if evaluation.agreement:
        _print_agreement(evaluation.agreement, out)


def _print_trust(evaluation: Evaluation, out: TextIO) -> None:
    table = new_table(
        "reliability", "tier", "alpha", "95%", "labelled", "found", "calibration error"
    )
    for row in evaluation.trust:
        counts = (str(row.labelled), str(row.found))
        table.add_row(row.frame, row.tier, *two(row.alpha), *counts, f"{row.calibration_error:.3f}")
    mean = next(iter(evaluation.calibration_error.values()))
    table.add_row("mean", "", "", "", "", "", f"{mean:.3f}")
    tiers = dict.fromkeys(row.tier for row in evaluation.trust)
    print_table(table, out, *(f"{name}  {TIERS[name]}" for name in tiers), f"{RULE}\n")


def _print_stances(stances: StanceEvaluation, out: TextIO) -> None:
    names = [row.frame for row in stances.figures.frames]
    table = new_table(
        "stance (frames given)", "precision", "recall", "F1", "95%", "labelled", *names
    )
    for row, counts in zip(stances.figures.frames, stances.confusion, strict=True):
        figures = (f"{row.precision:.3f}", f"{row.recall:.3f}", *two(row.f1))
        table.add_row(row.frame, *figures, str(row.support), *map(str, counts))
    rows = {
        "macro F1": stances.figures.macro_f1,
        "accuracy": stances.figures.exact,
        **{f"accuracy, {name}": value for name, value in stances.accuracy.items()},
        "macro F1, commonest of frame": stances.baseline.macro_f1,
        "accuracy, commonest of frame": stances.baseline.exact,
        "macro F1, lead": stances.lead,
    }
    for title, value in rows.items():
        table.add_row(title, "", "", *two(value))
    note = "the columns on the right say what each labelled stance was taken for"
    pairs = counted(stances.pairs, "pair")
    print_table(table, out, f"{pairs} of sentence and frame; {note}.\n")


def _print_groups(name: str, rows: Sequence[GroupFigures], out: TextIO) -> None:
    frames = [row.frame for row in rows[0].figures.frames]
    table = new_table(
        f"by {shown(name)}", "sentences", "micro F1", "95%", *(f"F1 {f}" for f in frames)
    )
    for row in rows:
        has_support = any(frame.support for frame in row.figures.frames)
        cells = [f"{frame.f1.value:.3f}" if frame.support else "–" for frame in row.figures.frames]
        micro = two(row.figures.micro_f1 if has_support else None)
        table.add_row(shown(row.value), str(row.sentences), *micro, *cells)
    print_table(table, out, "")


def _print_agreement(rows: Sequence[Agreement], out: TextIO) -> None:
    for frame in dict.fromkeys(row.frame for row in rows):
        table = new_table(f"agreement: {frame}", "sentences", "agree", *_COEFFICIENTS)
        for row in (row for row in rows if row.frame == frame):
            agree = "–" if row.observed is None else f"{row.observed:.3f}"
            values = (two(getattr(row, name)) for name in ("alpha", "kappa", "ac1"))
            cells = [cell for pair in values for cell in pair]
            pair = " – ".join(map(shown, row.between))
            between = _KINDS.get((row.kind, row.with_system), pair)
            table.add_row(between, str(row.sentences), agree, *cells)
        print_table(table, out, "")


_COEFFICIENTS = ("alpha", "95%", "kappa", "95%", "AC1", "95%")
_KINDS: Mapping[tuple[str, bool], str] = {
    ("mean of pairs", False): "coder – coder, mean",
    ("mean of pairs", True): "framelens – coder, mean",
    ("all together", False): "all coders together",
}


def two(value: Interval | None) -> tuple[str, str]:
    """A figure and its interval, in two cells."""
    if value is None:
        return "–", "–"
    return f"{value.value:.3f}", f"{value.low:.3f}–{value.high:.3f}"
