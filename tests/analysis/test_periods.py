"""Dates, as they are written, on a time line."""

from __future__ import annotations

import pytest
from framelens.analysis.periods import MOST_PERIODS, periods
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("values", "found", "line"),
    [
        ([], [], []),
        ([None, "", "soon"], [None, None, None], []),
        (["2019", "2017", None], ["2019", "2017", None], ["2017", "2018", "2019"]),
        (["2019-05-30", "2019-06-01"], None, ["2019-05-30", "2019-05-31", "2019-06-01"]),
        (
            ["2019-11", "2020-02-03"],
            ["2019-11", "2020-02"],
            ["2019-11", "2019-12", "2020-01", "2020-02"],
        ),
        (
            ["2017-01-05", "2019-12-31"],
            ["2017 Q1", "2019 Q4"],
            [f"{y} Q{q}" for y in (2017, 2018, 2019) for q in (1, 2, 3, 4)],
        ),
        (["2019-05-12T10:00:00Z", "2019-05-12 11:30"], ["2019-05-12"] * 2, ["2019-05-12"]),
        (["2019-02-30", "2019.0", "12 May 2019"], [None, "2019", None], ["2019"]),
        (["1948-12-10", "2018-03-23"], ["1948", "2018"], [str(year) for year in range(1948, 2019)]),
    ],
)
def test_periods(values: list[str | None], found: list[str | None] | None, line: list[str]) -> None:
    assert periods(values) == (values if found is None else found, line)


@given(st.lists(st.dates().map(str), min_size=1, max_size=6))
def test_every_date_lies_on_the_line(values: list[str]) -> None:
    found, line = periods(values)
    assert {*found} <= {*line}
    assert line == sorted(set(line))
    assert {line[0], line[-1]} <= {*found}
    assert len(line) <= MOST_PERIODS or len(line[0]) == 4
