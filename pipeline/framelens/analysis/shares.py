"""Shares of sentences that carry a frame, by groups of sentences, with their 95% intervals (see
`framelens.statistics.proportions`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from framelens.core.arrays import Floats
from framelens.statistics.proportions import ClusterSums, effective_sizes, wilson

Kind = Literal["value", "rest", "missing"]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group's sentences carry a frame; `low` and `high` bound the share (95%).

    `frame` is None for the sentences without any frame.
    """

    frame: str | None
    given: int
    share: float
    low: float
    high: float


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


class Tally:
    """Counts of a group's sentences, a document at a time, in memory that does not grow."""

    def __init__(self, frames: Sequence[str]) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.sums = ClusterSums.nothing(len(self.names))

    @property
    def sentences(self) -> int:
        """How many sentences were counted."""
        return self.sums.sentences

    def add(self, sentences: int, given: Floats) -> None:
        """Count a document in: its sentences, and how many of them carry each frame, then none."""
        self.sums.add(sentences, given)

    def merge(self, other: Tally) -> None:
        """Count the documents of another tally in."""
        self.sums.merge(other.sums)

    def group(self, value: str, kind: Kind = "value") -> Group:
        """What was counted, as shares."""
        given, sizes = self.sums.given.tolist(), effective_sizes(self.sums).tolist()
        shares = tuple(map(self._share, self.names, given, sizes))
        return Group(value, self.sentences, self.sums.documents, shares, kind)

    def _share(self, name: str | None, given: float, size: float) -> Share:
        """`size` is the number of independent sentences that would say as much."""
        if not self.sentences:
            return Share(name, 0, 0.0, 0.0, 1.0)
        share = given / self.sentences
        return Share(name, int(given), share, *wilson(share * size, size))
