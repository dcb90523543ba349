from __future__ import annotations

import pytest
from framelens.core.types import NOTHING, given_value, in_order, other_values, plain


class NAType:
    """Named as pandas names the type of its missing value, which cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("blank", [None, "", " \t", float("nan"), NAType()])
def test_blank_cells_have_no_value(blank: object) -> None:
    assert given_value(blank) is None


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (False, "False"), (2.5, "2.5"), ("x ", "x ")]
)
def test_other_cells_are_text(value: object, text: str) -> None:
    assert given_value(value) == text


@pytest.mark.parametrize(
    ("common", "listed"),
    [
        (["2020", "2018-03", "2020-07-09", "2018"], ["2018", "2018-03", "2020", "2020-07-09"]),
        (
            ["2021-01-02T10:00:00Z", "2021-01-02T09:30"],
            ["2021-01-02T09:30", "2021-01-02T10:00:00Z"],
        ),
        (["2020 Q1", "2019 Q3"], ["2019 Q3", "2020 Q1"]),
        (["10", "9", "2.5"], ["2.5", "9", "10"]),
        ([NOTHING, "10", other_values(3), "9"], ["9", "10", NOTHING, other_values(3)]),
        (["Peru", "Chad", "2020"], ["Peru", "Chad", "2020"]),
        ([], []),
    ],
)
def test_dates_and_numbers_have_an_order_of_their_own(common: list[str], listed: list[str]) -> None:
    assert in_order(common) == listed


def test_lists_nest_as_deep_as_they_like() -> None:
    deep: object = "frogs"
    for _ in range(5_000):
        deep = ["toads", deep]
    assert plain(deep) == "toads, " * 5_000 + "frogs"
