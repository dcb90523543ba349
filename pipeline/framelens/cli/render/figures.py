"""How right systems are, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.table import Table

from framelens.cli.console import console, print_table, shown
from framelens.core.types import counted
from framelens.evaluation.baselines import Overlap
from framelens.evaluation.evaluate import Evaluation
from framelens.statistics.bootstrap import Interval
from framelens.statistics.confusion import Confusion

if TYPE_CHECKING:
    # It imports scikit-learn, which who evaluates should not have to wait for.
    from framelens.training.comparison import Comparison


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
            ("exact match" if found.confusion is None else "accuracy", figures.exact),
            ("primary accuracy", figures.primary),
        ):
            if figure is not None:
                table.add_row(title, "", "", f"{figure.value:.3f}", _range(figure), "")
        print_table(table, out)
        console(out).print()
    if found.confusion is not None:
        _print_confusion(found.confusion, out)
    console(out).print(
        f"{found.sentences} sentences; 95% intervals by bootstrap over {found.resampled}."
    )
    if said := found.overlap.described:
        console(out).print(f"{said}.")
    if found.overlap.left_out and found.overlap.alike is None:
        console(out).print(
            "Near-duplicates were not sought: --trained-on FILE names what the model was trained on."
        )
    if found.left_out:
        console(out).print(
            f"{counted(found.left_out, 'sentence')} left out: the model was trained without their labels, "
            "so that it gets all of them wrong."
        )


def _print_confusion(found: Confusion, out: TextIO) -> None:
    """What each labelled frame was taken for."""
    kept = [
        at for at, row in enumerate(found.counts) if any(row) or any(c[at] for c in found.counts)
    ]
    table = Table("labelled, found as", box=None, pad_edge=False)
    for at in kept:
        table.add_column(shown(found.frames[at]), justify="right")
    for at in kept:
        table.add_row(shown(found.frames[at]), *(str(found.counts[at][to]) for to in kept))
    print_table(table, out)
    console(out).print()


def _range(figure: Interval) -> str:
    return f"{figure.low:.3f}–{figure.high:.3f}"


def print_comparison(found: Comparison, out: TextIO) -> None:
    """The new model's cross-validated figures, then it and the shipped one side by side."""
    systems = {"cross-validated": found.cross_validated}
    evaluation = Evaluation(found.sentences, Overlap(), "sentences", systems)
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
    if found.own:
        screen.print(f"{found.sentences} sentences, each predicted by what has not seen it.")
        return
    screen.print(f"{found.sentences - found.seen} sentences that the shipped model has not seen.")
