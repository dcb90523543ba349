"""A sample of training sentences keeps its labels however it is written."""

from __future__ import annotations

import json

import pytest
from framelens.api import classify
from framelens.core.files import CHECKOUT

from tests.benchmarks.grammar import GRAMMAR
from tests.benchmarks.perturbations import CHANGES, Row, measured, measured_in_documents

EVERY = 25
"""One training sentence of so many is taken."""

LOOSE = {
    "British to American spelling", "American to British spelling", "ALL CAPS", "Title Case",
    "commas as dashes", "& for and", "U+FFFD for quotation marks", "sancons", "sanc\ufffdons",
    "sanc ons", "m for rn", "rn for m in long words", "1 for l in long words",
    "long words with a letter too few", "long words with a letter twice",
    "long words with two letters swapped", "long words with a wrong letter",
    "a space within a fifth of the long words",
    "no space at a fifth of the long words' edges", "no space at half of the long words' edges",
}  # fmt: skip
"""Changes that may turn over three sentences in a hundred here: other words or marks, or no case to go by."""

ROUGH = {"a space within all long words": 0.06}
"""Changes that may turn over more, and how many: pieces may be words themselves."""


@pytest.fixture(scope="module")
def sentences() -> list[dict[str, object]]:
    lines = (CHECKOUT / "corpus" / "training.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[::EVERY]]


@pytest.mark.parametrize("change", CHANGES)
def test_labels_stay(change: str, sentences: list[dict[str, object]]) -> None:
    hold(measured(sentences, change), share=ROUGH.get(change, 0.03 if change in LOOSE else 0.0))


@pytest.mark.parametrize("label", ["1. ", "128.45 ", "(iv) ", "2. (a) ", "§ 12 ", "• ", "## "])
def test_a_number_is_no_opening(label: str) -> None:
    text = "Ratify the Convention against Torture."
    without, beside = (
        {frame: stance.name for row in rows for frame, stance in row.stances.items()}
        for rows in classify([text, label + text], unit="sentence")
    )
    assert without == beside == {"accountability": "demanded"}


def test_labels_stay_when_grammar_changes(sentences: list[dict[str, object]]) -> None:
    rows = {change: measured(sentences[::3], change) for change in GRAMMAR}
    for change in rows:
        if change.endswith((": strongly", ": also", ": repeatedly", ": , however,")):
            hold(rows[change], share=0.0)
    affected = sum(row.affected for row in rows.values())
    assert sum(row.changed for row in rows.values()) <= 0.01 * affected


def test_labels_stay_in_wrapped_documents(sentences: list[dict[str, object]]) -> None:
    hold(measured_in_documents(sentences), share=0.01)


def hold(row: Row, *, share: float) -> None:
    assert row.affected > 0
    assert row.changed <= max(share * row.affected, 1 if share else 0), row
