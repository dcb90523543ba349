"""Which full stops end a sentence.

A stop is a full stop, "!", "?" or "…" before white space. An ordered chain of rules looks at it:
True ends the sentence, False carries it on, None leaves it to the next rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from framelens.preprocessing.abbreviations import (
    ABBREVIATIONS,
    AFTER_CLOCK,
    NEVER_LAST,
    NUMBERED,
    OPENERS,
    SELDOM_LAST,
)

Span = tuple[int, int]

LOOK_BACK = 24
"""How many characters before a stop the rules see."""

_OPENING = "“\"‘'«‹([*_"
_CLOSING = "”’»›)]}\"',;:.!?…%"

# It begins with one plain character set, so that the regex engine skips to the next stop fast;
# every repetition is bounded or possessive, so that no text takes more than linear time.
_STOP = re.compile(
    r"""
    ([.!?…](?<![.!?…][.!?…])[.!?…"'”’»›)\]*_]{0,12}+)                  # marks and what they close
    ((?:\[\w{1,3}\]|[¹²³⁰⁴-⁹†‡]){1,6}|\d{1,3}(?:[,–-]\d{1,3}){0,2})?+  # marks of notes
    [”"’»)\]]{0,3}+ (?:\x20(?:[”"'»)\]]{1,3}|\[\d{1,3}\])(?!\S)){0,3}+  # more of both, set apart
    (?P<gap>\s++)
    (?=(?:(?:\[(?:…|\.{3})\]\s?|[“"‘'«‹(\[*_…¿¡]){0,8}+)([^\W_]{1,20}|\S|)(\.?))
    """,
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""[#*_(\[\s]*
    (?:(?:Article|Section|Rule|Principle|Part|Chapter|Table|Figure|Box|Annex|Recommendation|Goal|
          Question|Step)\s)?
    (?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[ivx]{1,5}|[A-Za-z])""",
    re.VERBOSE,
)
_LETTERS = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*")
_NAMED_BY_LETTER = re.compile(
    r"\b(?i:part|annex|appendix|section|chapter|category|group|schedule|table|plan|phase|tier|title|"
    r"war)\s[A-Z]$"
)
_STOP_AFTER_ELLIPSIS = re.compile(r"[^.…]\.$")
_NUMBER = re.compile(r"\d.*|[IVXLCDM]+|[^\W\d_]|Nos?")


class Stop(NamedTuple):
    """What stands around a stop.

    `lead` is the sentence up to it, at most LOOK_BACK characters, and `whole` says whether that
    is all of it; `word` is the last word of it. `following` is the next word, or one character
    that is none, `dot` the full stop right after that word, and `opening` the first character
    after the white space.
    """

    lead: str
    whole: bool
    word: str
    marks: str
    note: str
    following: str
    dot: str
    opening: str = ""


def sentences_at_stops(text: str, pieces: Iterable[Span]) -> list[Span]:
    """The sentences of the pieces of a text, which hold no other reason to end one."""
    found = []
    for start, end in pieces:
        for match in _STOP.finditer(text, start, end):
            if ends_sentence(_stop(text, start, match)):
                found.append((start, match.start("gap")))
                start = match.end()
        found.append((start, end))
    return found


def ends_sentence(stop: Stop) -> bool:
    """Ask the rules in turn."""
    for rule in RULES:
        verdict = rule(stop)
        if verdict is not None:
            return verdict
    return True


def _stop(text: str, start: int, match: re.Match[str]) -> Stop:
    at = match.start()
    lead = text[max(start, at - LOOK_BACK) : at]
    word = "" if not lead or lead[-1].isspace() else lead.rsplit(None, 1)[-1].lstrip(_OPENING)
    marks, note, _, following, dot = match.groups("")
    opening = text[match.end() : match.end() + 1]
    return Stop(lead, at - start <= LOOK_BACK, word, marks, note, following, dot, opening)


def _lower_case_follows(stop: Stop) -> bool | None:
    return False if stop.following.islower() else None


def _nothing_opens(stop: Stop) -> bool | None:
    return False if not stop.following or stop.following in _CLOSING else None


def _plain_word(stop: Stop) -> bool | None:
    """Most sentences end in a word that is no abbreviation."""
    plain = stop.marks == "." and not stop.whole and not stop.note and len(stop.word) > 3
    return True if plain and stop.word.islower() and stop.word not in ABBREVIATIONS else None


def _asks_or_shouts(stop: Stop) -> bool | None:
    if "?" in stop.marks or "!" in stop.marks:
        return not stop.lead.endswith(("(", "["))
    return None


def _ellipsis(stop: Stop) -> bool | None:
    """Three dots set apart stand for words left out; right after a word they end a sentence."""
    if not stop.marks.startswith(("…", "..")) or _STOP_AFTER_ELLIPSIS.search(stop.marks):
        return None
    before = stop.lead.rstrip()
    if not before or before[-1] in _OPENING + ":,;":
        return False
    return before == stop.lead or before[-1] in ".!?" or stop.following in OPENERS


def _digits_are_no_note(stop: Stop) -> bool | None:
    """`L.36`, `No.5`, `2.12`, but `rights.12`."""
    if not stop.note[:1].isdigit():
        return None
    word = stop.word
    plain = len(word) > 1 and "/" not in word and not word[-1].isdigit()
    return None if plain and word not in ABBREVIATIONS else False


def _label(stop: Stop) -> bool | None:
    """`12. The Committee`, `II. Findings`, `Article 5. No one`, `the State should: 1. Ratify`."""
    label = stop.lead if stop.whole else ""
    if stop.lead[: -len(stop.word)].rstrip().endswith((":", ";")):
        label = stop.word
    return False if label and _LABEL.fullmatch(label) else None


def _something_follows(stop: Stop) -> bool | None:
    return False if stop.word in NEVER_LAST else None


def _number_follows(stop: Stop) -> bool | None:
    if stop.word not in NUMBERED or not _NUMBER.fullmatch(stop.following):
        return None
    return None if stop.following in "AI" and stop.word[0].islower() else False


def _clock(stop: Stop) -> bool | None:
    if stop.word not in {"a.m", "p.m"}:
        return None
    return stop.following not in AFTER_CLOCK


def _named_by_letter(stop: Stop) -> bool | None:
    """`Part V.`, `plan B.`"""
    return True if _NAMED_BY_LETTER.search(stop.lead) else None


def _bracket_follows(stop: Stop) -> bool | None:
    """`Smith et al. (2019)`, `Ibid. (A/HRC/40/2)`."""
    return False if stop.word in ABBREVIATIONS and stop.opening in "([" else None


def _opener_follows(stop: Stop) -> bool | None:
    """`U.S.`, `J.` and the like end a sentence before `The`, not before `Smith`."""
    if stop.word in SELDOM_LAST or _LETTERS.fullmatch(stop.word):
        return stop.following in OPENERS and not stop.dot
    return None


RULES = (
    _lower_case_follows,
    _nothing_opens,
    _plain_word,
    _asks_or_shouts,
    _ellipsis,
    _digits_are_no_note,
    _label,
    _something_follows,
    _number_follows,
    _clock,
    _named_by_letter,
    _bracket_follows,
    _opener_follows,
)
