"""What the masthead of a United Nations document says of it: symbol, session, date."""

from __future__ import annotations

import re
from collections.abc import Mapping

LENGTH = 4_000
"""How far into a document its masthead may reach, in characters."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
MONTH = rf"(?:{'|'.join(MONTHS)})"
DAY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s({MONTH}),?\s(\d{{4}})\b|\b({MONTH})\s(\d{{1,2}}),\s(\d{{4}})\b"
)
_DISTRIBUTED = re.compile(
    r"\bDistr(?:\.|ibution)\s?:?\s?(?:General|Limited|Restricted|GENERAL|LIMITED|RESTRICTED)\b"
)
_SYMBOL = re.compile(
    r"(?<![\w/])(?:A|S|E|T|ST|CCPR|CAT|CEDAW|CERD|CRC|CED|CRPD|CMW|HRI|TD|DP|UNEP|FCCC)"
    r"(?:/[A-Z0-9][\w.-]*(?:\([A-Z]+\))?){1,8}(?<![.-])"
)
_TENS = "|".join(
    f"{stem}(?:y|ieth)"
    for stem in ("Twent", "Thirt", "Fort", "Fift", "Sixt", "Sevent", "Eight", "Ninet")
)
_ORDINAL = (
    rf"(?:(?:(?:One\s)?[Hh]undred\s(?:and\s)?)?(?:{_TENS}|First|Second|Third|Fourth|Fifth|Sixth|Seventh|"
    r"Eighth|Ninth|Tenth|Eleventh|Twelfth|(?:Thir|Four|Fif|Six|Seven|Eigh|Nine)teenth)"
    r"(?:-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))?|\d{1,3}(?:st|nd|rd|th))"
)
_SESSION = re.compile(
    rf"\b{_ORDINAL}\s(?:(?:regular|special|emergency\sspecial|resumed)\s)?session\b"
)


def masthead(text: str) -> Mapping[str, str]:
    """The `symbol`, `session` and `date` (as in 2019-01-18) in the masthead a text begins with.

    Nothing where there is no `Distr.: General` or the like near the beginning.
    """
    head = text[:LENGTH]
    distributed = _DISTRIBUTED.search(head) if "istr" in head else None
    if distributed is None:
        return {}
    symbol = _SYMBOL.search(head)
    session = _SESSION.search(head)
    date = DAY.search(head, distributed.end(), distributed.end() + 200)
    found = {
        "symbol": symbol and symbol[0],
        "session": session and " ".join(session[0].split()),
        "date": date and iso_date(date),
    }
    return {name: value for name, value in found.items() if value}


def iso_date(found: re.Match[str]) -> str | None:
    """What DAY has matched as year, month and day; None if there is no such day."""
    day, month, year = found.group(1, 2, 3) if found[1] else found.group(5, 4, 6)
    number = MONTHS.index(month) + 1
    return f"{year}-{number:02}-{int(day):02}" if 1 <= int(day) <= 31 else None
