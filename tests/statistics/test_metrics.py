from __future__ import annotations

import numpy as np
import pytest
from framelens.core.types import Bools
from framelens.statistics.bootstrap import Interval
from framelens.statistics.metrics import figures, macro_f1_lead
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

FRAMES = ("look", "talk")


def bools(rows: list[list[int]]) -> Bools:
    return np.array(rows, dtype=bool)


def test_figures_of_a_case_worked_by_hand() -> None:
    gold = bools([[1, 0], [1, 1], [0, 0], [0, 1]])
    guess = bools([[1, 0], [0, 1], [1, 0], [0, 1]])
    found = figures(FRAMES, gold, guess)
    look, talk = found.frames
    assert (look.precision, look.recall, look.f1.value, look.support) == (0.5, 0.5, 0.5, 2)
    assert (talk.precision, talk.recall, talk.f1.value, talk.support) == (1.0, 1.0, 1.0, 2)
    assert found.macro_f1.value == 0.75
    assert found.micro_f1.value == pytest.approx(2 * 3 / (2 * 3 + 1 + 1))
    assert found.exact.value == 0.5
    assert found.primary is None


def test_the_primary_frame_counts_among_sentences_that_have_one() -> None:
    gold = bools([[1, 0], [1, 1], [0, 0]])
    found = figures(
        FRAMES,
        gold,
        gold,
        gold_primary=["look", "look", None],
        guess_primary=["look", "talk", "talk"],
    )
    assert found.primary is not None
    assert found.primary.value == 0.5


@given(st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=30))
def test_f1_is_scikit_learns(rows: list[tuple[bool, ...]]) -> None:
    table = np.array(rows)
    gold, guess = table[:, :2], table[:, 2:]
    found = figures(FRAMES, gold, guess)
    expected = f1_score(gold, guess, average=None, zero_division=0)
    assert [row.f1.value for row in found.frames] == pytest.approx(list(expected))
    assert found.micro_f1.value == pytest.approx(
        f1_score(gold, guess, average="micro", zero_division=0)
    )


def test_intervals_hold_the_value_repeat_and_narrow() -> None:
    random = np.random.default_rng(1)
    gold = random.random((400, 2)) < 0.4
    guess = gold ^ (random.random((400, 2)) < 0.15)
    small = figures(FRAMES, gold[:50], guess[:50]).macro_f1
    large = figures(FRAMES, gold, guess).macro_f1
    assert large.low < large.value < large.high
    assert large.high - large.low < small.high - small.low
    assert figures(FRAMES, gold, guess).macro_f1 == large


def test_groups_are_drawn_whole() -> None:
    gold = bools([[1, 1]] * 40)
    guess = bools([[1, 1]] * 20 + [[0, 0]] * 20)
    alone = figures(FRAMES, gold, guess).exact
    grouped = figures(FRAMES, gold, guess, groups=["a"] * 20 + ["b"] * 20).exact
    assert (grouped.low, grouped.high) == (0.0, 1.0)
    assert alone.low > 0.2


def test_a_lead_is_the_difference_of_two_systems() -> None:
    random = np.random.default_rng(3)
    gold = random.random((200, 2)) < 0.4
    good, poor = (gold ^ (random.random(gold.shape) < share) for share in (0.05, 0.3))
    lead = macro_f1_lead(gold, good, poor)
    values = [figures(FRAMES, gold, guess).macro_f1.value for guess in (good, poor)]
    assert lead.value == pytest.approx(values[0] - values[1])
    assert 0 < lead.low < lead.value < lead.high
    assert macro_f1_lead(gold, good, good) == Interval(0.0, 0.0, 0.0)
