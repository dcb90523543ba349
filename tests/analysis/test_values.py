"""What in the values of a field looks like a slip."""

from __future__ import annotations

import pytest
from framelens.analysis.values import value_messages

LISTS = "'France, Spain' and 1 more counts as a value of its own, apart from those that it lists"
ALIKE = "'Asia' and 'asia' count as several values, being written differently"
DATES = "each of its dates counts by itself; name it with --date-column, and count --over year"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["France", "Spain", "France, Spain", "Spain; Togo"], [LISTS]),
        (["Korea, Republic of", "Togo", "10,000"], []),
        (["Asia", "asia", "Europe"], [ALIKE]),
        (["EU", "E.U.", "e. u.", "Asia", " asia "], ["'EU' and 'E.U.', and 1 more such, count as several"]),
        (["12.3.1999", "April 2001", "1999-04-05"], [DATES]),
        # Periods, and what are no dates.
        (["2019", "2020", "2021"], []),
        (["1999-04-05", "1999-04-06"], []),
        (["12.3.1999", "soon"], []),
        (["1.5", "15", "1.1", "11"], []),
        ([], []),
    ],
)  # fmt: skip
def test_values_that_are_not_told_apart_as_people_would(
    values: list[str], expected: list[str]
) -> None:
    said = list(value_messages("country", values))
    assert [
        line.startswith(f"country: {part}") for line, part in zip(said, expected, strict=True)
    ] == [True for _ in expected]
