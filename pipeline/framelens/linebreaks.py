"""Which line breaks end a sentence.

They do where lines stand for themselves (headings, menus, items, captions), not where prose was
wrapped. An ordered chain of rules looks at a line break: True ends the sentence, False and the end
of the chain as in stops.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

Span = tuple[int, int]

BREAKS = "\n\r\x85\u2028\u2029"
LINES_NEAR = 4
UNWRAPPED = 130
"""Nobody wraps prose wider than this, in characters: such a line is a paragraph."""
PROSE = 50
"""Nor, as a rule, narrower than this, unless line after line begins in lower case."""

_LINE = re.compile(rf"[^{BREAKS}]++")
_WORD = re.compile(r"[^\W_]")
CARRIES_ON = _words("""
    a an the of in on at by for from to with without within under upon over into onto and but or
    nor as than that which who whom whose if when while where whether although because since until
    its his her their our your my this these those is are was were be been being has have had will
    would shall should can could may might must not no any all each every both such between among
    against during through per via & mr. mrs. ms. dr.
""")
"""Words that no line ends with unless the next line carries it on."""

_BARE_LABEL = re.compile(r"[^\w\s]{1,2}|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
_BULLET = re.compile(r"[•●▪■◦‣·○□➢►✓*]\s")
_DASH = re.compile(r"[-–—]\s")
_ITEM = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-z]{1,2}|[ivxl]{1,5}|[IVXL]{1,5}|[A-Z])\)"
    r"|(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5}|[IVXL]{1,5}|[A-Z]|)\."
    r"|\d{1,2}(?:\.\d{1,2}){1,3}|[QA]:|#{1,6}|\[\d{1,3}\])\s"
)
_ENDED = re.compile(r"[.!?…:;,]['\"”’»)\]*_]{0,4}(?:\[\d{1,3}\]|\d{1,3})?(?:\s(?:and|or))?$")
_FURNITURE = re.compile(
    r"©|By\s[A-Z]|(?:Photo|Image|Source|Published|Updated|Share|Read more)\b|https?://|www\.|"
    r"(?:\d{1,2}\s)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s\d{1,2},)?\s\d{4}$"
)


class LineBreak(NamedTuple):
    """A line break: the lines around it, trimmed, and the look of the lines near it."""

    before: str
    after: str
    width: int
    """The longest line's length."""
    flow: float
    """The share of lines that begin in lower case."""


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between the line breaks that end a sentence."""
    if all(text.find(char, start, end) < 0 for char in BREAKS):
        yield start, end
        return
    lines = list(_lines(text, start, end))
    starts = [line[:1].islower() for _, line in lines]
    widths = [len(line) for _, line in lines]
    for at, ((first, before), (second, after)) in enumerate(pairwise(lines)):
        near = slice(max(0, at - LINES_NEAR + 1), at + LINES_NEAR + 1)
        flow = sum(starts[near]) / len(starts[near])
        if ends_piece(LineBreak(before, after, max(widths[near]), flow)):
            yield start, first + len(before)
            start = second
    yield start, end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, trimmed, with their offsets."""
    for match in _LINE.finditer(text, start, end):
        line = match[0].lstrip()
        if line:
            yield match.end() - len(line), line.rstrip()


def ends_piece(line: LineBreak) -> bool:
    """Ask the rules in turn."""
    for rule in RULES:
        verdict = rule(line)
        if verdict is not None:
            return verdict
    return True


def _fits(line: LineBreak, share: float = 0.8) -> bool:
    """Whether the next line's first word would have fitted on the line: nobody wrapped it."""
    first = line.after.split(None, 1)[0]
    return len(line.before) + 1 + len(first) <= share * line.width


def _wordless(line: LineBreak) -> bool | None:
    if _BARE_LABEL.fullmatch(line.before):
        return False
    return None if _WORD.search(line.after) else _BARE_LABEL.fullmatch(line.after) is not None


def _bullet(line: LineBreak) -> bool | None:
    return True if _BULLET.match(line.after) else None


def _item(line: LineBreak) -> bool | None:
    """Items and numbered paragraphs, unless a wrapped line happens to begin with the number."""
    if _ITEM.match(line.after) or _DASH.match(line.after):
        return _ENDED.search(line.before[-24:]) is not None or _fits(line) or line.width < PROSE
    return None


def _stopped(line: LineBreak) -> bool | None:
    """Where a line ends with a full stop, the rules of full stops decide, unless it is short."""
    if line.before.rstrip("\"'”’»)]*_")[-1:] in {".", "!", "?", "…"}:
        return _fits(line)
    return None


def _listed(line: LineBreak) -> bool | None:
    """`… the treaty;` and `The State should:` above an item."""
    if line.before.endswith((";", ":", "; and", "; or", ", and", ", or")):
        return _fits(line) or line.width > UNWRAPPED
    return None


def _mid_phrase(line: LineBreak) -> bool | None:
    if line.before[-1] in ",-–—([“/" or line.after[0] in ",;:.!?)]”’%":
        return line.after[0].isupper() and _fits(line, 0.6)
    word = line.before[-16:].rsplit(None, 1)[-1]
    return False if (word.lower() if line.before.isupper() else word) in CARRIES_ON else None


def _goes_on(line: LineBreak) -> bool | None:
    return False if line.after[0].islower() else None


def _furniture(line: LineBreak) -> bool | None:
    if _FURNITURE.match(line.after) or _FURNITURE.match(line.before):
        return True
    return True if line.before.isupper() or line.after.isupper() else None


def _paragraphs(line: LineBreak) -> bool | None:
    return True if line.width > UNWRAPPED or _fits(line) else None


def _title(line: LineBreak) -> bool | None:
    words = line.before.split(None, 16)[:16]
    heads = [word for word in words if word not in CARRIES_ON]
    return True if all(not word[0].islower() for word in heads) else None


def _wrapped(line: LineBreak) -> bool | None:
    if line.flow >= 0.3:
        return False
    tail = line.after[-1] in ".!?" and line.width >= PROSE
    return False if tail else None


RULES = (
    _wordless,
    _bullet,
    _item,
    _stopped,
    _listed,
    _mid_phrase,
    _goes_on,
    _furniture,
    _paragraphs,
    _title,
    _wrapped,
)
