from __future__ import annotations

import numpy as np
import pytest
from framelens.core.types import Bools
from framelens.statistics.confusion import confusion
from hypothesis import given
from hypothesis import strategies as st

FRAMES = ("look", "talk", "help")


def row(names: str) -> list[bool]:
    return [name[0] in names for name in FRAMES]


@pytest.mark.parametrize(
    ("labelled", "found", "cells"),
    [
        ("", "", [("none", "none")]),
        ("l", "l", [("look", "look")]),
        ("l", "", [("look", "none")]),
        ("", "t", [("none", "talk")]),
        ("l", "t", [("look", "talk")]),
        ("lt", "lh", [("look", "look"), ("talk", "help")]),
        ("l", "lt", [("look", "look"), ("none", "talk")]),
        ("l", "th", [("look", "talk"), ("look", "help")]),
        ("lt", "h", [("look", "help"), ("talk", "help")]),
    ],
)
def test_one_sentence(labelled: str, found: str, cells: list[tuple[str, str]]) -> None:
    table = confusion(FRAMES, np.array([row(labelled)]), np.array([row(found)]))
    assert table.frames == (*FRAMES, "none")
    counted = [
        (table.frames[a], table.frames[b])
        for a, counts in enumerate(table.counts)
        for b, count in enumerate(counts)
        for _ in range(count)
    ]
    assert sorted(counted) == sorted(cells)


LABELS = st.lists(st.tuples(*[st.booleans()] * 6), min_size=1, max_size=20)


@given(LABELS)
def test_every_label_is_accounted_for(rows: list[tuple[bool, ...]]) -> None:
    table: Bools = np.array(rows)
    gold, guess = table[:, :3], table[:, 3:]
    counts = np.array(confusion(FRAMES, gold, guess).counts)
    assert np.diag(counts)[:-1].tolist() == (gold & guess).sum(axis=0).tolist()
    missed = (gold & ~guess).sum(axis=0)
    off = counts.sum(axis=1)[:-1] - np.diag(counts)[:-1]
    assert ((off >= missed) & ((off == 0) == (missed == 0))).all()
    assert (counts.sum(axis=0)[:-1] - np.diag(counts)[:-1] >= (guess & ~gold).sum(axis=0)).all()
