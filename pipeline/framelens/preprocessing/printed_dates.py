"""Dates as they are printed in texts → dates of ISO 8601, as precise as they were printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import islice

from framelens.core.memory import compiled

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = r"(?i:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?)"
PIVOT = 69
"""Years of two digits from this on are of the twentieth century, as POSIX has it."""

_DAY = r"(?P<day{0}>\d{{1,2}})(?i:st|nd|rd|th)?"
DAY = (
    rf"(?<![\w.-])(?:{_DAY.format(1)}(?:\s|-|\sof\s)(?P<month1>{MONTH}),?[\s-](?P<year1>\d{{4}}|(?<=-)\d\d)"
    rf"|(?P<month2>{MONTH})\s{_DAY.format(2)},?\s(?P<year2>\d{{4}})"
    r"|(?P<year3>\d{4})-(?P<month3>\d\d)-(?P<day3>\d\d)"
    r"|(?P<day4>\d{1,2})(?P<mark>[./])(?P<month4>\d{1,2})(?P=mark)(?P<year4>\d{4}))(?![\w-]|[./]\d)"
)
"""A day with its year: `7 May 2014`, `May 7, 2014`, `7-May-14`, `2014-05-07`, `07.05.2014`."""
YEARLESS = (
    rf"(?P<weekday>{WEEKDAY})?,?\s?(?:(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month1>{MONTH})"
    rf"|(?P<month2>{MONTH})\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)"
)
MONTH_OF_YEAR = rf"(?P<month1>{MONTH}),?\s(?P<year1>\d{{4}})"
OF_MONTH = rf"(?<!\d\s)\b{MONTH_OF_YEAR}(?![\w-])"
YEAR = re.compile(r"(?<![\w/.-])(?:19|20)\d\d(?![\w.-]*\d)")

TOP_LINES = 25
"""Lines or paragraphs from the top in which a date that stands alone is the document's."""
LONGEST = 120
"""Characters of a line that says when, at most."""
FIGURE = re.compile(r"\d")
_YEAR_FIGURES = re.compile(r"\d{4}|-\d\d")
"""Digits of a year: without any, no date is complete."""
_TIME = (
    r"(?:(?:,?\s|\s[–—|-]\s)(?:at\s)?\d{1,2}(?:[.:]\d\d){0,2}(?:\s?(?i:[ap]\.?m\b\.?|hours|hrs?|h))?"
    r"(?:\s[A-Z]{2,4}\b)?)"
)
_PLACED = r"(?:,?\s[A-Z][\w\s.’'-]{1,30})"
_KIND = (
    r"(?:[\w\s]{0,20}\b)?(?i:release|statement|news|press|report|briefing|bulletin|remarks|speech|address|"
    r"letter|issue|edition|version|date|memorandum|update)"
)
_LABEL = (
    r"(?:(?:Published|Issued|Released|Posted|Dated?)(?:\s(?:on|of\s\w+))?\s?:?\s|"
    r"[A-Z][\w\s.&’'-]{1,40}\s(?=\()|Held\s[^.:;]{2,80}?\son\s|"
    rf"(?:(?!{WEEKDAY})[A-Z][\w\s:.&’'()/-]{{1,40}}?\s?[,|·•]\s){{1,2}}|"
    rf"{_KIND}\s?[:–—-]\s|"
    r"(?:[A-Z][\w\s]{0,20}\b)?(?i:statement|release|remarks|speech)\s(?:of|on|from|dated)\s|"
    r"(?:(?!Invit|Prepar|Before|Ahead)[A-Z][\w\s,.’'-]{0,80}?\b)?(?i:press\sconference|briefing)"
    r"(?:\sby\s[\w\s.’'-]{2,80}?)?(?:,\s[A-Z][\w\s]{1,30})?(?:\son|,)\s|"
    rf"(?P<named>(?:(?!{WEEKDAY})[A-Z][\w\s.&’'()/-]{{1,40}}?\s?[,:|·•–—-]\s){{1,2}}))?"
)
"""Text before a document's date; `named` may also be the place or name of an event."""
_ALONE = (
    rf"\(?{_LABEL}\(?(?:%s){_TIME}?{_PLACED}?\)?"
    r"(?:(?:\s?\|\s?|\s[·•–—]\s)[A-Z].{1,40}|\s-\s(?i:press|news|media)\b.{0,40}|\sby\s\w.{0,40})?\.?"
)
_DATED = _ALONE % rf"(?:{WEEKDAY},?\s)?{DAY}"
_DATED_YEARLESS = _ALONE % YEARLESS
_DATELINE = (
    rf"\(?(?:[A-Z][^\W\d_]*+[.’'/-]?\s?){{1,4}}(?:,\s|\()(?:{WEEKDAY},?\s)?{DAY}\)?(?:\s\([A-Z][\w\s/]+\))?"
    r"\s?[–—-]{1,2}\s(?=\S)"
)
"""What a release begins with: `GENEVA (5 May 2018) - The minister`."""
_DASH = re.compile(r"[–—-]\s")
"""Every dateline has it, and most lines do not."""
_DATED_MONTH = _ALONE % rf"(?:\d{{1,2}}\s?[–-]\s?\d{{1,2}}\s)?{MONTH_OF_YEAR}"

