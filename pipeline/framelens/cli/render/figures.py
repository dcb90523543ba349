"""Figures of systems on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from framelens.cli.console import console, new_table, print_table, shown
from framelens.cli.render.reliability import two
from framelens.core.types import counted
from framelens.evaluation.evaluate import Evaluation
from framelens.evaluation.trial import SYSTEMS, Overlap
from framelens.statistics.confusion import Confusion
from framelens.statistics.metrics import Figures

if TYPE_CHECKING:
    # They import scikit-learn, which evaluating does not need.
    from framelens.training.comparison import Comparison
    from framelens.training.learning_curve import LearningCurve
    from framelens.training.train import Trained


OWN = frozenset(SYSTEMS.values())
"""framelens and its parts."""


def print_evaluation(evaluation: Evaluation, out: TextIO, *, exclusive: bool = False) -> None:
    """The figures of framelens and its parts, a row a frame, with 95% intervals; then those of all
    systems, a row each. `exclusive` says that frames are, where no confusion tells it."""
    own_systems = [name for name in evaluation.systems if name in OWN] or list(evaluation.systems)
    exact = "accuracy" if exclusive or evaluation.confusion is not None else "exact match"
    for name in own_systems:
        figures = evaluation.systems[name]
        table = new_table(name, "precision", "recall", "F1", "95%", "support")
        for row in figures.frames:
            numbers = (f"{row.precision:.3f}", f"{row.recall:.3f}", *two(row.f1))
            table.add_row(row.frame, *numbers, str(row.support))
        for title, figure in (
            ("macro F1", figures.macro_f1),
            ("micro F1", figures.micro_f1),
            (exact, figures.exact),
            ("primary accuracy", figures.primary),
        ):
            if figure is not None:
                table.add_row(title, "", "", *two(figure), "")
        print_table(table, out, "")
    if len(evaluation.systems) > 1:
        _print_systems(evaluation.systems, exact, out)
    if evaluation.confusion is not None:
        _print_confusion(evaluation.confusion, out)
    console(out).print(
        f"{counted(evaluation.sentences, 'sentence')}; 95% intervals by bootstrap over "
        f"{evaluation.resampled}."
    )
    if left_out := evaluation.overlap.described:
        console(out).print(f"{left_out}.")
    if evaluation.overlap.left_out and evaluation.overlap.alike is None:
        console(out).print(
            "Near-duplicates were not sought: --trained-on FILE names what the model was trained on."
        )
    if evaluation.in_training:
        means = ", ".join(f"{n} {mean.value:.3f}" for n, mean in evaluation.in_training.items())
        console(out).print(
            f"Macro F1 on held-out folds of what it was trained on: {means}. To have the baselines on "
            "these sentences, name those with --trained-on FILE."
        )
    if evaluation.left_out:
        console(out).print(
            f"{counted(evaluation.left_out, 'sentence')} left out: the model was trained without their "
            "labels, so that it gets all of them wrong."
        )


def _print_systems(systems: Mapping[str, Figures], exact: str, out: TextIO) -> None:
    table = new_table("side by side", "macro F1", "95%", "micro F1", exact)
    for name, figures in systems.items():
        others = (f"{figures.micro_f1.value:.3f}", f"{figures.exact.value:.3f}")
        table.add_row(name, *two(figures.macro_f1), *others)
    print_table(table, out, "")


def _print_confusion(confusion: Confusion, out: TextIO) -> None:
    """A row a labelled frame, with a column for each frame it was given."""
    counts = confusion.counts
    kept = [at for at, row in enumerate(counts) if any(row) or any(row[at] for row in counts)]
    table = new_table("labelled, found as", *(shown(confusion.frames[at]) for at in kept))
    for at in kept:
        table.add_row(shown(confusion.frames[at]), *(str(counts[at][to]) for to in kept))
    print_table(table, out, "")


def print_training(trained: Trained, out: TextIO) -> None:
    """A new model's cross-validated figures, it beside others, and what else was measured of it."""
    systems = {"cross-validated": trained.figures}
    size = len(trained.folds)
    evaluation = Evaluation(size, Overlap(), trained.resampled, systems)
    print_evaluation(evaluation, out, exclusive=trained.model.exclusive)
    if trained.comparison is not None:
        _print_comparison(trained.comparison, out)
    if trained.held_out is not None:
        console(out).print(f"\nTested on what it was not trained on: {trained.held_out.what}\n")
        print_evaluation(trained.held_out.evaluation, out)
    if trained.curve is not None:
        _print_curve(trained.curve, out)


def _print_comparison(comparison: Comparison, out: TextIO) -> None:
    """The new model and others side by side."""
    if not comparison.systems:
        console(out).print(
            "The shipped model was trained on all of these sentences: nothing to compare."
        )
        return
    table = new_table("macro F1", "all folds", "95%", "fold by fold")
    for name, figures in comparison.systems.items():
        folds = " ".join(f"{value:.3f}" for value in comparison.by_fold[name])
        table.add_row(name, *two(figures.macro_f1), folds)
    size = counted(comparison.sentences - comparison.seen, "sentence")
    on_what = f", {comparison.what}" if comparison.own else " that the shipped model has not seen"
    print_table(table, out, f"{size}{on_what}.")


def _print_curve(curve: LearningCurve, out: TextIO) -> None:
    table = new_table("learned from", "macro F1", "95%")
    for point in curve.points:
        table.add_row(counted(point.sentences, "sentence"), *two(point.macro_f1))
    console(out).print()
    print_table(table, out, curve.told)
