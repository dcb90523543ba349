"""How a sentence treats the frames it carries."""

from __future__ import annotations

from dataclasses import replace
from math import exp, fsum

import framelens
import numpy as np
import pytest
import spacy
from framelens.classification.explanation import explain
from framelens.classification.stance import (
    MOST_CUES,
    MOST_EVIDENCE,
    StanceFeatures,
    StanceFinder,
    StanceModel,
    stance_features,
)
from framelens.classification.stance_reasons import widest_spans
from framelens.core.files import data_path
from framelens.core.types import FrameStance, SentenceFrames, StanceReason
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import read_rules
from spacy.language import Language
from spacy.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def nlp() -> Language:
    return framelens.load()


def frames_of(nlp: Language, text: str) -> SentenceFrames:
    (sentence,) = nlp(text).sents
    found = sentence._.frames
    assert isinstance(found, SentenceFrames)
    return found


CASES = [
    ("The monitors visited four prisons in March.", "monitoring", "affirmed"),
    ("The government must let the monitors visit the prisons.", "monitoring", "demanded"),
    ("The rapporteur was denied access to the prisons.", "monitoring", "lacking"),
    ("Nobody has been prosecuted for the torture of the prisoners.", "accountability", "lacking"),
    ("We urge the authorities to prosecute the torturers.", "accountability", "demanded"),
    ("The colonel was convicted of torture.", "accountability", "affirmed"),
]


@pytest.mark.parametrize(("text", "frame", "stance"), CASES)
def test_a_sentence_has_a_stance_for_each_frame(
    nlp: Language, text: str, frame: str, stance: str
) -> None:
    found = frames_of(nlp, text)
    assert set(found.stances) == set(found.labels)
    assert found.stances[frame].name == stance


def test_what_spoke_for_a_stance_adds_up_to_its_score() -> None:
    weights = np.array([[1.0, -1.0], [0.5, 4.0]])
    model = StanceModel(("with", "against"), ("a", "b"), weights, np.array([0.1, -0.1]))
    (found,) = model.decide(StanceFeatures(np.array([0, 0]), np.array([0, 1])), 1)
    assert found.name == "against"
    assert found.because == (("bias", -0.1), ("b", 4.0), ("a", -1.0))
    odds = fsum(weight for _, weight in found.because) - (0.1 + 1.5)
    assert found.probabilities["against"] == pytest.approx(1 / (1 + exp(-odds)))
    assert fsum(found.probabilities.values()) == pytest.approx(1)


def test_without_a_known_feature_the_bias_decides() -> None:
    model = StanceModel(("with", "against"), ("a",), np.ones((1, 2)), np.array([0.5, 0.0]))
    nothing = np.array([], dtype=np.int64)
    (found,) = model.decide(StanceFeatures(nothing, nothing), 1)
    assert found.because == (("bias", 0.5),)


@pytest.mark.parametrize(
    ("text", "frame", "words"),
    [
        ("The rapporteur was refused access.", "monitoring", "“refused” within the evidence"),
        (
            "We urge the authorities to prosecute the torturers.",
            "accountability",
            "“urge” before the evidence, in the same clause",
        ),
        (
            "Strengthen cooperation with the treaty bodies.",
            "cooperation",
            "the sentence opens with its verb, as recommendations do",
        ),
        (
            "This “dialogue” on human rights is over.",
            "dialogue",
            "quotation marks at the evidence",
        ),
        (
            "The rapporteur was refused access; they offered dialogue instead.",
            "dialogue",
            "“refused” before the evidence, in another clause",
        ),
        (
            "Two officers were put on trial in March.",
            "accountability",
            "the usual stance, which nothing in the sentence outweighs",
        ),
        (
            "The officers have not yet been convicted.",
            "accountability",
            "“have not” within the evidence",
        ),
    ],
)
def test_what_decides_a_stance_is_said_in_plain_words(
    nlp: Language, text: str, frame: str, words: str
) -> None:
    begun = "It rained all day. "
    found = list(nlp(begun + text).sents)[-1]._.frames
    first, *others = found.stances[frame].reasons
    assert first.words == words
    for reason in (first, *others):
        if reason.start is not None:
            assert (begun + text)[reason.start : reason.end] == reason.text
            assert reason.words.startswith(f"“{reason.text}”")


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([], []),
        ([(0, 1), (1, 3)], [0, 1]),
        ([(0, 3), (0, 1), (1, 3), (2, 3), (5, 6)], [0, 0, 0, 0, 4]),
        ([(0, 3), (1, 5), (2, 3)], [0, 1, 1]),
        ([(0, 3), (1, 4), (2, 3)], [0, 1, 0]),
    ],
)
def test_a_cue_goes_with_the_widest_that_it_lies_in(
    stretches: list[tuple[int, int]], expected: list[int]
) -> None:
    first, end = np.array(stretches, dtype=np.int64).reshape(-1, 2).T
    assert widest_spans(first, end).tolist() == expected


