from __future__ import annotations

from math import log

import pytest
from framelens.core.types import Evidence
from framelens.evaluation.assessment import Assessment
from framelens.evaluation.error_analysis import Mistake
from framelens.report.error_analysis import MOST_ROWS, accounts, stretches
from hypothesis import given
from hypothesis import strategies as st

TEXT = "They held talks in prison."
OWNERS = {"a": "look", "b": "talk", "c": "talk"}


def evidence(name: str, frame: str, start: int, end: int, weight: float = 1.0) -> Evidence:
    return Evidence(frame, "rule", name, start, end, TEXT[start:end], weight)


def mistake(*rows: Evidence) -> Mistake:
    return Mistake(
        id="x",
        document=None,
        text=TEXT,
        missed=("look",),
        wrong=("talk",),
        right=(),
        scores={"look": 0.2, "talk": 0.9},
        bias={"look": -1, "talk": -2},
        thresholds={"look": 0.5, "talk": 0.5},
        margin=0.1,
        evidence=rows,
        fields={},
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [(TEXT, "")]),
        ([("b", "talk", 5, 15)], [("They ", ""), ("held talks", "t"), (" in prison.", "")]),
        (
            [("b", "talk", 5, 15), ("a", "look", 10, 26)],
            [("They ", ""), ("held ", "t"), ("talks", "lt"), (" in prison.", "l")],
        ),
        (
            [("b", "talk", 5, 15), ("c", "talk", 10, 18)],
            [("They ", ""), ("held talks in", "t"), (" prison.", "")],
        ),
        ([("a", "talk", 5, 15)], [(TEXT, "")]),
    ],
)
def test_only_a_frames_own_rules_are_marked(
    rows: list[tuple[str, str, int, int]], expected: list[tuple[str, str]]
) -> None:
    found = stretches(mistake(*(evidence(*row) for row in rows)), OWNERS)
    assert [(row.text, "".join(name[0] for name in row.frames)) for row in found] == expected


PLACES = st.tuples(st.integers(0, 26), st.integers(0, 26)).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(st.tuples(st.sampled_from("abc"), PLACES)))
def test_the_stretches_are_the_sentence(rows: list[tuple[str, tuple[int, int]]]) -> None:
    made = mistake(*(evidence(name, OWNERS[name], *place) for name, place in rows))
    assert "".join(row.text for row in stretches(made, OWNERS)) == TEXT


def test_lighter_contributions_are_added_up() -> None:
    rows = [evidence("b", "talk", 0, 4, weight) for weight in range(20, 0, -1)]
    look, talk = accounts(mistake(*rows))
    assert (look.contributions, look.lighter, look.score, look.missed) == ((), 0, -1, True)
    assert (len(talk.contributions), talk.lighter_count) == (MOST_ROWS, 20 - MOST_ROWS)
    assert talk.score == sum(range(1, 21)) - 2


def test_accounts_add_up_to_the_score(assessment: Assessment) -> None:
    for row in assessment.mistakes:
        for account in accounts(row):
            odds = log(account.probability / (1 - account.probability))
            assert account.score == pytest.approx(odds, abs=1e-9)
