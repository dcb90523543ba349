"""Dates as they are written → the periods of a time line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

MONTHS = {"month": 1, "quarter": 3, "year": 12}
UNITS = ("day", *MONTHS)
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
        numbers = {value: _number(day, unit) for value, (day, _) in dates.items()}
        line = range(min(numbers.values()), max(numbers.values()) + 1)
        if len(line) <= MOST_PERIODS:
            break
    named = {value: _name(number, unit) for value, number in numbers.items()}
    return [named.get(value or "") for value in values], [_name(number, unit) for number in line]


def period(value: str, unit: str) -> str | None:
    """The period of a unit that a date is in; None where it does not say, or is no date."""
    parsed = _parsed(value)
    if parsed is None or parsed[1] > UNITS.index(unit):
        return None
    return _name(_number(parsed[0], unit), unit)


def filled(names: Sequence[str], unit: str) -> list[str]:
    """All periods of a unit from the first to the last of those named, in order."""
    if not names:
        return []
    numbers = [_number(_first_day(name), unit) for name in names]
    return [_name(number, unit) for number in range(min(numbers), max(numbers) + 1)]


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


def _number(day: date, unit: str) -> int:
    """The number of the period that a day is in; that of the next period is one higher."""
    if unit == "day":
        return day.toordinal()
    return (12 * day.year + day.month - 1) // MONTHS[unit]


def _name(number: int, unit: str) -> str:
    """The name of the period of a number."""
    if unit == "day":
        return date.fromordinal(number).isoformat()
    year, month = divmod(number * MONTHS[unit], 12)
    if unit == "quarter":
        return f"{year} Q{month // 3 + 1}"
    return f"{year:04}" if unit == "year" else f"{year:04}-{month + 1:02}"
