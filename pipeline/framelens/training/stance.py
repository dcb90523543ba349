"""Labelled sentences whose frames have stances → the weights that tell stances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.attrs import ORTH

from framelens.classification.stance import Features, StanceFinder, StanceModel
from framelens.core.errors import FramelensError
from framelens.preprocessing.tokenizer import english_tokenizer, sentence_tokens
from framelens.project.labelled import LabelledSentence
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet

STRENGTH = 0.03
"""Inverse strength of the L2 penalty."""

LEAST = 3
"""Pairs of sentence and frame that a feature must stand in."""


def stance_pairs(
    sentences: Sequence[LabelledSentence], rules: RuleSet
) -> list[tuple[str, str, str]]:
    """The text, the frame and the stance of each pair that has one.

    Raise FramelensError for a stance that the scheme does not have, or of a frame not given.
    """
    found = []
    for sentence in sentences:
        stances = sentence.meta.get("stances", {})
        if not isinstance(stances, dict):
            raise FramelensError(f"stances of the sentence {sentence.id!r}: expected an object")
        for frame, stance in stances.items():
            if frame not in sentence.labels or stance not in rules.scheme.stances:
                expected = ", ".join(rules.scheme.stances)
                problem = f"the sentence {sentence.id!r} has the stance {stance!r} to {frame!r}"
                raise FramelensError(f"{problem}; expected one of {expected} to a frame given")
            found.append((sentence.text, frame, stance))
    return found


def stance_features(pairs: Sequence[tuple[str, str]], rules: RuleSet) -> list[Features]:
    """The features of frames in sentences, given as texts and frames."""
    tokenizer = english_tokenizer()
    matcher = RuleMatcher(rules, tokenizer.vocab, tokenizer)
    finder = StanceFinder(rules, tokenizer.vocab, tokenizer)
    found = []
    for text, frame in pairs:
        doc = sentence_tokens(text, tokenizer)
        keys = doc.to_array([ORTH]).tolist()
        words = [token.lower_ for token in doc]
        found += finder.features(words, keys, matcher.read(keys), [frame])
    return found


def fit_stances(sentences: Sequence[LabelledSentence], rules: RuleSet) -> StanceModel | None:
    """A model of the stances that the sentences have, or None where the scheme or they have none."""
    pairs = stance_pairs(sentences, rules) if rules.scheme.stances and rules.cues else []
    gold = [stance for _, _, stance in pairs]
    if set(gold) != set(rules.scheme.stances) or len(set(gold)) < 2:
        return None
    found = stance_features([(text, frame) for text, frame, _ in pairs], rules)
    often = Counter(name for features in found for name in features)
    kept = [{n: v for n, v in row.items() if often[n] >= LEAST} for row in found]
    vectorizer = DictVectorizer()
    values = vectorizer.fit_transform(kept)
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(values, gold)
    order = [list(model.classes_).index(name) for name in rules.scheme.stances]
    # Rounded, so that the last bits of a sum do not make another model of the same corpus.
    weights = np.ascontiguousarray(model.coef_[order].T.round(4))
    names = tuple(vectorizer.get_feature_names_out().tolist())
    return StanceModel(rules.scheme.stances, names, weights, model.intercept_[order].round(4))
