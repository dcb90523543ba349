"""Two documents side by side: which sentence of the one stands for which of the other.

Sentences that are the same word for word are found by difflib; between them, those are paired that
are most alike, in order (Needleman & Wunsch, 1970). A sentence is paired with one at most, and a
passage that was moved counts as left out here and put in there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, combinations

import numpy as np

from framelens.core.types import Floats

Span = tuple[int, int]
"""The start and the end of a piece of a text, in characters."""

WORD = re.compile(r"\w+")
PIECE = re.compile(r"\w+|\s+|[^\w\s]")

ALIKE = 0.5
"""Share of words in common (Dice) from which two sentences may be paired."""

MOST_CELLS = 4_000_000
"""Pairs of sentences looked at in one stretch; where there are more, none of it is paired."""

TELLING = 6
"""Words from which a sentence that two documents share says that they are versions of a text."""

COMMONPLACE = 20
"""Documents from which on a sentence in all of them says nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of the first document and one of the second, by number, or one of them alone.

    `first_changes` and `second_changes` are what of the two differs, as offsets in characters.
    """

    first: int | None
    second: int | None
    first_changes: tuple[Span, ...] = ()
    second_changes: tuple[Span, ...] = ()


def align(first: Sequence[str], second: Sequence[str]) -> list[Row]:
    """The rows of two documents' sentences side by side, each sentence in one row."""
    keys = [[_key(text) for text in texts] for texts in (first, second)]
    aligned: list[Row] = []
    for kind, begin, end, other_begin, other_end in _opcodes(*keys):
        ours, theirs = range(begin, end), range(other_begin, other_end)
        if kind == "equal":
            pairs: list[tuple[int | None, int | None]] = [*zip(ours, theirs, strict=True)]
        else:
            pairs = _pair(ours, theirs, keys)
        aligned += [_row(one, other, first, second) for one, other in pairs]
    return aligned


def versions(documents: Sequence[Sequence[str]], *, least: float = 0.1) -> list[tuple[int, int]]:
    """Pairs of documents, by number, that look like versions of one text: those that share at
    least three telling sentences and a share `least` of the shorter one's; the most alike first."""
    holders: dict[str, set[int]] = defaultdict(set)
    sizes = []
    for number, texts in enumerate(documents):
        telling = {key for key in map(_key, texts) if key.count(" ") >= TELLING - 1}
        sizes.append(len(telling))
        for key in telling:
            holders[key].add(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if len(numbers) <= COMMONPLACE:
            shared.update(combinations(sorted(numbers), 2))
    parts = {(a, b): count / min(sizes[a], sizes[b]) for (a, b), count in shared.items()}
    alike = [pair for pair, part in parts.items() if part >= least and shared[pair] >= 3]
    return sorted(alike, key=lambda pair: (-parts[pair], pair))


def changes(first: str, second: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The words in which two sentences differ, as offsets in the one and in the other."""
    pieces = [PIECE.findall(text) for text in (first, second)]
    lowered = [[piece.lower() if piece.strip() else " " for piece in split] for split in pieces]
    places = [[0, *accumulate(map(len, split))] for split in pieces]
    ours: list[Span] = []
    theirs: list[Span] = []
    for kind, begin, end, other_begin, other_end in _opcodes(*lowered):
        if kind != "equal":
            ours.append((places[0][begin], places[0][end]))
            theirs.append((places[1][other_begin], places[1][other_end]))
    return _joined(ours, first), _joined(theirs, second)


def _opcodes(first: list[str], second: list[str]) -> list[tuple[str, int, int, int, int]]:
    return [*SequenceMatcher(None, first, second, autojunk=False).get_opcodes()]


def _joined(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The spans that are not empty; those with white space alone between them become one."""
    joined: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        if joined and not text[joined[-1][1] : start].strip():
            start = joined.pop()[0]
        joined.append((start, end))
    return tuple(joined)


def _key(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _pair(
    ours: range, theirs: range, keys: Sequence[Sequence[str]]
) -> list[tuple[int | None, int | None]]:
    if not ours or not theirs or len(ours) * len(theirs) > MOST_CELLS:
        return [*((at, None) for at in ours), *((None, at) for at in theirs)]
    alike = _similarity([keys[0][at] for at in ours], [keys[1][at] for at in theirs])
    path = _best_path(np.where(alike >= ALIKE, alike, 0.0))
    return [
        (None if one is None else ours[one], None if other is None else theirs[other])
        for one, other in path
    ]


def _similarity(first: Sequence[str], second: Sequence[str]) -> Floats:
    """The Dice coefficient of the sets of words of each sentence with each."""
    sets = [[set(key.split()) for key in texts] for texts in (first, second)]
    numbers = {word: at for at, word in enumerate(sorted(set().union(*sets[0], *sets[1])))}
    tables = [np.zeros((len(texts), len(numbers)), dtype=np.float32) for texts in sets]
    for table, texts in zip(tables, sets, strict=True):
        for at, words in enumerate(texts):
            table[at, [numbers[word] for word in words]] = 1
    sizes = tables[0].sum(axis=1)[:, None] + tables[1].sum(axis=1)[None, :]
    dice: Floats = 2 * (tables[0] @ tables[1].T).astype(np.float64) / np.maximum(sizes, 1)
    return dice


def _best_path(gain: Floats) -> list[tuple[int | None, int | None]]:
    """The pairing in order whose gains add up to most; a pair without gain is none."""
    best = np.zeros((gain.shape[0] + 1, gain.shape[1] + 1))
    for at, gains in enumerate(gain):
        # The best of the row above, or of a pair; then the best so far from the left.
        best[at + 1, 1:] = np.maximum(best[at, 1:], best[at, :-1] + gains)
        best[at + 1] = np.maximum.accumulate(best[at + 1])
    path: list[tuple[int | None, int | None]] = []
    one, other = gain.shape
    while one or other:
        if one and best[one, other] == best[one - 1, other]:
            one, step = one - 1, (one - 1, None)
        elif other and best[one, other] == best[one, other - 1]:
            other, step = other - 1, (None, other - 1)
        else:
            one, other, step = one - 1, other - 1, (one - 1, other - 1)
        path.append(step)
    return path[::-1]


def _row(one: int | None, other: int | None, first: Sequence[str], second: Sequence[str]) -> Row:
    if one is None or other is None or first[one] == second[other]:
        return Row(one, other)
    return Row(one, other, *changes(first[one], second[other]))
