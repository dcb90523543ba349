from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from framelens.core.errors import END, LONGEST, FramelensError, at


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("no such file", "no such file"),
        ("Ausschuß – “Menschenrechte” 人権", "Ausschuß – “Menschenrechte” 人権"),
        ("two\nlines\tand\x1b[31m red", r"two\nlines\tand\x1b[31m red"),
        ("no text: \udcff", r"no text: \udcff"),
    ],
)
def test_a_message_is_one_line_that_a_terminal_can_show(problem: str, told: str) -> None:
    assert str(at(Path("a.csv"), 3, problem)) == f"a.csv:3: {told}"


def test_a_message_is_not_as_long_as_what_it_quotes() -> None:
    error = at("a.csv", 3, f"unknown label {'[' * 100_000!r}; expected one of praise, blame")
    assert len(str(error)) <= LONGEST + len(" … ")
    assert str(error).startswith("a.csv:3: unknown label '[[[")
    assert str(error).endswith("[[['; expected one of praise, blame")
    assert END < LONGEST


def test_a_message_comes_from_another_process_as_it_was() -> None:
    error = FramelensError("bad\n" * 1000)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
