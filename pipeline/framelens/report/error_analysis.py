"""Sentences with the places of their evidence, and the evidence as a sum that can be checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter

from framelens.core.types import Evidence
from framelens.evaluation.error_analysis import Mistake

MOST_ROWS = 8
"""Contributions listed one by one; the lighter ones are added up in one row."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a sentence and the frames whose own rules hit it."""

    text: str
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How a frame's score came about: bias + the rows + the rest = score, all in log-odds."""

    frame: str
    missed: bool
    chance: float
    threshold: float
    bias: float
    rows: tuple[Evidence, ...]
    rest: float
    rest_count: int

    @property
    def score(self) -> float:
        """The sum, in log-odds."""
        return self.bias + sum(row.weight for row in self.rows) + self.rest


def stretches(mistake: Mistake, owners: Mapping[str, str]) -> list[Stretch]:
    """A mistake's sentence, cut where a hit of a missed or wrong frame's own rules begins or ends;
    `owners` are the frames of rules by id."""
    hits = [row for row in mistake.evidence if owners.get(row.name) == row.frame]
    size = len(mistake.text)
    cuts = sorted({0, size, *(at for row in hits for at in (row.start, row.end))})
    order = mistake.missed + mistake.wrong
    pieces = []
    for start, end in pairwise(cuts):
        over = {row.frame for row in hits if row.start <= start and end <= row.end}
        pieces.append((tuple(name for name in order if name in over), mistake.text[start:end]))
    return [
        Stretch("".join(text for _, text in run), names)
        for names, run in groupby(pieces, key=itemgetter(0))
    ]


def accounts(
    mistake: Mistake, bias: Mapping[str, float], thresholds: Mapping[str, float]
) -> list[Account]:
    """The account of each missed and each wrong frame."""
    return [
        _account(mistake, name, bias[name], thresholds[name])
        for name in mistake.missed + mistake.wrong
    ]


def _account(mistake: Mistake, frame: str, bias: float, threshold: float) -> Account:
    rows: Sequence[Evidence] = [row for row in mistake.evidence if row.frame == frame]
    shown, rest = rows[:MOST_ROWS], rows[MOST_ROWS:]
    return Account(
        frame=frame,
        missed=frame in mistake.missed,
        chance=mistake.scores[frame],
        threshold=threshold,
        bias=bias,
        rows=tuple(shown),
        rest=sum(row.weight for row in rest),
        rest_count=len(rest),
    )
