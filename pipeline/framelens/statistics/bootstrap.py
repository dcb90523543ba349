"""95% intervals by resampling.

An interval runs from the 2.5th to the 97.5th percentile over resamplings of the sentences (Efron
and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), or of whole groups of them
(documents), where sentences of one group are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.checks import shown
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats

RESAMPLES = 1000
DRAWN_AT_ONCE = 4_000_000
"""Most draws in memory at a time."""
MOST_SEED = 2**32 - 1
"""The largest seed, as for scikit-learn."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float


def resampled_sums(
    columns: Mapping[str, Bools | Floats],
    *,
    groups: Sequence[str | None] | None = None,
    seed: int = 0,
) -> dict[str, Floats]:
    """The sum of each named column over the sentences, and over `RESAMPLES` resamplings of them.

    A column of shape (sentences,) gives sums of shape (1 + RESAMPLES,), one of shape (sentences, k)
    sums of shape (1 + RESAMPLES, k); the first sum is that over the sentences as they are. With
    `groups`, a name a sentence, whole groups are drawn; a sentence whose name is blank is a group
    of its own. Raise FramelensError where there are no sentences or the seed is out of range.
    """
    wide = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    ends = np.cumsum([1 if values.ndim == 1 else values.shape[1] for values in wide.values()])
    sums = _sums(np.column_stack(list(wide.values())), groups, checked_seed(seed))
    parts = np.split(sums, ends[:-1], axis=1)
    return {
        name: part[:, 0] if values.ndim == 1 else part
        for (name, values), part in zip(wide.items(), parts, strict=True)
    }


def interval(values: Floats) -> Interval:
    """The first value, which is the figure itself, with the interval of the others, from resamplings."""
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def defined_interval(values: Floats) -> Interval | None:
    """The interval over the resamplings in which a figure is not NaN; None where it is NaN itself."""
    return None if np.isnan(values[0]) else interval(values[~np.isnan(values)])


def checked_seed(seed: int) -> int:
    """The seed; raise FramelensError where it is no whole number from 0 to `MOST_SEED`."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise FramelensError(f"seed is {shown(seed)}; expected a whole number")
    if not 0 <= seed <= MOST_SEED:
        raise FramelensError(
            f"seed is {shown(seed)}; expected a whole number from 0 to {MOST_SEED}"
        )
    return int(seed)


def _sums(columns: Floats, groups: Sequence[str | None] | None, seed: int) -> Floats:
    """Sums of columns (sentences × columns), resamplings × columns."""
    if not len(columns):
        raise FramelensError("no sentences to draw from; expected at least one")
    totals = columns if groups is None else _by_group(columns, groups)
    size = len(totals)
    random, even = np.random.default_rng(seed), np.full(size, 1 / size)
    step = max(1, DRAWN_AT_ONCE // size)
    drawn = (
        random.multinomial(size, even, size=min(step, RESAMPLES - done)) @ totals
        for done in range(0, RESAMPLES, step)
    )
    return np.concatenate([totals.sum(axis=0, keepdims=True), *drawn])


def _by_group(columns: Floats, groups: Sequence[str | None]) -> Floats:
    if len(groups) != len(columns):
        raise FramelensError(
            f"{len(groups)} groups for {len(columns)} sentences; expected one each"
        )
    # Tuples, so that no name can be that of a sentence which stands alone.
    keys = [(0, name) if name and name.strip() else (1, at) for at, name in enumerate(groups)]
    numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
    totals = np.zeros((len(numbers), columns.shape[1]))
    np.add.at(totals, [numbers[key] for key in keys], columns)
    return totals
