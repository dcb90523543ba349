"""Sentences to label, drawn at random, each with a known probability.

Every design is simple random sampling within strata: all sentences are one stratum, or each value
of a field is one, or each band of how sure the classifier is. A sentence's place in the draw comes
from a digest of the seed and its id; so memory does not grow with the input, and a second wave,
drawn in the same way with the first ones left out, makes a sample of the same kind with it.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from framelens.core.checks import whole
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, SentenceFrames, Unit, counted
from framelens.project.items import Item
from framelens.writers.records import sentence_id

Draw = Literal["random", "unsure"]
"""Each sentence alike, or more of those where framelens is likely to err."""

DIFFER, NEAR, GIVEN, NOTHING = "rules and model differ", "near a threshold", "given", "none"
LIKELY = {DIFFER: 0.71, NEAR: 0.67, GIVEN: 0.55, NOTHING: 0.39}
"""How often sentences of a band are drawn, in proportion. How much labels there are taken to differ from what
is predicted (standard deviations of 0.5, 0.45, 0.3 and 0.15) would be Neyman's allocation; these are
their roots, halfway to a draw of all alike, which cost no precision where the guess is bad, as where
a classifier misses much."""
FEWEST = 2
"""Sentences that each stratum gives, if it has them: variance needs two."""


def band(frames: SentenceFrames, by_rules: Sequence[str] | None) -> str:
    """How sure a sentence's labels are; `by_rules` are those that rules alone give it."""
    if by_rules is not None and set(by_rules) != set(frames.labels):
        return DIFFER
    for name, score in frames.scores.items():
        threshold = frames.thresholds.get(name, 0.5)
        if threshold / 2 <= score < (1 + threshold) / 2:
            return NEAR
    return GIVEN if frames.labels else NOTHING


@dataclass(slots=True)
class Sampler:
    """Takes sentences as they come, then gives those that are drawn.

    `design` names how strata were made; `avoid` are items of earlier waves, drawn by the same
    design. Raise FramelensError where it is another, or made other strata.
    """

    n: int
    design: str = "random"
    seed: int = 0
    avoid: Iterable[Item] = ()
    _sizes: Counter[str] = field(default_factory=Counter)
    _earlier: dict[str, str] = field(default_factory=dict)
    _kept: dict[str, list[tuple[int, str, Item]]] = field(default_factory=lambda: defaultdict(list))
    _taken: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.n = whole("n", self.n, 1)
        for item in self.avoid:
            if item.design != self.design:
                raise FramelensError(
                    f"an earlier wave was drawn by {item.design or 'an unknown design'!r}, this by "
                    f"{self.design!r}; expected the same design, rules and model"
                )
            self._earlier[item.id] = item.stratum

    def add(self, item: Item) -> None:
        """Add a sentence, whose stratum is known, and its probability not yet."""
        self._sizes[item.stratum] += 1
        if (before := self._earlier.get(item.id, item.stratum)) != item.stratum:
            raise FramelensError(
                f"{item.id}: an earlier wave drew it from the stratum {before!r}, and now it is of "
                f"{item.stratum!r}; expected the same fields, rules, model and thresholds"
            )
        if item.id in self._earlier:
            self._taken[item.stratum] += 1
            return
        entry = (-_place(self.seed, item.id), item.id, item)
        kept = self._kept[item.stratum]
        if len(kept) < self.n:
            heapq.heappush(kept, entry)
        elif entry > kept[0]:
            heapq.heapreplace(kept, entry)

    def drawn(self) -> list[Item]:
        """The sentences that are drawn, in an order that chance has made."""
        left = {name: size - self._taken[name] for name, size in self._sizes.items()}
        counts = allocated(self.n, left, self._wanted())
        drawn: list[tuple[int, str, Item]] = []
        for name, count in counts.items():
            best = heapq.nlargest(count, self._kept[name])
            probability = count / self._sizes[name]
            drawn += [
                (-at, i, replace(item, probability=probability, design=self.design))
                for at, i, item in best
            ]
        return [item for _, _, item in sorted(drawn, key=lambda entry: entry[:2])]

    def _wanted(self) -> Mapping[str, float]:
        """In what proportions the strata share the draw."""
        if self.design.startswith("field "):
            return dict.fromkeys(self._sizes, 1.0)
        likely = LIKELY if self.design.startswith("unsure") else {}
        return {name: size * likely.get(name, 1.0) for name, size in self._sizes.items()}


def allocated(n: int, left: Mapping[str, int], wanted: Mapping[str, float]) -> dict[str, int]:
    """How many sentences to draw from each stratum: in proportion to what is wanted, at most what
    is left of it, at least `FEWEST`.

    Raise FramelensError where there are fewer than `n` sentences left.
    """
    if (there := sum(left.values())) < n:
        raise FramelensError(
            f"n is {n}; the texts have only {counted(there, 'sentence')} to draw from"
        )
    names = sorted(left)
    if n < FEWEST * len(names):
        raise FramelensError(
            f"n is {n} for {len(names)} strata; expected at least {FEWEST} a stratum"
        )
    counts = {name: min(FEWEST, left[name]) for name in names}
    for _ in range(n - sum(counts.values())):
        # Sainte-Laguë: to the one that is farthest behind.
        free = [name for name in names if counts[name] < left[name]]
        counts[max(free, key=lambda name: wanted[name] / (2 * counts[name] + 1))] += 1
    return counts


def items_of(
    rows: Iterable[tuple[Classified, str]], *, unit: Unit, blind: bool = False
) -> Iterator[Item]:
    """Classified sentences, each with its stratum, as items with the sentences around them."""
    text_before, last = "", None
    for row, stratum in rows:
        item = Item(
            id=sentence_id(row, unit),
            text=row.frames.text,
            document=row.sentence.doc,
            start=row.frames.start,
            end=row.frames.end,
            proposed=None if blind else row.frames.labels,
            stratum=stratum,
        )
        if last is not None:
            same = last.document == item.document
            yield replace(last, before=text_before, after=item.text if same else "")
            text_before = last.text if same else ""
        last = item
    if last is not None:
        yield replace(last, before=text_before)


def _place(seed: int, identifier: str) -> int:
    made = sha256(f"{seed}\0{identifier}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(made[:8], "big")
