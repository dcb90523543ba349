"""Mistakes as a page shows them: evidence marked in the sentence, and the sum behind each score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framelens.classification.explanation import Stretch, cut
from framelens.core.types import Evidence
from framelens.evaluation.error_analysis import Mistake

MOST_ROWS = 8
"""Contributions listed one by one; the lighter ones are added up in one row."""


@dataclass(frozen=True, slots=True)
class Account:
    """A frame's score as a sum: bias + contributions + the lighter ones, all in log-odds."""

    frame: str
    missed: bool
    probability: float
    threshold: float
    bias: float
    contributions: tuple[Evidence, ...]
    lighter: float
    lighter_count: int

    @property
    def score(self) -> float:
        """The sum, in log-odds."""
        return self.bias + sum(item.weight for item in self.contributions) + self.lighter


def stretches(mistake: Mistake, owners: Mapping[str, str]) -> list[Stretch]:
    """A mistake's sentence, cut where a hit of a missed or wrong frame's own rules begins or ends.

    `owners` are the frames of rules, by id.
    """
    hits = [item for item in mistake.evidence if owners.get(item.name) == item.frame]
    return cut(mistake.text, [(item, item.frame) for item in hits], mistake.missed + mistake.wrong)


def accounts(mistake: Mistake) -> list[Account]:
    """The account of each missed and each wrong frame."""
    return [_account(mistake, name) for name in mistake.missed + mistake.wrong]


def _account(mistake: Mistake, frame: str) -> Account:
    items: Sequence[Evidence] = [item for item in mistake.evidence if item.frame == frame]
    shown, lighter = items[:MOST_ROWS], items[MOST_ROWS:]
    return Account(
        frame=frame,
        missed=frame in mistake.missed,
        probability=mistake.scores[frame],
        threshold=mistake.thresholds[frame],
        bias=mistake.bias[frame],
        contributions=tuple(shown),
        lighter=sum(item.weight for item in lighter),
        lighter_count=len(lighter),
    )
