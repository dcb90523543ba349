"""Shares corrected for what a classifier errs, by a sample of labelled sentences that was drawn with
known probabilities.

The estimate is that of design-based supervised learning (Egami, Hinck, Stewart and Wei, "Using
imperfect surrogates for downstream inference", NeurIPS 36, 2023): the mean prediction over all
sentences plus the reweighted mean of label minus prediction over the labelled ones. Predictions
count with a weight between 0 and 1 that is chosen to lessen the variance (Angelopoulos, Duchi and
Zrnic, "PPI++: Efficient prediction-powered inference", arXiv:2311.01453, 2023). At 0 it is the
labelled sample alone. The weights of labelled
sentences add up to 1 (Hájek), so that groups whose number of labels is left to chance are estimated
well.

An interval is put together from those of two rates: of the frame among labelled sentences that are
given it, and among those that are not. That is what the estimate rests on when predictions have the
weight that lessens the variance most, and so few errors in few labels do not pass for none, and
errors that go one way (frames missed, none given wrongly) lengthen the interval on their side alone
(`framelens.statistics.rates`).
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
from framelens.statistics.rates import rate_limits, reach

FEWEST_LABELLED = 20
"""Labelled sentences below which a group has no estimate."""

MOST_WIDER = 1.02
"""How much wider than that of the labelled sample alone an interval may be. Beyond it, which a few
labels may bring about by chance, it is narrowed around the estimate. To take the interval of the
sample alone instead would prefer it where it happens to be narrow, and so miss the truth more often."""

Target = Literal["documents", "texts"]
"""What a share is of: documents like these, of which these are a sample, or these texts alone."""

PSEUDO = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""Label and prediction of four half sentences that are added where the variance is told: the priors of
the two rates."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the labelled sentences were drawn from all N.

    `labelled` are their numbers (n), in rising order, `probability` their chances to be drawn, from
    above 0 to 1, `stratum` the stratum that each was drawn in by simple random sampling.
    `documents` has a number a sentence (N), that of its document. Fewer than `FEWEST_DOCUMENTS`
    documents are too few to be clusters: sentences then count as independent. `clusters` has a number
    a sentence, from 0 on, which those share that may be alike.
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
        """How many clusters the labelled sentences of a group are of. Of one alone it can't be told how
        clusters differ: what its sentences move a share by adds up to nothing."""
        return len(np.unique(self.clusters[self.labelled[within[self.labelled]]]))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A corrected share with its 95% interval.

    `error` is the standard error of textbooks, 0 for texts whose labels are all as predicted; the root
    of `variance` has the rates' prior, as the interval has. `weight` is that of the predictions,
    `labelled` the number of labelled sentences among `sentences`. `alone` is what these say without
    predictions, `worth` how many labels, drawn at random and used alone, would say as much of
    these texts. `freedom` are degrees of freedom; `sampling` is that part of
    the variance that more labels would lessen, and `influence` what each cluster or
    labelled sentence moves the estimate by.
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
        """Half the width of the interval, or about what it would be with more labels that are drawn
        in the same way. Labels of the same documents bring no further degrees of freedom."""
        fixed = max(self.variance - self.sampling, 0.0)
        left = self.sampling * self.labelled / (self.labelled + more)
        whole = fixed + self.sampling  # nothing where all these sentences are labelled
        part = float(np.sqrt((fixed + left) / whole)) if whole else 1.0
        return part * (self.high - self.low) / 2


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

    `predicted` has 0 or 1 for all N sentences, or the mean of what several models say, `truth` 0 or
    1 for the n labelled ones, `within` says which of the N are of the group (all, by default), and
    `own` has the 0 or 1 that is predicted of the n labelled ones by whoever has not seen them (by
    default as in `predicted`). None where fewer than `FEWEST_LABELLED` of them are labelled, or, for
    documents like these, those of one document alone.
    """
    guesses = np.asarray(predicted, dtype=np.float64)
    members = np.ones(len(guesses), dtype=bool) if within is None else within
    chosen = members[design.labelled]
    if int(chosen.sum()) < FEWEST_LABELLED:
        return None
    if design.target == "documents" and design.known_clusters(members) < 2:
        return None
    seen = guesses[design.labelled] if own is None else np.asarray(own, dtype=np.float64)
    if not np.isin(seen, (0, 1)).all():
        raise FramelensError("a prediction of a labelled sentence is neither 0 nor 1")
    group = _Group(guesses, seen, np.asarray(truth, dtype=np.float64), design, members)
    weight = group.best_weight()
    alone = group.interval(0.0)
    value = min(max(group.value(weight), 0.0), 1.0)
    low, high = group.interval(weight)
    if high - low > (most := MOST_WIDER * (alone[1] - alone[0])):
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


