from __future__ import annotations

import pytest
from framelens.core.types import given_value


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
