"""Dates as they are written → the periods of a time line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

UNITS = ("day", "month", "quarter", "year")
MOST_PERIODS = 24
"""Periods from the first to the last, empty ones too, that a time line shows at most; of years it
shows as many as there are."""

WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*|\.0)?")


def periods(values: Sequence[str | None]) -> tuple[list[str | None], list[str]]:
    """The period of each value and all periods in order, gaps filled, by the finest unit (day,
    month, quarter, year) that all dates state and that makes no more than `MOST_PERIODS`.

    A date is written as in 2019, 2019-05 or 2019-05-12, a time may follow; other values have no
    period.
    """
    dates = {value: parsed for value in set(values) if value and (parsed := _parsed(value))}
    if not dates:
        return [None] * len(values), []
    for unit in UNITS[max(stated for _, stated in dates.values()) :]:
        begins = {value: _begin(parsed[0], unit) for value, parsed in dates.items()}
        most = None if unit == UNITS[-1] else MOST_PERIODS
        line = _line(min(begins.values()), max(begins.values()), unit, most)
        if most is None or len(line) <= most:
            break
    named = {value: _name(begin, unit) for value, begin in begins.items()}
    return [named.get(value or "") for value in values], [_name(begin, unit) for begin in line]


def period(value: str, unit: str) -> str | None:
    """The period of a unit that a date is in; None where it does not say, or is no date."""
    parsed = _parsed(value)
    if parsed is None or parsed[1] > UNITS.index(unit):
        return None
    return _name(_begin(parsed[0], unit), unit)


def filled(names: Sequence[str], unit: str) -> list[str]:
    """All periods of a unit from the first to the last of those named, in order."""
    if not names:
        return []
    line = _line(_first_day(min(names)), _first_day(max(names)), unit)
    return [_name(begin, unit) for begin in line]


def _first_day(name: str) -> date:
    year, *rest = name.replace(" Q", "-").split("-")
    numbers = [int(part) for part in rest]
    if "Q" in name:
        numbers = [3 * numbers[0] - 2]
    return date(int(year), *[*numbers, 1, 1][:2])


def _parsed(value: str) -> tuple[date, int] | None:
    """A date, and the number of the finest unit that it states."""
    written = WRITTEN.fullmatch(value.strip())
    if written is None:
        return None
    year, month, day = (int(part) if part else None for part in written.groups())
    try:
        return date(year or 0, month or 1, day or 1), 0 if day else 1 if month else 3
    except ValueError:
        return None


def _begin(day: date, unit: str) -> date:
    month = {"year": 1, "quarter": (day.month - 1) // 3 * 3 + 1}.get(unit, day.month)
    return day if unit == "day" else date(day.year, month, 1)


def _line(first: date, last: date, unit: str, most: int | None = None) -> list[date]:
    """The periods from the first to the last, or one more than `most`."""
    begins = [first]
    while begins[-1] < last and (most is None or len(begins) <= most):
        begins.append(_next(begins[-1], unit))
    return begins


def _next(begin: date, unit: str) -> date:
    if unit == "day":
        return begin + timedelta(days=1)
    months = begin.month - 1 + {"month": 1, "quarter": 3, "year": 12}[unit]
    return date(begin.year + months // 12, months % 12 + 1, 1)


def _name(begin: date, unit: str) -> str:
    if unit == "quarter":
        return f"{begin.year} Q{(begin.month + 2) // 3}"
    return begin.isoformat()[: {"year": 4, "month": 7, "day": 10}[unit]]
