"""Lines of printed pages → the running text and the footnotes.

Running heads, running feet and page numbers are dropped. A line is told from its place on the page
and the size of its letters, so this works on any source that knows both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGE = 0.12
"""The share of a page's height at its top and at its foot in which heads and numbers stand."""
OUTERMOST = 3
"""How many lines deep into an edge they may stand."""
SMALLER = 0.93
"""Letters at most this large, in shares of the usual size, are small print."""
GAP = 1.35
"""Lines at least this far apart, in shares of the usual distance, have a space between them."""

SHORT = 0.75
"""A line that is not the last of its paragraph is at least this long, in shares of its column."""

PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:[Pp](?:age|\.)?\s*)?(?:\d{1,4}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))"
    r"(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*"
)
LONGEST = 500
"""Characters of a line up to which it may be a running head."""
NOTE = re.compile(r"(?:\d{1,3}|[¹²³⁰⁴-⁹]{1,3}|[*†‡§]{1,3}|[a-z](?=\s))\s*(?=[^\W\d_]|[“\"‘(\[])")
RULE = re.compile(r"[_\-–—=.*\s]{3,}")
NUMERAL = re.compile(r"\d{1,6}")
FULL_SIZE_NOTE = re.compile(r"(?:\d{1,3}|[*†‡])\s+[A-Z“\"]")
BULLET = re.compile(r"[•●▪■◦‣○□➢►✓]\s")
ITEM = re.compile(r"(?:\(?[a-z]{1,4}\)|\d{1,3}(?:\.\d{1,3})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s")
ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*[\d¹²³⁰⁴-⁹]{0,3}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed: its text, its height over the page's foot and its letters' size.

    `y` and `size` are in points (1/72 inch), as are `x` and `end`, the distances of its two ends
    from the page's left; 0 and 0 where they are not known.
    """

    text: str
    y: float
    size: float
    x: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in reading order, and its height in points."""

    lines: Sequence[Line]
    height: float


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
    usual = _usual_size(clean)
    leading = _leading(clean, usual)
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
        _add_body(text, goes_on, body, leading)
        above = body or above
        _add_notes(notes, [line.text for line in page.lines if line in small])
    return Printed(text, goes_on, ["\n".join(lines) for lines in notes], usual)


def without_heads(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet, page numbers and ruled lines.

    What stands at the edge of at least three pages (two of up to five), the same but for a number
    that rises with the page, is a running head.
    """
    edges = [_edge_lines(page) for page in pages]
    keys = [{key for line in edge for key in _keys(line, at)} for at, edge in enumerate(edges)]
    count = Counter(key for found in keys for key in found)
    often = 2 if len(pages) <= 5 else 3
    running = {key for key, times in count.items() if times >= often}
    return [
        Page([line for line in page.lines if not _drops(line, edge, at, running)], page.height)
        for at, (page, edge) in enumerate(zip(pages, edges, strict=True))
    ]


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


def _edge_lines(page: Page) -> set[Line]:
    lines = sorted(page.lines, key=lambda line: line.y)
    foot = [line for line in lines if line.y < EDGE * page.height][:OUTERMOST]
    head = [line for line in lines if line.y > (1 - EDGE) * page.height][-OUTERMOST:]
    return {*foot, *head}


def _keys(line: Line, at: int) -> Iterator[tuple[str, int]]:
    """What a line has in common with others of its kind; `at` is the page, from 0.

    One number in it counts by how far it is from the page's: footnotes have numbers too, but no
    two of them the same way.
    """
    if len(line.text) > LONGEST:
        return
    yield line.text, round(line.size)
    for place in NUMERAL.finditer(line.text):
        before, after = line.text[: place.start()], line.text[place.end() :]
        yield f"{before}#{int(place[0]) - at}{after}", round(line.size)


def _drops(line: Line, edge: set[Line], at: int, running: set[tuple[str, int]]) -> bool:
    if RULE.fullmatch(line.text):
        return True
    if line not in edge:
        return False
    return bool(PAGE_NUMBER.fullmatch(line.text)) or not running.isdisjoint(_keys(line, at))


def _usual_size(pages: Sequence[Page]) -> float:
    """The size that most letters have, in points to one decimal."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _leading(pages: Sequence[Page], usual: float) -> float:
    """The usual distance from line to line within a paragraph, in points.

    Where most paragraphs are one line, more lines have a space before them than have none.
    """
    pairs = [
        (upper, lower)
        for page in pages
        for upper, lower in pairwise(page.lines)
        if upper.y > lower.y
    ]
    large = [(one, two) for one, two in pairs if min(one.size, two.size) > SMALLER * usual]
    distances = sorted(one.y - two.y for one, two in large or pairs)
    return distances[len(distances) // 4] if distances else 0.0


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
    if abs(upper.size - lower.size) > 0.07 * upper.size or lower.x > upper.x + 0.8 * upper.size:
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
