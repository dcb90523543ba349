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

from framelens.classification.model import Floats

Bools = NDArray[np.bool_]

RESAMPLES = 1000
DRAWN_AT_ONCE = 4_000_000
"""How many draws are held in memory, which bounds it whatever the number of sentences."""


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
    parts = (gold & guess, ~gold & guess, gold & ~guess)
    size, exact = len(frames), (gold == guess).all(axis=1)
    named, right = _primaries(len(gold), gold_primary, guess_primary)
    sums = resampled_sums(
        np.column_stack([*parts, exact, np.ones(len(gold)), right, named]), groups=groups, seed=seed
    )
    counts = [sums[:, size * at : size * (at + 1)] for at in range(len(parts))]
    f1, micro = _f1(*counts), _f1(*(part.sum(axis=1) for part in counts))
    rows = tuple(
        FrameFigures(
            frame,
            _ratio(counts[0][0, at], counts[0][0, at] + counts[1][0, at]),
            _ratio(counts[0][0, at], counts[0][0, at] + counts[2][0, at]),
            interval(f1[:, at]),
            int(gold[:, at].sum()),
        )
        for at, frame in enumerate(frames)
    )
    return Figures(
        rows,
        interval(f1.mean(axis=1)),
        interval(micro),
        interval(ratio(sums[:, -4], sums[:, -3])),
        interval(ratio(sums[:, -2], sums[:, -1])) if named.any() else None,
    )


def macro_f1_lead(
    gold: Bools, one: Bools, other: Bools, *, groups: Sequence[str] | None = None, seed: int = 0
) -> Interval:
    """By how much the macro F1 of one system is above another's, on the same resamplings."""
    parts = [
        part for guess in (one, other) for part in (gold & guess, ~gold & guess, gold & ~guess)
    ]
    sums = resampled_sums(np.column_stack(parts), groups=groups, seed=seed)
    counts = np.split(sums, len(parts), axis=1)
    return interval((_f1(*counts[:3]) - _f1(*counts[3:])).mean(axis=1))


def resampled_sums(
    columns: Bools | Floats, *, groups: Sequence[str] | None = None, seed: int = 0
) -> Floats:
    """The sum of each column over the sentences, and over each of `RESAMPLES` resamplings of them.

    `columns` holds a row a sentence; the sums hold one row more than there are resamplings, the
    first that of the sentences as they are. With `groups`, a name a sentence, whole groups are
    drawn.
    """
    totals = _by_group(np.asarray(columns, dtype=np.float64), groups)
    size = len(totals)
    random, even = np.random.default_rng(seed), np.full(size, 1 / size)
    step = max(1, DRAWN_AT_ONCE // size)
    drawn = (
        random.multinomial(size, even, size=min(step, RESAMPLES - done)) @ totals
        for done in range(0, RESAMPLES, step)
    )
    return np.concatenate([totals.sum(axis=0, keepdims=True), *drawn])


def interval(values: Floats) -> Interval:
    """The figure in the first place, with its interval from the resampled ones in the others."""
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def ratio(above: Floats, below: Floats) -> Floats:
    """Element by element; 0 where it would be 0 / 0."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _by_group(columns: Floats, groups: Sequence[str] | None) -> Floats:
    if groups is None:
        return columns
    names, members = np.unique(np.array(groups), return_inverse=True)
    totals = np.zeros((len(names), columns.shape[1]))
    np.add.at(totals, members, columns)
    return totals


def _primaries(
    size: int, gold: Sequence[str | None], guess: Sequence[str | None]
) -> tuple[Bools, Bools]:
    """Which sentences have a primary frame, and which of them were given it."""
    if not any(gold):
        return np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    named = np.array([frame is not None for frame in gold])
    right = np.array([a == b for a, b in zip(gold, guess, strict=True)])
    return named, named & right


def _f1(right: Floats, wrong: Floats, missed: Floats) -> Floats:
    return ratio(2 * right, 2 * right + wrong + missed)


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else 0.0
