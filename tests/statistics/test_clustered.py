"""Tests on clustered shares, held to scipy and statsmodels."""

from __future__ import annotations

from math import isnan
from unittest.mock import patch

import numpy as np
import pytest
from framelens.core.types import Floats
from framelens.statistics.clustered import Estimate, difference, holm, homogeneity, trend
from framelens.statistics.proportions import (
    ClusterSums,
    effective_sizes,
    quantile,
    wilson,
)
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, f, t
from statsmodels.api import OLS
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest


def estimate(right: float, total: float, clusters: int = 50) -> Estimate:
    return Estimate(right / total, *wilson(right, total), total, clusters)


GROUPS = [estimate(12, 40), estimate(30, 60), estimate(9, 50), estimate(25, 45)]
COUNTS = np.array([[12, 28], [30, 30], [9, 41], [25, 20]])


def test_the_spread_of_a_share_is_that_of_clustered_least_squares() -> None:
    seed = np.random.default_rng(3)
    documents = np.repeat(np.arange(12), seed.integers(3, 30, 12))
    labels = (seed.random(len(documents)) < seed.random(12)[documents] * 0.6).astype(float)
    fit = OLS(labels, np.ones(len(labels))).fit(
        cov_type="cluster", cov_kwds={"groups": documents}, use_t=True
    )
    sums = ClusterSums.nothing(1)
    for one in range(12):
        mine = labels[documents == one]
        sums.add(len(mine), np.array([mine.sum()]))
    share = labels.mean()
    assert share * (1 - share) / effective_sizes(sums)[0] == pytest.approx(fit.bse[0] ** 2)
    reach = (fit.conf_int()[0][1] - share) / fit.bse[0]
    assert quantile(12) == pytest.approx(reach)


def test_the_quantile_is_that_of_t() -> None:
    assert [quantile(k) for k in (2, 5, 30)] == pytest.approx([t.ppf(0.975, k) for k in (1, 4, 29)])
    assert quantile(1) == pytest.approx(1.959964)


def test_homogeneity_is_pearsons_test() -> None:
    found = homogeneity(GROUPS)
    assert found is not None
    expected = chi2_contingency(COUNTS, correction=False)
    assert found.statistic == pytest.approx(expected.statistic)
    assert (found.df, found.df_denominator) == (3, 196)
    assert found.p == pytest.approx(f.sf(expected.statistic / 3, 3, 196))


def test_the_trend_is_that_of_cochran_and_armitage() -> None:
    found = trend([0, 1, 2, 3], GROUPS)
    assert found is not None
    # That of statsmodels has the variance of n - 1.
    z = (
        Table(COUNTS, shift_zeros=False)
        .test_ordinal_association(row_scores=np.arange(4), col_scores=np.array([1, 0]))
        .zscore
    )
    total = COUNTS.sum()
    assert found.test.statistic == pytest.approx(z**2 * total / (total - 1))
    periods = np.repeat(np.arange(4), COUNTS.sum(axis=1))
    labels = np.concatenate([np.repeat([1.0, 0.0], row) for row in COUNTS])
    slope = OLS(labels, np.column_stack([np.ones(total), periods])).fit().params[1]
    assert found.slope == pytest.approx(slope)


def test_a_difference_is_newcombes_with_the_score_test() -> None:
    found = difference(GROUPS[0], GROUPS[1])
    low, high = confint_proportions_2indep(12, 40, 30, 60, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    z, _ = proportions_ztest([12, 30], [40, 60])
    assert found.p == pytest.approx(2 * t.sf(abs(z), 98))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm(values: list[float]) -> None:
    with patch("gc.collect"):  # at each call of theirs
        expected = multipletests(values, method="holm")[1]
    assert holm(values) == pytest.approx(expected)


def test_holm_passes_over_what_is_no_number() -> None:
    found = holm([0.01, float("nan"), 0.04])
    assert (found[0], found[2]) == (0.02, 0.04)
    assert isnan(found[1])


def test_too_little_to_test() -> None:
    lone = [estimate(1, 4, 1), estimate(3, 4, 1), estimate(2, 4, 1)]
    assert homogeneity(lone) is None
    assert homogeneity(GROUPS[:1]) is None
    assert trend([0, 1], GROUPS[:2]) is None
    assert isnan(difference(lone[0], lone[1]).p)


@pytest.mark.parametrize("share", [0, 1])
def test_shares_that_are_all_0_or_all_1_are_not_tested(share: int) -> None:
    """Or they would count among those that p-values are held to."""
    groups = [estimate(share * size, size) for size in (40, 50, 60)]
    assert homogeneity(groups) is None
    assert trend([0, 1, 2], groups) is None
    assert isnan(difference(*groups[:2]).p)


def test_few_documents_that_are_alike_inside_are_no_finding() -> None:
    """Of groups drawn from one population, about one in twenty differs at 5%, not one in two."""
    seed = np.random.default_rng(7)
    runs = [_p_of_one_population(seed) for _ in range(400)]
    assert 0.01 < np.mean(np.array(runs) < 0.05) < 0.1


def _p_of_one_population(seed: np.random.Generator) -> float:
    groups = []
    for _ in range(3):
        sums = ClusterSums.nothing(1)
        for rate in seed.beta(2, 6, 8):
            sums.add(30, np.array([seed.binomial(30, rate)], dtype=np.float64))
        groups.append(_estimate(sums))
    found = homogeneity(groups)
    assert found is not None
    return found.p


def _estimate(sums: ClusterSums) -> Estimate:
    sizes: Floats = effective_sizes(sums)
    share = float(sums.given[0]) / sums.sentences
    return Estimate(share, 0, 1, float(sizes[0]), sums.documents)


@pytest.mark.parametrize("documents", [2, 4, 8])
def test_the_interval_holds_the_share_as_often_as_it_says(documents: int) -> None:
    """Documents drawn from a population whose sentences are alike; 95% is asked for, and more is
    given where there are two, for the interval is held to the sentences that there are."""
    seed = np.random.default_rng(documents)
    held = 0
    for _ in range(400):
        sums = ClusterSums.nothing(1)
        for rate in seed.beta(3, 9, documents):
            sums.add(40, np.array([seed.binomial(40, rate)], dtype=np.float64))
        share, size = float(sums.given[0]) / sums.sentences, float(effective_sizes(sums)[0])
        low, high = wilson(share * size, size, quantile(documents))
        held += low <= 0.25 <= high
    assert held / 400 > 0.92
