"""Two versions of a text, sentence by sentence and word by word."""

from __future__ import annotations

import pytest
from framelens.analysis.versions import Row, align, changes, versions
from hypothesis import given
from hypothesis import strategies as st

DRAFT = [
    "Recalling its previous resolutions on the matter,",
    "Deeply concerned at reports of torture in places of detention,",
    "Invites the Government to consider a visit by the Special Rapporteur;",
    "Encourages States to exchange views on best practices;",
    "Decides to remain seized of the matter.",
]
ADOPTED = [
    "Recalling its previous resolutions on the matter,",
    "Gravely concerned at reports of torture in all places of detention,",
    "Urges the Government to accept a visit by the Special Rapporteur;",
    "Requests the High Commissioner to report to the Council at its next session;",
    "Decides to remain seized of the matter.",
]


def shown(rows: list[Row]) -> list[tuple[int | None, int | None]]:
    return [(row.first, row.second) for row in rows]


def test_a_draft_beside_what_was_adopted() -> None:
    rows = align(DRAFT, ADOPTED)
    assert shown(rows) == [(0, 0), (1, 1), (2, 2), (None, 3), (3, None), (4, 4)] or shown(rows) == [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, None),
        (None, 3),
        (4, 4),
    ]
    assert [DRAFT[2][start:end] for start, end in rows[2].first_changes] == ["Invites", "consider"]
    assert [ADOPTED[2][start:end] for start, end in rows[2].second_changes] == ["Urges", "accept"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([], [], []),
        ([], ["One."], [(None, 0)]),
        (["One."], [], [(0, None)]),
        (["One."], ["Two."], [(0, None), (None, 0)]),
        (["ONE thing!"], ["one thing"], [(0, 0)]),
        (["…"], ["?!"], [(0, 0)]),
    ],
)
def test_small_cases(
    first: list[str], second: list[str], expected: list[tuple[int | None, int | None]]
) -> None:
    assert sorted(shown(align(first, second)), key=str) == sorted(expected, key=str)


@given(*[st.lists(st.text("ab c", max_size=8), max_size=8)] * 2)
def test_every_sentence_has_one_row_and_order_is_kept(first: list[str], second: list[str]) -> None:
    rows = align(first, second)
    assert [row.first for row in rows if row.first is not None] == list(range(len(first)))
    assert [row.second for row in rows if row.second is not None] == list(range(len(second)))
    assert all(row.first is not None or row.second is not None for row in rows)


@given(*[st.text("ab ,c\nA", max_size=20)] * 2)
def test_outside_of_changes_two_sentences_are_the_same(first: str, second: str) -> None:
    found = changes(first, second)
    rest = [kept(text, cuts) for text, cuts in zip((first, second), found, strict=True)]
    assert rest[0] == rest[1]


def kept(text: str, cuts: tuple[tuple[int, int], ...]) -> list[str]:
    cut = {at for start, end in cuts for at in range(start, end)}
    return [char.lower() for at, char in enumerate(text) if at not in cut and not char.isspace()]


def test_versions_of_a_text_are_found() -> None:
    shared = [f"This sentence number {word} stands in both of the texts." for word in "abcd"]
    others = [
        [f"A quite different sentence, number {word}, of document {n}." for word in "abcd"]
        for n in range(3)
    ]
    documents = [others[0] + shared, others[1], ["Short."], [*shared, *others[2]]]
    assert versions(documents) == [(0, 3)]
    assert versions([["I thank you very much, Madam President."], *documents[1:3]]) == []
