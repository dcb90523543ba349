"""Shares corrected for a classifier's errors, by a labelled sample drawn with known probabilities.

The estimate is that of design-based supervised learning (Egami, Hinck, Stewart and Wei, "Using
imperfect surrogates for downstream inference", NeurIPS 36, 2023): the mean prediction over all
sentences plus the reweighted mean of label minus prediction over the labelled ones. Predictions
count with a weight between 0 and 1 that is chosen to lessen the variance (Angelopoulos, Duchi and
Zrnic, "PPI++: Efficient prediction-powered inference", arXiv:2311.01453, 2023); at 0 the
estimate is that of the labelled sample alone. The weights of labelled sentences are normalised to 1
(Hájek), as the number of labels in a group is random.

An interval is combined from those of two rates (`rates.py`): the frame's among labelled sentences that
are predicted to have it, and among the others. So no errors among few labels still leave an
interval, and errors in one direction (frames missed, none given wrongly) lengthen it on one side only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats, Ints
from framelens.statistics.bootstrap import Interval
from framelens.statistics.proportions import FEWEST_DOCUMENTS
from framelens.statistics.rates import combined_distance, rate_limits

FEWEST_LABELLED = 20
"""Labelled sentences below which a group has no estimate."""

MAX_WIDER = 1.02
"""How much wider than that of the labelled sample alone an interval may be; a wider one, which few labels
may give by chance, is narrowed around the estimate. (Taking the sample's interval instead would choose it
when it is too narrow by chance, and lose coverage.)"""

Target = Literal["documents", "texts"]
"""What a share is of: documents like these, of which these are a sample, or these texts alone."""

HALF_SENTENCES = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""Label and prediction of four half sentences that are added to variances: the two rates' priors."""


@dataclass(frozen=True, slots=True)
class Design:
    """How n labelled sentences were drawn from all N.

    `labelled` are their indexes, ascending, `probability` their inclusion probabilities (above 0, at
    most 1), and `stratum` the stratum that each was drawn from by simple random sampling. `documents`
    (N) are numbers of documents, `clusters` (N) those of clusters: documents, or each sentence by itself
    where there are fewer than `FEWEST_DOCUMENTS` of them.
    """

    labelled: Ints
    probability: Floats
    stratum: Ints
    documents: Ints
    target: Target = "documents"
    clusters: Ints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sizes = {len(self.labelled), len(self.probability), len(self.stratum)}
        if len(sizes) > 1:
            raise FramelensError("a labelled sentence each needs a probability and a stratum")
        if not np.all((self.probability > 0) & (self.probability <= 1)):
            raise FramelensError(
                "the probability of a labelled sentence is unknown; expected one above 0, at most 1"
            )
        known, clusters = np.unique(self.documents, return_inverse=True)
        if len(known) < FEWEST_DOCUMENTS:
            clusters = np.arange(len(self.documents))
        object.__setattr__(self, "clusters", clusters)

    def known_clusters(self, within: Bools) -> int:
        """The number of clusters with labelled sentences of a group. With one alone, the variance
        between clusters is unknown: its influences add up to 0."""
        return len(np.unique(self.clusters[self.labelled[within[self.labelled]]]))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A corrected share with its 95% interval.

    `error` is the standard error, 0 where all labels are as predicted; `variance` includes the rates'
    prior, as the interval does, and `sampling` is the part of it that more labels would reduce. `weight`
    is that of predictions, `labelled` the number of labelled sentences among `sentences`, `alone` the
    estimate from these without predictions, and `worth` the number of labels that would be as precise
    without predictions. `freedom` are degrees of freedom, `influence` has what each cluster or labelled
    sentence adds to the estimate's error.
    """

    value: float
    low: float
    high: float
    error: float
    weight: float
    labelled: int
    sentences: int
    alone: Interval
    worth: int
    freedom: int
    variance: float = field(repr=False)
    sampling: float = field(repr=False)
    influence: Floats = field(repr=False, compare=False)

    def margin(self, more: int = 0) -> float:
        """Half the width of the interval, now or, about, with `more` labels drawn in the same way from the
        same documents, which brings no degrees of freedom."""
        fixed = max(self.variance - self.sampling, 0.0)
        remaining = self.sampling * self.labelled / (self.labelled + more)
        total = fixed + self.sampling  # nothing where all these sentences are labelled
        ratio = float(np.sqrt((fixed + remaining) / total)) if total else 1.0
        return ratio * (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another, with its 95% interval and the two-sided p of no difference."""

    value: float
    low: float
    high: float
    p: float


