from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import framelens
import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.preprocessing.sentences import split
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import classify_passages

TEXTS = [
    "Impunity must end. It rained.",
    "",
    "They agreed to a technical cooperation programme.",
    " \n ",
]


def test_classify_streams_a_list_a_text() -> None:
    found = list(framelens.classify(TEXTS))
    assert [[row.labels for row in rows] for rows in found] == [
        [("accountability",), ()],
        [],
        [("cooperation",)],
        [],
    ]


def test_classify_takes_an_endless_stream() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "Impunity must end."

    results = framelens.classify(endless())
    assert next(results)[0].labels == ("accountability",)


def test_a_text_that_is_no_string_is_named() -> None:
    with pytest.raises(FramelensError, match="text 1 is int"):
        list(framelens.classify(["fine", 3]))  # type: ignore[list-item]


def test_unit_sentence_does_not_split() -> None:
    (rows,) = framelens.classify(["One. Two."], unit="sentence")
    assert [row.text for row in rows] == ["One. Two."]


def test_thresholds_decide() -> None:
    text = "They agreed to a technical cooperation programme."
    (rows,) = framelens.classify([text], thresholds={"cooperation": 1.0, "dialogue": 0.0})
    assert rows[0].labels == ("dialogue",)
    with pytest.raises(FramelensError, match="unknown frame 'smell'"):
        framelens.classify([text], thresholds={"smell": 0.5})
    with pytest.raises(FramelensError, match="from 0 to 1"):
        framelens.classify([text], thresholds={"dialogue": 1.5})


def test_without_evidence_the_rest_is_the_same() -> None:
    (full,), (bare,) = (
        next(framelens.classify(["Impunity must end."], evidence=evidence))
        for evidence in (True, False)
    )
    assert full.evidence
    assert bare.evidence == ()
    assert (full.labels, full.scores, full.primary) == (bare.labels, bare.scores, bare.primary)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_covered_and_offsets_slice_back(shipped: FrameClassifier, text: str) -> None:
    found = classify_passages([Passage("text", text)], shipped)
    rows = [row.frames for row in found]
    assert [(row.start, row.end) for row in rows] == split(text)
    assert all(text[row.start : row.end] == row.text for row in rows)
    covered = {at for row in rows for at in range(row.start, row.end)}
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)


@pytest.mark.parametrize("code", ["framelens.classify(['Impunity must end.'])", "framelens.load()"])
def test_classifying_imports_neither_scikit_learn_nor_scipy(code: str) -> None:
    script = (
        f"import sys, framelens; list({code} if 'classify' in {code!r} else [{code}('x')]); "
        "print([name for name in ('sklearn', 'scipy', 'joblib') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_not_offered_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'clasify'"):
        framelens.clasify  # noqa: B018