def difference(one: Estimate, other: Estimate) -> Difference:
    """The share of one group less that of another, both from one design."""
    value, moved = one.value - other.value, np.array([one.influence, -other.influence])
    low = reach(np.array([one.value - one.low, other.high - other.value]), moved)
    high = reach(np.array([one.high - one.value, other.value - other.low]), moved)
    freedom = min(one.freedom, other.freedom)
    error = (low if value > 0 else high) / _quantile(freedom)
    p = 2 * float(stdtr(freedom, -abs(value) / error)) if error else float(value == 0)
    return Difference(value, max(value - low, -1.0), min(value + high, 1.0), p)


def _quantile(freedom: int) -> float:
    return float(stdtrit(freedom, 0.975))


def _mean(shares: Floats, values: Floats) -> float:
    """The mean of values that count by their shares, which is 1 where all are, not a bit less: what is
    left then would pass for something that goes together with other things, or against them."""
    return round(float(shares @ values), 12)


@dataclass(frozen=True, slots=True)
class _Rate:
    """How many of some sentences carry a frame, of `size` that are labelled; they are a `part` of a
    group, of which the share `unseen` is not labelled, and `moved` is what the rate is moved by."""

    rate: float
    size: float
    part: float
    unseen: float
    moved: Floats

    def distances(self, quantile: float) -> tuple[float, float]:
        """How far the ends of the interval lie below and above, as far as they move the group's."""
        squares = float((self.moved**2).sum())
        low, high = rate_limits(
            self.rate, self.size, squares, unseen=self.unseen, quantile=quantile
        )
        return self.part * (self.rate - low), self.part * (high - self.rate)


