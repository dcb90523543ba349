"""The coefficients against the examples of those who made them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pytest
from framelens.core.types import Floats
from framelens.statistics.coefficients import (
    ac1_columns,
    ac1_of,
    alpha_columns,
    alpha_of,
    kappa_of,
)
from hypothesis import assume, given
from hypothesis import strategies as st


def value_counts(ratings: Sequence[Sequence[Hashable | None]]) -> Floats:
    """How many coders gave each unit each value, units × values.

    `ratings` holds a row a coder and in it a value a unit, None where the coder gave none.
    """
    values = list(dict.fromkeys(value for coder in ratings for value in coder if value is not None))
    counts = np.zeros((len(ratings[0]), len(values)))
    for coder in ratings:
        for unit, value in enumerate(coder):
            if value is not None:
                counts[unit, values.index(value)] += 1
    return counts


def krippendorff_alpha(counts: Floats) -> float:
    """Alpha for nominal values from `value_counts`; NaN where all values are the same."""
    return float(alpha_of(_summed(alpha_columns(counts))))


def gwet_ac1(counts: Floats) -> float:
    """AC1 from `value_counts`, whose columns are the values that coders could choose from."""
    return float(ac1_of(_summed(ac1_columns(counts))))


def cohen_kappa(table: Floats) -> float:
    """Kappa from the number of units by one coder's value and the other's, values × values."""
    return float(kappa_of(np.asarray(table, dtype=np.float64).ravel()))


def _summed(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name: values.sum(axis=0) for name, values in columns.items()}


# Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, sections A, B and C.
BINARY = ["0100000010", "1110010000"]
NOMINAL = ["aabbdcccedda", "babbbccceddd"]
MISSING = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]


def ratings(rows: list[str]) -> list[list[str | None]]:
    return [[None if value == "*" else value for value in row] for row in rows]


@pytest.mark.parametrize(("rows", "alpha"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_of_krippendorffs_examples(rows: list[str], alpha: float) -> None:
    assert krippendorff_alpha(value_counts(ratings(rows))) == pytest.approx(alpha, abs=5e-4)


def units(table: list[list[int]]) -> Floats:
    """The units of a table of two coders' values, as counts of values."""
    values = np.eye(len(table))
    cells = [values[a] + values[b] for a, row in enumerate(table) for b in range(len(row))]
    return np.repeat(cells, [count for row in table for count in row], axis=0)


# Cohen, "Weighted kappa", Psychological Bulletin 70, 1968, table 1 (200 cases), states .492 for
# kappa without weights. The second table and the last two examples are Gwet's own, of the package
# irrCAC that goes with the "Handbook of Inter-Rater Reliability", 4th edition, 2014.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


@pytest.mark.parametrize(("table", "kappa"), [(COHEN, 0.492), (ABSTRACTORS, 0.7964094)])
def test_kappa_of_published_examples(table: list[list[int]], kappa: float) -> None:
    assert cohen_kappa(np.array(table)) == pytest.approx(kappa, abs=5e-4)


def test_ac1_and_alpha_of_gwets_table() -> None:
    assert gwet_ac1(units(ABSTRACTORS)) == pytest.approx(0.8493305, abs=1e-7)
    assert krippendorff_alpha(units(ABSTRACTORS)) == pytest.approx(0.7972585, abs=1e-7)


def test_ac1_of_gwets_six_raters() -> None:
    counts = [
        "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310",
        "20040", "00006", "10050", "11040", "03300", "10050", "02031",
    ]  # fmt: skip
    found = np.array([[int(number) for number in row] for row in counts], dtype=float)
    assert gwet_ac1(found) == pytest.approx(0.4448007, abs=1e-7)
    assert krippendorff_alpha(found) == pytest.approx(0.4204384, abs=1e-7)


def test_ac1_with_missing_values() -> None:
    assert gwet_ac1(value_counts(ratings(MISSING))) == pytest.approx(0.77544, abs=5e-6)


CODES = st.lists(st.tuples(*[st.sampled_from("ab*")] * 3), min_size=2, max_size=25)


@given(CODES)
def test_agreement_does_not_depend_on_order_nor_exceed_one(rows: list[tuple[str, ...]]) -> None:
    coders = ratings(["".join(row) for row in zip(*rows, strict=True)])
    counts = value_counts(coders)
    assume(counts.shape[1] == 2)
    alpha, ac1 = krippendorff_alpha(counts), gwet_ac1(counts)
    again = value_counts(coders[::-1])[::-1]
    if not np.isnan(alpha):
        assert alpha <= 1
        assert krippendorff_alpha(again) == pytest.approx(alpha)
    if not np.isnan(ac1):
        assert ac1 <= 1
        assert gwet_ac1(again) == pytest.approx(ac1)


@given(st.lists(st.sampled_from("abc"), min_size=2))
def test_coders_of_one_mind_agree_fully(row: list[str]) -> None:
    assume(len(set(row)) > 1)
    counts = value_counts([row, row])
    assert krippendorff_alpha(counts) == pytest.approx(1)
    assert gwet_ac1(counts) == pytest.approx(1)


def test_what_cannot_be_said_is_not_a_number() -> None:
    same, once = value_counts(["aaa", "aaa"]), value_counts([["a", None], [None, "b"]])
    assert np.isnan(krippendorff_alpha(same))
    assert np.isnan(krippendorff_alpha(once))
    assert np.isnan(gwet_ac1(once))
    assert np.isnan(cohen_kappa(np.array([[3, 0], [0, 0]])))
