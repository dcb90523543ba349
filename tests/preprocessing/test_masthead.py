"""What a masthead says of its document."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from framelens.preprocessing.masthead import masthead
from framelens.preprocessing.states import recommending

DISTR = "Distr.: General"
HEADS: list[tuple[str, Mapping[str, str]]] = [
    (f"A/POND/40/12 {DISTR} 18 January 2019 Fortieth session",
     {"symbol": "A/POND/40/12", "session": "Fortieth session", "date": "2019-01-18"}),
    (f"{DISTR}\nMarch 5, 2020\n43rd session\nCAT/C/POND/CO/3",
     {"symbol": "CAT/C/POND/CO/3", "session": "43rd session", "date": "2020-03-05"}),
    (f"{DISTR}\nSeventy-third special session", {"session": "Seventy-third special session"}),
    (f"{DISTR}\nThe present session", {}),
    (f"3 May 2018\n{DISTR}", {}),
    (f"{DISTR} 45 May 2018", {}),
    ("A/POND/40/12 of 18 January 2019", {}),
    ("x" * 5_000 + f" A/POND/1 {DISTR}", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_masthead(text: str, expected: Mapping[str, str]) -> None:
    assert masthead(text) == expected


STATES = [
    ("Open the ponds (Latvia);", "Latvia"),
    ("Open the ponds\n(Iran (Islamic\nRepublic of)).", "Iran (Islamic Republic of)"),
    ("Open the ponds (Sweden) (Togo)", "Togo"),
    ("Open the ponds (Norway, on behalf of the Nordic countries).",
     "Norway, on behalf of the Nordic countries"),
    ("Open the ponds (Spain and the Gambia); 12", "Spain and the Gambia"),
    ("Open the ponds (see annex).", None),
    ("Open the ponds (Nigerians).", None),
    ("(Latvia) opened the ponds.", None),
    ("(" * 500 + ")", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), STATES)
def test_recommending(sentence: str, expected: str | None) -> None:
    assert recommending(sentence) == expected
