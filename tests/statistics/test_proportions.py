"""Wilson's interval against published figures; how documents widen it."""

from __future__ import annotations

import numpy as np
import pytest
from framelens.statistics.proportions import ClusterSums, effective_sizes, wilson
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Newcombe, Statistics in Medicine 17, 1998, pp. 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_newcombes(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


DOCUMENTS = st.lists(
    st.integers(1, 20).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    max_size=25,
)


def summed(documents: list[tuple[int, int]]) -> ClusterSums:
    sums = ClusterSums.nothing(1)
    for sentences, given_frame in documents:
        sums.add(sentences, np.array([given_frame], dtype=np.float64))
    return sums


@given(DOCUMENTS, DOCUMENTS)
def test_sums_can_be_merged_and_sizes_stay_within_bounds(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    merged, whole = summed(some), summed(some + others)
    merged.merge(summed(others))
    (size,) = effective_sizes(merged).tolist()
    assert size == pytest.approx(effective_sizes(whole)[0])
    assert min(1, whole.sentences) <= size <= whole.sentences
