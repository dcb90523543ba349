"""The primary frame of a sentence: the label that its main clause names first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

OPENERS = frozenset({"while", "although", "though", "whereas", "whilst", "albeit"})
LEADS = frozenset({"and", "but", "however", ",", "even", '"', "“", "”", "'", "(", "yet", "so"})


def main_clause(words: Sequence[str]) -> int:
    """The token that begins the main clause: 0, unless the sentence (lower-case tokens) opens with a
    "While …," or "Although …," clause."""
    opening = next((at for at, word in enumerate(words) if word not in LEADS), len(words))
    if opening >= len(words) or words[opening] not in OPENERS:
        return 0
    comma = next((at for at in range(opening, len(words)) if words[at] == ","), None)
    return comma + 1 if comma is not None and comma + 1 < len(words) else 0


def primary_frame(
    labels: Sequence[str], places: Mapping[str, Sequence[int]], main: int
) -> str | None:
    """The label whose evidence begins first at or after token `main`, else first in the sentence.

    `places` are the first tokens of each label's evidence; ties go to the label listed first.
    """

    def order(label: str) -> tuple[bool, int]:
        starts = places.get(label, ())
        inside = [place for place in starts if place >= main]
        return not inside, min(inside or starts, default=1 << 30)

    return min(labels, key=order, default=None)
