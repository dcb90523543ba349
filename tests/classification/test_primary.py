from __future__ import annotations

import pytest
from framelens.classification.primary import main_clause, primary_frame


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the state must comply", 0),
        ("while talks went on , the abuses continued", 5),
        ("but although it cooperates , it refuses visits", 5),
        ("“ although weak , the mandate stands", 4),
        ("while talks went on the abuses continued", 0),
        ("in geneva , the state refused", 0),
        ("although ,", 0),
        ("", 0),
    ],
)
def test_main_clause(sentence: str, expected: int) -> None:
    assert main_clause(sentence.split()) == expected


@pytest.mark.parametrize(
    ("places", "main", "expected"),
    [
        ({}, 0, None),
        ({"a": [4], "b": [2]}, 0, "b"),
        ({"a": [4], "b": [2]}, 3, "a"),
        ({"a": [1], "b": [2]}, 3, "a"),
        ({"a": [9], "b": [2, 8]}, 3, "b"),
        ({"a": [2], "b": [2]}, 0, "a"),
        ({"a": [], "b": [7]}, 0, "b"),
    ],
)
def test_primary(places: dict[str, list[int]], main: int, expected: str | None) -> None:
    assert primary_frame(list(places), places, main) == expected
