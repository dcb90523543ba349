"""Corrected shares of groups of sentences: which groups there are, their estimates, their differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from framelens.analysis.corrected.results import Compared, CorrectedGroup, CorrectedShare
from framelens.analysis.shares import Share, Tally, named
from framelens.analysis.stance_labels import is_pair
from framelens.core.types import (
    DOCUMENT,
    MOST_GROUPS,
    NOTHING,
    Bools,
    Floats,
    Ints,
    counted,
    in_order,
    other_values,
)
from framelens.project.items import Item
from framelens.project.labelled.forms import NONE
from framelens.statistics.clustered import holm
from framelens.statistics.corrected import (
    FEWEST_LABELLED,
    Design,
    corrected_share,
    difference,
)

MOST_COMPARED = 6
"""Groups of a field, the commonest, that are compared two by two."""


def groups_of(
    values: Sequence[str | None], line: Sequence[str] | None
) -> Iterator[tuple[str, Bools, bool]]:
    """The groups of a field: name, members, and whether it is a value of its own. Periods come in the
    order of their `line`, other values as `in_order` says, rarer ones together."""
    column = np.array([NOTHING if value is None else value for value in values], dtype=object)
    counts = Counter(value for value in values if value is not None)
    common = sorted(counts, key=lambda value: (-counts[value], value))
    shown = line or in_order(common[:MOST_GROUPS])
    for value in shown:
        if counts[value]:
            yield value, column == value, True
    if rest := set(common) - set(shown):
        yield other_values(len(rest)), np.array([value in rest for value in values]), False
    if None in values:
        yield NOTHING, np.array([value is None for value in values]), False


class GroupEstimator:
    """Estimates groups of sentences; `predicted` has a column a frame, then one for none."""

    def __init__(
        self, frames: tuple[str, ...], predicted: Bools, design: Design, labelled: Sequence[Item]
    ) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.predicted, self.design = predicted, design
        self.documents, self.cluster, self.bare = design.documents, DOCUMENT, True
        self.guesses: Floats = predicted.astype(np.float64)
        self.own: Floats = self.guesses[design.labelled]
        coded = [item.labels or () for item in labelled]
        self.truth = np.array([[*(f in labels for f in frames), not labels] for labels in coded])

    def group(self, value: str, within: Bools, refusal: str = "") -> CorrectedGroup:
        """A group of sentences, without estimates where there is a `refusal` already."""
        plain = self._tally(within).group(value)
        labelled = int(within[self.design.labelled].sum())
        if labelled < FEWEST_LABELLED:
            refusal = (
                f"{counted(labelled, 'labelled sentence')}: no estimate (from {FEWEST_LABELLED} on)"
            )
        elif self.design.target == "documents" and self.design.known_clusters(within) < 2:
            one, many = named(self.cluster)
            refusal = (
                f"all {labelled:,} labelled sentences are of one {one}, which tells nothing of how "
                f"{many} differ: no estimate; --target texts is for these texts alone"
            )
        shares = tuple(
            self._share(share, at, within, refusal) for at, share in enumerate(plain.shares)
        )
        return CorrectedGroup(value, plain.sentences, plain.documents, labelled, shares, refusal)

    def _share(self, counted: Share, at: int, within: Bools, refusal: str) -> CorrectedShare:
        if counted.frame is None and not self.bare:
            return CorrectedShare(None, counted, None)
        if refusal := refusal or self._no_labels(at, within):
            return CorrectedShare(counted.frame, counted, None, refusal)
        share = corrected_share(
            self.guesses[:, at], self.truth[:, at], self.design, within, own=self.own[:, at]
        )
        return CorrectedShare(counted.frame, counted, share)

    def _no_labels(self, at: int, within: Bools) -> str:
        """Why a frame has no estimate if no labelled sentence of a group carries it, as it may be rare or
        coders may not have looked for it; nothing if one does.

        Shares without a frame have none where coders gave no labelled sentence a frame that framelens gives.
        """
        inside = within[self.design.labelled]
        frame, predicted = self.names[at], self.predicted[self.design.labelled][inside]
        if frame is None and (unsought := self._unsought()):
            return (
                f"none of the {len(self.truth):,} labelled sentences carries {', '.join(unsought)}, and "
                "framelens says so of some: whether they carry no frame is not known"
            )
        if self.truth[inside, at].any() or (frame is None and not self.predicted[within, at].any()):
            return ""
        inverse = 1 / self.design.probability[inside]
        effective = float(inverse.sum() ** 2 / (inverse**2).sum())
        most = 100 * (1 - 0.05 ** (1 / effective))  # exact, one-sided
        lacks = f"carries {frame}" if frame else "is without a frame"
        sought = "coders did look for it" if frame else f"they did write {NONE!r} for such"
        return (
            f"none of the {len(predicted):,} labelled sentences {lacks} (framelens says so of "
            f"{int(predicted[:, at].sum()):,} of them): no estimate; if {sought}, the share is at most "
            f"{most:.1f}% (95%)"
        )

    def _unsought(self) -> list[str]:
        """The frames that framelens gives to some labelled sentences, and coders to none; not pairs with
        stances, of which coders gave one to each frame."""
        labelled = self.predicted[self.design.labelled]
        frames = [name for name in self.names if name]
        return [
            name
            for at, name in enumerate(frames)
            if labelled[:, at].any() and not self.truth[:, at].any() and not is_pair(name, frames)
        ]

    def _tally(self, within: Bools) -> Tally:
        tally = Tally([name for name in self.names if name is not None])
        clusters: Ints = self.design.documents[within]
        numbers, places = np.unique(clusters, return_inverse=True)
        sums: Floats = np.zeros((len(numbers), len(self.names)))
        np.add.at(sums, places, self.predicted[within].astype(np.float64))
        for count, row in zip(np.bincount(places, minlength=len(numbers)), sums, strict=True):
            tally.add(int(count), row)
        tally.documents = len(np.unique(self.documents[within]))
        return tally


def compared_groups(name: str, groups: Sequence[CorrectedGroup]) -> list[Compared]:
    """The differences between the commonest groups that have estimates."""
    able = [group for group in groups if not group.refusal]
    commonest = sorted(able, key=lambda group: -group.sentences)[:MOST_COMPARED]
    able = [group for group in able if group in commonest]
    compared: list[Compared] = []
    for at in range(len(able[0].shares) if able else 0):
        pairs = [
            (one, other, difference(first, second))
            for one, other in combinations(able, 2)
            if (first := one.shares[at].corrected) and (second := other.shares[at].corrected)
        ]
        adjusted = holm([less.p for *_, less in pairs])
        compared += [
            Compared(name, one.shares[at].frame, one.value, other.value, less, p)
            for (one, other, less), p in zip(pairs, adjusted, strict=True)
        ]
    return compared
