"""The explanation is exact: what is listed adds up to the score."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.settings import Mode
from framelens.core.types import Passage, SentenceFrames
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import classify_passages, open_classifier

PHRASES = [
    "the rapporteur", "was refused access", "to the prisons", "dialogue", "and", "cooperation",
    "technical assistance", "must be held accountable", "for torture", "visited", ",", "while",
    "exchange of views", "human rights", "human rights", "reported", "impunity", "2018",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PHRASES)).map(" ".join))


@pytest.fixture(scope="module", params=["hybrid", "rules", "model"])
def classifier(request: pytest.FixtureRequest) -> FrameClassifier:
    mode: Mode = request.param
    return open_classifier(mode=mode)


def classified(classifier: FrameClassifier, text: str) -> list[SentenceFrames]:
    passages = [Passage("text", text)]
    return [row.frames for row in classify_passages(passages, classifier)]


@settings(max_examples=60, deadline=None)  # the fuzz checks it of many more
@given(text=TEXTS)
def test_contributions_add_up_to_the_score(classifier: FrameClassifier, text: str) -> None:
    for found in classified(classifier, text):
        for at, frame in enumerate(classifier.frames):
            total = classifier.weights.bias[at] + sum(
                item.weight for item in found.evidence if item.frame == frame
            )
            chance = found.scores[frame]
            assert np.isclose(1 / (1 + np.exp(-total)), chance, rtol=0, atol=1e-9)
            if 1e-6 < chance < 1 - 1e-6:
                assert abs(log(chance / (1 - chance)) - total) < 1e-9 * max(1, 1 / (1 - chance))
            assert (chance >= classifier.thresholds[at]) == (frame in found.labels)


@settings(max_examples=60, deadline=None)  # the fuzz checks it of many more
@given(text=TEXTS)
def test_evidence_slices_back(classifier: FrameClassifier, text: str) -> None:
    for found in classified(classifier, text):
        assert text[found.start : found.end] == found.text
        for item in found.evidence:
            assert found.start <= item.start < item.end <= found.end
            assert text[item.start : item.end] == item.text


def test_every_label_has_evidence_for_it(classifier: FrameClassifier) -> None:
    text = "The rapporteur was refused access; dialogue and cooperation must not shield impunity."
    (found,) = classified(classifier, text)
    for frame in found.labels:
        assert any(item.frame == frame and item.weight > 0 for item in found.evidence)


def test_a_block_gives_what_single_sentences_give(classifier: FrameClassifier) -> None:
    texts = [" ".join(PHRASES[at : at + 5]) for at in range(len(PHRASES))]
    passages = [Passage(str(at), text) for at, text in enumerate(texts)]
    together = [row.frames for row in classify_passages(passages, classifier, unit="sentence")]
    for text, found in zip(texts, together, strict=True):
        (alone,) = classify_passages([Passage("0", text)], classifier, unit="sentence")
        assert alone.frames.labels == found.labels
        assert alone.frames.evidence == found.evidence
        assert alone.frames.scores == pytest.approx(found.scores, abs=1e-12)
