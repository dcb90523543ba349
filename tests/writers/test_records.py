"""What stands in JSON Lines and CSV, with and without explanations."""

from __future__ import annotations

import csv
import io
import json
from math import log
from typing import Any

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import Passage

from tests.helpers import classify_passages, open_classifier, write_csv, write_jsonl

TEXT = "The rapporteur was refused access. It rained. We stand for dialogue. They negotiated all night."


@pytest.fixture(scope="module")
def classifier() -> FrameClassifier:
    return open_classifier(mode="rules")


def jsonl(classifier: FrameClassifier, *, explain: bool) -> list[dict[str, Any]]:
    out = io.StringIO()
    rows = classify_passages([Passage("text", TEXT)], classifier)
    write_jsonl(rows, out, unit="document", explain=explain)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_without_explain_evidence_is_that_of_the_labels() -> None:
    for row in jsonl(open_classifier(), explain=False):
        assert {"bias", "thresholds"}.isdisjoint(row)
        assert {item["frame"] for item in row["evidence"]} == set(row["labels"])
        assert all("note" not in item for item in row["evidence"])


def test_with_explain_a_record_accounts_for_every_score() -> None:
    for row in jsonl(open_classifier(), explain=True):
        for frame, chance in row["scores"].items():
            weights = [item["weight"] for item in row["evidence"] if item["frame"] == frame]
            assert row["bias"][frame] + sum(weights) == pytest.approx(
                log(chance / (1 - chance)), abs=1e-9
            )
            assert (chance >= row["thresholds"][frame]) == (frame in row["labels"])
        assert all(("note" in item) == (item["kind"] != "term") for item in row["evidence"])
    assert {item["kind"] for item in row["evidence"]} >= {"rule", "subject"}


def test_csv_has_columns_of_reasons_with_explain_told_as_evidence_is() -> None:
    classifier = open_classifier()
    for explain in (False, True):
        out = io.StringIO()
        rows = list(classify_passages([Passage("text", TEXT)], classifier))
        write_csv(rows, out, unit="document", frames=classifier.frames, explain=explain)
        first = next(csv.DictReader(io.StringIO(out.getvalue())))
        assert ("monitoring reasons" in first) == explain
        if explain:
            reason = rows[0].frames.stances["monitoring"].reasons[0]
            assert first["monitoring reasons"].startswith(f"{reason.words} {reason.weight:+.2f}")
            assert first["dialogue reasons"] == ""


def test_csv_has_columns_of_bias_and_threshold_with_explain(classifier: FrameClassifier) -> None:
    for explain in (False, True):
        out = io.StringIO()
        rows = classify_passages([Passage("text", TEXT)], classifier)
        write_csv(rows, out, unit="document", frames=classifier.frames, explain=explain)
        first = next(csv.DictReader(io.StringIO(out.getvalue())))
        assert ("monitoring bias" in first) == explain
        if explain:
            assert float(first["monitoring bias"]) == pytest.approx(-log(9), abs=1e-4)
            assert first["monitoring threshold"] == "0.5"