_OF_OTHERS = re.compile(
    r"(?i)\b(?:resolutions?|decisions?|convention|covenant|treaty|protocol|universal\sdeclaration|photos?|photograph\w*|"
    r"pictures?|images?|deadline|due|next|expir\w+|born|died|ratified|accessed|retrieved|entry|entered|signed|"
    r"updated?|modified)\b"
)
"""Words of lines with other dates: of a text cited, a picture, a deadline."""


def iso_date(match: re.Match[str], made: str | None = None) -> str | None:
    """The date of a match of DAY or OF_MONTH, as 2014-05-07 or 2014-05; None if there is no such day.

    In 03/04/2014 the month is unknown, unless the file was `made` on one of the two days; between dots
    the day comes first.
    """
    parts = match.groupdict()
    day, month, year = (
        next((value for at in "1234" if (value := parts.get(f"{name}{at}"))), "")
        for name in ("day", "month", "year")
    )
    if parts.get("mark") == "/" and int(day) != int(month):
        if int(day) <= 12 and int(month) <= 12:
            ways = (made_date(int(year), month, int(day)), made_date(int(year), day, int(month)))
            return made if made in ways else None
        day, month = (day, month) if int(month) <= 12 else (month, day)
    return made_date(int(year), month, int(day) if day else None)


def made_date(year: int, month: str, day: int | None) -> str | None:
    """A date of a year (of four digits, or two), a month by its name or number, and perhaps a day."""
    if year < 100:
        year += 1900 if year >= PIVOT else 2000
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    with suppress(ValueError):
        iso = date(year, number, day or 1).isoformat()
        return iso if day else iso[:7]
    return None


def printed_date(lines: Iterable[str], made: str | None = None) -> str | None:
    """The date that stands alone on one of the first lines of a document: a day with its year,
    else one with which a paragraph begins (`GENEVA (5 May 2018) - The minister`), else a day whose year
    stands on another of them, else a month, else the year of 03/04/2014.

    `made` is when the file was made, which may tell the year of a weekday, too. `Pond City - 7 May 2014`
    is a document's only if it has a weekday, or that year stands on another of the lines or in `made`:
    it may be the day of what it is about.
    """
    top = [line for line in islice(lines, TOP_LINES) if FIGURE.search(line)]
    if not made and not any(map(_YEAR_FIGURES.search, top)):
        return None
    short = (line for line in top if len(line) <= LONGEST and not _OF_OTHERS.search(line))
    head = [" ".join(line.split()) for line in short]
    return (
        _standing_alone(_DATED, head, made)
        or _of_datelines(top)
        or _standing_alone(_DATED_YEARLESS, head, made)
        or _standing_alone(_DATED_MONTH, head, made)
        or _year_alone(head)
    )


def _standing_alone(dated: str, head: list[str], made: str | None) -> str | None:
    for line in head:
        if match := compiled(dated).fullmatch(line):
            whole = dated is not _DATED_YEARLESS
            day = iso_date(match, made) if whole else _with_year(match, head, made)
            if day is not None and not _may_be_of_event(match, day, head, made):
                return day
    return None


def _year_alone(head: list[str]) -> str | None:
    """The year of a date alone on a line such as 03/04/2014, whose month is unknown."""
    for line in head:
        match = compiled(_DATED).fullmatch(line)
        if match and match["mark"] == "/" and not iso_date(match):
            return match["year4"]
    return None


def _of_datelines(top: Iterable[str]) -> str | None:
    begins = (
        " ".join(line[: 2 * LONGEST].split()) for line in top if _DASH.search(line, 0, 2 * LONGEST)
    )
    heads = (compiled(_DATELINE).match(line) for line in begins)
    days = (iso_date(head) for head in heads if head and not _OF_OTHERS.search(head[0]))
    return next(filter(None, days), None)


def _may_be_of_event(match: re.Match[str], day: str, head: list[str], made: str | None) -> bool:
    """Whether the date on a line may be that of an event: it has no weekday, and its year is nowhere else."""
    if not match["named"] or len(day) <= len("2014-05") or re.search(rf"\b{WEEKDAY}", match[0]):
        return False
    others = (line for line in head if line != match.string)
    return not any(day[:4] in text for text in (*others, made or ""))


def _with_year(match: re.Match[str], head: list[str], made: str | None) -> str | None:
    """A day with the only year in the first lines, or with the year that fits its weekday."""
    day, month = match["day1"] or match["day2"], match["month1"] or match["month2"]
    years = list(dict.fromkeys(int(year[0]) for line in head for year in YEAR.finditer(line)))
    weekday = match["weekday"]
    if weekday is None:
        return made_date(years[0], month, int(day)) if len(years) == 1 else None
    for year in [*years, *([int(made[:4])] if made else [])]:
        day_of_year = made_date(year, month, int(day))
        if day_of_year is None or len(day_of_year) <= len("2014-05"):  # as of 0 May
            continue
        if date.fromisoformat(day_of_year).weekday() == WEEKDAYS.index(weekday[:3].lower()):
            return day_of_year
    return None
