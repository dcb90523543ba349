"""The causes of each sentence's scores, in one table, and where in the sentence they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from framelens.core.types import EvidenceKind, SentenceFrames

LIGHT = 0.1
"""Terms that add less than this to every frame's score (log-odds) are not listed one by one."""

MOST_TERMS = 6
"""Terms of a sentence that are listed, the heaviest."""

Key = tuple[EvidenceKind, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule, a subject or a term, and what all its occurrences in a sentence add to each frame's score
    together, in hundredths of log-odds."""

    kind: EvidenceKind
    name: str
    weights: tuple[int, ...]


class Find(NamedTuple):
    """A place in a sentence's text where a cause stands.

    `cause` is its number in the table of causes; `start` and `length` count UTF-16 units, as
    JavaScript does.
    """

    cause: int
    start: int
    length: int


class Causes:
    """Numbers causes in the order in which sentences bring them."""

    def __init__(self, frames: Sequence[str]) -> None:
        self._frames = {name: number for number, name in enumerate(frames)}
        self._numbers: dict[Cause, int] = {}

    def table(self) -> tuple[Cause, ...]:
        """All causes, by number."""
        return tuple(self._numbers)

    def finds(self, sentence: SentenceFrames) -> list[Find]:
        """The finds of a classified sentence, in the order of the text.

        All rules and subjects are there; terms as far as they weigh something (`LIGHT`,
        `MOST_TERMS`).
        """
        weights: dict[Key, list[float]] = defaultdict(lambda: [0.0] * len(self._frames))
        places: dict[Key, dict[tuple[int, int], None]] = defaultdict(dict)
        for item in sentence.evidence:
            weights[item.kind, item.name][self._frames[item.frame]] += item.weight
            places[item.kind, item.name][item.start, item.end] = None
        finds = []
        for key in _listed(weights):
            cause = Cause(*key, tuple(round(100 * weight) for weight in weights[key]))
            number = self._numbers.setdefault(cause, len(self._numbers))
            for start, end in places[key]:
                first = utf16_offset(sentence.text, start - sentence.start)
                last = utf16_offset(sentence.text, end - sentence.start)
                finds.append(Find(number, first, last - first))
        return sorted(finds, key=lambda find: (find.start, find.cause, find.length))


def _listed(weights: Mapping[Key, Sequence[float]]) -> list[Key]:
    """All rules and subjects and the heaviest terms, in a fixed order: rules by id, subjects by id,
    then terms by weight."""
    rules = sorted(key for key in weights if key[0] != "term")
    peaks = {key: max(map(abs, row)) for key, row in weights.items() if key[0] == "term"}
    terms = sorted((-peak, key) for key, peak in peaks.items() if peak >= LIGHT)
    return [*rules, *(key for _, key in terms[:MOST_TERMS])]


def utf16_offset(text: str, offset: int) -> int:
    """An offset in characters as JavaScript counts it, in UTF-16 units."""
    return offset + sum(char > "\uffff" for char in text[:offset])
