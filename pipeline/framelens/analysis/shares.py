"""Shares of sentences that carry a frame, with intervals that allow for sentences of one document
being alike.

The interval is Wilson's (1927). Where there are ten documents or more, it is taken at the effective
sample size, the number of sentences divided by Kish's (1965) design effect, with documents as
clusters, as Franco, Little, Louis & Slud (2019) do for surveys; with fewer documents sentences
count as independent of one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framelens.evaluation.groups import FEWEST_DOCUMENTS
from framelens.evaluation.rule_statistics import wilson

Floats = NDArray[np.float64]
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
    """Counts of a group's sentences, a document at a time, in memory that does not grow.

    Of the documents only sums are kept: of sentences with a frame (x), their squares, and their
    products with the number of the document's sentences (n).
    """

    def __init__(self, frames: Sequence[str]) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.documents, self.sentences, self._squared_sizes = 0, 0, 0.0
        self._given, self._squares, self._crossed = (np.zeros(len(self.names)) for _ in range(3))

    def add(self, sentences: int, given: Floats) -> None:
        """Count a document in: its sentences, and how many of them carry each frame, then none."""
        self.documents += 1
        self.sentences += sentences
        self._squared_sizes += sentences**2
        self._given += given
        self._squares += given**2
        self._crossed += given * sentences

    def merge(self, other: Tally) -> None:
        """Count the documents of another tally in."""
        self.documents += other.documents
        self.sentences += other.sentences
        self._squared_sizes += other._squared_sizes
        self._given += other._given
        self._squares += other._squares
        self._crossed += other._crossed

    def group(self, value: str, kind: Kind = "value") -> Group:
        """What was counted, as shares."""
        sizes = self._effective_sizes()
        rows = zip(self.names, self._given.tolist(), sizes.tolist(), strict=True)
        shares = tuple(self._share(name, given, size) for name, given, size in rows)
        return Group(value, self.sentences, self.documents, shares, kind)

    def _share(self, name: str | None, given: float, size: float) -> Share:
        if not self.sentences:
            return Share(name, 0, 0.0, 0.0, 1.0)
        share = given / self.sentences
        return Share(name, int(given), share, *wilson(share * size, size))

    def _effective_sizes(self) -> Floats:
        """For each frame, how many independent sentences would say as much."""
        plain = np.full(len(self.names), float(self.sentences))
        if self.documents < FEWEST_DOCUMENTS or not self.sentences:
            return plain
        share = self._given / self.sentences
        spread = self._squares - 2 * share * self._crossed + share**2 * self._squared_sizes
        variance = self.documents / (self.documents - 1) * spread / self.sentences**2
        known = variance > 1e-12
        sizes = np.divide(share * (1 - share), variance, out=plain.copy(), where=known)
        found: Floats = np.clip(sizes, 1, self.sentences)
        return found
