from __future__ import annotations

import numpy as np
import pytest
from framelens.evaluation.tiers import RULE, TIERS, tier, trust
from framelens.statistics.bootstrap import Interval
from framelens.statistics.calibration import calibrations
from hypothesis import given
from hypothesis import strategies as st

from tests.statistics.test_coefficients import krippendorff_alpha, value_counts


@pytest.mark.parametrize(
    ("labelled", "low", "expected"),
    [
        (30, 0.800, "A"),
        (30, 0.799, "B"),
        (500, 0.667, "B"),
        (500, 0.666, "C"),
        (500, -0.2, "C"),
        (29, 1.0, "-"),
    ],
)
def test_the_tier_follows_its_rule(labelled: int, low: float, expected: str) -> None:
    assert tier(labelled, Interval(1.0, low, 1.0)) == expected
    assert expected in TIERS


def test_a_frame_without_alpha_has_no_tier() -> None:
    assert tier(40, None) == "-"


def test_the_rule_names_its_bounds() -> None:
    assert all(bound in RULE for bound in ("0.800", "0.667", "30"))


def test_a_tier_promises_no_more_than_the_labels_that_it_was_measured_against() -> None:
    assert TIERS["A"].endswith("as good as the labels measured against")
    assert RULE.endswith("agrees with these labels, not whether they are right.")


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_a_frames_figures(rows: list[tuple[bool, bool]]) -> None:
    gold, guess = (np.array(column)[:, None] for column in zip(*rows, strict=True))
    (row,) = trust(gold, guess, calibrations(["look"], gold, guess.astype(float)))
    right = int((gold & guess).sum())
    assert (row.labelled, row.found) == (int(gold.sum()), int(guess.sum()))
    assert row.recall.value == (right / row.labelled if row.labelled else 0)
    assert row.precision.value == (right / row.found if row.found else 0)
    expected = krippendorff_alpha(value_counts([gold[:, 0].tolist(), guess[:, 0].tolist()]))
    assert (row.alpha is None) == bool(np.isnan(expected))
    if row.alpha is not None:
        assert row.alpha.value == pytest.approx(expected)
        assert row.alpha.low <= row.alpha.high
