"""Shares of sentences that carry a frame, by groups of sentences, with their 95% intervals (see
`framelens.statistics.proportions`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

from framelens.core.types import DOCUMENT, Floats
from framelens.statistics.clustered import Estimate
from framelens.statistics.proportions import (
    FEWEST_DOCUMENTS,
    ClusterSums,
    effective_sizes,
    quantile,
    wilson,
)

Kind = Literal["value", "rest", "missing"]


def named(cluster: str) -> tuple[str, str]:
    """What clusters are called that a field makes: one, and several."""
    return (
        ("document", "documents")
        if cluster == DOCUMENT
        else (f"value of {cluster}", f"values of {cluster}")
    )


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group's sentences carry a frame; `low` and `high` bound the share (95%).

    `frame` is None for the sentences without any frame; `size` is the number of independent
    sentences that would say as much. A share that is not known is NaN.
    """

    frame: str | None
    given: int
    share: float
    low: float
    high: float
    size: float = 0.0

    @property
    def is_known(self) -> bool:
        """Whether there is an estimate: of corrected shares, some may have none."""
        return not isnan(self.share)


@dataclass(frozen=True, slots=True)
class Group:
    """The sentences that have a value of some field, and the share of each frame among them, in the
    scheme's order, then that of no frame.

    `kind` says whether the value is one of the field's own, stands for its rarer values together,
    or for the lack of one.
    """

    value: str
    sentences: int
    documents: int
    shares: tuple[Share, ...]
    kind: Kind = "value"
    clusters: int = 0

    @property
    def is_uncertain(self) -> bool:
        """Whether there are so few clusters that its intervals are a poor guide."""
        return self.clusters < FEWEST_DOCUMENTS

    def estimate(self, number: int) -> Estimate:
        """The share of a frame, by number, as tests take it."""
        row = self.shares[number]
        return Estimate(row.share, row.low, row.high, row.size, self.clusters)


class Tally:
    """Counts of a group's sentences, a cluster at a time, in memory that does not grow.

    `documents` are counted apart, for clusters may be something else.
    """

    def __init__(self, frames: Sequence[str]) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.sums = ClusterSums.nothing(len(self.names))
        self.documents = 0

    @property
    def sentences(self) -> int:
        """How many sentences were counted."""
        return self.sums.sentences

    def add(self, sentences: int, given: Floats) -> None:
        """Count a cluster in: its sentences, and how many of them carry each frame, then none."""
        self.sums.add(sentences, given)

    def merge(self, other: Tally) -> None:
        """Count the clusters and documents of another tally in."""
        self.sums.merge(other.sums)
        self.documents += other.documents

    def without(self, other: Tally) -> Tally:
        """This tally without the counts of another one, which must be a part of it."""
        left = Tally(self.names[:-1])  # type: ignore[arg-type]  # the last name alone is None
        left.sums = self.sums.without(other.sums)
        left.documents = self.documents - other.documents
        return left

    def group(self, value: str, kind: Kind = "value") -> Group:
        """The shares of the sentences counted."""
        given, sizes = self.sums.given.tolist(), effective_sizes(self.sums).tolist()
        reach = quantile(self.sums.documents)
        shares = tuple(
            self._share(name, number, size, reach)
            for name, number, size in zip(self.names, given, sizes, strict=True)
        )
        return Group(value, self.sentences, self.documents, shares, kind, self.sums.documents)

    def _share(self, name: str | None, given: float, size: float, reach: float) -> Share:
        if not self.sentences:
            return Share(name, 0, 0.0, 0.0, 1.0)
        share = given / self.sentences
        return Share(name, int(given), share, *wilson(share * size, size, reach), size)