class _Group:
    """The sentences of a group: what the estimate and its variance are worked out from.

    All is linear in the weight λ of the predictions: residuals are label - λ prediction, and what
    each cluster moves the estimate by is `of_labels` - λ `of_guesses`.
    """

    def __init__(
        self, guesses: Floats, own: Floats, truth: Floats, design: Design, members: Bools
    ) -> None:
        self.design, self.members, chosen = design, members, members[design.labelled]
        self.clusters = design.clusters
        self.size = int(chosen.sum())
        inverse = np.where(chosen, 1 / design.probability, 0.0)
        self.shares: Floats = inverse / inverse.sum()
        self.kish = 1 / float((self.shares**2).sum())
        self.guesses, self.truth, self.own = guesses, truth, own
        self.mean = float(guesses[members].mean())
        self.label_mean = _mean(self.shares, truth)
        self.guess_mean = _mean(self.shares, self.own)
        self.of_texts = self._of_texts()
        self.of_labels = self._spread(self.shares * (truth - self.label_mean))
        self.of_guesses = self._spread(self.shares * (own - self.guess_mean)) - self.of_texts
        self.freedom = self._freedom()
        # How much more the mean of so few varies than they do around it.
        self.small = (self.freedom + 1) / self.freedom
        self.few = 1.0 if design.target == "texts" else float(np.sqrt(self.small))

    def value(self, weight: float) -> float:
        """The share: what is predicted, and by how much labels differ from it."""
        return weight * self.mean + self.label_mean - weight * self.guess_mean

    def best_weight(self) -> float:
        """The weight from 0 to 1 with the smallest variance."""
        spread = float(self.of_guesses @ self.of_guesses)
        if spread < 1e-15:
            return 0.0
        return float(np.clip(self.of_labels @ self.of_guesses / spread, 0, 1))

    def influence(self, weight: float) -> Floats:
        """What each cluster, or labelled sentence, moves the estimate by."""
        moved: Floats = self.of_labels - weight * self.of_guesses
        return moved

    def variance(self, weight: float) -> float:
        """The variance of the estimate."""
        return self.small * float((self.influence(weight) ** 2).sum())

    def interval(self, weight: float) -> tuple[float, float]:
        """The ends of the interval: without predictions that of the labels' rate, else of the sum of
        the rates among sentences that are given the frame and among the others."""
        value, quantile = min(max(self.value(weight), 0.0), 1.0), _quantile(self.freedom)
        both = self._rates()
        if not weight or both is None:
            rates = [self._rate(self.shares, 1.0)]
            apart = np.zeros_like(self.of_labels)
        else:
            rates = both
            apart = self.few * (both[0].rate - both[1].rate) * self.of_texts
        moved = np.array([*(it.part * it.moved for it in rates), apart])
        chance = quantile * float(np.sqrt(apart @ apart))
        ends = np.array([it.distances(quantile) for it in rates])
        low, high = (reach(np.append(side, chance), moved) for side in ends.T)
        return max(value - low, 0.0), min(value + high, 1.0)

    def _rates(self) -> list[_Rate] | None:
        """The rates among labelled sentences that are given the frame and among the others; None
        where either are missing."""
        found = []
        for given, part in ((1, self.mean), (0, 1 - self.mean)):
            shares = np.where(self.own == given, self.shares, 0.0)
            if not shares.any():
                return None
            shares = shares / shares.sum()
            found.append(self._rate(shares, part))
        return found

    def _rate(self, shares: Floats, part: float) -> _Rate:
        """The rate among labelled sentences that count by their `shares`."""
        rate, size = _mean(shares, self.truth), 1 / float((shares**2).sum())
        texts = self.design.target == "texts"
        unseen = self._unseen(shares) if texts else 1.0
        moved = self.few * self._spread(shares * (self.truth - rate))
        return _Rate(rate, size, part, unseen, moved)

    def sampling(self, weight: float) -> float:
        """The variance that comes of which sentences were labelled, half sentences added. There is none
        where all are, and documents have no part in it."""
        labels = self._by_sentence(self.shares * (self.truth - self.label_mean))
        guesses = self._by_sentence(self.shares * (self.own - self.guess_mean))
        squares = float(((labels - weight * guesses) ** 2).sum())
        squares += self._unseen(self.shares) * self._half_sentences(weight)
        return self.size / (self.size - 1) * squares * (self.kish / (self.kish + 2)) ** 2

    def worth(self, weight: float) -> int:
        """How many labels drawn at random and used alone would be as precise on these texts."""
        variance = self.sampling(weight)
        share = (self.kish * self.value(weight) + 1) / (self.kish + 2)
        plain = max(share * (1 - share), 0.0)
        count = int(self.members.sum())
        return min(count, round(plain / (variance + plain / count))) if plain else self.size

    def with_prior(self, weight: float) -> float:
        """The variance of the estimate, half sentences added."""
        if self.design.target == "texts":
            return self.sampling(weight)
        squares = float((self.influence(weight) ** 2).sum()) + self._half_sentences(weight)
        return self.small * squares * (self.kish / (self.kish + 2)) ** 2

    def _half_sentences(self, weight: float) -> float:
        """What the half sentences move the estimate by, squared."""
        residuals = PSEUDO[:, 0] - weight * PSEUDO[:, 1]
        apart = residuals - (self.label_mean - weight * self.guess_mean)
        return 0.5 * float((apart**2).sum()) / self.kish**2

    def _unseen(self, shares: Floats) -> float:
        """The part of all such sentences as the labelled ones with `shares` that has no labels."""
        return 1 - _mean(shares, self.design.probability)

    def _spread(self, moved: Floats) -> Floats:
        """What labelled sentences move a mean by, as that which varies at random: of each sentence,
        or of each cluster."""
        if self.design.target == "texts":
            return self._by_sentence(moved)
        found = np.bincount(self.clusters[self.design.labelled], moved, self.clusters.max() + 1)
        return found.astype(np.float64)

    def _by_sentence(self, moved: Floats) -> Floats:
        """Of each labelled sentence, less the mean of its stratum, and less where much is drawn."""
        strata = np.unique(self.design.stratum, return_inverse=True)[1]
        counts = np.bincount(strata)
        means = np.bincount(strata, moved) / counts
        # The only one of its stratum says nothing of how alike a stratum is.
        apart = moved - np.where(counts > 1, means, 0.0)[strata]
        found: Floats = np.sqrt(1 - self.design.probability) * apart
        return found

    def _of_texts(self) -> Floats:
        """What each cluster moves the mean prediction by: that it was drawn into the texts counts."""
        if self.design.target == "texts":
            return np.zeros(len(self.design.labelled))
        apart = np.where(self.members, self.guesses - self.mean, 0.0) / self.members.sum()
        return np.bincount(self.clusters, apart).astype(np.float64)

    def _freedom(self) -> int:
        if self.design.target == "texts":
            return self.size - 1
        return self.design.known_clusters(self.members) - 1
