"""Lines of printed pages → the running text and the footnotes.

A line is told from its place on the page and the size of its letters, so this works on any source
that knows both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from framelens.readers.formats.pdf.heads import without_heads
from framelens.readers.formats.pdf.lines import (
    ENDED,
    GAP,
    ITEM,
    SMALLER,
    Line,
    Page,
    completes,
    differ,
    usual_leading,
    usual_size,
)

SHORT = 0.75
"""A line that is not the last of its paragraph is at least this long, in shares of its column."""

NOTE = re.compile(r"(?:\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|[*†‡§]{1,3}|[a-z](?=\s))\s*(?=[^\W\d_]|[“\"‘(\[])")
FULL_SIZE_NOTE = re.compile(r"(?:\d{1,3}|[*†‡])\s+[A-Z“\"]")
BULLET = re.compile(r"[•●▪■◦‣○□➢►✓]\s")


@dataclass(frozen=True, slots=True)
class Printed:
    """The `lines` of a text, with an empty one where the page leaves a space, and the footnotes.

    `goes_on` says of each line whether it certainly goes on the one before, for that ran to the
    edge of its column; `size` is that of most letters.
    """

    lines: list[str]
    goes_on: list[bool]
    notes: list[str]
    size: float


def running_text(pages: Sequence[Page]) -> Printed:
    """The running text of pages and their footnotes."""
    clean = without_heads(pages)
    usual = usual_size(clean)
    leading = usual_leading(clean, usual)
    text: list[str] = []
    goes_on: list[bool] = []
    notes: list[list[str]] = []
    ends = sorted(line.end for page in clean for line in page.lines)
    edge = ends[len(ends) * 9 // 10] if ends else 0.0
    above: Sequence[Line] = ()
    for page in clean:
        small = footnote_lines(page, usual, going_on=bool(notes))
        small |= notes_in_full_size(page, leading) if not small else frozenset()
        body = [line for line in page.lines if line not in small]
        if _ends_paragraph(above, edge):
            text.append("")
            goes_on.append(False)
        first = len(goes_on)
        _add_body(text, goes_on, body, leading)
        if body and above and completes(above[-1], body[0], usual):
            goes_on[first] = True
        above = body or above
        _add_notes(notes, [line.text for line in page.lines if line in small])
    return Printed(text, goes_on, ["\n".join(lines) for lines in notes], usual)


def footnote_lines(page: Page, usual: float, *, going_on: bool = False) -> frozenset[Line]:
    """The lines of a page's footnotes: small print at its foot, from the first that has a mark.

    `usual` is the size of the text's letters; small print without any mark is a footnote only if
    one is `going_on` from the page before.
    """
    small: list[Line] = []
    for line in sorted(page.lines, key=lambda line: line.y):
        if line.size > SMALLER * usual or line.y > page.height / 2:
            break
        small.append(line)
    top_down = small[::-1]
    first = next((at for at, line in enumerate(top_down) if NOTE.match(line.text)), None)
    if first is None:
        return frozenset(small) if going_on else frozenset()
    return frozenset(top_down if going_on else top_down[first:])


def notes_in_full_size(page: Page, leading: float) -> frozenset[Line]:
    """The lines of footnotes that are as large as the text: below a space at the page's foot, the
    first with a number and no full stop after it."""
    lines = sorted(page.lines, key=lambda line: line.y)
    for at, (lower, upper) in enumerate(pairwise(lines)):
        if lower.y > page.height / 3:
            break
        if upper.y - lower.y > GAP * leading and FULL_SIZE_NOTE.match(lower.text):
            below = lines[: at + 1]
            if ENDED.search(lines[0].text):
                return frozenset(below)
    return frozenset()


def _add_body(text: list[str], goes_on: list[bool], lines: Sequence[Line], leading: float) -> None:
    upper: Line | None = None
    for line in lines:
        runs = False
        if upper is not None:
            runs = _runs_on(upper, line, lines, leading)
            if not runs and _is_apart(upper, line, leading):
                text.append("")
                goes_on.append(False)
        text.append(line.text)
        goes_on.append(runs)
        upper = line


def _ends_paragraph(lines: Sequence[Line], edge: float) -> bool:
    """Whether the last line of a page ends a paragraph: a sentence's end, far from the edge that
    lines of the document run to."""
    if not lines or not lines[-1].end or not ENDED.search(lines[-1].text):
        return False
    last = lines[-1]
    column = [line for line in lines if line.x < last.end and line.end > last.x]
    left, right = min(line.x for line in column), max(edge, *(line.end for line in column))
    return last.end - left < SHORT * (right - left)


def _runs_on(upper: Line, lower: Line, lines: Sequence[Line], leading: float) -> bool:
    """Whether a line goes on in the next, since that line's first word had no room left on it."""
    if not lower.end or not 0 < upper.y - lower.y <= GAP * leading:
        return False
    if differ(upper, lower) or lower.x > upper.x + 0.8 * upper.size:
        return False
    if BULLET.match(lower.text):
        return False
    column = [line.end for line in lines if line.x < upper.end and line.end > upper.x]
    edge = sorted(column)[-max(1, len(column) // 50)]
    letter = (lower.end - lower.x) / len(lower.text)
    word = len(lower.text.split(None, 1)[0]) * letter
    if upper.end + letter + word < edge - 0.3 * upper.size:
        return False
    # What is numbered may begin below a full line, if that has ended.
    return not (ITEM.match(lower.text) and ENDED.search(upper.text))


def _is_apart(upper: Line, lower: Line, leading: float) -> bool:
    """Whether the page leaves a space between two lines that no sentence runs across."""
    if upper.y - lower.y <= GAP * leading:
        return False
    return bool(ENDED.search(upper.text)) or not lower.text[0].islower()


def _add_notes(notes: list[list[str]], lines: Sequence[str]) -> None:
    for line in lines:
        if NOTE.match(line) or not notes:
            notes.append([])
        notes[-1].append(line)
