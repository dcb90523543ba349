"""Evidence, made small: tables of causes, and for each sentence where they stand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from framelens.core.types import Evidence, SentenceFrames

LIGHT = 0.1
"""Terms that add less than this to every frame's score (log-odds) are not listed one by one."""

MOST_TERMS = 6
"""Terms of a sentence that are listed, the heaviest."""

Key = tuple[Literal["rule", "term"], str]
Find = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule or a term and what all its occurrences in a sentence add to each frame's score
    together, in hundredths of log-odds."""

    kind: Literal["rule", "term"]
    name: str
    weights: tuple[int, ...]


class Causes:
    """The causes met so far, each with a number."""

    def __init__(self, frames: Sequence[str]) -> None:
        self._frames = {name: number for number, name in enumerate(frames)}
        self._numbers: dict[Cause, int] = {}

    def table(self) -> tuple[Cause, ...]:
        """All causes, by number."""
        return tuple(self._numbers)

    def finds(self, sentence: SentenceFrames) -> list[Find]:
        """What a sentence's scores hang on: the cause's number, and where it stands in the
        sentence's text, first character and length in UTF-16 units, as JavaScript counts them.

        All rules are there; terms as far as they weigh something (`LIGHT`, `MOST_TERMS`).
        """
        weights, places = self._read(sentence.evidence)
        heavy = {key for key in weights if key[0] == "rule"} | _heaviest(weights)
        text, begin = sentence.text, sentence.start
        found = []
        for key in heavy:
            number = self._number(Cause(*key, tuple(round(100 * w) for w in weights[key])))
            for start, end in places[key]:
                first = units(text, start - begin)
                found.append((first, number, units(text, end - begin) - first))
        return [(number, first, length) for first, number, length in sorted(found)]

    def _read(
        self, evidence: Sequence[Evidence]
    ) -> tuple[dict[Key, list[float]], dict[Key, dict[tuple[int, int], None]]]:
        weights: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(self._frames))
        places: dict[Key, dict[tuple[int, int], None]] = defaultdict(dict)
        for row in evidence:
            weights[row.kind, row.name][self._frames[row.frame]] += row.weight
            places[row.kind, row.name][row.start, row.end] = None
        return weights, places

    def _number(self, cause: Cause) -> int:
        return self._numbers.setdefault(cause, len(self._numbers))


def _heaviest(weights: Mapping[Key, Sequence[float]]) -> set[Key]:
    peaks = {key: max(map(abs, row)) for key, row in weights.items() if key[0] == "term"}
    heavy = sorted((-peak, key) for key, peak in peaks.items() if peak >= LIGHT)
    return {key for _, key in heavy[:MOST_TERMS]}


def units(text: str, at: int) -> int:
    """An offset in characters as JavaScript counts it, in UTF-16 units."""
    return at + sum(char > "\uffff" for char in text[:at])
