"""Corrected shares: by hand, beside ppi-python, and what must hold of any."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.statistics.corrected import (
    FEWEST_LABELLED,
    Design,
    Estimate,
    Target,
    corrected_share,
    difference,
)
from hypothesis import given
from hypothesis import strategies as st
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from scipy.stats import beta


def drawn(
    n: int, size: int, *, seed: int = 0, target: Target = "texts", error: float = 0.1
) -> tuple[Any, Any, Design]:
    """Predictions of `size` sentences, the labels of `n` of them, drawn at random."""
    random = np.random.default_rng(seed)
    truth = random.random(size) < 0.3
    predicted = truth ^ (random.random(size) < error)
    labelled = np.sort(random.choice(size, n, replace=False))
    probability, stratum = np.full(n, n / size), np.zeros(n, dtype=np.int64)
    design = Design(labelled, probability, stratum, np.arange(size), target)
    return predicted, truth[labelled], design


def sure(found: Estimate | None) -> Estimate:
    assert found is not None
    return found


def test_the_estimate_by_hand() -> None:
    """100 sentences, 40 predicted; of 20 labelled, 8 are predicted and 10 carry the frame, 8 of
    them both."""
    predicted = np.arange(100) % 5 < 2
    labelled = np.arange(0, 100, 5)
    predicted[labelled] = np.arange(20) < 8
    predicted[np.setdiff1d(np.arange(100), labelled)] = np.arange(80) < 32
    truth = np.arange(20) < 10
    design = Design(
        labelled, np.full(20, 0.2), np.zeros(20, dtype=np.int64), np.arange(100), "texts"
    )
    found = sure(corrected_share(predicted, truth, design))
    # The regression of label on prediction in the sample: (0.4 - 0.5 · 0.4) / (0.4 · 0.6) = 5/6.
    assert found.weight == pytest.approx(5 / 6)
    assert found.value == pytest.approx(5 / 6 * 0.4 + 0.5 - 5 / 6 * 0.4)
    # Variance of what is left: 0.25 - (5/6) · 0.2 = 1/12; times (1 - 0.2) / 20 · 20 / 19.
    assert found.error**2 == pytest.approx(1 / 12 * 0.8 / 19)
    assert found.alone.value == 0.5


def test_labels_drawn_more_often_count_less() -> None:
    """Two strata of 100 sentences, one with 40 labels and one with 20."""
    labelled = np.concatenate([np.arange(40), np.arange(100, 120)])
    stratum = np.repeat([0, 1], [40, 20])
    design = Design(labelled, np.repeat([0.4, 0.2], [40, 20]), stratum, np.arange(200), "texts")
    truth = np.concatenate([np.arange(40) < 20, np.arange(20) < 2])
    found = sure(corrected_share(np.zeros(200), truth, design))
    assert found.weight == 0
    assert found.value == pytest.approx((0.5 + 0.1) / 2)
    # Stratified sampling (Cochran, 1977, section 5.6): Σ W² (1 - f) s² / n, here with n and the
    # 60/59 of the whole sample in place of (n - 1) of each stratum.
    expected = 0.25 * (0.6 * 0.25 / 40 + 0.8 * 0.09 / 20) * 60 / 59
    assert found.error**2 == pytest.approx(expected)


@pytest.mark.parametrize("error", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("n", [100, 400])
def test_agrees_with_ppi_python(n: int, error: float) -> None:
    predicted, truth, design = drawn(n, 200_000, seed=2, target="documents", error=error)
    one_each = Design(
        design.labelled, design.probability, design.stratum, np.arange(200_000), "documents"
    )
    found = sure(corrected_share(predicted, truth, one_each))
    others = np.setdiff1d(np.arange(200_000), design.labelled)
    given = (
        truth.astype(float),
        predicted[design.labelled].astype(float),
        predicted[others].astype(float),
    )
    # Its weight rests on the variance of all predictions, ours on that of the labelled ones'.
    tuned = float(np.squeeze(ppi_mean_pointestimate(*given)))
    assert found.value == pytest.approx(tuned, abs=0.5 * found.error)
    fixed = float(np.squeeze(ppi_mean_pointestimate(*given, lam=found.weight)))
    assert found.value == pytest.approx(fixed, abs=2e-4)
    low, high = ppi_mean_ci(*given, alpha=0.05, lam=found.weight)
    error_there = float(np.squeeze(high - low)) / 2 / 1.959964
    assert found.error == pytest.approx(error_there, rel=0.01)


@pytest.mark.parametrize("target", ["texts", "documents"])
def test_predictions_without_worth_have_no_weight(target: Target) -> None:
    predicted, truth, design = drawn(100, 5000, target=target, error=0.5)
    found = sure(corrected_share(predicted, truth, design))
    assert found.weight < 0.2
    assert found.worth == pytest.approx(100, rel=0.1)


@pytest.mark.parametrize("target", ["texts", "documents"])
def test_good_predictions_are_worth_many_labels(target: Target) -> None:
    predicted, truth, design = drawn(200, 20_000, target=target, error=0.02)
    found = sure(corrected_share(predicted, truth, design))
    assert found.worth > 800
    assert found.high - found.low < 0.6 * (found.alone.high - found.alone.low)


@pytest.mark.parametrize(("n", "size", "error"), [(80, 80, 0.1), (60, 80, 0.5), (60, 80, 0.02)])
def test_labels_are_worth_as_many_as_they_are_where_few_are_left(
    n: int, size: int, error: float
) -> None:
    """What they are worth of these texts is known the better the fewer have no label, whatever the
    shares are of, and however many documents these are in."""
    predicted, truth, design = drawn(n, size, error=error)
    documents = np.arange(size) % 10
    few = Design(design.labelled, design.probability, design.stratum, documents, "documents")
    for one in (design, few):
        worth = sure(corrected_share(predicted, truth, one)).worth
        assert 0.95 * n <= worth <= size
        assert worth == size or n < size


def test_no_error_in_few_labels_is_not_certainty() -> None:
    predicted, truth, design = drawn(50, 5000, error=0.0)
    found = sure(corrected_share(predicted, truth, design))
    assert found.error == pytest.approx(0)
    assert found.low < found.value < found.high
    assert found.high - found.low > 0.02


@pytest.mark.parametrize("target", ["texts", "documents"])
def test_more_labels_are_foretold(target: Target) -> None:
    """As far as labels bring it about, variance is in proportion to 1 / n."""
    few = sure(corrected_share(*drawn(200, 20_000, target=target, error=0.1)))
    many = sure(corrected_share(*drawn(800, 20_000, target=target, error=0.1, seed=1)))
    assert few.margin() == pytest.approx((few.high - few.low) / 2, rel=0.05)
    assert few.margin(600) == pytest.approx(many.margin(), rel=0.12)
    assert few.margin(10**9) < 0.3 * few.margin()


def test_where_all_are_labelled_more_labels_bring_nothing() -> None:
    whole = sure(corrected_share(*drawn(60, 60)))
    assert (whole.low, whole.high) == (whole.value, whole.value)
    assert whole.margin() == whole.margin(100) == 0


@pytest.mark.parametrize("size", range(FEWEST_LABELLED, 620, 37))
def test_where_all_are_labelled_and_as_predicted_nothing_is_left_to_vary(size: int) -> None:
    """Nor less than nothing, of which there is no root: shares that add up to a bit more than 1."""
    predicted, truth, design = drawn(size, size, error=0.0)
    assert sure(corrected_share(predicted, truth, design)).variance >= 0


def test_labels_of_the_same_documents_bring_no_freedom() -> None:
    """Of few documents an interval is wide however many labels there are."""
    few = sure(corrected_share(*drawn(200, 20_000, error=0.1)))
    assert replace(few, freedom=1).margin(600) == few.margin(600)


def test_errors_that_go_one_way_lengthen_the_interval_on_their_side() -> None:
    """Four of 40 labelled sentences that are not given the frame carry it, and all that are."""
    design = Design(
        np.arange(80), np.full(80, 0.01), np.zeros(80, dtype=np.int64), np.arange(8000), "texts"
    )
    predicted = np.arange(8000) % 2 == 0
    truth = predicted[:80] | (np.arange(80) % 20 == 1)
    found = sure(corrected_share(predicted, truth, design))
    assert found.value == pytest.approx(0.5 + 4 / 80, abs=0.01)
    assert found.high - found.value > 1.3 * (found.value - found.low)
    low, high = beta.ppf([0.025, 0.975], 4.5, 36.5)  # Jeffreys
    assert found.high == pytest.approx(0.5 + high / 2, abs=0.005)
    missed = beta.ppf(0.025, 40.5, 0.5)  # some of those given the frame may not carry it
    assert found.value - found.low == pytest.approx(
        np.hypot((0.1 - low) / 2, (1 - missed) / 2), abs=0.005
    )


def test_sentences_of_a_document_that_are_alike_widen_the_interval() -> None:
    size, documents = 4000, np.arange(4000) // 100
    carrying = documents % 3 == 0
    labelled = np.arange(0, size, 20)
    many = (np.full(200, 0.05), np.zeros(200, dtype=np.int64))
    predicted = np.zeros(size)
    apart = Design(labelled, *many, np.arange(size), "documents")
    together = Design(labelled, *many, documents, "documents")
    one = sure(corrected_share(predicted, carrying[labelled], apart))
    other = sure(corrected_share(predicted, carrying[labelled], together))
    assert other.value == one.value
    assert other.error > 2 * one.error
    assert other.freedom == 39


def test_few_documents_are_no_clusters() -> None:
    predicted, truth, design = drawn(100, 900, target="documents")
    nine = Design(design.labelled, design.probability, design.stratum, np.arange(900) // 100)
    assert corrected_share(predicted, truth, nine) == corrected_share(predicted, truth, design)


def test_a_group_with_too_few_labels_has_no_estimate() -> None:
    predicted, truth, design = drawn(100, 1000)
    within = np.zeros(1000, dtype=bool)
    within[design.labelled[: FEWEST_LABELLED - 1]] = True
    assert corrected_share(predicted, truth, design, within) is None
    within[design.labelled[FEWEST_LABELLED]] = True
    assert sure(corrected_share(predicted, truth, design, within)).labelled == FEWEST_LABELLED


@pytest.mark.parametrize("value", [0.0, -0.1, 1.1, float("nan")])
def test_unknown_probabilities_are_refused(value: float) -> None:
    with pytest.raises(FramelensError, match="probability"):
        Design(np.arange(1), np.array([value]), np.zeros(1, dtype=np.int64), np.arange(5))


def test_the_difference_of_separate_groups() -> None:
    predicted, truth, design = drawn(400, 8000)
    half = np.arange(8000) < 4000
    one = sure(corrected_share(predicted, truth, design, half))
    other = sure(corrected_share(predicted, truth, design, ~half))
    found = difference(one, other)
    assert found.value == pytest.approx(one.value - other.value)
    error = np.hypot(one.variance**0.5, other.variance**0.5)
    assert (found.high - found.low) / 2 == pytest.approx(1.97 * error, rel=0.01)
    assert difference(one, one).value == 0


@given(st.integers(0, 10**6), st.integers(30, 120), st.sampled_from([0.0, 0.05, 0.3, 0.6]))
def test_never_worse_than_the_labels_alone(seed: int, n: int, error: float) -> None:
    predicted, truth, design = drawn(n, 1000, seed=seed, error=error)
    found = sure(corrected_share(predicted, truth, design))
    assert 0 <= found.low <= found.high <= 1
    assert 0 <= found.weight <= 1
    assert found.high - found.low <= 1.02 * (found.alone.high - found.alone.low) + 1e-12


def test_an_interval_that_would_be_wider_is_narrowed_around_the_estimate() -> None:
    """The estimate stays what it is: it does not jump to that of the labels alone."""
    found = [
        sure(corrected_share(*drawn(40, 1000, seed=seed, target="documents", error=0.3)))
        for seed in range(60)
    ]
    widths = [(it.high - it.low) / (it.alone.high - it.alone.low) for it in found]
    narrowed = [it for it, width in zip(found, widths, strict=True) if width > 1.0199]
    assert 0 < len(narrowed) < len(found)
    for it in narrowed:
        assert it.weight > 0
        assert it.low < it.value < it.high


def test_few_documents_vary_less_around_their_mean_than_it_does() -> None:
    """Twelve documents of ten sentences, two of each labelled: the variance of a ratio of totals over
    clusters (Cochran, 1977, section 3.12), with 12 / 11."""
    documents = np.arange(120) // 10
    labelled = np.arange(0, 120, 5)
    truth = np.arange(24) // 2 % 3 == 0
    many = (np.full(24, 0.2), np.zeros(24, dtype=np.int64))
    found = sure(
        corrected_share(np.zeros(120), truth, Design(labelled, *many, documents, "documents"))
    )
    means = truth.reshape(12, 2).mean(axis=1)
    assert found.error**2 == pytest.approx(means.var(ddof=1) / 12)


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_the_order_of_strata_and_documents_says_nothing(seed: int, shift: int) -> None:
    predicted, truth, design = drawn(60, 600, seed=seed, target="documents")
    documents = np.arange(600) // 20
    one = Design(design.labelled, design.probability, design.stratum, documents)
    renamed = Design(design.labelled, design.probability, design.stratum + 3, documents * shift)
    found = sure(corrected_share(predicted, truth, one))
    assert sure(corrected_share(predicted, truth, renamed)).error == pytest.approx(found.error)


@pytest.mark.parametrize("target", ["texts", "documents"])
@pytest.mark.parametrize("missed", [0.1, 0.0, 1.0])
def test_the_order_of_sentences_says_nothing(target: Target, missed: float) -> None:
    """Where none is wrongly given the frame, where none is missed either, and where all carry it: what
    rounding leaves of rates that are 1 is no chance that goes along with another."""
    random = np.random.default_rng(0)
    documents = np.arange(400) // 10
    for n in range(25, 65):
        predicted = random.random(400) < 0.3
        truth = predicted | (random.random(400) < missed)
        labelled = np.sort(random.choice(400, n, replace=False))
        order = random.permutation(400)
        place = np.argsort(order)[labelled]
        many = (np.full(n, n / 400), np.zeros(n, dtype=np.int64))
        one = Design(labelled, *many, documents, target)
        other = Design(np.sort(place), *many, documents[order], target)
        found = sure(corrected_share(predicted, truth[labelled], one))
        again = sure(corrected_share(predicted[order], truth[order][np.sort(place)], other))
        assert (again.low, again.high) == pytest.approx((found.low, found.high), abs=1e-9)
