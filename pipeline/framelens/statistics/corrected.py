"""Shares corrected for what a classifier errs, by a sample of labelled sentences that was drawn with
known probabilities.

The estimate is that of design-based supervised learning (Egami, Hinck, Stewart and Wei, "Using
imperfect surrogates for downstream inference", NeurIPS 36, 2023): the mean prediction over all
sentences plus the reweighted mean of label minus prediction over the labelled ones. Predictions
count with a weight between 0 and 1 that is chosen to lessen the variance (Angelopoulos, Duchi and
Zrnic, "PPI++: Efficient prediction-powered inference", arXiv:2311.01453, 2023). At 0 it is the
labelled sample alone, whose interval is never narrower than the one given. The weights of labelled
sentences add up to 1 (Hájek), so that groups whose number of labels is left to chance are estimated
well.

Intervals are of Student's t. So that few errors in few labels do not pass for none, half a sentence
is added to the labelled ones for each of the four combinations of label and prediction (Agresti and
Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in
Medicine 24, 2005); the estimate itself is without them. Errors that go one way (frames missed, none
given wrongly) make the estimate skewed: the ends of the interval allow for it (Hall, "On the removal
of skewness by transformation", Journal of the Royal Statistical Society B 54, 1992).
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

FEWEST_LABELLED = 20
"""Labelled sentences below which a group has no estimate."""

Target = Literal["documents", "texts"]
"""What a share is of: documents like these, of which these are a sample, or these texts alone."""

MOST_SKEWED = 0.4
"""Skewness beyond which Hall's transformation is no longer of use."""

PSEUDO = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
"""Label and prediction of the four half sentences."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the labelled sentences were drawn from all N.

    `labelled` are their numbers (n), in rising order, `probability` their chances to be drawn, from
    above 0 to 1, `stratum` the stratum that each was drawn in by simple random sampling.
    `documents` has a number a sentence (N), that of its document. Fewer than `FEWEST_DOCUMENTS`
    documents are too few to be clusters: sentences then count as independent.
    """

    labelled: Ints
    probability: Floats
    stratum: Ints
    documents: Ints
    target: Target = "documents"

    def __post_init__(self) -> None:
        sizes = {len(self.labelled), len(self.probability), len(self.stratum)}
        if len(sizes) > 1:
            raise FramelensError("a labelled sentence each needs a probability and a stratum")
        if not np.all((self.probability > 0) & (self.probability <= 1)):
            raise FramelensError(
                "the probability of a labelled sentence is unknown; expected one above 0, at most 1"
            )

    @property
    def clusters(self) -> Ints:
        """A number a sentence, which those share that may be alike."""
        few = len(np.unique(self.documents)) < FEWEST_DOCUMENTS
        return np.arange(len(self.documents)) if few else self.documents


@dataclass(frozen=True, slots=True)
class Estimate:
    """A corrected share with its 95% interval.

    `error` is the standard error, `weight` that of the predictions, `labelled` the number of
    labelled sentences among `sentences`. `alone` is what the labelled sentences say without
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
        """About half the width of the interval, or what it would be with more labels that are drawn
        in the same way."""
        fixed = max(self.variance - self.sampling, 0.0)
        left = self.sampling * self.labelled / (self.labelled + more)
        return float(stdtrit(self.freedom + more, 0.975)) * float(np.sqrt(fixed + left))


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

    `predicted` has a value from 0 to 1 for all N sentences, `truth` 0 or 1 for the n labelled ones,
    `within` says which of the N are of the group (all, by default), and `own` has what is predicted of
    the n labelled ones by whoever has not seen them (by default as in `predicted`). None where fewer than
    `FEWEST_LABELLED` of them are labelled.
    """
    guesses = np.asarray(predicted, dtype=np.float64)
    members = np.ones(len(guesses), dtype=bool) if within is None else within
    chosen = members[design.labelled]
    if int(chosen.sum()) < FEWEST_LABELLED:
        return None
    seen = guesses[design.labelled] if own is None else np.asarray(own, dtype=np.float64)
    group = _Group(guesses, seen, np.asarray(truth, dtype=np.float64), design, members)
    weight = group.best_weight()
    alone, (variance, low, high) = group.interval(0.0), group.interval(weight)
    if high - low > alone[2] - alone[1]:
        weight, (variance, low, high) = 0.0, alone
    return Estimate(
        value=min(max(group.value(weight), 0.0), 1.0),
        low=low,
        high=high,
        error=float(np.sqrt(group.variance(weight))),
        weight=weight,
        labelled=group.size,
        sentences=int(members.sum()),
        alone=Interval(group.value(0.0), *alone[1:]),
        worth=group.worth(weight),
        freedom=group.freedom,
        variance=variance,
        sampling=group.sampling(weight),
        influence=group.influence(weight),
    )


def difference(one: Estimate, other: Estimate) -> Difference:
    """The share of one group less that of another, both from one design."""
    value = one.value - other.value
    shared = 2 * float(one.influence @ other.influence)
    variance = max(one.variance + other.variance - shared, 0.0)
    freedom, error = min(one.freedom, other.freedom), float(np.sqrt(variance))
    margin = float(stdtrit(freedom, 0.975)) * error
    p = 2 * float(stdtr(freedom, -abs(value) / error)) if error else float(value == 0)
    return Difference(value, max(value - margin, -1.0), min(value + margin, 1.0), p)


