"""Dates as people write them → dates of ISO 8601, as precise as they were written."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from framelens.preprocessing.printed_dates import MONTH, made_date

ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ].*|\.0)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?\d{4,6}(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|(?<!-)\d\d)(?:[T ,].*)?")
SHORT_YEAR = re.compile(rf"(\d{{1,2}})[-/. ]({MONTH})[-/. ]['’]?(\d\d)(?:[T ,].*)?")
"""`18-Jan-24`."""
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")

Order = Literal["day", "month", "either"]
"""What stands first in a date of figures: what must, or "either" where both would give a date."""

DAYS = ("%d", "%j", "%c", "%x", "%D", "%F")
MONTHS = ("%m", "%b", "%B", *DAYS)
"""Directives of `strptime` that state a day, or a month."""


@lru_cache(maxsize=4096)
def iso_date(text: str, *, form: str | None = None, day_first: bool = False) -> str | None:
    """A date as in 2019, 2019-05 or 2019-05-12, whichever was stated; None where it cannot be read.

    A time may follow, and is left out. With `form` (one of `strptime`) a date is read by that alone.
    Of 03/04/2024 the month stands first unless `day_first`; between dots the day does. Words are
    read by dateutil, in English. A year of two digits is one from 1969 to 2068, and stands last, after
    a month in words, or figures between dots or slashes; a date without a year cannot be read.
    """
    text = text.strip()
    if form is not None:
        return _by_format(text, form)
    if match := ISO.fullmatch(text) or COMPACT.fullmatch(text):
        return _iso(*(int(part) if part else None for part in match.groups()))
    if match := NUMBERS.fullmatch(text):
        first, mark, second, year = match.groups()
        day, month = (first, second) if day_first or mark == "." else (second, first)
        return made_date(int(year), month, int(day))
    if match := SHORT_YEAR.fullmatch(text):
        return made_date(int(match[3]), match[2], int(match[1]))
    return _in_words(text) if YEAR.search(text) else None


def order_of(written: Any) -> Order | None:
    """What stands first in a date such as 13/04/2024.

    None for other dates, and between dots, where the day stands first everywhere.
    """
    match = NUMBERS.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None or match[2] == ".":
        return None
    first, second = int(match[1]), int(match[3])
    if first > 12:
        return "day" if second <= 12 else None
    if second > 12:
        return "month"
    return "either" if first != second else None


def common_order(orders: Collection[Order | None]) -> Order:
    """What stands first in all dates of a file, by what does in each: the day if some can only be read
    so and none only with the month first, else the month."""
    return "day" if "day" in orders and "month" not in orders else "month"


def _by_format(text: str, form: str) -> str | None:
    try:
        parsed = datetime.strptime(text, form)  # only its date is taken
    except ValueError:
        return None
    states_day = any(part in form for part in DAYS)
    states_month = any(part in form for part in MONTHS)
    return _iso(
        parsed.year, parsed.month if states_month else None, parsed.day if states_day else None
    )


def _in_words(text: str) -> str | None:
    """A date in words. It is read twice, its gaps filled by two dates: what it states is what stays."""
    from dateutil.parser import ParserError, UnknownTimezoneWarning, parse  # takes long to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownTimezoneWarning)
            one, other = (
                parse(text, default=datetime(*gaps)) for gaps in ((2000, 1, 1), (2001, 2, 2))
            )
    except (ParserError, OverflowError, ValueError):
        return None
    if one.year != other.year:
        return None
    month = one.month if one.month == other.month else None
    return _iso(one.year, month, one.day if month and one.day == other.day else None)


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str | None:
    try:
        iso = date(year or 0, month or 1, day or 1).isoformat()
    except ValueError:
        return None
    return iso if day else iso[:7] if month else iso[:4]
