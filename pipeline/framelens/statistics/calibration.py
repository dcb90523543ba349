"""Reliability of probabilities, and precision and recall by threshold.

The reliability curve sets the mean probability of a bin against the share of its sentences that
carry the frame; the expected calibration error is the mean distance of the two, each bin counting
by its sentences (Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using
Bayesian binning", AAAI 2015; Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural
networks", ICML 2017). A frame is a yes-or-no question of its own, so that each has its own curve
and error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.types import Bools, Floats
from framelens.statistics.proportions import wilson

EDGES = np.arange(11) / 10
"""Ten bins of equal width; a probability on an edge belongs below it, as in Guo et al."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The sentences whose probability lies above `low` and at or below `high`.

    `chance` is their mean probability, `share` how many of them carry the frame, with its 95%
    interval (Wilson) in `share_low` and `share_high`; all are None in an empty bin.
    """

    low: float
    high: float
    sentences: int
    chance: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """The reliability curve of a frame and its expected calibration error, from 0 to 1."""

    frame: str
    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Precision and recall of a frame given from the probability `threshold` upwards."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """What every threshold would give for a frame, the highest first.

    `chosen` is the threshold in use and `share` the share of sentences that carry the frame, which
    is the precision of giving it to all. `average` is the average precision: the precision at each
    rise in recall, weighed by that rise. It does not interpolate between points (Davis and
    Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006).
    """

    frame: str
    chosen: Choice
    share: float
    average: float
    points: tuple[Choice, ...]


def calibrations(
    frames: Sequence[str], gold: Bools, probabilities: Floats
) -> tuple[Calibration, ...]:
    """The calibration of each frame; `gold` and `probabilities` are sentences × frames."""
    return tuple(
        _calibration(frame, gold[:, column], probabilities[:, column])
        for column, frame in enumerate(frames)
    )


def mean_error(calibrations: Sequence[Calibration]) -> float:
    """The expected calibration error, averaged over the frames."""
    return float(np.mean([calibration.error for calibration in calibrations]))


def precision_recall(
    frames: Sequence[str], gold: Bools, probabilities: Floats, thresholds: Sequence[float]
) -> tuple[PrecisionRecall, ...]:
    """The precision-recall curve of each frame; `gold` and `probabilities` are sentences × frames,
    `thresholds` those in use, one a frame."""
    return tuple(
        _curve(frame, gold[:, column], probabilities[:, column], thresholds[column])
        for column, frame in enumerate(frames)
    )


def _calibration(frame: str, gold: Bools, probabilities: Floats) -> Calibration:
    places = np.searchsorted(EDGES[1:-1], probabilities, side="left")
    bins = tuple(
        _bin(number, gold[places == number], probabilities[places == number])
        for number in range(len(EDGES) - 1)
    )
    errors = (
        each.sentences * abs(each.share - each.chance)
        for each in bins
        if each.share is not None and each.chance is not None
    )
    return Calibration(frame, sum(errors) / len(gold), bins)


def _bin(number: int, gold: Bools, probabilities: Floats) -> Bin:
    low, high = EDGES[number : number + 2].tolist()
    if not len(gold):
        return Bin(low, high, 0)
    bounds = wilson(int(gold.sum()), len(gold))
    return Bin(low, high, len(gold), float(probabilities.mean()), float(gold.mean()), *bounds)


def _curve(frame: str, gold: Bools, probabilities: Floats, threshold: float) -> PrecisionRecall:
    order = np.argsort(-probabilities, kind="stable")
    falling = probabilities[order]
    # Sentences of one probability are given the frame together: only the last of them is a point.
    ends = np.flatnonzero(np.append(np.diff(falling) != 0, True))
    right = gold[order].cumsum()[ends]
    precision, recall = right / (ends + 1), right / max(1, int(gold.sum()))
    points = zip(falling[ends].tolist(), precision.tolist(), recall.tolist(), strict=True)
    average = float((np.diff(recall, prepend=0) * precision).sum())
    curve = tuple(Choice(*point) for point in points)
    given = probabilities >= threshold
    hits = int((gold & given).sum())
    chosen = Choice(threshold, hits / max(1, int(given.sum())), hits / max(1, int(gold.sum())))
    return PrecisionRecall(frame, chosen, float(gold.mean()), average, curve)
