"""Shares of frames corrected by labelled sentences, by groups and periods, beside the plain count.

The estimator and its sources are in `framelens.statistics.corrected`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from framelens.analysis.periods import periods
from framelens.analysis.shares import Share, Tally
from framelens.analysis.summary import ALL, check_known, fields_of
from framelens.core.errors import FramelensError
from framelens.core.types import (
    MOST_GROUPS,
    NOTHING,
    Bools,
    Classified,
    Floats,
    Ints,
    Unit,
    other_values,
)
from framelens.project.items import Item
from framelens.statistics.corrected import (
    FEWEST_LABELLED,
    Design,
    Difference,
    Estimate,
    Target,
    corrected_share,
    difference,
)
from framelens.writers.records import sentence_id

MOST_COMPARED = 6
"""Groups of a field, the commonest, that are compared two by two."""


@dataclass(frozen=True, slots=True)
class CorrectedShare:
    """The share of one frame, None for no frame: as counted and, unless the labelled sentences are
    too few, corrected."""

    frame: str | None
    counted: Share
    corrected: Estimate | None


@dataclass(frozen=True, slots=True)
class CorrectedGroup:
    """The sentences that have a value of some field; `labelled` of them carry labels."""

    value: str
    sentences: int
    documents: int
    labelled: int
    shares: tuple[CorrectedShare, ...]

    @property
    def refusal(self) -> str:
        """Why there is no estimate, or nothing."""
        if self.labelled >= FEWEST_LABELLED:
            return ""
        return f"{self.labelled} labelled sentences: no estimate (from {FEWEST_LABELLED} on)"


@dataclass(frozen=True, slots=True)
class Compared:
    """The corrected share of a frame in one group less that in another.

    `holm` is p with all pairs of the field and frame allowed for (Holm, "A simple sequentially
    rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
    """

    field: str
    frame: str | None
    one: str
    other: str
    difference: Difference
    holm: float


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrected shares of all sentences, and by field those of each value; `unlabelled` counts
    sentences that were drawn and have no labels."""

    frames: tuple[str, ...]
    target: Target
    designs: tuple[str, ...]
    drawn: int
    unlabelled: int
    whole: CorrectedGroup
    by: Mapping[str, tuple[CorrectedGroup, ...]] = field(default_factory=dict)
    compared: tuple[Compared, ...] = ()


def correct(
    sentences: Iterable[Classified],
    frames: Sequence[str],
    waves: Sequence[Sequence[Item]],
    *,
    by: Sequence[str] = (),
    over: str | None = None,
    target: Target = "documents",
    unit: Unit = "document",
) -> Corrected:
    """Correct the shares of classified sentences by what coders have said of some of them.

    `waves` are the samples, one a draw, all of one design; `by` are fields to give shares by, and
    `over` one with dates, by whose periods they are given. Memory grows with the number of
    sentences. Raise FramelensError where a sample was not drawn with known probabilities or is not
    of these sentences, or no sentence has a field.
    """
    items = joined_waves(waves)
    asked = [*by, *([over] if over and over not in by else [])]
    texts = _Texts(tuple(frames), asked, {item.id: item for item in items}, unit)
    for row in sentences:
        texts.add(row)
    if over:
        texts.to_periods(over)
    return texts.corrected(items, target)


def joined_waves(waves: Sequence[Sequence[Item]]) -> list[Item]:
    """The sentences of all waves, each with its probability to be in any of them.

    Within a stratum all waves together are one simple random sample: probabilities add up, and
    where some of a stratum were drawn but not labelled, those that were stand for them. Raise
    FramelensError for probabilities that are unknown and for designs that differ.
    """
    found: dict[str, Item] = {}
    chances: Counter[str] = Counter()
    for wave in waves:
        chances.update(_chances(wave))
        for item in wave:
            if item.id in found:
                raise FramelensError(f"the sentence {item.id!r} is in two waves; expected it once")
            found[item.id] = item
    if len(designs := {item.design for item in found.values()}) > 1:
        names = " and ".join(repr(name) for name in sorted(designs))
        raise FramelensError(f"waves were drawn by {names}; expected one design for all of them")
    drawn = Counter(item.stratum for item in found.values())
    given = Counter(item.stratum for item in found.values() if item.labels is not None)
    if not given:
        raise FramelensError("no sentence of the sample has labels; expected some, or 'none'")
    if silent := sorted(set(drawn) - set(given)):
        raise FramelensError(
            f"no sentence of the stratum {silent[0]!r} has labels; expected some of each stratum"
        )
    rates = {name: min(1.0, chances[name]) * given[name] / drawn[name] for name in drawn}
    return [replace(item, probability=rates[item.stratum]) for item in found.values()]


def _chances(wave: Sequence[Item]) -> dict[str, float]:
    chances: dict[str, float] = {}
    for item in wave:
        if item.probability is None:
            raise FramelensError(
                f"the labelled sentence {item.id!r} has no probability: sentences that were picked "
                "in an unknown way can't correct a share, for they may err more or less often than "
                "the others; draw them with framelens sample"
            )
        known = chances.setdefault(item.stratum, item.probability)
        if abs(known - item.probability) > 1e-9:
            raise FramelensError(
                f"the sentence {item.id!r} has the probability {item.probability:g}, others of its "
                f"stratum {known:g}; expected one a stratum"
            )
    return chances


class _Texts:
    """What is kept of all sentences: predictions, documents, values of fields."""

    def __init__(
        self, frames: tuple[str, ...], by: Sequence[str], items: Mapping[str, Item], unit: Unit
    ) -> None:
        self.frames, self.items, self.unit = frames, items, unit
        self.given: list[tuple[bool, ...]] = []
        self.numbers: dict[str, int] = {}
        self.documents: list[int] = []
        self.values: dict[str, list[str | None]] = {name: [] for name in by}
        self.known: dict[str, None] = {}
        self.place: dict[str, int] = {}
        self.dated: dict[str, list[str]] = {}

    def add(self, row: Classified) -> None:
        """Keep what is needed of a sentence."""
        labels, document = row.frames.labels, row.sentence.doc
        identifier = sentence_id(row, self.unit)
        if (item := self.items.get(identifier)) is not None:
            if identifier in self.place:
                raise FramelensError(f"two sentences have the id {identifier!r}; expected one")
            if item.text.split() != row.frames.text.split():
                raise FramelensError(
                    f"{identifier}: the labelled text is not the one there; expected the texts that "
                    "the sample was drawn from, split in the same way"
                )
            self.place[identifier] = len(self.given)
        self.given.append((*(frame in labels for frame in self.frames), not labels))
        self.documents.append(self.numbers.setdefault(document, len(self.numbers)))
        if self.values:
            fields = fields_of(row)
            self.known |= dict.fromkeys(fields)
            for name, values in self.values.items():
                values.append(fields.get(name))

    def to_periods(self, name: str) -> None:
        """Have the periods of a field's dates stand for its values."""
        check_known(name, self.known)
        self.values[name], line = periods(self.values[name])
        self.dated[name] = line
        if not line:
            raise FramelensError(f"{name}: no dates in it; expected such as 2019-05-12 or 2019")

    def corrected(self, items: Sequence[Item], target: Target) -> Corrected:
        """All groups, and comparisons of them."""
        for name in self.values:
            check_known(name, self.known)
        if missing := [item.id for item in items if item.id not in self.place]:
            raise FramelensError(
                f"{len(missing)} labelled sentences are not among those of the texts, such as "
                f"{missing[0]!r}; expected the texts that the sample was drawn from"
            )
        labelled = sorted(
            (item for item in items if item.labels is not None),
            key=lambda item: self.place[item.id],
        )
        work = _Work(self.frames, np.array(self.given), self._design(labelled, target), labelled)
        whole, _ = work.group(ALL, np.ones(len(self.given), dtype=bool))
        by, compared = {}, []
        for name, values in self.values.items():
            groups = [work.group(*found) for found in self._groups(name, values)]
            by[name] = tuple(group for group, _ in groups)
            compared += _compared(name, [group for group, alone in groups if alone])
        designs = tuple(sorted({item.design for item in items}))
        drawn, unlabelled = len(items), len(items) - len(labelled)
        return Corrected(
            self.frames, target, designs, drawn, unlabelled, whole, by, tuple(compared)
        )

    def _design(self, labelled: Sequence[Item], target: Target) -> Design:
        strata = {name: at for at, name in enumerate(sorted({item.stratum for item in labelled}))}
        return Design(
            np.array([self.place[item.id] for item in labelled], dtype=np.int64),
            np.array([item.probability for item in labelled], dtype=np.float64),
            np.array([strata[item.stratum] for item in labelled], dtype=np.int64),
            np.array(self.documents, dtype=np.int64),
            target,
        )

    def _groups(self, name: str, values: Sequence[str | None]) -> Iterator[tuple[str, Bools, bool]]:
        """The values of a field, periods in order, else the commonest first and rarer ones
        together: name, members, whether it is a value of its own."""
        column = np.array([NOTHING if value is None else value for value in values], dtype=object)
        counts = Counter(value for value in values if value is not None)
        order = self.dated.get(name) or sorted(counts, key=lambda value: (-counts[value], value))
        shown = order if name in self.dated else order[:MOST_GROUPS]
        for value in shown:
            if counts[value]:
                yield value, column == value, True
        if rest := set(order) - set(shown):
            yield other_values(len(rest)), np.array([value in rest for value in values]), False
        if None in values:
            yield NOTHING, np.array([value is None for value in values]), False


class _Work:
    """Estimates groups of sentences; `given` has a column a frame, then one for none."""

    def __init__(
        self, frames: tuple[str, ...], given: Bools, design: Design, labelled: Sequence[Item]
    ) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.given, self.design = given, design
        said = [item.labels or () for item in labelled]
        self.truth = np.array([[*(f in labels for f in frames), not labels] for labels in said])

    def group(self, value: str, within: Bools, alone: bool = True) -> tuple[CorrectedGroup, bool]:
        """A group; whether it may be compared comes along."""
        tally = self._tally(within)
        counted = tally.group(value)
        labelled = int(within[self.design.labelled].sum())
        shares = tuple(
            CorrectedShare(
                share.frame,
                share,
                corrected_share(self.given[:, at], self.truth[:, at], self.design, within),
            )
            for at, share in enumerate(counted.shares)
        )
        found = CorrectedGroup(value, counted.sentences, counted.documents, labelled, shares)
        return found, alone

    def _tally(self, within: Bools) -> Tally:
        tally = Tally([name for name in self.names if name is not None])
        documents: Ints = self.design.documents[within]
        numbers, places = np.unique(documents, return_inverse=True)
        sums: Floats = np.zeros((len(numbers), len(self.names)))
        np.add.at(sums, places, self.given[within].astype(np.float64))
        for count, row in zip(np.bincount(places, minlength=len(numbers)), sums, strict=True):
            tally.add(int(count), row)
        tally.documents = len(numbers)
        return tally


def _compared(name: str, groups: Sequence[CorrectedGroup]) -> list[Compared]:
    """The commonest groups that have estimates, two by two."""
    able = [group for group in groups if not group.refusal][:MOST_COMPARED]
    found: list[Compared] = []
    for at in range(len(able[0].shares) if able else 0):
        pairs = [
            (one, other, difference(first, second))
            for one, other in combinations(able, 2)
            if (first := one.shares[at].corrected) and (second := other.shares[at].corrected)
        ]
        adjusted = holm([found.p for *_, found in pairs])
        found += [
            Compared(name, one.shares[at].frame, one.value, other.value, less, p)
            for (one, other, less), p in zip(pairs, adjusted, strict=True)
        ]
    return found


def holm(ps: Sequence[float]) -> list[float]:
    """p-values with their number allowed for, in the order given."""
    found, highest = [0.0] * len(ps), 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda at: ps[at])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[at]))
        found[at] = highest
    return found
