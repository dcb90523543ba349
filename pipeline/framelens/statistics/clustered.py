"""Tests on shares of sentences in groups, allowing for sentences of one document being alike.

Counts are divided by their design effect, after which they are taken as those of independent
sentences (Rao & Scott, "A simple method for the analysis of clustered binary data", Biometrics 48,
1992). As few clusters say little about the design effect, statistics are referred to F and t with
as many degrees of freedom as there are clusters beyond one a group, as for surveys (Korn &
Graubard, "Analysis of health surveys", 1999, chapter 3). Groups count as independent of one
another; where one document has sentences in several of them, as speakers of one debate, differences
between them are then taken for less certain than they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, nan, sqrt

import numpy as np
from scipy.special import fdtrc, stdtr

from framelens.core.types import Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its interval, its effective size, and the clusters that it rests on."""

    share: float
    low: float
    high: float
    size: float
    clusters: int


@dataclass(frozen=True, slots=True)
class Test:
    """A statistic, its degrees of freedom, those of its denominator, and its p-value.

    `statistic` is chi-squared; divided by `df` it is referred to F.
    """

    statistic: float
    df: int
    df_denominator: int
    p: float


def homogeneity(groups: Sequence[Estimate]) -> Test | None:
    """Whether the shares of groups differ: Pearson's test on counts by design effect.

    None where there are fewer than two groups, no more clusters than groups, or nothing to test, as all
    shares are 0 or all are 1.
    """
    spare = sum(group.clusters for group in groups) - len(groups)
    if len(groups) < 2 or spare < 1:
        return None
    shares, sizes = _columns(groups)
    pooled = float(shares @ sizes / sizes.sum())
    df = len(groups) - 1
    if not 0 < pooled < 1:
        return None
    statistic = float(sizes @ (shares - pooled) ** 2 / (pooled * (1 - pooled)))
    return Test(statistic, df, spare, float(fdtrc(df, spare, statistic / df)))


@dataclass(frozen=True, slots=True)
class Trend:
    """How a share changes from period to period, in the weighted line, and the test of whether it does."""

    slope: float
    test: Test


def trend(periods: Sequence[int], groups: Sequence[Estimate]) -> Trend | None:
    """Whether shares rise or fall over periods, given by number.

    The test is that of Cochran (1954) and Armitage ("Tests for linear trends in proportions and
    frequencies", Biometrics 11, 1955) on counts by design effect. None where there are fewer than
    three periods, no more clusters than periods, or nothing to test, as all shares are 0 or all are 1.
    """
    spare = sum(group.clusters for group in groups) - len(groups)
    if len(groups) < 3 or spare < 1:
        return None
    shares, sizes = _columns(groups)
    times = np.array(periods, dtype=np.float64)
    times -= times @ sizes / sizes.sum()
    pooled = float(shares @ sizes / sizes.sum())
    spread = float(sizes @ times**2)
    rise = float(sizes * times @ (shares - pooled))
    if not 0 < pooled < 1 or not spread:
        return None
    statistic = rise**2 / (pooled * (1 - pooled) * spread)
    return Trend(rise / spread, Test(statistic, 1, spare, float(fdtrc(1, spare, statistic))))


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, its 95% interval, and the p-value of there being none.

    `adjusted` is the p-value held to all comparisons made at once (see `holm`).
    """

    difference: float
    low: float
    high: float
    p: float
    adjusted: float


def difference(one: Estimate, other: Estimate) -> Difference:
    """One share less another, of independent groups.

    The interval is Newcombe's (1998, method 10), from the two shares' own intervals, as Donner &
    Zou ("Closed-form confidence intervals for functions of the normal mean and standard
    deviation", Statistical Methods in Medical Research 21, 2012) do for clustered data; the p-value
    is that of the score test on counts by design effect. It is NaN without two clusters in each group, and
    where there is nothing to test, as both shares are 0 or both are 1.
    """
    gap = one.share - other.share
    low = gap - hypot(one.share - one.low, other.high - other.share)
    high = gap + hypot(one.high - one.share, other.share - other.low)
    p = _score_test(one, other) if min(one.clusters, other.clusters) > 1 else nan
    return Difference(gap, max(-1.0, low), min(1.0, high), p, p)


def _score_test(one: Estimate, other: Estimate) -> float:
    total = one.size + other.size
    pooled = (one.share * one.size + other.share * other.size) / total
    if not 0 < pooled < 1:
        return nan
    error = sqrt(pooled * (1 - pooled) * (1 / one.size + 1 / other.size))
    spare = one.clusters + other.clusters - 2
    return float(2 * stdtr(spare, -abs(one.share - other.share) / error))


def holm(values: Sequence[float]) -> list[float]:
    """P-values held to all of them at once: the chance of a single false finding among those below
    5% is then at most 5% (Holm, "A simple sequentially rejective multiple test procedure",
    Scandinavian Journal of Statistics 6, 1979). NaN stays and does not count."""
    known = sorted((value, at) for at, value in enumerate(values) if value == value)
    adjusted, least = list(values), 0.0
    for rank, (value, at) in enumerate(known):
        least = max(least, min(1.0, value * (len(known) - rank)))
        adjusted[at] = least
    return adjusted


def p_value(value: float) -> str:
    """A p-value as papers have it; nothing for what is no number."""
    return "" if value != value else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _columns(groups: Sequence[Estimate]) -> tuple[Floats, Floats]:
    shares = np.array([group.share for group in groups])
    return shares, np.array([group.size for group in groups])
