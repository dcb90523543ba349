"""Figures from gold and predicted labels, with bootstrap intervals.

Labels are Boolean arrays, sentences × frames. An interval is the 2.5th to the 97.5th percentile
over resamplings of the sentences (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 13), or of whole groups of them where groups are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framelens.model import Floats, Ints

Bools = NDArray[np.bool_]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FrameFigures:
    """Precision, recall and F1 of one frame, and its sentences in the gold labels."""

    frame: str
    precision: float
    recall: float
    f1: Interval
    support: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How one system did: figures a frame, their means, exact matches, and the primary frame.

    `primary` is the share of sentences whose primary frame was found among those that have one; it
    is None where none have.
    """

    frames: tuple[FrameFigures, ...]
    macro_f1: Interval
    micro_f1: Interval
    exact: Interval
    primary: Interval | None


def figures(
    frames: Sequence[str],
    gold: Bools,
    guess: Bools,
    *,
    gold_primary: Sequence[str | None] = (),
    guess_primary: Sequence[str | None] = (),
    groups: Sequence[str] | None = None,
    seed: int = 0,
) -> Figures:
    """The figures of predicted labels against gold ones."""
    weights = _resamplings(len(gold), groups, seed)
    counts = [_counted(part, weights) for part in (gold & guess, ~gold & guess, gold & ~guess)]
    f1 = _f1(*counts)
    micro = _f1(*(part.sum(axis=-1) for part in counts))
    exact = _share((gold == guess).all(axis=1), np.ones(len(gold), dtype=bool), weights)
    rows = tuple(
        FrameFigures(
            frame,
            _ratio(counts[0][0, at], counts[0][0, at] + counts[1][0, at]),
            _ratio(counts[0][0, at], counts[0][0, at] + counts[2][0, at]),
            _interval(f1[:, at]),
            int(gold[:, at].sum()),
        )
        for at, frame in enumerate(frames)
    )
    primary = None
    if any(gold_primary):
        right = np.array([a == b for a, b in zip(gold_primary, guess_primary, strict=True)])
        primary = _share(right, np.array([a is not None for a in gold_primary]), weights)
    return Figures(rows, _interval(f1.mean(axis=1)), _interval(micro), exact, primary)


def _resamplings(size: int, groups: Sequence[str] | None, seed: int) -> Ints:
    """How often each sentence counts: once each in the first row, then resampled."""
    random = np.random.default_rng(seed)
    names, members = np.unique(np.array(groups if groups is not None else range(size)), return_inverse=True)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    once = np.ones((1, size), dtype=np.int64)
    return np.concatenate([once, drawn[:, members]])


def _counted(mask: Bools, weights: Ints) -> Floats:
    counted: Floats = weights.astype(float) @ mask.astype(float)
    return counted


def _f1(right: Floats, wrong: Floats, missed: Floats) -> Floats:
    below = 2 * right + wrong + missed
    return np.divide(2 * right, below, out=np.zeros_like(below), where=below > 0)


def _share(mask: Bools, among: Bools, weights: Ints) -> Interval:
    above, below = _counted(mask & among, weights), _counted(among, weights)
    return _interval(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else 0.0


def _interval(values: Floats) -> Interval:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))
