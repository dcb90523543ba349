"""Items that one group of texts has more often than another, by log-odds with an informative prior.

Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin' words: Lexical feature selection and
evaluation for identifying the content of political conflict. Political Analysis, 16(4), 372-403.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from framelens.core.errors import FramelensError
from framelens.core.types import Floats

PRIOR_SHARE = 0.1
"""The weight of the prior against the data: a tenth of all counts."""


@dataclass(frozen=True, slots=True)
class LogOdds:
    """For each item (a word, a rule, …), `delta` is the difference between two groups' log-odds, above 0
    where the first group has more of it, and `z` is `delta` divided by its standard deviation."""

    delta: Floats
    z: Floats


def log_odds(first: ArrayLike, second: ArrayLike, prior: ArrayLike) -> LogOdds:
    """Compare how often each item was counted in two groups.

    `prior` are pseudo-counts of the items, all above 0, which are added to both groups (α in the paper).
    Raise FramelensError where the three differ in length, there are fewer than two items, or the prior has
    a 0.
    """
    ours, theirs, alpha = (np.asarray(given, dtype=np.float64) for given in (first, second, prior))
    if not ours.shape == theirs.shape == alpha.shape or ours.ndim != 1 or len(ours) < 2:
        raise FramelensError(
            f"counts and prior have the shapes {ours.shape}, {theirs.shape}, {alpha.shape}; expected "
            "three lists of one length, of two items or more"
        )
    if (alpha <= 0).any():
        raise FramelensError("a prior count is not above 0; expected one for each item")
    delta = _log_odds(ours, alpha) - _log_odds(theirs, alpha)
    variance = 1 / (ours + alpha) + 1 / (theirs + alpha)
    return LogOdds(delta, delta / np.sqrt(variance))


def informative_prior(counts: ArrayLike) -> Floats:
    """A prior proportional to the counts of all groups together, `PRIOR_SHARE` times as large."""
    return PRIOR_SHARE * np.asarray(counts, dtype=np.float64)


def _log_odds(counts: Floats, alpha: Floats) -> Floats:
    expected = counts + alpha
    odds: Floats = np.log(expected / (expected.sum() - expected))
    return odds
