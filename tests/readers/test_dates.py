"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from framelens.readers.dates import iso_date
from hypothesis import given
from hypothesis import strategies as st

WRITTEN = [
    ("2024", "2024"),
    ("2024.0", "2024"),
    ("2024-01", "2024-01"),
    ("2024-01-18", "2024-01-18"),
    ("2024/01/18", "2024-01-18"),
    ("2024-01-18T01:45:00+02:00", "2024-01-18"),
    ("20240118", "2024-01-18"),
    ("20240118T014500Z", "2024-01-18"),
    ("20240118014500", "2024-01-18"),
    ("18 January 2024", "2024-01-18"),
    ("January 18, 2024", "2024-01-18"),
    ("18th of January 2024", "2024-01-18"),
    ("Thu, 18 Jan 2024 01:45:00 GMT", "2024-01-18"),
    ("18-Jan-2024", "2024-01-18"),
    ("January 2024", "2024-01"),
    ("18.01.2024", "2024-01-18"),
    ("01/18/2024", "2024-01-18"),
    ("03/04/2024", "2024-03-04"),
    ("18/01/2024", None),
    ("2024-13-01", None),
    ("in spring", None),
    ("spring 2024", None),
    ("18-Jan-24", "2024-01-18"),
    ("18 Jan 94", "1994-01-18"),
    ("18.01.24", "2024-01-18"),
    ("01/18/24", "2024-01-18"),
    ("Wednesday 7 May 2014", "2014-05-07"),
    ("12-05-24", None),
    ("Jan-24", None),
    ("18 January", None),
    ("5", None),
    ("A/HRC/26/38", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "expected"), WRITTEN)
def test_dates(written: str, expected: str | None) -> None:
    assert iso_date(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("18/01/2024", "2024-01-18"), ("03/04/2024", "2024-04-03"), ("01/18/2024", None)],
)
def test_the_day_may_stand_first(written: str, expected: str | None) -> None:
    assert iso_date(written, day_first=True) == expected


@pytest.mark.parametrize(
    ("written", "form", "expected"),
    [
        ("18|01|24", "%d|%m|%y", "2024-01-18"),
        ("01-2024", "%m-%Y", "2024-01"),
        ("2024/25", "%Y/25", "2024"),
        ("2024-01-18", "%d/%m/%Y", None),
    ],
)
def test_a_format_alone_decides(written: str, form: str, expected: str | None) -> None:
    assert iso_date(written, form=form) == expected


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y"]),
)
def test_every_day_in_every_form(day: date, form: str) -> None:
    assert iso_date(day.strftime(form)) == day.isoformat()
