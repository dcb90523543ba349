"""Documents with the very text of another."""

from __future__ import annotations

import pytest
from framelens.project.repeats import Repeats

from tests.project.test_relevance import rows


@pytest.mark.parametrize(
    ("texts", "copies", "example"),
    [
        # A letter is a sentence's document, the rest its text.
        (["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3", "c4"], 1, ("b", "a")),
        (["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"], 2, ("b", "a")),
        (["a1", "a2", "a3", "b12", "b3", "b3"], 0, None),
        (["a1", "a2", "a3", "b3", "b2", "b1"], 0, None),
        # Of a sentence or two: a set phrase.
        (["a1", "a2", "b1", "b2"], 0, None),
        ([], 0, None),
    ],
)
def test_copies(texts: list[str], copies: int, example: tuple[str, str] | None) -> None:
    repeats, given = Repeats(), rows(*texts)
    assert list(repeats.of(given)) == given
    assert (repeats.copies, repeats.example) == (copies, example)
    assert bool(repeats.message()) == bool(copies)
