"""95% intervals of rates, and of weighted sums of rates, in samples of any design."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, ndtri

from framelens.core.types import Floats

TWO_SIDED = (0.025, 0.975)
ROUNDED = 1e-12
"""Below it there is nothing but what rounding leaves."""
NORMAL = float(ndtri(TWO_SIDED[1]))


def rate_limits(
    rate: float, size: float, squares: float, *, unseen: float = 1.0, quantile: float = NORMAL
) -> tuple[float, float]:
    """The ends of the interval of a rate.

    `size` is the number of sentences that it is the rate of (weights allowed for, Kish), `squares`
    the sum of what each of them, or each cluster, moves it by, squared; `unseen` is the part of all
    such sentences that it is not seen in, and `quantile` that of Student's t for as many degrees of
    freedom as there are.

    The ends are those of Jeffreys's interval (Brown, Cai and DasGupta, "Interval estimation for a
    binomial proportion", Statistical Science 16, 2001), the prior's half success and half failure
    added to the sample; for designs other than simple random sampling, the beta distribution has the
    number of sentences that have the same variance (Korn and Graubard, "Confidence intervals for
    proportions with small expected number of positive counts estimated from survey data", Survey
    Methodology 24, 1998; Franco, Little, Louis and Slud, "Comparative study of confidence intervals
    for proportions in complex sample surveys", Journal of Survey Statistics and Methodology 7, 2019).
    """
    whole = size + 1
    middle = (size * rate + 0.5) / whole
    added = unseen * 0.5 * ((1 - rate) ** 2 + rate**2) / size**2
    variance = (squares + added) * (size / whole * quantile / NORMAL) ** 2
    if variance < 1e-15:
        return rate, rate
    same = middle * (1 - middle) / variance
    low, high = (float(betaincinv(middle * same, (1 - middle) * same, at)) for at in TWO_SIDED)
    return (low if rate > 0 else 0.0), (high if rate < 1 else 1.0)


def reach(distances: Floats, moved: Floats) -> float:
    """How far an end of the interval of a sum lies from it, by how far those of its parts do (the
    method of variance estimates recovery: Zou, Huang and Zhang, "A note on confidence interval
    estimation for a linear function of binomial proportions", Computational Statistics & Data
    Analysis 53, 2009; for parts that go together, Zou and Donner, "Construction of confidence limits
    about effect measures", Statistics in Medicine 27, 2008).

    `distances` has a value a part; `moved` says, a row a part, what each sentence or cluster moves it
    by, from which it is seen how far parts go together.
    """
    products: Floats = moved @ moved.T
    lengths = np.sqrt(np.diag(products))
    lengths[lengths < ROUNDED] = 0  # which goes together with nothing
    scale = np.outer(lengths, lengths)
    together = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    np.fill_diagonal(together, 1.0)
    return float(np.sqrt(max(distances @ together @ distances, 0.0)))
