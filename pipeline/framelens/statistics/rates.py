"""95% intervals of rates, and of weighted sums of rates, in samples of any design."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv, ndtri

from framelens.core.types import Floats

TWO_SIDED = (0.025, 0.975)
ROUNDING = 1e-12
"""Numbers below it are rounding errors of 0."""
NORMAL = float(ndtri(TWO_SIDED[1]))


def rate_limits(
    rate: float, size: float, squares: float, *, unseen: float = 1.0, quantile: float = NORMAL
) -> tuple[float, float]:
    """The ends of the 95% interval of a rate.

    `size` is Kish's effective number of sentences, `squares` the sum of the squared influences of
    sentences or clusters, that is, the rate's variance; `unseen` is the share of the population that was
    not sampled, and `quantile` that of Student's t with the degrees of freedom there are.

    The ends are those of Jeffreys's interval (Brown, Cai and DasGupta, "Interval estimation for a
    binomial proportion", Statistical Science 16, 2001), the prior's half success and half failure
    added to the sample; for designs other than simple random sampling, the beta distribution has the
    number of sentences that have the same variance (Korn and Graubard, "Confidence intervals for
    proportions with small expected number of positive counts estimated from survey data", Survey
    Methodology 24, 1998; Franco, Little, Louis and Slud, "Comparative study of confidence intervals
    for proportions in complex sample surveys", Journal of Survey Statistics and Methodology 7, 2019).
    """
    prior_size = size + 1
    mean = (size * rate + 0.5) / prior_size
    prior_squares = unseen * 0.5 * ((1 - rate) ** 2 + rate**2) / size**2
    variance = (squares + prior_squares) * (size / prior_size * quantile / NORMAL) ** 2
    if variance < 1e-15:
        return rate, rate
    total = mean * (1 - mean) / variance
    low, high = (float(betaincinv(mean * total, (1 - mean) * total, at)) for at in TWO_SIDED)
    return (low if rate > 0 else 0.0), (high if rate < 1 else 1.0)


def combined_distance(distances: Floats, influences: Floats) -> float:
    """The distance from a sum to an end of its interval, by the method of variance estimates recovery
    (MOVER: Zou, Huang and Zhang, "A note on confidence interval estimation for a linear function of
    binomial proportions", Computational Statistics & Data Analysis 53, 2009; for correlated terms, Zou
    and Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27,
    2008).

    `distances` are those of the terms; `influences` (terms × sentences or clusters) give the correlations.
    """
    products: Floats = influences @ influences.T
    lengths = np.sqrt(np.diag(products))
    lengths[lengths < ROUNDING] = 0  # a constant correlates with nothing
    scale = np.outer(lengths, lengths)
    correlations = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
    np.fill_diagonal(correlations, 1.0)
    return float(np.sqrt(max(distances @ correlations @ distances, 0.0)))
