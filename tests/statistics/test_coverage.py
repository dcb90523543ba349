"""A small version of `python -m tests.benchmarks.coverage`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.coverage import ALL, GROUPS, WAYS, Cover, Key, simulate

DRAWS, LABELS = 100, 200


@pytest.fixture(scope="module")
def covers() -> dict[Key, Cover]:
    return simulate(DRAWS, (LABELS,), seed=1)


@pytest.mark.parametrize("way", list(WAYS))
def test_intervals_cover_the_truth(covers: dict[Key, Cover], way: str) -> None:
    """With 100 draws, 95% comes out as 90 to 99; by group there are five times as many."""
    overall = covers[way, LABELS, ALL]
    assert len(overall.corrected) == DRAWS
    assert 0.90 <= np.mean(overall.corrected) <= 0.99
    by_group = [hit for name in GROUPS for hit in covers[way, LABELS, name].corrected]
    assert 0.93 <= np.mean(by_group) <= 0.985


def test_plain_counts_do_not(covers: dict[Key, Cover]) -> None:
    assert np.mean(covers["texts", LABELS, "D"].plain) < 0.5


def test_corrected_intervals_are_narrower_where_predictions_are_good(
    covers: dict[Key, Cover],
) -> None:
    assert max(max(cover.width) for cover in covers.values()) <= 1.02 + 1e-9
    assert np.mean(covers["texts", LABELS, "A"].width) < 0.6
    assert np.mean(covers["texts", LABELS, "D"].width) > np.mean(covers["texts", LABELS, "A"].width)
