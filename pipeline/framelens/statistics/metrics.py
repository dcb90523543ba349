"""Figures from gold and predicted labels, with bootstrap intervals.

Labels are Boolean arrays, sentences × frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.types import Bools, Floats
from framelens.statistics.bootstrap import Interval, interval, resampled_sums


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
    """The figures of one system: by frame, their means, exact matches, and the primary frame.

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
    """The figures of predicted labels against gold ones, both sentences × frames.

    The primary frames (for each sentence a name or None) may be left out. `groups` and `seed` are those of
    `resampled_sums`, whose errors are raised.
    """
    with_primary, is_primary_right = _primaries(len(gold), gold_primary, guess_primary)
    columns = {
        **outcomes(gold, guess),
        "exact": (gold == guess).all(axis=1),
        "sentences": np.ones(len(gold)),
        "primary found": is_primary_right,
        "with primary": with_primary,
    }
    sums = resampled_sums(columns, groups=groups, seed=seed)
    right, wrong, missed = sums["right"], sums["wrong"], sums["missed"]
    by_frame = f1(right, wrong, missed)
    micro = f1(right.sum(axis=1), wrong.sum(axis=1), missed.sum(axis=1))
    precision, recall = ratio(right[0], right[0] + wrong[0]), ratio(right[0], right[0] + missed[0])
    primary = ratio(sums["primary found"], sums["with primary"])
    return Figures(
        tuple(
            FrameFigures(
                frame,
                float(precision[column]),
                float(recall[column]),
                interval(by_frame[:, column]),
                int(gold[:, column].sum()),
            )
            for column, frame in enumerate(frames)
        ),
        interval(by_frame.mean(axis=1)),
        interval(micro),
        interval(ratio(sums["exact"], sums["sentences"])),
        interval(primary) if with_primary.any() else None,
    )


def macro_f1(gold: Bools, guess: Bools) -> float:
    """The mean of the frames' F1, without an interval."""
    sums = {name: given.sum(axis=0, dtype=float) for name, given in outcomes(gold, guess).items()}
    return float(f1(sums["right"], sums["wrong"], sums["missed"]).mean())


def macro_f1_lead(
    gold: Bools, one: Bools, other: Bools, *, groups: Sequence[str] | None = None, seed: int = 0
) -> Interval:
    """The difference of two systems' macro F1, on the same resamplings."""
    ours, theirs = (resampled_f1(gold, guess, groups=groups, seed=seed) for guess in (one, other))
    return interval((ours - theirs).mean(axis=1))


def resampled_f1(
    gold: Bools, guess: Bools, *, groups: Sequence[str] | None = None, seed: int = 0
) -> Floats:
    """F1 of each frame (a column) on the sentences, then on each resampling of them (a row); the
    resamplings are the same for all labels of as many sentences, groups and seed."""
    sums = resampled_sums(outcomes(gold, guess), groups=groups, seed=seed)
    return f1(sums["right"], sums["wrong"], sums["missed"])


def f1(right: Floats, wrong: Floats, missed: Floats) -> Floats:
    """F1 from numbers of labels that were found, found wrongly and missed; 0 where all are 0."""
    return ratio(2 * right, 2 * right + wrong + missed)


def ratio(above: Floats, below: Floats) -> Floats:
    """Element by element; 0 where it would be 0 / 0."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def outcomes(gold: Bools, guess: Bools) -> dict[str, Bools]:
    """Which labels were found, found wrongly and missed."""
    return {"right": gold & guess, "wrong": ~gold & guess, "missed": gold & ~guess}


def _primaries(
    size: int, gold: Sequence[str | None], guess: Sequence[str | None]
) -> tuple[Bools, Bools]:
    """Which sentences have a primary frame, and which of them were given it."""
    if not any(gold):
        return np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    named = np.array([frame is not None for frame in gold])
    same = np.array([a == b for a, b in zip(gold, guess, strict=True)])
    return named, named & same
