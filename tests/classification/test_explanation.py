"""Explanations: the listed contributions add up, and what is said to turn a decision does."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import log

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.classification.explanation import (
    Cause,
    FrameExplanation,
    causes,
    explain,
    smallest_flip,
)
from framelens.classification.model import probability
from framelens.core.errors import FramelensError
from framelens.core.settings import Mode
from framelens.core.types import Detail, Evidence, Passage, SentenceFrames
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.classification.test_evidence import TEXTS
from tests.helpers import classify_passages, open_classifier

MODES: tuple[Mode, ...] = ("hybrid", "rules", "model")
STATEMENT = (
    "The rapporteur was refused access; impunity for torture must end. We stand for dialogue."
)


@pytest.fixture(scope="module", params=MODES)
def classifier(request: pytest.FixtureRequest) -> FrameClassifier:
    mode: Mode = request.param
    return open_classifier(mode=mode)


def classified(
    classifier: FrameClassifier, text: str, evidence: Detail = True
) -> list[SentenceFrames]:
    rows = classify_passages([Passage("text", text)], classifier, evidence=evidence)
    return [row.frames for row in rows]


def chance(score: float) -> float:
    return float(probability(score))  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_what_is_said_to_turn_a_decision_turns_it(classifier: FrameClassifier, text: str) -> None:
    for sentence in classified(classifier, text):
        for found in explain(sentence).frames:
            assert found.given == (found.frame in sentence.labels)
            held = {(cause.kind, cause.name) for cause in found.flip or ()}
            left = found.bias + sum(
                row.weight for row in found.contributions if (row.kind, row.name) not in held
            )
            assert (chance(left) >= found.threshold) == (found.given ^ (found.flip is not None))


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_the_sum_is_the_log_odds_of_the_probability(classifier: FrameClassifier, text: str) -> None:
    for sentence in classified(classifier, text):
        for found in explain(sentence).frames:
            total = found.bias + sum(row.weight for row in found.contributions)
            assert abs(found.score - total) < 1e-9
            assert abs(chance(found.score) - found.probability) < 1e-9
            if 1e-4 < found.probability < 1 - 1e-4:
                odds = log(found.probability / (1 - found.probability))
                assert abs(odds - found.score) < 1e-9


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_every_label_has_a_span_of_evidence(classifier: FrameClassifier, text: str) -> None:
    for sentence in classified(classifier, text):
        found = explain(sentence)
        marked = {name for part in found.stretches() for name in part.frames}
        assert marked == set(sentence.labels)
        assert "".join(part.text for part in found.stretches()) == sentence.text


def test_no_shipped_weights_give_a_frame_by_the_bias_alone(classifier: FrameClassifier) -> None:
    for at, frame in enumerate(classifier.frames):
        assert chance(classifier.weights.bias[at]) < classifier.thresholds[at], frame


@given(
    bias=st.floats(-5, 5),
    weights=st.lists(st.floats(-4, 4).map(lambda weight: round(weight, 2)), max_size=7),
    threshold=st.floats(0.01, 0.99),
)
def test_no_smaller_set_turns_a_decision(
    bias: float, weights: list[float], threshold: float
) -> None:
    rows = [Cause("term", str(at), weight) for at, weight in enumerate(weights) if weight]

    def given_with(left_out: set[Cause]) -> bool:
        kept = sum(row.weight for row in rows if row not in left_out)
        return chance(bias + kept) >= threshold

    before = given_with(set())
    found = smallest_flip(bias, rows, threshold, given=before)
    smaller = range(len(rows) + 1 if found is None else len(found))
    assert found is None or given_with(set(found)) != before
    for size in smaller:
        assert all(given_with(set(some)) == before for some in combinations(rows, size))


def test_a_cause_is_all_occurrences_of_a_rule() -> None:
    rows = [
        Evidence("look", "rule", "look.a", 0, 1, "a", 1.0),
        Evidence("look", "term", "b", 2, 3, "b", -0.5),
        Evidence("look", "rule", "look.a", 4, 5, "a", 1.0),
    ]
    assert causes(rows) == [Cause("rule", "look.a", 2.0), Cause("term", "b", -0.5)]


def test_a_threshold_of_nought_gives_a_frame_by_itself() -> None:
    classifier = open_classifier(mode="rules", thresholds={"dialogue": 0.0})
    (sentence,) = classified(classifier, "It rained.")
    found = of(sentence, "dialogue")
    assert (found.given, found.alone, found.flip, found.contributions) == (True, True, None, ())


def of(sentence: SentenceFrames, frame: str) -> FrameExplanation:
    return next(found for found in explain(sentence).frames if found.frame == frame)


@pytest.mark.parametrize("evidence", [False, "labels"])
def test_a_sentence_without_its_evidence_cannot_be_explained(evidence: Detail) -> None:
    classifier = open_classifier()
    sentence = classified(classifier, STATEMENT, evidence)[0]
    with pytest.raises(FramelensError, match="evidence=True"):
        explain(replace(sentence, evidence=sentence.evidence[1:]))


def test_evidence_of_labels_is_that_of_the_frames_given(classifier: FrameClassifier) -> None:
    for full, some, none in zip(
        *(classified(classifier, STATEMENT, detail) for detail in (True, "labels", False)),
        strict=True,
    ):
        assert some.evidence == tuple(row for row in full.evidence if row.frame in full.labels)
        assert none.evidence == ()
        assert full.labels == some.labels == none.labels


def test_evidence_of_a_rule_has_its_note(classifier: FrameClassifier) -> None:
    notes = {rule.id: rule.note for rule in classifier.rules.rules}
    for row in classified(classifier, STATEMENT)[0].evidence:
        assert row.note == (notes[row.name] if row.kind == "rule" else "")


def test_bias_and_thresholds_cost_nothing_a_sentence(classifier: FrameClassifier) -> None:
    first, second = classified(classifier, STATEMENT)
    assert first.bias is second.bias
    assert first.thresholds is second.thresholds
    assert list(first.bias) == list(first.thresholds) == list(classifier.frames)
