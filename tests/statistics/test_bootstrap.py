"""Sums over resamplings: their shapes, their groups, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.statistics import bootstrap
from framelens.statistics.bootstrap import (
    MOST_SEED,
    RESAMPLES,
    Interval,
    checked_seed,
    defined_interval,
    resampled_sums,
)


@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c", "d"] * 20])
def test_sums_do_not_depend_on_how_many_are_drawn_at_once(
    groups: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"x": np.random.default_rng(2).random((100, 3))}
    whole = resampled_sums(columns, groups=groups)["x"]
    monkeypatch.setattr(bootstrap, "DRAWN_AT_ONCE", 700)
    np.testing.assert_allclose(resampled_sums(columns, groups=groups)["x"], whole)
    np.testing.assert_allclose(whole[0], columns["x"].sum(axis=0))
    assert len(whole) == 1 + RESAMPLES


def test_each_column_keeps_its_name_and_shape() -> None:
    ones, table = np.ones(10), np.arange(20).reshape(10, 2) % 2 == 0
    sums = resampled_sums({"ones": ones, "table": table})
    assert {name: values.shape for name, values in sums.items()} == {
        "ones": (1 + RESAMPLES,),
        "table": (1 + RESAMPLES, 2),
    }
    assert (sums["ones"] == 10).all()
    assert (sums["table"] == [10, 0]).all()


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_blank_groups_are_each_their_own(blank: str | None) -> None:
    column = {"x": np.arange(6.0)}
    blanks = resampled_sums(column, groups=["a", "a", *[blank] * 4])["x"]
    named = resampled_sums(column, groups=["a", "a", "b", "c", "d", "e"])["x"]
    together = resampled_sums(column, groups=["a", "a", "b", "b", "b", "b"])["x"]
    assert blanks.tolist() == named.tolist() != together.tolist()


@pytest.mark.parametrize(
    ("seed", "problem"),
    [
        (-1, f"seed is -1; expected a whole number from 0 to {MOST_SEED}"),
        (MOST_SEED + 1, "expected a whole number from 0"),
        (1.5, "seed is 1.5; expected a whole number"),
        (True, "seed is True; expected a whole number"),
        ("1", "seed is '1'; expected a whole number"),
        (None, "seed is None; expected a whole number"),
    ],
)
def test_a_seed_out_of_range_is_refused(seed: Any, problem: str) -> None:
    with pytest.raises(FramelensError, match=problem):
        resampled_sums({"x": np.ones(3)}, seed=seed)


def test_seeds_at_both_ends_are_taken() -> None:
    assert [checked_seed(seed) for seed in (0, MOST_SEED)] == [0, MOST_SEED]


@pytest.mark.parametrize(
    ("size", "groups", "problem"),
    [
        (0, None, "no sentences to draw from; expected at least one"),
        (3, ["a", "b"], "2 groups for 3 sentences; expected one each"),
    ],
)
def test_what_cannot_be_drawn_is_refused(size: int, groups: Any, problem: str) -> None:
    with pytest.raises(FramelensError, match=problem):
        resampled_sums({"x": np.ones(size)}, groups=groups)


def test_an_undefined_figure_has_no_interval() -> None:
    nothing = float("nan")
    assert defined_interval(np.array([nothing, 1.0])) is None
    assert defined_interval(np.array([0.5, nothing, 1.0, 1.0])) == Interval(0.5, 1.0, 1.0)
