"""Shares of sentences, with intervals that allow for sentences of one document being alike.

The interval is Wilson's (1927) at the effective sample size, the number of sentences divided by
Kish's (1965) design effect, with documents, or whatever else, as clusters, as Franco, Little, Louis
& Slud (2019) do for surveys, and with a quantile of t in place of the normal one, as few clusters
leave the design effect uncertain (Korn & Graubard, "Confidence intervals for proportions with small
expected number of positive counts estimated from survey data", Survey Methodology 24, 1998). Of one
cluster nothing is known of how alike its sentences are: they count as independent of one another.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from framelens.core.types import Floats

FEWEST_DOCUMENTS = 10
"""Clusters below which intervals say little and should be warned of: even with t, the spread of so
few is a poor guide (Cameron & Miller, "A practitioner's guide to cluster-robust inference", Journal
of Human Resources 50, 2015)."""

NORMAL = 1.959964


@dataclass(slots=True)
class ClusterSums:
    """What the design effect of shares is worked out from: sums over documents, a column a frame.

    With n the number of a document's sentences and x the number of them that have a frame:
    `sentences` is Σn, `squared_sizes` Σn², and, by frame, `given` Σx, `squares` Σx² and `crossed`
    Σxn.
    """

    documents: int
    sentences: int
    squared_sizes: float
    given: Floats
    squares: Floats
    crossed: Floats

    @classmethod
    def nothing(cls, frames: int) -> ClusterSums:
        """The sums of no documents."""
        return cls(0, 0, 0.0, np.zeros(frames), np.zeros(frames), np.zeros(frames))

    def add(self, sentences: int, given: Floats) -> None:
        """Count a document in: its sentences, and how many of them have each frame."""
        self.merge(ClusterSums(1, sentences, sentences**2, given, given**2, given * sentences))

    def without(self, other: ClusterSums) -> ClusterSums:
        """The sums of the documents that are not among the others, which are all in these."""
        names = [field.name for field in fields(self)]
        return ClusterSums(*(getattr(self, name) - getattr(other, name) for name in names))

    def merge(self, other: ClusterSums) -> None:
        """Count the documents of other sums in."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def quantile(clusters: int) -> float:
    """How many standard errors a 95% interval reaches: by t with a degree of freedom for each
    cluster but one; by the normal distribution where there is only one cluster."""
    return float(stdtrit(clusters - 1, 0.975)) if clusters > 1 else NORMAL


def wilson(right: float, total: float, z: float = NORMAL) -> tuple[float, float]:
    """The 95% interval of the share right / total, `total` above 0, which may be effective sizes
    (Wilson, "Probable inference", JASA 22, 1927); `z` is how many standard errors it reaches."""
    share = right / total
    centre = share + z * z / (2 * total)
    margin = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    below = 1 + z * z / total
    return max(0.0, (centre - margin) / below), min(1.0, (centre + margin) / below)


def effective_sizes(sums: ClusterSums) -> Floats:
    """For each frame, how many independent sentences would say as much of its share: from 1 to
    the number of sentences, which it is where there is one document.

    The variance of a share is that of a ratio of two totals over documents (Cochran, "Sampling
    Techniques", 3rd edition, 1977, section 3.12).
    """
    plain = np.full(len(sums.given), float(sums.sentences))
    if sums.documents < 2 or not sums.sentences:
        return plain
    share = sums.given / sums.sentences
    spread = sums.squares - 2 * share * sums.crossed + share**2 * sums.squared_sizes
    variance = sums.documents / (sums.documents - 1) * spread / sums.sentences**2
    known = variance > 1e-12
    sizes = np.divide(share * (1 - share), variance, out=plain.copy(), where=known)
    clipped: Floats = np.clip(sizes, 1, sums.sentences)
    return clipped
