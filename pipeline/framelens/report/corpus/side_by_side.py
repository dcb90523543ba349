"""Pairs of documents laid side by side, their sentences aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePath

from framelens.analysis.versions import Row, align, versions
from framelens.core.errors import FramelensError
from framelens.core.types import counted
from framelens.report.corpus.contents import Contents

MOST_PAIRS = 12
"""Pairs of documents that are laid side by side unasked."""

ALIKE = 0.2
"""Share of the shorter document's sentences that have a counterpart in the other, from which two
documents are taken for versions of one text."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents, by number, and their sentences side by side."""

    first: int
    second: int
    rows: tuple[Row, ...]

    @property
    def likeness(self) -> float:
        """The share of the shorter document's sentences that have a counterpart in the other."""
        paired = sum(row.first is not None and row.second is not None for row in self.rows)
        sizes = (
            sum(row.first is not None for row in self.rows),
            sum(row.second is not None for row in self.rows),
        )
        return paired / max(1, min(sizes))


def pairs(contents: Contents, asked: Sequence[str]) -> tuple[Pair, ...]:
    """The documents asked for, each with each; else those that look like versions of one text.

    Raise FramelensError where there is no such document, or a single one is asked for.
    """
    texts = [contents.texts_of(document) for document in contents.documents]
    if asked:
        numbers = list(dict.fromkeys(_number(contents, name) for name in asked))
        if len(numbers) < 2:
            raise FramelensError("--compare names one document; expected two or more")
        return tuple(_pair(one, two, texts) for one, two in combinations(numbers, 2))
    likely = [(0, 1)] if len(texts) == 2 else versions(texts)[:MOST_PAIRS]
    aligned = (_pair(one, two, texts) for one, two in likely)
    return tuple(pair for pair in aligned if pair.likeness >= ALIKE)


def _pair(one: int, two: int, texts: Sequence[Sequence[str]]) -> Pair:
    return Pair(one, two, tuple(align(texts[one], texts[two])))


def _number(contents: Contents, name: str) -> int:
    """The number of the document of a name, or of a file name, if there is exactly one."""
    names = [document.name for document in contents.documents]
    numbers = [at for at, known in enumerate(names) if name in (known, PurePath(known).name)]
    if not numbers:
        shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
        raise FramelensError(f"--compare {name}: there is no such document; there are: {shown}")
    if len(numbers) > 1:
        raise FramelensError(f"--compare {name}: found {counted(len(numbers), 'such document')}")
    return numbers[0]
