"""The learning curve: macro F1 by the number of labelled sentences, and the gain from more of them.

The gain is that of a power law, a − b·n^(−c), fitted to the points with weights that grow with n
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
from framelens.statistics.bootstrap import Interval, interval
from framelens.statistics.metrics import resampled_f1
from framelens.training.fitting import FOLDS, best_thresholds
from framelens.training.learned import Learned, TrainingData

MIN_SENTENCES = 20
"""Sentences below which no point is measured."""
MAX_POINTS = 6
MORE_SENTENCES = (100, 200)
"""Numbers of additional sentences whose gain is estimated."""
POWERS = np.arange(1, 11) / 10
HARDLY, CLEARLY = 0.005, 0.01
"""Gains in macro F1: more sentences "would hardly help" if the interval ends below the first, and "would
help" if it begins above the second."""


@dataclass(frozen=True, slots=True)
class Point:
    """The cross-validated macro F1 of models trained on `sentences` sentences."""

    sentences: int
    macro_f1: Interval


@dataclass(frozen=True, slots=True)
class Gain:
    """The estimated rise of macro F1 with `more` additional sentences."""

    more: int
    macro_f1: Interval


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Points from few sentences to many, and gains over the present number of `sentences`; gains need
    at least three points."""

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
    """Cross-validate models trained on fewer sentences, with the penalty of the model itself.

    The last point is the model's own figure. Raise FramelensError where there are too few sentences.
    """
    size = len(data.gold)
    folds = [np.flatnonzero(data.folds == fold) for fold in range(FOLDS)]
    largest = size - max(len(fold) for fold in folds)
    sizes = [largest >> halvings for halvings in range(MAX_POINTS - 1, 0, -1)]
    sizes = [number for number in sizes if number >= MIN_SENTENCES]
    if not sizes:
        raise FramelensError(
            f"no learning curve: of {size} labelled sentences, {largest} are left to learn from beside "
            f"the largest fold; expected at least {2 * MIN_SENTENCES}"
        )
    predicted = [_labelled_after(number, folds, data, learned) for number in sizes]
    predicted.append(decide(learned.probabilities, learned.hybrid.thresholds, data.rules.scheme))
    groups = documents_of(data.sentences)
    resampled = (resampled_f1(data.gold, it, groups=groups, seed=data.seed) for it in predicted)
    heights = np.array([of_frames.mean(axis=1) for of_frames in resampled])
    points = tuple(
        Point(number, interval(row)) for number, row in zip((*sizes, largest), heights, strict=True)
    )
    return LearningCurve(size, points, _gains(np.array([*sizes, largest]), heights, size))


def _labelled_after(
    number: int, folds: Sequence[Ints], data: TrainingData, learned: Learned
) -> Bools:
    """The labels (sentences × frames) by models trained on `number` sentences of the other folds."""
    scheme = data.rules.scheme
    random = np.random.default_rng(data.seed)
    scores = np.zeros(data.gold.shape)
    for held_out in folds:
        others = np.setdiff1d(np.arange(len(scores)), held_out)
        rows = np.sort(random.permutation(others)[:number])
        scores[held_out] = learned.refit(rows).scores(learned.features[held_out])
    probabilities = chances(scheme, scores)
    thresholds = np.zeros(len(scheme.names))
    if not scheme.exclusive:
        thresholds = best_thresholds(data.gold, probabilities, data.weights, steps=learned.steps)
    return decide(probabilities, thresholds, scheme)


def _gains(sizes: Ints, heights: Floats, size: int) -> tuple[Gain, ...]:
    """The gains over `size` sentences by the power law that fits best, up to a macro F1 of 1, which the
    law does not know of; `heights` are macro F1, points × resamplings."""
    if len(sizes) < 3:
        return ()
    powers: list[float] = POWERS.tolist()
    fits = {power: _slope(sizes, heights, power) for power in powers}
    power = min(powers, key=lambda power: fits[power][1])
    slopes = np.maximum(fits[power][0], 0)
    rises = [size**-power - (size + more) ** -power for more in MORE_SENTENCES]
    room = 1 - heights[-1]
    return tuple(
        Gain(more, interval(np.minimum(slopes * rise, room)))
        for more, rise in zip(MORE_SENTENCES, rises, strict=True)
    )


def _slope(sizes: Ints, heights: Floats, power: float) -> tuple[Floats, float]:
    """b of a − b·n^(−power) for each resampling, and the squared error of the first (no resampling)."""
    x = -(sizes.astype(float) ** -power)
    weight = sizes / sizes.sum()
    centred = x - weight @ x
    slopes: Floats = (weight * centred) @ heights / (weight @ centred**2)
    centred_heights = heights[:, 0] - weight @ heights[:, 0]
    return slopes, float(weight @ (centred_heights - slopes[0] * centred) ** 2)
