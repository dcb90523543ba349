"""Lines as printed on pages, and what most of a document's lines have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SMALLER = 0.93
"""Letters at most this large, in shares of the usual size, are small print."""
GAP = 1.35
"""Lines at least this far apart, in shares of the usual distance, have a space between them."""
SAME = 0.07
"""Letters differ less than this, in shares of their size, within a text."""

ITEM = re.compile(r"(?:\(?[a-z]{1,4}\)|\d{1,3}(?:\.\d{1,3})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s")
TAIL = re.compile(r"[a-z(\[]")
ENDED = re.compile(r"[.!?:;…。][\"'”’»)\]]*[\d¹²³⁰⁴-⁹]{0,3}$")


@dataclass(slots=True)
class Letter:
    """A letter as printed, in points as lines are."""

    text: str
    left: float
    right: float
    y: float
    size: float
    spaced: bool = False
    """Whether the file has a space before it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed: its text, its height over the page's foot and its letters' size.

    `y` and `size` are in points (1/72 inch), as are `x` and `end`, the distances of its two ends
    from the page's left; 0 and 0 where they are not known. `begins` is whether it certainly begins a
    piece of text, such as a cell of a table; `edge` is where the rule at the right of its cell is, 0 where
    there is none.
    """

    text: str
    y: float
    size: float
    x: float = 0.0
    end: float = 0.0
    begins: bool = False
    edge: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in reading order, and its height in points."""

    lines: Sequence[Line]
    height: float


def usual_size(pages: Sequence[Page]) -> float:
    """The size that most letters have, in points to one decimal."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def usual_leading(pages: Sequence[Page], usual: float) -> float:
    """The usual distance from line to line within a paragraph, in points.

    Where most paragraphs are one line, more lines have a space before them than have none, so that
    those that go on in lower case are looked at as well.
    """
    pairs = [
        (upper, lower)
        for page in pages
        for upper, lower in pairwise(page.lines)
        if upper.y > lower.y
    ]
    large = [(one, two) for one, two in pairs if min(one.size, two.size) > SMALLER * usual]
    alike = large or pairs
    within = [(one, two) for one, two in alike if two.text[:1].islower()]
    both = (sorted(one.y - two.y for one, two in some) for some in (alike, within))
    return min((one[len(one) // 4] for one in both if one), default=0.0)


def differ(one: Line, two: Line) -> bool:
    """Whether the letters of two lines are too unlike in size to be of one text."""
    return abs(one.size - two.size) > SAME * max(one.size, two.size)


def completes(above: Line | None, line: Line, size: float) -> bool:
    """Whether a line in letters as large as the text's ends what one above it left unfinished."""
    if above is None or ENDED.search(above.text) or abs(line.size - size) > SAME * size:
        return False
    opened = above.text.rfind("(") > above.text.rfind(")")
    begins = TAIL.match(line.text) and not ITEM.match(line.text)
    return bool(begins) or (opened and ")" in line.text)
