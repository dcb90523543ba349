"""Log-odds with a prior: worked examples, and what must hold for any counts."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.statistics.log_odds import informative_prior, log_odds
from hypothesis import given
from hypothesis import strategies as st

QUICK = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
PURPLE = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]


def test_flat_prior_gives_the_published_example() -> None:
    """The example and the figures in the README of the `fightin_words` package."""
    words = sorted({*QUICK, *PURPLE})
    first, second = ([text.count(word) for word in words] for text in (QUICK, PURPLE))
    found = dict(zip(words, log_odds(first, second, [0.05] * len(words)).z, strict=True))
    for word in ("brown", "fox", "quick"):
        assert found[word] == pytest.approx(0.6894227886807968)
    for word in ("donkey", "lazier", "purple"):
        assert found[word] == pytest.approx(-0.6894227886807968)
    for word in ("jumps", "lazy", "over", "pig", "the"):
        assert found[word] == pytest.approx(0)


def test_informative_prior_by_hand() -> None:
    """Two groups of 100 and 300 words; "visit" stands 20 and 10 times in them, and the prior is
    a tenth of the 400: 3 for "visit", 37 for all else."""
    first, second = [20, 80], [10, 290]
    prior = informative_prior(np.add(first, second))
    assert prior.tolist() == pytest.approx([3, 37])
    found = log_odds(first, second, prior)
    delta = log(23 / (140 - 23)) - log(13 / (340 - 13))
    assert found.delta[0] == pytest.approx(delta)
    assert found.z[0] == pytest.approx(delta / sqrt(1 / 23 + 1 / 13))
    assert found.delta[1] == pytest.approx(-delta)


def test_rare_items_are_held_back() -> None:
    """Three times against never is less certain than thirty times against ten."""
    counts = np.array([[3, 30, 967], [0, 10, 990]])
    found = log_odds(counts[0], counts[1], informative_prior(counts.sum(axis=0)))
    assert found.delta[0] > found.delta[1] > 0
    assert found.z[0] < found.z[1]


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 2), min_size=2, max_size=20))
def test_the_groups_are_treated_alike(rows: list[tuple[int, int]]) -> None:
    first, second = np.array(rows).T
    prior = informative_prior(first + second + 1)
    one, other = log_odds(first, second, prior), log_odds(second, first, prior)
    assert np.allclose(one.z, -other.z)
    assert np.isfinite(one.z).all()


@pytest.mark.parametrize(
    ("first", "prior", "problem"),
    [([1, 2], [1, 0], "not above 0"), ([1, 2, 3], [1, 1], "one length"), ([1], [1], "two items")],
)
def test_what_cannot_be_compared_is_refused(
    first: list[int], prior: list[float], problem: str
) -> None:
    with pytest.raises(FramelensError, match=problem):
        log_odds(first, [1] * len(prior), prior)
