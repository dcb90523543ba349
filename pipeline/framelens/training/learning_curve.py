"""What fewer labelled sentences would have taught, and what more of them would.

The gain of more is read off a power law, a − b·n^(−c), fitted to the points, large ones weighing more
(Figueroa et al., "Predicting sample size required for classification performance", BMC Medical
Informatics and Decision Making 12, 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.exclusive import chances, decide
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats, Ints
from framelens.evaluation.groups import documents_of
from framelens.statistics.bootstrap import Interval, interval, resampled_sums
from framelens.statistics.metrics import f1
from framelens.training.fitting import FOLDS, best_thresholds
from framelens.training.learned import Learned, TrainingData

FEWEST = 20
"""Sentences below which nothing is learned from."""
MOST_POINTS = 6
MORE = (100, 200)
"""Labelled sentences more whose gain is told."""
POWERS = np.arange(1, 11) / 10
HARDLY, CLEARLY = 0.005, 0.01
"""Gains in macro F1: more sentences would hardly help where the upper end of the interval is below
the first, and would help where the lower end is above the second."""


@dataclass(frozen=True, slots=True)
class Point:
    """Macro F1 of models that learned from so many sentences, on sentences that they have not seen."""

    sentences: int
    macro_f1: Interval


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much macro F1 would rise with so many sentences `more`."""

    more: int
    macro_f1: Interval


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Points from few sentences to many, and what more would add to the `sentences` that there are;
    there are no gains where two points or fewer do not show how the curve bends."""

    sentences: int
    points: tuple[Point, ...]
    gains: tuple[Gain, ...]

    @property
    def told(self) -> str:
        """Whether more labelled sentences would help, in words."""
        if not self.gains:
            return "Too few sentences to tell whether more of them would help."
        parts = [
            f"{gain.more} more would add {gain.macro_f1.value:.3f} "
            f"({gain.macro_f1.low:.3f} to {gain.macro_f1.high:.3f})"
            for gain in self.gains
        ]
        last = self.gains[-1].macro_f1
        if last.high < HARDLY:
            helps = f"{self.gains[-1].more} more labelled sentences would hardly help"
        elif last.low >= CLEARLY:
            helps = f"{self.gains[-1].more} more labelled sentences would help"
        else:
            helps = f"{self.gains[-1].more} more labelled sentences may help a little"
        return (
            f"{helps}. Going on as the curve does from the {self.sentences:,} that there are, "
            f"{', '.join(parts)} to macro F1."
        )


def learning_curve(data: TrainingData, learned: Learned) -> LearningCurve:
    """Learn from fewer sentences of four folds each, and measure on the fifth, all five in turn.

    The last point is the cross-validated figure of the model itself, whose strength of the penalty all
    of them have. Raise FramelensError where there are too few sentences.
    """
    size = len(data.gold)
    folds = [np.flatnonzero(data.folds == fold) for fold in range(FOLDS)]
    most = size - max(len(fold) for fold in folds)
    sizes = [most >> halved for halved in range(MOST_POINTS - 1, 0, -1)]
    sizes = [number for number in sizes if number >= FEWEST]
    if not sizes:
        raise FramelensError(
            f"{size} labelled sentences make no learning curve; expected at least {5 * FEWEST // 2 + 1}"
        )
    given = [_labelled_after(number, folds, data, learned) for number in sizes]
    given.append(decide(learned.probabilities, learned.hybrid.thresholds, data.rules.scheme))
    groups = documents_of(data.sentences)
    heights = np.array([_macro_f1(data, labels, groups) for labels in given])
    points = tuple(
        Point(number, interval(row)) for number, row in zip((*sizes, most), heights, strict=True)
    )
    return LearningCurve(size, points, _gains(np.array([*sizes, most]), heights, size))


def _labelled_after(
    number: int, folds: Sequence[Ints], data: TrainingData, learned: Learned
) -> Bools:
    """The labels (sentences × frames) by models that learned from so many sentences of other folds."""
    scheme = data.rules.scheme
    random = np.random.default_rng(data.seed)
    scores = np.zeros(data.gold.shape)
    for held in folds:
        others = np.setdiff1d(np.arange(len(scores)), held)
        rows = np.sort(random.permutation(others)[:number])
        scores[held] = learned.refit(rows).scores(learned.features[held])
    found = chances(scheme, scores)
    limits = np.zeros(len(scheme.names))
    if not scheme.exclusive:
        limits = best_thresholds(data.gold, found, data.weights, steps=learned.steps)
    return decide(found, limits, scheme)


def _macro_f1(data: TrainingData, labels: Bools, groups: Sequence[str] | None) -> Floats:
    """Macro F1, and what it is in resamplings, which are the same for all labels."""
    gold = data.gold
    outcomes: dict[str, Bools | Floats] = {
        "right": gold & labels, "wrong": ~gold & labels, "missed": gold & ~labels,
    }  # fmt: skip
    sums = resampled_sums(outcomes, groups=groups, seed=data.seed)
    found: Floats = f1(sums["right"], sums["wrong"], sums["missed"]).mean(axis=1)
    return found


def _gains(sizes: Ints, heights: Floats, size: int) -> tuple[Gain, ...]:
    """What more sentences than `size` would add, by the power law that fits best; `heights` are macro
    F1, points × resamplings."""
    if len(sizes) < 3:
        return ()
    powers: list[float] = POWERS.tolist()
    fits = {power: _slope(sizes, heights, power) for power in powers}
    power = min(powers, key=lambda power: fits[power][1])
    slopes = np.maximum(fits[power][0], 0)
    rises = [size**-power - (size + more) ** -power for more in MORE]
    return tuple(
        Gain(more, interval(slopes * rise)) for more, rise in zip(MORE, rises, strict=True)
    )


def _slope(sizes: Ints, heights: Floats, power: float) -> tuple[Floats, float]:
    """b of a − b·n^(−power) for each resampling, and the squared error for the sentences as they are."""
    across = -(sizes.astype(float) ** -power)
    weight = sizes / sizes.sum()
    off = across - weight @ across
    slopes: Floats = (weight * off) @ heights / (weight @ off**2)
    level = heights[:, 0] - weight @ heights[:, 0]
    return slopes, float(weight @ (level - slopes[0] * off) ** 2)
