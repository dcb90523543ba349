"""Intervals of rates and of their weighted sums."""

from __future__ import annotations

import numpy as np
import pytest
from framelens.statistics.rates import combined_distance, rate_limits
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm


@pytest.mark.parametrize(("count", "size"), [(0, 20), (1, 20), (3, 50), (25, 50), (49, 50)])
def test_of_a_simple_random_sample_it_is_jeffreys_interval(count: int, size: int) -> None:
    rate = count / size
    low, high = rate_limits(rate, size, rate * (1 - rate) / size)
    expected = beta.ppf([0.025, 0.975], count + 0.5, size - count + 0.5)
    assert high == pytest.approx(expected[1], abs=0.01)
    assert low == pytest.approx(expected[0] if count else 0.0, abs=0.01)


def test_a_design_that_varies_four_times_as_much_halves_what_is_known() -> None:
    low, high = rate_limits(0.4, 400, 4 * 0.24 / 400)
    quarter = rate_limits(0.4, 100, 0.24 / 100)
    assert (low, high) == pytest.approx(quarter, abs=0.002)


def test_few_degrees_of_freedom_widen_it() -> None:
    low, high = rate_limits(0.5, 1000, 0.25 / 1000)
    wide = rate_limits(0.5, 1000, 0.25 / 1000, quantile=2 * float(norm.ppf(0.975)))
    assert wide[1] - wide[0] == pytest.approx(2 * (high - low), rel=0.01)


def test_what_is_all_labelled_is_known() -> None:
    assert rate_limits(0.0, 20, 0.0, unseen=0.0) == (0.0, 0.0)


@given(st.integers(0, 40), st.integers(1, 40), st.floats(0.2, 5))
def test_it_holds_the_rate_and_is_one_of_rates(count: int, more: int, effect: float) -> None:
    size = count + more
    rate = count / size
    low, high = rate_limits(rate, size, effect * rate * (1 - rate) / size)
    assert 0 <= low <= rate + 0.01
    assert rate - 0.01 <= high <= 1
    mirrored = rate_limits(1 - rate, size, effect * rate * (1 - rate) / size)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_distances_add_up_as_parts_go_together() -> None:
    """Parts that have nothing to do with each other add up as the sides of a right angle."""
    three, four = np.array([3.0, 4.0]), np.eye(2)
    assert combined_distance(three, four) == pytest.approx(5)
    assert combined_distance(three, np.array([[1.0, 0.0], [2.0, 0.0]])) == pytest.approx(7)
    assert combined_distance(three, np.array([[1.0, 0.0], [-2.0, 0.0]])) == pytest.approx(1)
    assert combined_distance(three, np.zeros((2, 2))) == pytest.approx(5)
