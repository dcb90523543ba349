from __future__ import annotations

import pytest
from framelens.project.folds import fold_groups, near_duplicates
from framelens.project.labelled import LabelledSentence


def row(text: str, document: str | None = None, pair: str | None = None) -> LabelledSentence:
    return LabelledSentence(text, text, (), document=document, meta={"pair": pair} if pair else {})


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (
            "The state must release all the prisoners now",
            "The state must release all prisoners",
            False,
        ),
        (
            "The state must release all the prisoners now",
            "The state must release all the prisoners",
            True,
        ),
        ("Ratify it", "ratify it!", True),
        ("Ratify it", "Ratify them", False),
    ],
)
def test_near_duplicates(one: str, other: str, alike: bool) -> None:
    assert near_duplicates([one, "something else altogether", other]) == ([(0, 2)] if alike else [])


def test_what_belongs_together_shares_a_number() -> None:
    groups = fold_groups(
        [
            row("one thing was said here", "d"),
            row("another thing was done there", "d"),
            row("the third one stands alone"),
            row("a pair with a change", pair="p"),
            row("quite unlike its twin", pair="p"),
            row("one thing was said here!"),
        ]
    )
    assert groups[0] == groups[1] == groups[5]
    assert groups[3] == groups[4]
    assert len(set(groups)) == 3
