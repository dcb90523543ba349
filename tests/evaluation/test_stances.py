"""Stances put to labelled ones, the frames given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.classification.stance import StanceModel
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.evaluation.stances import evaluate_stances, stance_pairs
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.project import Project

ROWS: list[tuple[str, dict[str, str]]] = [
    ("No one was prosecuted for the torture.", {"accountability": "lacking"}),
    ("The officers were prosecuted for torture.", {"accountability": "affirmed"}),
    ("The monitors never visited the prison.", {"monitoring": "lacking"}),
    ("The monitors visited the prison.", {"monitoring": "affirmed"}),
    ("The monitors must visit the prison.", {"monitoring": "demanded"}),
    ("The sun rose.", {}),
]
STANCES = ("affirmed", "demanded", "lacking", "contested")


def labelled(stances: Any, at: int = 0, text: str = "The monitors came.") -> LabelledSentence:
    labels = tuple(stances) if isinstance(stances, dict) else ("monitoring",)
    return LabelledSentence(str(at), text, labels, meta={"stances": stances})


@pytest.fixture(scope="module")
def by_negation() -> FrameClassifier:
    """The shipped classifier with a model of stance that knows negation and nothing else."""
    found = Project.open(Settings()).classifier
    assert found.model is not None
    weights = np.array([[0.0, 0.0, 9.0, 0.0]])
    bias = np.array([1.0, 0.0, 0.0, 0.0])
    stance = StanceModel(STANCES, ("any lack",), weights, bias)
    return FrameClassifier(
        found.rules,
        replace(found.model, stance=stance),
        tokenizer=found.tokenizer,
    )


def test_evaluation_of_a_case_worked_by_hand(by_negation: FrameClassifier) -> None:
    sentences = [labelled(stances, at, text) for at, (text, stances) in enumerate(ROWS)]
    found = evaluate_stances(sentences, by_negation)
    assert found is not None
    assert found.pairs == 5
    assert found.figures.exact.value == pytest.approx(4 / 5)
    assert [row.f1.value for row in found.figures.frames] == pytest.approx([4 / 5, 0, 1, 0])
    assert found.confusion == ((2, 0, 0, 0), (1, 0, 0, 0), (0, 0, 2, 0), (0, 0, 0, 0))
    assert {name: row.value for name, row in found.accuracy.items()} == pytest.approx(
        {"monitoring": 2 / 3, "accountability": 1}
    )
    # The commonest of accountability is the first met of two, that of monitoring likewise.
    assert found.baseline.exact.value == pytest.approx(2 / 5)
    assert found.lead.value == pytest.approx((9 / 5 - 4 / 7) / 4)


@pytest.mark.parametrize("blank", [None, "", float("nan")])
def test_blank_stances_are_none(blank: object, by_negation: FrameClassifier) -> None:
    assert not stance_pairs([labelled(blank)], by_negation.rules.scheme)


def test_nothing_is_measured_where_no_sentence_has_a_stance(by_negation: FrameClassifier) -> None:
    assert evaluate_stances([LabelledSentence("1", "They came.", ())], by_negation) is None


@pytest.mark.parametrize(
    "stances",
    [
        {"monitoring": "lacking", "dialogue": "demanded"},
        '{"monitoring": "lacking", "dialogue": "demanded"}',
        "monitoring:lacking|dialogue:demanded",
        " monitoring:lacking | dialogue:demanded ",
    ],
)
def test_stances_are_read_in_every_form(stances: object, by_negation: FrameClassifier) -> None:
    sentence = LabelledSentence("1", "…", ("monitoring", "dialogue"), meta={"stances": stances})
    pairs = stance_pairs([sentence], by_negation.rules.scheme)
    assert [(pair.frame, pair.stance) for pair in pairs] == [
        ("monitoring", "lacking"),
        ("dialogue", "demanded"),
    ]


@pytest.mark.parametrize(
    ("stances", "problem"),
    [
        ({"monitoring": "praised"}, "the stance 'praised' to 'monitoring'; expected one of"),
        ("dialogue:lacking", "the stance 'lacking' to 'dialogue'; expected one of"),
        ("monitoring", "stances of the sentence '0': expected an object"),
        (["lacking"], "stances of the sentence '0': expected an object"),
        ("{", "stances of the sentence '0': expected an object"),
    ],
)
def test_stances_that_are_none_are_refused(
    stances: object, problem: str, by_negation: FrameClassifier
) -> None:
    with pytest.raises(FramelensError, match=problem):
        stance_pairs([labelled(stances)], by_negation.rules.scheme)
