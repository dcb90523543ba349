"""What a sentence is about decides which hits count."""

from __future__ import annotations

import numpy as np
import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import Passage
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules
from spacy.attrs import ORTH
from spacy.language import Language

from tests.conftest import SCHEME
from tests.helpers import classify_passages, open_classifier

RULES = """
frame = "look"
[[rule]]
id = "look.see"
phrases = ["see"]
[[rule]]
id = "look.visit"
phrases = ["visit"]
anywhere = true
[[rule]]
id = "look.inspect"
phrases = ["inspect"]
needs_own = true
"""
SUBJECTS = """
[[subject]]
id = "rights"
own = true
phrases = ["torture"]
[[subject]]
id = "trade"
phrases = ["tariffs", "exports"]
"""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return parse_rules({"scheme.toml": SCHEME, "look.toml": RULES, "subjects.toml": SUBJECTS})


@pytest.mark.parametrize(
    ("text", "kept", "set_aside", "because"),
    [
        # Without any cue a rule counts, unless it needs one.
        ("they see and visit and inspect", "see visit", "inspect", ""),
        ("they see and visit and inspect torture", "see visit inspect", "", ""),
        ("they see and visit and inspect tariffs", "visit", "see inspect", "tariffs"),
        ("they see tariffs and exports", "", "see", "tariffs exports"),
        # The own subject outweighs every other.
        ("they see and inspect tariffs and torture", "see inspect", "", ""),
        ("they visit tariffs", "visit", "", ""),
    ],
)
def test_cues_decide_which_hits_count(
    rules: RuleSet, nlp: Language, text: str, kept: str, set_aside: str, because: str
) -> None:
    doc = nlp(text)
    matcher = RuleMatcher(rules, nlp.tokenizer)
    keys = doc.to_array([ORTH]).tolist()
    (reading, *_) = matcher.read_block(keys, np.array([len(keys)]))
    assert matcher.read(keys) == reading
    found = ([doc[hit.start : hit.end].text for hit in hits] for hits in reading)
    assert [*found] == [kept.split(), set_aside.split(), because.split()]


def test_an_explanation_shows_what_a_rule_lacked() -> None:
    text = "They negotiated until midnight."
    (found,) = classify_passages([Passage("text", text)], open_classifier(mode="rules"))
    taken = [item for item in found.frames.evidence if item.kind == "subject"]
    assert not found.frames.labels
    assert [item.text for item in taken] == ["negotiated"]
    assert np.isclose(
        sum(item.weight for item in found.frames.evidence if item.text == "negotiated"), 0
    )


def test_cues_of_another_subject_share_what_they_take_away(rules: RuleSet, nlp: Language) -> None:
    small = FrameClassifier(rules, None, tokenizer=nlp.tokenizer, mode="rules")
    (found,) = classify_passages([Passage("text", "They see tariffs and exports.")], small)
    given, *taken = found.frames.evidence
    assert (given.kind, given.text) == ("rule", "see")
    assert [(item.kind, item.name, item.text) for item in taken] == [
        ("subject", "trade", "tariffs"),
        ("subject", "trade", "exports"),
    ]
    assert [item.weight for item in taken] == [-given.weight / 2] * 2
