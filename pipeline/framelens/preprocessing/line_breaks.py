"""Which line breaks end a sentence.

They do where lines stand for themselves (headings, menus, items, captions), not where prose was
wrapped. An ordered chain of rules looks at a line break: True ends the sentence, False leaves it to
the rules of stops.py, as at any white space, and None to the next rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from framelens.preprocessing.abbreviations import CARRIES_ON

Span = tuple[int, int]

BREAKS = "\n\r\x85\u2028\u2029"
LINES_NEAR = 4
UNWRAPPED = 130
"""Nobody wraps prose wider than this, in characters: such a line is a paragraph."""
PROSE = 50
"""Nor, as a rule, narrower than this, unless line after line begins in lower case."""

_LINE = re.compile(rf"[^{BREAKS}]++")
_WORD = re.compile(r"[^\W_]")
_BARE_LABEL = re.compile(r"[^\w\s]{1,2}|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
_BULLET = re.compile(r"[•●▪■◦‣·○□➢►✓*]\s")
_DASH = re.compile(r"[-–—]\s")
_ITEM = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-z]{1,2}|[ivxl]{1,5}|[IVXL]{1,5}|[A-Z])\)"
    r"|(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5}|[IVXL]{1,5}|[A-Z])\."
    r"|\d{1,3}(?:\.\d{1,3}){1,3}|[QA]:|#{1,6}|\[\d{1,3}\])\s"
)
_ENDED = re.compile(r"[.!?…:;,]['\"”’»)\]*_]{0,4}(?:\[\d{1,3}\]|\d{1,3})?(?:\s(?:and|or))?$")
_STOP_WITHIN = re.compile(r"[a-z)”\"][.!?]\s[A-Z]")
_FURNITURE = re.compile(
    r"©|By\s[A-Z]|(?:Photo|Image|Source|Published|Updated|Share|Read more)\b|https?://|www\.|"
    r"(?:\d{1,2}\s)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s\d{1,2},)?\s\d{4}$"
)


class LineBreak(NamedTuple):
    """What stands around a line break.

    `before` and `after` are the lines, trimmed, and `near` those and a few more on either side;
    `leads` says whether `before` is the first line of its piece.
    """

    before: str
    after: str
    near: Sequence[str]
    leads: bool

    def width(self) -> int:
        """The length of the longest line near."""
        return max(map(len, self.near))

    def flow(self) -> float:
        """The share of lines near that begin in lower case."""
        return sum(line[0].islower() for line in self.near) / len(self.near)


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between the line breaks that end a sentence."""
    if all(text.find(char, start, end) < 0 for char in BREAKS):
        yield start, end
        return
    offsets, lines = _lines(text, start, end)
    for at, (before, after) in enumerate(pairwise(lines)):
        near = lines[max(0, at - LINES_NEAR + 1) : at + LINES_NEAR + 1]
        if ends_piece(LineBreak(before, after, near, offsets[at] == start)):
            yield start, offsets[at] + len(before)
            start = offsets[at + 1]
    yield start, end


def _lines(text: str, start: int, end: int) -> tuple[list[int], list[str]]:
    """The lines that hold anything, trimmed, and their offsets."""
    offsets, lines = [], []
    for match in _LINE.finditer(text, start, end):
        line = match[0].lstrip()
        if line:
            offsets.append(match.end() - len(line))
            lines.append(line.rstrip())
    return offsets, lines


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
    return len(line.before) + 1 + len(first) <= share * line.width()


def _runs_on(line: LineBreak) -> bool | None:
    """Most breaks of wrapped prose, from a word to a word in lower case."""
    if not line.after[0].islower() or not line.before[-1].isalnum():
        return None
    return None if _ITEM.match(line.after) or line.before.endswith((" and", " or")) else False


def _wordless(line: LineBreak) -> bool | None:
    if _BARE_LABEL.fullmatch(line.before):
        return False
    return None if _WORD.search(line.after) else _BARE_LABEL.fullmatch(line.after) is not None


def _bullet(line: LineBreak) -> bool | None:
    return True if _BULLET.match(line.after) else None


def _item(line: LineBreak) -> bool | None:
    """Items and numbered paragraphs, unless a wrapped line happens to begin with the number."""
    if _ITEM.match(line.after) or _DASH.match(line.after):
        return _ENDED.search(line.before[-24:]) is not None or _fits(line) or line.width() < PROSE
    return None


def _stopped(line: LineBreak) -> bool | None:
    """Where a line ends with a full stop, the rules of full stops decide, unless it is short."""
    if line.before.rstrip("\"'”’»)]*_")[-1:] in {".", "!", "?", "…"}:
        return _fits(line)
    return None


def _listed(line: LineBreak) -> bool | None:
    """`… the treaty;` and `The State should:` above an item."""
    if not line.before.endswith((";", ":", "; and", "; or")):
        return None
    ends_alike = line.after.endswith((";", ".", "; and", "; or"))
    in_list = line.after[0].isupper() or (ends_alike and not line.after.startswith(("and ", "or ")))
    return in_list or _fits(line) or line.width() > UNWRAPPED


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
    return None


def _capitals(line: LineBreak) -> bool | None:
    """A heading in capitals above or below a line that is none."""
    if line.before.isupper() == line.after.isupper():
        return None
    heading = line.leads if line.before.isupper() else not line.before.split()[-1].isupper()
    return True if heading else None


def _paragraphs(line: LineBreak) -> bool | None:
    return True if line.width() > UNWRAPPED or _fits(line) else None


def _title(line: LineBreak) -> bool | None:
    if not line.leads:
        return None
    words = line.before.split(None, 16)[:16]
    heads = [word for word in words if word not in CARRIES_ON]
    return True if all(not word[0].islower() for word in heads) else None


def _wrapped(line: LineBreak) -> bool | None:
    if line.flow() >= 0.3:
        return False
    stopped = line.after[-1] in ".!?" or _STOP_WITHIN.search(line.after)
    return False if stopped and line.width() >= PROSE else None


RULES = (
    _runs_on,
    _wordless,
    _bullet,
    _item,
    _stopped,
    _listed,
    _goes_on,
    _mid_phrase,
    _furniture,
    _capitals,
    _paragraphs,
    _title,
    _wrapped,
)
