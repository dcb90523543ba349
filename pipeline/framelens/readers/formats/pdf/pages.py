"""Lines of printed pages → the running text and the footnotes.

A line is told from its place on the page and the size of its letters, so this works on any source
that knows both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

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

BESIDE = 3
"""Lines up or down that the lines of another column stand from one, at most."""

SHORT = 0.75
"""A line that is not the last of its paragraph is at least this long, in shares of its column."""

PADDING = 7.0
"""The points that tables leave free before the rule at a cell's right, at most."""

NOTE = re.compile(
    r"(?:\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|[*†‡§]{1,3}|[a-z](?=\s))\s*(?=[^\W\d_]|[“\"‘(\[])"
    r"|[\[(]?\d{1,3}[.)\]]\s+(?=\S)"
)
LIST_LIKE = re.compile(r"[\[(]?\d{1,3}[.)\]]")
"""A note's mark that items of lists have as well."""
RAISED, GAP_OF_MARK = re.compile("[¹²³⁰⁴-⁹]"), 1.6
"""The mark of a note, and GAP above a line that has one."""
TEXT_LINE = 30
"""Characters of a line from which on it is of a text, not a heading."""
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
        is_short = _is_short(above, edge)
        has_ended = bool(above and ENDED.search(above[-1].text))
        if (is_short and has_ended) or (body and body[0].begins):
            text.append("")
            goes_on.append(False)
        first = len(goes_on)
        _add_body(text, goes_on, body, leading)
        if body and above and not body[0].begins:
            full = is_short is False and not has_ended and not differ(above[-1], body[0])
            full = full and not ITEM.match(body[0].text) and not BULLET.match(body[0].text)
            goes_on[first] = full or completes(above[-1], body[0], usual)
        above = body or above
        for line in page.lines:
            if line in small:
                if not notes or NOTE.match(line.text):
                    notes.append([])
                notes[-1].append(line.text)
    return Printed(text, goes_on, ["\n".join(lines) for lines in notes], usual)


def footnote_lines(page: Page, usual: float, *, going_on: bool = False) -> frozenset[Line]:
    """The lines of a page's footnotes: small print at its foot, from the first that has a mark.

    `usual` is the size of the text's letters; small print without any mark is a footnote only if
    one is `going_on` from the page before.
    """
    taken: set[Line] = set()
    text: list[Line] = []
    for line in sorted(page.lines, key=lambda line: line.y):
        if line.size > SMALLER * usual:
            text.append(line)
        elif line.y <= page.height / 2 and not any(_overlap(line, other) for other in text):
            taken.add(line)
    small = [line for line in page.lines if line in taken]
    # What is numbered "1." on a page all in small print is a list.
    is_list = not any(len(line.text) >= TEXT_LINE for line in text)
    first = next((at for at, line in enumerate(small) if _is_marked(line, is_list)), None)
    if first is None:
        return frozenset(small) if going_on else frozenset()
    return frozenset(small if going_on else small[first:])


def _overlap(one: Line, two: Line) -> bool:
    """Whether one line stands over or under another, as far as is known."""
    return not (one.end and two.end) or (one.x < two.end and two.x < one.end)


def _is_marked(line: Line, is_list: bool) -> bool:
    return bool(NOTE.match(line.text)) and not (is_list and LIST_LIKE.match(line.text))


def notes_in_full_size(page: Page, leading: float) -> frozenset[Line]:
    """The lines of footnotes that are as large as the text: below a space at the page's foot, the
    first, and each below a space, with a number and no full stop after it."""
    lines = sorted(page.lines, key=lambda line: line.y)
    below: list[Line] = []
    for at, (lower, upper) in enumerate(pairwise(lines)):
        if lower.y > page.height / 3:
            break
        if upper.y - lower.y > GAP * leading:
            if FULL_SIZE_NOTE.match(lower.text) and ENDED.search(lines[0].text):
                below = lines[: at + 1]
            elif below:
                break
    return frozenset(below)


def _add_body(text: list[str], goes_on: list[bool], lines: Sequence[Line], leading: float) -> None:
    upper: Line | None = None
    for line in lines:
        runs = False
        if upper is not None:
            runs = not line.begins and _runs_on(upper, line, lines, leading)
            if not runs and (line.begins or _is_apart(upper, line, leading)):
                text.append("")
                goes_on.append(False)
        text.append(line.text)
        goes_on.append(runs)
        upper = line


def _is_short(lines: Sequence[Line], edge: float) -> bool | None:
    """Whether the last line of a page ends far from the edge that lines of the document run to; None
    where that is not known."""
    if not lines or not lines[-1].end:
        return None
    last = lines[-1]
    column = [line for line in lines if line.x < last.end and line.end > last.x]
    left, right = min(line.x for line in column), max(edge, *(line.end for line in column))
    return last.end - left < SHORT * (right - left)


def _runs_on(upper: Line, lower: Line, lines: Sequence[Line], leading: float) -> bool:
    """Whether a line goes on in the next, since that line's first word had no room left on it."""
    if not lower.end or differ(upper, lower) or BULLET.match(lower.text):
        return False
    has_ended = bool(ENDED.search(upper.text))
    hangs = (ITEM.match(upper.text) or BULLET.match(upper.text)) and not ITEM.match(lower.text)
    if lower.y > upper.y:  # the next column
        if lower.x < upper.end or has_ended:
            return False
    elif _has_space(upper, lower, leading) or (lower.x > upper.x + 0.8 * upper.size and not hangs):
        return False
    letter = (lower.end - lower.x) / len(lower.text)
    word = len(lower.text.split(None, 1)[0]) * letter
    if upper.end + letter + word < _edge(upper, lines, leading) - 0.3 * upper.size:
        return False
    # What is numbered may begin below a full line, if that has ended.
    return not (ITEM.match(lower.text) and has_ended)


def _edge(line: Line, lines: Iterable[Line], leading: float) -> float:
    """How far the lines of a line's column, or of its cell, run on the right."""
    if line.edge:
        return line.edge - PADDING
    near = BESIDE * leading
    beside = (it.x for it in lines if it.x >= line.end and abs(it.y - line.y) <= near)
    next_column = min(beside, default=inf)
    ends = [it.end for it in lines if it.x < line.end and line.x < it.end <= next_column]
    return sorted(ends)[-max(1, len(ends) // 50)]


def _has_space(upper: Line, lower: Line, leading: float) -> bool:
    """Whether two lines are farther apart than those of a paragraph; a raised mark pushes its line down."""
    is_pushed = RAISED.search(lower.text) and not ENDED.search(upper.text)
    return upper.y - lower.y > (GAP_OF_MARK if is_pushed else GAP) * leading


def _is_apart(upper: Line, lower: Line, leading: float) -> bool:
    """Whether the page leaves a space between two lines that no sentence runs across."""
    if not _has_space(upper, lower, leading):
        return False
    return bool(ENDED.search(upper.text)) or not lower.text[0].islower()
