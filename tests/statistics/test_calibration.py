"""Calibration and precision-recall against cases worked by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from framelens.core.types import Bools, Floats
from framelens.statistics.calibration import calibrations, mean_error, precision_recall
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

ROWS = st.lists(
    st.tuples(st.booleans(), st.one_of(st.floats(0, 1), st.integers(0, 10).map(lambda n: n / 10))),
    min_size=1,
    max_size=60,
)


def columns(rows: list[tuple[bool, float]]) -> tuple[Bools, Floats]:
    gold, chances = zip(*rows, strict=True)
    return np.array(gold, dtype=bool)[:, None], np.array(chances, dtype=float)[:, None]


def test_the_error_of_a_case_worked_by_hand() -> None:
    # Bin (0.1, 0.2]: mean 0.15, share 0.5, two sentences; bin (0.8, 0.9]: mean 0.9, share 1, two.
    gold, chances = columns([(True, 0.1 + 1e-9), (False, 0.2), (True, 0.9), (True, 0.9)])
    (found,) = calibrations(["look"], gold, chances)
    assert found.error == pytest.approx((2 * 0.35 + 2 * 0.1) / 4)
    filled = [row for row in found.bins if row.sentences]
    assert [(row.low, row.high, row.sentences, row.share) for row in filled] == [
        (0.1, 0.2, 2, 0.5),
        (0.8, 0.9, 2, 1.0),
    ]
    assert found.bins[0].chance is None


@pytest.mark.parametrize(
    ("chance", "place"), [(0.0, 0), (0.1, 0), (0.3, 2), (0.7, 6), (0.71, 7), (1.0, 9)]
)
def test_a_probability_on_an_edge_belongs_below_it(chance: float, place: int) -> None:
    (found,) = calibrations(["look"], *columns([(True, chance)]))
    assert [row.sentences for row in found.bins].index(1) == place


@given(ROWS)
def test_the_error_is_the_sum_over_bins(rows: list[tuple[bool, float]]) -> None:
    error = 0.0
    for number in range(10):
        low, high = number / 10, (number + 1) / 10
        inside = [row for row in rows if low < row[1] <= high or (number == 0 and row[1] == 0)]
        if inside:
            share, chance = np.mean(inside, axis=0)
            error += len(inside) / len(rows) * abs(share - chance)
    (found,) = calibrations(["look"], *columns(rows))
    assert found.error == pytest.approx(error)
    assert sum(row.sentences for row in found.bins) == len(rows)
    assert mean_error([found]) == found.error


@given(ROWS)
def test_precision_and_recall_are_scikit_learns(rows: list[tuple[bool, float]]) -> None:
    gold, chances = columns(rows)
    (found,) = precision_recall(["look"], gold, chances, [0.5])
    if gold.any():
        assert found.average == pytest.approx(average_precision_score(gold[:, 0], chances[:, 0]))
    for point in (found.chosen, *found.points):
        guess = chances[:, 0] >= point.threshold
        expected = precision_recall_fscore_support(
            gold[:, 0], guess, average="binary", zero_division=0
        )
        assert (point.precision, point.recall) == pytest.approx(expected[:2])
    assert found.points[-1].precision == pytest.approx(found.share)
    assert [point.threshold for point in found.points] == sorted(set(chances[:, 0]), reverse=True)