def corrected_share(
    predicted: Bools | Floats,
    truth: Bools | Floats,
    design: Design,
    within: Bools | None = None,
    *,
    own: Bools | Floats | None = None,
) -> Estimate | None:
    """The share of a group of sentences that carry a frame.

    `predicted` (N) are 0 or 1, or means of several models; `truth` (n) are labels, 0 or 1; `within` (N)
    marks the sentences of the group, by default all. `own` (n) are predictions, 0 or 1, of the labelled
    sentences by models that were not trained on them, by default those in `predicted`. None where fewer
    than `FEWEST_LABELLED` sentences of the group are labelled or, if `target` is "documents", they are all
    of one document.
    """
    guesses = np.asarray(predicted, dtype=np.float64)
    members = np.ones(len(guesses), dtype=bool) if within is None else within
    chosen = members[design.labelled]
    if int(chosen.sum()) < FEWEST_LABELLED:
        return None
    if design.target == "documents" and design.known_clusters(members) < 2:
        return None
    blind = guesses[design.labelled] if own is None else np.asarray(own, dtype=np.float64)
    if not np.isin(blind, (0, 1)).all():
        raise FramelensError("a prediction of a labelled sentence is neither 0 nor 1")
    group = _Group(guesses, blind, np.asarray(truth, dtype=np.float64), design, members)
    weight = group.best_weight()
    alone = group.interval(0.0)
    value = min(max(group.value(weight), 0.0), 1.0)
    low, high = group.interval(weight)
    if high - low > (most := MAX_WIDER * (alone[1] - alone[0])):
        low, high = (value + (end - value) * most / (high - low) for end in (low, high))
    return Estimate(
        value=value,
        low=low,
        high=high,
        error=float(np.sqrt(group.variance(weight))),
        weight=weight,
        labelled=group.size,
        sentences=int(members.sum()),
        alone=Interval(group.value(0.0), *alone),
        worth=group.worth(weight),
        freedom=group.freedom,
        variance=group.with_prior(weight),
        sampling=group.sampling(weight),
        influence=group.influence(weight),
    )


def difference(first: Estimate, second: Estimate) -> Difference:
    """The share of one group less that of another, both from one design."""
    value, moved = first.value - second.value, np.array([first.influence, -second.influence])
    below = np.array([first.value - first.low, second.high - second.value])
    above = np.array([first.high - first.value, second.value - second.low])
    low, high = combined_distance(below, moved), combined_distance(above, moved)
    freedom = min(first.freedom, second.freedom)
    error = (low if value > 0 else high) / _quantile(freedom)
    p = 2 * float(stdtr(freedom, -abs(value) / error)) if error else float(value == 0)
    return Difference(value, max(value - low, -1.0), min(value + high, 1.0), p)


def _quantile(freedom: int) -> float:
    return float(stdtrit(freedom, 0.975))


def _weighted_mean(shares: Floats, values: Floats) -> float:
    """The weighted mean, rounded: the rest of a sum that should be 1 would pass for a correlation."""
    return round(float(shares @ values), 12)