def test_words_are_within_no_evidence_where_there_is_none() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("framelens", config={"thresholds": {"dialogue": 0.0}})
    found = frames_of(nlp, "They must not wear a “hat”.").stances["dialogue"]
    told = [reason.words for reason in found.reasons]
    assert told[0] == "“must not” in the sentence"
    assert all(words.endswith("in the sentence") for words in told)


def test_a_sentence_without_frames_has_no_stance(nlp: Language) -> None:
    assert frames_of(nlp, "It rained in Geneva.").stances == {}


@pytest.mark.parametrize(
    ("text", "frame", "told"),
    [
        (
            "The coefficient on sanctions is negative and significant.",
            "accountability",
            {"sanctions"},
        ),
        (
            "Those are breaches that warrant compensation from those responsible.",
            "accountability",
            {"warrant"},
        ),
        (
            "Even so, some countries will need international assistance.",
            "cooperation",
            {"need", "countries will need international assistance"},
        ),
    ],
)
def test_of_words_of_grammar_those_are_named_that_are_cues_by_themselves(
    nlp: Language, text: str, frame: str, told: set[str]
) -> None:
    reasons = frames_of(nlp, text).stances[frame].reasons
    assert {reason.text for reason in reasons} == told


def test_the_explanation_tells_the_stance_of_a_frame_given(nlp: Language) -> None:
    found = frames_of(nlp, CASES[2][0])
    told = {frame.frame: frame.stance for frame in explain(found).frames}
    assert {name for name, stance in told.items() if stance} == set(found.labels)


@pytest.fixture(scope="module")
def finder() -> tuple[RuleMatcher, StanceFinder, Tokenizer]:
    tokenizer = english_tokenizer()
    rules = read_rules(data_path("rules"))
    matcher = RuleMatcher(rules, tokenizer)
    return (
        matcher,
        StanceFinder(rules, RuleMatcher(rules.sought_cues, tokenizer)),
        tokenizer,
    )


@pytest.mark.parametrize(
    ("text", "frame", "there", "missing"),
    [
        ("Strengthen cooperation with the treaty bodies.", "cooperation", "opening", None),
        ("Fully implement the recommendations.", "accountability", "opening", None),
        ("We strengthen cooperation with the treaty bodies.", "cooperation", None, "opening"),
        ("They refused the visit of the rapporteur.", "monitoring", "refusal within next", None),
        (
            "They refused lunch, and the rapporteur visited the prisons.",
            "monitoring",
            "refusal before near",
            "refusal before in one clause",
        ),
        ("This “dialogue” on human rights is over.", "dialogue", "quoted", None),
        ("The dialogue on human rights is “over”.", "dialogue", None, "quoted"),
        ("Their ‘dialogue’ on human rights is over.", "dialogue", "few words quoted", None),
        ("“Dialogue on human rights is over,” he said.", "dialogue", "quoted", "few words quoted"),
        ("The officers were not convicted of torture.", "accountability", "not before by 1", None),
    ],
)
def test_a_cue_says_what_it_is_and_where_it_stands(
    finder: tuple[RuleMatcher, StanceFinder, Tokenizer],
    text: str,
    frame: str,
    there: str | None,
    missing: str | None,
) -> None:
    matcher, stances, tokenizer = finder
    numbers = stance_features([(text, frame)], tokenizer, matcher, stances).feature
    found = {stances.names[number] for number in numbers}
    assert there is None or there in found
    assert missing not in found


def test_in_a_book_given_as_one_sentence_not_all_is_held_against_all(
    finder: tuple[RuleMatcher, StanceFinder, Tokenizer],
) -> None:
    matcher, stances, tokenizer = finder
    text = "We refuse dialogue and must not end it, " * 1000
    found = stance_features([(text, "dialogue")], tokenizer, matcher, stances)
    assert found.hits.shape[1] >= 1000
    assert found.cues.shape[1] <= MOST_EVIDENCE * MOST_CUES


def told(found: SentenceFrames) -> dict[str, FrameStance]:
    """The stances, with the places of their reasons counted from the sentence's start."""
    return {
        name: replace(stance, reasons=tuple(placed(it, found.start) for it in stance.reasons))
        for name, stance in found.stances.items()
    }


def placed(reason: StanceReason, begun: int) -> StanceReason:
    if reason.start is None or reason.end is None:
        return reason
    return replace(reason, start=reason.start - begun, end=reason.end - begun)


def test_a_sentence_has_the_same_stances_alone_and_among_others(nlp: Language) -> None:
    texts = [text for text, _, _ in CASES] * 3
    texts += ["It rained.", "Fully cooperate with the monitors; cooperate, and let them monitor."]
    alone = [told(frames_of(nlp, text)) for text in texts]
    together = [told(sentence._.frames) for sentence in nlp("\n\n".join(texts)).sents]
    assert sum(map(len, alone)) > len(CASES) * 3
    assert together == alone
