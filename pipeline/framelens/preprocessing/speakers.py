"""Who takes the floor, by the ways in which records of meetings say it."""

from __future__ import annotations

import re

_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Baron|Prince|Princess|Sheikh|"
    r"Sheikha|King|Queen|Archbishop|Monsignor|Msgr|Cardinal|Father|Rev|Ambassador|Judge|Justice|"
    r"General|President|Prime\sMinister|H\.E)\.?"
)
_NAME = (
    r"(?:\s(?:[A-ZÀ-Þ][^\s:(),;.]{0,30}\.?|[dv][aeiou]n?s?|de[nrl]|la|los?|al|el|bin|ibn|ould|y|e))"
    r"{1,7}"
)
_ASIDE = r"(?:spoke|speaking|interpret|continued|translated|English|on\sbehalf|by\s)"
_PLACE = rf"(?:\s\((?!{_ASIDE})[^():]{{2,90}}\))"
_ASIDES = (
    rf"(?:\s\({_ASIDE}[^()]{{0,120}}\)|,?\s(?:speaking\s)?on\sbehalf\sof\s[^:.]{{2,120}})"
    r"{0,3}"
)
_OFFICE = (
    r"The\s(?:(?:Acting|Temporary|Deputy|Assistant|Under|Vice|Co)[\s-]){0,2}"
    r"(?:President|Chair(?:man|woman|person)?|Secretary-General|High\sCommissioner|Moderator|Secretary|"
    r"Rapporteur|Special\sRapporteur|Facilitator|Presiding\sOfficer|Director(?:-General)?|"
    r"[Rr]epresentative|[Oo]bserver|[Dd]elegat(?:e|ion))(?:-Rapporteur)?"
)
_OF = r"(?:\s(?:of|for|on)\s[^:().]{2,90})?"
_SAID = (
    r"(?:added|agreed|announced|asked|called|commended|congratulated|drew|emphasized|explained|"
    r"expressed|introduced|invited|noted|observed|pointed|proposed|recalled|regretted|reiterated|"
    r"replied|requested|said|stated|stressed|suggested|supported|thanked|took|urged|welcomed|wished|"
    r"wondered)\b"
)

SPOKEN = re.compile(
    rf"(?:\d{{1,3}}\.\s)?({_TITLE}{_NAME}{_PLACE}?|{_OFFICE}{_OF}{_PLACE}?){_ASIDES}:\s"
)
"""`Ms. Dlamini (Eswatini) (spoke in French): …`, `The President: …`, as in verbatim records."""
REPORTED = re.compile(
    rf"\d{{1,3}}\.\s({_TITLE}{_NAME}{_PLACE}|{_OFFICE}{_PLACE}?)"
    rf"(?:,\s[^:.]{{2,150}},|{_ASIDES})\s{_SAID}"
)
"""`12. Ms. Dlamini (Eswatini) said that …`, as in numbered paragraphs of summary records."""
ADDRESSED = re.compile(
    r"(?:Mr|Ms|Mrs|Madam)\.?\s(?:President|Chair\w*|Speaker|Secretary-General|Moderator)\b(?!\s\()"
)
"""Whom a speaker speaks to."""


def turn(sentence: str, *, numbered: bool = False) -> str | None:
    """Who takes the floor with a sentence, as printed, without remarks on language and the like.

    Only a sentence that opens a `numbered` paragraph may do so in reported speech.
    """
    found = SPOKEN.match(sentence) or (REPORTED.match(sentence) if numbered else None)
    if found is None or ADDRESSED.match(found[1]):
        return None
    return " ".join(found[1].split())