@dataclass(frozen=True, slots=True)
class _Rate:
    """The rate of a frame among some labelled sentences of a group.

    `size` is their effective number, `share` that of the group that they stand for, `unlabelled` the share
    of that which has no labels, and `influence` what each cluster or sentence adds to the rate's error.
    """

    rate: float
    size: float
    share: float
    unlabelled: float
    influence: Floats

    def distances(self, quantile: float) -> tuple[float, float]:
        """How far the interval reaches below and above the rate, times the `share`."""
        squares = float((self.influence**2).sum())
        low, high = rate_limits(
            self.rate, self.size, squares, unseen=self.unlabelled, quantile=quantile
        )
        return self.share * (self.rate - low), self.share * (high - self.rate)


class _Group:
    """The sums over a group that its estimate and variance are computed from.

    All is linear in the weight λ of the predictions: residuals are label − λ prediction, and influences on
    the estimate are `label_influence` − λ `guess_influence`. `blind` are the predictions of labelled
    sentences by models that were not trained on them.
    """

    def __init__(
        self, guesses: Floats, blind: Floats, truth: Floats, design: Design, members: Bools
    ) -> None:
        self.design, self.members, chosen = design, members, members[design.labelled]
        self.clusters = design.clusters
        self.size = int(chosen.sum())
        inverse = np.where(chosen, 1 / design.probability, 0.0)
        self.shares: Floats = inverse / inverse.sum()
        self.kish = 1 / float((self.shares**2).sum())
        self.guesses, self.truth, self.blind = guesses, truth, blind
        self.mean = float(guesses[members].mean())
        self.label_mean = _weighted_mean(self.shares, truth)
        self.guess_mean = _weighted_mean(self.shares, self.blind)
        self.text_influence = self._text_influence()
        self.label_influence = self._by_unit(self.shares * (truth - self.label_mean))
        of_sample = self._by_unit(self.shares * (blind - self.guess_mean))
        self.guess_influence = of_sample - self.text_influence
        units = self.size if design.target == "texts" else design.known_clusters(members)
        self.freedom = units - 1
        # The variance of few clusters around their own mean is too small.
        self.inflation = (self.freedom + 1) / self.freedom
        self.error_inflation = 1.0 if design.target == "texts" else float(np.sqrt(self.inflation))

    def value(self, weight: float) -> float:
        """The estimate: the mean prediction, plus the mean of label minus prediction."""
        return weight * self.mean + self.label_mean - weight * self.guess_mean

    def best_weight(self) -> float:
        """The weight from 0 to 1 with the smallest variance."""
        spread = float(self.guess_influence @ self.guess_influence)
        if spread < 1e-15:
            return 0.0
        return float(np.clip(self.label_influence @ self.guess_influence / spread, 0, 1))

    def influence(self, weight: float) -> Floats:
        """What each cluster, or labelled sentence, adds to the estimate's error."""
        influence: Floats = self.label_influence - weight * self.guess_influence
        return influence

    def variance(self, weight: float) -> float:
        """The variance of the estimate."""
        return self.inflation * float((self.influence(weight) ** 2).sum())

    def interval(self, weight: float) -> tuple[float, float]:
        """The interval: that of the labels' rate if predictions have no weight, else that of the sum of the
        rates among sentences that are predicted to have the frame and among the others."""
        value, quantile = min(max(self.value(weight), 0.0), 1.0), _quantile(self.freedom)
        pair = self._rates()
        if not weight or pair is None:
            rates = [self._rate(self.shares, 1.0)]
            drawn = np.zeros_like(self.label_influence)
        else:
            rates = pair
            gap = self.error_inflation * (pair[0].rate - pair[1].rate)
            drawn = gap * self.text_influence
        influences = np.array([*(it.share * it.influence for it in rates), drawn])
        chance = quantile * float(np.sqrt(drawn @ drawn))
        ends = np.array([it.distances(quantile) for it in rates])
        low, high = (combined_distance(np.append(side, chance), influences) for side in ends.T)
        return max(value - low, 0.0), min(value + high, 1.0)

    def _rates(self) -> list[_Rate] | None:
        """The rates among labelled sentences given the frame and among the others, None if either lack."""
        rates = []
        for given, share in ((1, self.mean), (0, 1 - self.mean)):
            shares = np.where(self.blind == given, self.shares, 0.0)
            if not shares.any():
                return None
            shares = shares / shares.sum()
            rates.append(self._rate(shares, share))
        return rates

    def _rate(self, shares: Floats, share: float) -> _Rate:
        """The rate among labelled sentences with the weights `shares`, which add up to 1."""
        rate, size = _weighted_mean(shares, self.truth), 1 / float((shares**2).sum())
        texts = self.design.target == "texts"
        unlabelled = self._unseen(shares) if texts else 1.0
        influence = self.error_inflation * self._by_unit(shares * (self.truth - rate))
        return _Rate(rate, size, share, unlabelled, influence)

    def sampling(self, weight: float) -> float:
        """The variance from the choice of labelled sentences, prior included; 0 where all are labelled."""
        labels = self._by_sentence(self.shares * (self.truth - self.label_mean))
        guesses = self._by_sentence(self.shares * (self.blind - self.guess_mean))
        squares = float(((labels - weight * guesses) ** 2).sum())
        squares += self._unseen(self.shares) * self._prior_squares(weight)
        return self.size / (self.size - 1) * squares * (self.kish / (self.kish + 2)) ** 2

    def worth(self, weight: float) -> int:
        """How many labels, drawn at random and without predictions, would be as precise on these texts."""
        variance = self.sampling(weight)
        share = (self.kish * self.value(weight) + 1) / (self.kish + 2)
        plain = max(share * (1 - share), 0.0)
        count = int(self.members.sum())
        return min(count, round(plain / (variance + plain / count))) if plain else self.size

    def with_prior(self, weight: float) -> float:
        """The variance of the estimate, prior included."""
        if self.design.target == "texts":
            return self.sampling(weight)
        squares = float((self.influence(weight) ** 2).sum()) + self._prior_squares(weight)
        return self.inflation * squares * (self.kish / (self.kish + 2)) ** 2

    def _prior_squares(self, weight: float) -> float:
        """The squared influences of `HALF_SENTENCES`."""
        residuals = HALF_SENTENCES[:, 0] - weight * HALF_SENTENCES[:, 1]
        deviations = residuals - (self.label_mean - weight * self.guess_mean)
        return 0.5 * float((deviations**2).sum()) / self.kish**2

    def _unseen(self, shares: Floats) -> float:
        """The share without labels of the sentences that those with `shares` stand for."""
        return 1 - _weighted_mean(shares, self.design.probability)

    def _by_unit(self, influence: Floats) -> Floats:
        """Influences of labelled sentences, by the unit that is random: the sentence, or its cluster."""
        if self.design.target == "texts":
            return self._by_sentence(influence)
        by_cluster = np.bincount(
            self.clusters[self.design.labelled], influence, self.clusters.max() + 1
        )
        return by_cluster.astype(np.float64)

    def _by_sentence(self, influence: Floats) -> Floats:
        """Influences of labelled sentences within their strata, with finite population correction."""
        strata = np.unique(self.design.stratum, return_inverse=True)[1]
        counts = np.bincount(strata)
        means = np.bincount(strata, influence) / counts
        # A stratum with one labelled sentence does not show its variance: nothing is subtracted.
        deviations = influence - np.where(counts > 1, means, 0.0)[strata]
        scaled: Floats = np.sqrt(1 - self.design.probability) * deviations
        return scaled

    def _text_influence(self) -> Floats:
        """Influences of clusters on the mean prediction, which vary if documents are a sample."""
        if self.design.target == "texts":
            return np.zeros(len(self.design.labelled))
        deviations = np.where(self.members, self.guesses - self.mean, 0.0) / self.members.sum()
        return np.bincount(self.clusters, deviations).astype(np.float64)
