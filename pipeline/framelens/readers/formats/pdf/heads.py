"""Running heads and feet, page numbers and ruled lines: told from the text and taken out.

A running head stands apart from the text, by its letters' size or by more space than paragraphs
have between them, or it stands on most pages. What the pages begin or end with by chance, such as
the tail of a recommendation, `(France);`, does neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from framelens.readers.formats.pdf.lines import (
    ENDED,
    GAP,
    SMALLER,
    Line,
    Page,
    completes,
    differ,
    usual_leading,
    usual_size,
)

EDGE = 0.12
"""The share of a page's height at its top and at its foot in which heads and numbers stand."""
OUTERMOST = 3
"""How many lines deep into an edge they may stand."""
MORE = 1.1
"""A running head is at least this much further from the text than paragraphs from one another."""
MOST = 0.6
"""The share of all pages, or of the left or the right ones, that a head on most pages stands on."""
LONGEST = 500
"""Characters of a line up to which it may be a running head."""

PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:[Pp](?:age|\.)?\s*)?(?:\d{1,4}|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3}))"
    r"(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*"
)
_WHEN = r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4},\s\d{1,2}:\d\d(?:\s[AP]M)?"
BROWSER = re.compile(
    rf"https?://\S+\s\d{{1,4}}/\d{{1,4}}|\d{{1,4}}\sof\s\d{{1,4}}\s{_WHEN}|{_WHEN}\s.+"
)
"""What browsers print over and under a page: when, its title, its address."""
RULE = re.compile(r"[_\-–—=.*\s]{3,}")
NUMERAL = re.compile(r"\d{1,6}")
MOST_NUMBERS = 32
"""How many numbers of a line are looked at for the page's."""

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Edge:
    """The lines at a page's edges, those of them at its foot, and those that stand as near the text
    as its own lines do."""

    lines: frozenset[Line]
    foot: frozenset[Line]
    near: frozenset[Line]


@dataclass(frozen=True, slots=True)
class _Times:
    """Whether what stands at edges stands on most of the pages, and whether nowhere within them."""

    on_most: bool
    only_there: bool


def without_heads(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet, page numbers and ruled lines.

    What stands at the edge of at least three pages (two of up to five), the same but for a number
    that rises with the page, is a running head, if it stands apart from the text or on most pages.
    """
    size = usual_size(pages)
    bound = _paragraphs_apart(pages, size)
    edges = [_edge(page, bound) for page in pages]
    keys = [
        {key for line in edge.lines for key in _keys(line, at)} for at, edge in enumerate(edges)
    ]
    running = _running(pages, edges, keys)
    left: list[Page] = []
    above: Line | None = None
    for at, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        kept = []
        for line in page.lines:
            if RULE.fullmatch(line.text):
                continue
            if line in edge.lines:
                known_times = [running[key] for key in _keys(line, at) if key in running]
                if _is_head(line, edge, known_times, completes=completes(above, line, size)):
                    continue
            kept.append(line)
            above = line if line.size > SMALLER * size else above
        left.append(Page(kept, page.height))
    return left


def _paragraphs_apart(pages: Sequence[Page], size: float) -> float:
    """The distance, in points, up to which a line is as near another as paragraphs are."""
    inner = [
        upper.y - lower.y
        for page in pages
        for upper, lower in pairwise(page.lines)
        if upper.y > lower.y and EDGE * page.height < lower.y and upper.y < (1 - EDGE) * page.height
    ]
    leading = GAP * usual_leading(pages, size) if inner else 0.0
    usual = sorted(inner)[len(inner) * 9 // 10] if inner else 0.0
    return min(max(leading, MORE * usual), 2 * leading)


def _edge(page: Page, bound: float) -> _Edge:
    lines = sorted(page.lines, key=lambda line: line.y)
    foot = [line for line in lines if line.y < EDGE * page.height][:OUTERMOST]
    head = [line for line in lines if line.y > (1 - EDGE) * page.height][-OUTERMOST:]
    above, below = lines[len(foot) :], lines[: len(lines) - len(head)][::-1]
    near = (*_near(foot[::-1], above, bound), *_near(head, below, bound))
    return _Edge(frozenset((*foot, *head)), frozenset(foot), frozenset(near))


def _near(edge: Sequence[Line], inside: Sequence[Line], bound: float) -> Iterator[Line]:
    """The lines of an edge, from the innermost, that go on the text, whose nearest line is first
    `inside`: in letters as large and no further away than paragraphs are."""
    last = inside[0] if inside else None
    for line in edge:
        if last is None or abs(line.y - last.y) > bound or differ(line, last):
            return
        yield line
        last = line


def _keys(line: Line, at: int) -> Iterator[_Key]:
    """The keys by which lines of one running head are recognised; `at` is the page, from 0.

    One number in it counts by how far it is from the page's: footnotes have numbers too, but no
    two of them the same way.
    """
    if len(line.text) > LONGEST:
        return
    yield line.text, round(line.size)
    for place in islice(NUMERAL.finditer(line.text), MOST_NUMBERS):
        before, after = line.text[: place.start()], line.text[place.end() :]
        # On left and right pages the number stands at other ends of the same line.
        text = f"{before}#{after}" if before and after else (before or after).strip()
        yield f"{int(place[0]) - at} {text}", round(line.size)


def _running(
    pages: Sequence[Page], edges: Sequence[_Edge], keys: Sequence[set[_Key]]
) -> dict[_Key, _Times]:
    """The keys that stand at the edges of pages often enough, and no less often than within
    them."""
    count = Counter(key for keys_of_page in keys for key in keys_of_page)
    within = Counter(
        (line.text, round(line.size))
        for page, edge in zip(pages, edges, strict=True)
        for line in page.lines
        if line not in edge.lines
    )
    often = 2 if len(pages) <= 5 else 3
    return {
        key: _Times(_on_most(key, keys), not within[key])
        for key, times in count.items()
        if times >= often and times >= within[key]
    }


def _on_most(key: _Key, keys: Sequence[set[_Key]]) -> bool:
    """Whether something stands on most pages, or most of those on one side, three at least."""
    return any(
        sum(key in keys_of_page for keys_of_page in pages) >= max(3.0, MOST * len(pages))
        for pages in (keys, keys[::2], keys[1::2])
    )


def _is_head(line: Line, edge: _Edge, known_times: Sequence[_Times], *, completes: bool) -> bool:
    """Whether a line at an edge is a running head or foot or a page's number; `known_times` is what is
    known of it and others of its kind, and it `completes` a sentence or not."""
    if line in edge.near:
        is_text = completes or ENDED.search(line.text)
        return not is_text and any(times.on_most and times.only_there for times in known_times)
    if PAGE_NUMBER.fullmatch(line.text) or BROWSER.fullmatch(line.text):
        return True
    if line in edge.foot or any(times.on_most for times in known_times):
        return bool(known_times)
    return bool(known_times) and not completes