def unskewed(quantile: float, skewness: float) -> float:
    """What takes the place of a quantile of Student's t where an estimate is skewed: the inverse of
    Hall's (1992) cubic transformation."""
    if abs(skewness) < 1e-6:
        return quantile
    inner = 1 + skewness * (quantile - skewness / 6)
    return 3 / skewness * (float(np.cbrt(inner)) - 1)


class _Group:
    """The sentences of a group: what the estimate and its variance are worked out from.

    All is linear in the weight λ of the predictions: residuals are label - λ prediction, and what
    each cluster moves the estimate by is `of_labels` - λ `of_guesses`.
    """

    def __init__(
        self, guesses: Floats, own: Floats, truth: Floats, design: Design, members: Bools
    ) -> None:
        self.design, self.members, chosen = design, members, members[design.labelled]
        self.chosen = chosen
        self.size = int(chosen.sum())
        inverse = np.where(chosen, 1 / design.probability, 0.0)
        self.shares: Floats = inverse / inverse.sum()
        self.kish = 1 / float((self.shares**2).sum())
        self.guesses, self.truth, self.own = guesses, truth, own
        self.mean = float(guesses[members].mean())
        self.label_mean = float(self.shares @ truth)
        self.guess_mean = float(self.shares @ self.own)
        self.of_labels, self.of_guesses = self._moved()
        self.freedom = self._freedom()
        self.small = self.size / (self.size - 1)

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

    def interval(self, weight: float) -> tuple[float, float, float]:
        """The variance with the half sentences added, and the ends of the interval."""
        moved = self.influence(weight)
        variance = self._with_pseudo(weight, float((moved**2).sum()))
        residuals = self.label_mean - weight * self.guess_mean
        shifted = (self.kish * residuals + (1 - weight)) / (self.kish + 2)
        centre = weight * self.mean + shifted
        error, quantile = float(np.sqrt(variance)), float(stdtrit(self.freedom, 0.975))
        skewness = self._skewness(weight, moved)
        low, high = (unskewed(sign * quantile, skewness) for sign in (1, -1))
        return variance, max(centre - error * low, 0.0), min(centre - error * high, 1.0)

    def _skewness(self, weight: float, moved: Floats) -> float:
        """That of the estimate (third standardised moment), as far as predictions bring it about: for
        that of labels alone the half sentences allow already."""
        squares = float((moved**2).sum()) + self._pseudo_squares(weight)
        found = weight * float((moved**3).sum()) / squares**1.5 if squares else 0.0
        return float(np.clip(found, -MOST_SKEWED, MOST_SKEWED))

    def sampling(self, weight: float) -> float:
        """The variance that comes of which sentences were labelled, half sentences added."""
        labels, guesses = self._by_sentence()
        return self._with_pseudo(weight, float(((labels - weight * guesses) ** 2).sum()))

    def worth(self, weight: float) -> int:
        """How many labels drawn at random and used alone would be as precise on these texts."""
        variance = self.sampling(weight)
        share = (self.kish * self.value(weight) + 1) / (self.kish + 2)
        plain = max(share * (1 - share), 0.0)
        count = int(self.members.sum())
        return min(count, round(plain / (variance + plain / count))) if plain else self.size

    def _with_pseudo(self, weight: float, squares: float) -> float:
        """A variance with the half sentences added to the squared influences."""
        whole = squares + self._pseudo_squares(weight)
        return self.small * whole * (self.kish / (self.kish + 2)) ** 2

    def _pseudo_squares(self, weight: float) -> float:
        """The squared influences of the half sentences."""
        residuals = PSEUDO[:, 0] - weight * PSEUDO[:, 1]
        apart = residuals - (self.label_mean - weight * self.guess_mean)
        return 0.5 * float((apart**2).sum()) / self.kish**2

    def _moved(self) -> tuple[Floats, Floats]:
        return self._by_sentence() if self.design.target == "texts" else self._by_cluster()

    def _by_sentence(self) -> tuple[Floats, Floats]:
        """Of each labelled sentence, less the mean of its stratum, and less where much is drawn."""
        strata = np.unique(self.design.stratum, return_inverse=True)[1]
        counts = np.bincount(strata)
        left = np.sqrt(1 - self.design.probability)

        def centred(values: Floats, mean: float) -> Floats:
            moved = self.shares * (values - mean)
            means = np.bincount(strata, moved) / counts
            # The only one of its stratum says nothing of how alike a stratum is.
            found: Floats = left * (moved - np.where(counts > 1, means, 0.0)[strata])
            return found

        return centred(self.truth, self.label_mean), centred(self.own, self.guess_mean)

    def _by_cluster(self) -> tuple[Floats, Floats]:
        """Of each cluster, labelled or not: that it was drawn into the texts counts, too."""
        clusters = np.unique(self.design.clusters, return_inverse=True)[1].astype(np.int64)
        size = int(clusters.max()) + 1
        labelled = clusters[self.design.labelled]

        def summed(numbers: Ints, values: Floats) -> Floats:
            return np.bincount(numbers, values, size).astype(np.float64)

        labels = summed(labelled, self.shares * (self.truth - self.label_mean))
        guesses = summed(labelled, self.shares * (self.own - self.guess_mean))
        apart = np.where(self.members, self.guesses - self.mean, 0.0) / self.members.sum()
        return labels, guesses - summed(clusters, apart)

    def _freedom(self) -> int:
        if self.design.target == "texts":
            return self.size - 1
        labelled = self.design.clusters[self.design.labelled[self.chosen]]
        return max(len(np.unique(labelled)) - 1, 1)
