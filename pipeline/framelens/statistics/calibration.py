"""Whether probabilities mean what they say, and what every threshold would give.

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

from framelens.classification.model import Floats
from framelens.evaluation.rule_statistics import wilson
from framelens.statistics.metrics import Bools

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


def calibrations(frames: Sequence[str], gold: Bools, chances: Floats) -> tuple[Calibration, ...]:
    """The calibration of each frame; `gold` and `chances` are sentences × frames."""
    return tuple(
        _calibration(frame, gold[:, column], chances[:, column])
        for column, frame in enumerate(frames)
    )


def mean_error(found: Sequence[Calibration]) -> float:
    """The expected calibration error, averaged over the frames."""
    return float(np.mean([row.error for row in found]))


def precision_recall(
    frames: Sequence[str], gold: Bools, chances: Floats, thresholds: Sequence[float]
) -> tuple[PrecisionRecall, ...]:
    """The precision-recall curve of each frame."""
    return tuple(
        _curve(frame, gold[:, column], chances[:, column], thresholds[column])
        for column, frame in enumerate(frames)
    )


def _calibration(frame: str, gold: Bools, chances: Floats) -> Calibration:
    places = np.searchsorted(EDGES[1:-1], chances, side="left")
    bins = tuple(
        _bin(number, gold[places == number], chances[places == number])
        for number in range(len(EDGES) - 1)
    )
    gaps = (
        row.sentences * abs(row.share - row.chance)
        for row in bins
        if row.share is not None and row.chance is not None
    )
    return Calibration(frame, sum(gaps) / len(gold), bins)


def _bin(number: int, gold: Bools, chances: Floats) -> Bin:
    low, high = EDGES[number : number + 2].tolist()
    if not len(gold):
        return Bin(low, high, 0)
    bounds = wilson(int(gold.sum()), len(gold))
    return Bin(low, high, len(gold), float(chances.mean()), float(gold.mean()), *bounds)


def _curve(frame: str, gold: Bools, chances: Floats, threshold: float) -> PrecisionRecall:
    order = np.argsort(-chances, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(chances[order]) != 0, True))
    right = gold[order].cumsum()[ends]
    precision, recall = right / (ends + 1), right / max(1, int(gold.sum()))
    points = tuple(
        Choice(*row)
        for row in zip(
            chances[order][ends].tolist(), precision.tolist(), recall.tolist(), strict=True
        )
    )
    average = float((np.diff(recall, prepend=0) * precision).sum())
    given = chances >= threshold
    hits = int((gold & given).sum())
    chosen = Choice(threshold, hits / max(1, int(given.sum())), hits / max(1, int(gold.sum())))
    return PrecisionRecall(frame, chosen, float(gold.mean()), average, points)
