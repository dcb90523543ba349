"""Who takes the floor, by the ways in which records of meetings say it."""

from __future__ import annotations

import re

from framelens.preprocessing.states import STATE

_NO_NAME = (
    r"(?!(?:Assembly|Council|Committee|Commission|Conference|Secretariat|Department|Ministry|Office|"
    r"Debate|Comments?|Recommendations?|Court|Programme|Reports?|Agenda|Items?|Provisions|Principles|"
    r"Observations|Remarks|Overview|Context|Information|Introduction|Distr)\b)"
)
"""What after a title such as `General` or `Justice` makes it a body or a heading, and no person."""
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Baron|Prince|Princess|Sheikh|"
    r"Sheikha|King|Queen|Archbishop|Monsignor|Msgr|Cardinal|Father|Rev|Ambassador|Judge|Justice|"
    r"General|President|Prime\sMinister|H\.E)\.?"
)
_NAME = (
    rf"(?:\s{_NO_NAME}(?:[A-ZÀ-Þ][^\s:(),;.]{{0,30}}\.?|[dv][aeiou]n?s?|de[nrl]|la|los?|al|el|bin|ibn|ould|y|e))"
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
    r"(?:(?:also|further|then|however|again|strongly|warmly|while)\s)?"
    r"(?:acknowledged|added|affirmed|agreed|announced|answered|appealed|applauded|appreciated|asked|"
    r"called|clarified|commended|concluded|condemned|congratulated|declared|deplored|drew|emphasi[sz]ed|"
    r"encouraged|en?quired|explained|expressed|hailed|highlighted|hoped|indicated|inquired|"
    r"introduced|invited|joined|lauded|made|noted|observed|offered|paid|pointed|praised|proposed|raised|"
    r"reaffirmed|recalled|recogni[sz]ed|recommended|referred|regretted|reiterated|remained|"
    r"remarked|replied|reported|requested|responded|said|saw|shared|stated|stressed|submitted|suggested|supported|"
    r"thanked|took|underlined|underscored|urged|voiced|was\s(?:concerned|encouraged|pleased|"
    r"alarmed|worried|of\sthe\sview)|welcomed|wished|wondered)\b"
)

SPOKEN = re.compile(
    rf"(?:\d{{1,3}}\.\s)?({_TITLE}{_NAME}{_PLACE}?|{_OFFICE}{_OF}{_PLACE}?){_ASIDES}:\s"
)
"""`Ms. Dlamini (Eswatini) (spoke in French): …`, `The President: …`, as in verbatim records."""
_ASSOCIATION = r"(?:[A-Z]{2,10}\d{0,2}(?:-[A-Z]{2,8})?|[A-Z][A-Za-z]*[A-Z]\w*)"
"""An organization by its initials, as in summaries of what was submitted: `HRW`, `JS4`."""
_ABOUT = rf"(?:,\s[^:.]{{2,150}},|{_ASIDES})"
REPORTED = re.compile(
    rf"\d{{1,3}}\.\s(?:({_TITLE}{_NAME}{_PLACE}|{_OFFICE}{_OF}{_PLACE}?|{_ASSOCIATION})"
    rf"|(?:The\s)?({STATE})){_ABOUT}\s{_SAID}"
)
"""`12. Ms. Dlamini (Eswatini) said that …`, `26. Togo commended …`, as in numbered paragraphs of
summary records and of reports on reviews."""
CHAIRLESS = re.compile(
    r"(?:\d{1,3}\.\s)?(?:At\sits\s[\w-]+\smeeting\b|(?:The|During\sthe|In\sthe\scourse\sof\sthe)\s"
    r"(?:Working\sGroup|Committee|Council|Commission|Assembly|Conference|Meeting|interactive\sdialogue|"
    r"recommendations?|review|present\sreport|discussion)\b)"
)
"""How a record speaks in its own voice in a numbered paragraph."""
ADDRESSED = re.compile(
    r"(?:Mr|Ms|Mrs|Madam)\.?\s(?:President|Chair\w*|Speaker|Secretary-General|Moderator)\b(?!\s\()"
)
"""Whom a speaker speaks to."""


def turn(sentence: str, *, numbered: bool = False) -> str | None:
    """Who takes the floor with a sentence, as printed, without remarks on language and the like.

    Only a sentence that opens a `numbered` paragraph may do so in reported speech.
    """
    found = SPOKEN.match(sentence) or (REPORTED.match(sentence) if numbered else None)
    if found is None:
        return None
    name = " ".join((found[1] or found[2]).split())
    if ADDRESSED.match(name):
        return None
    return name if found[1] else name.removeprefix("The ").removeprefix("the ")
