"""Labelled sentences whose frames have stances → the weights that tell stances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from framelens.classification.stance import StanceFinder, StanceModel, stance_features
from framelens.evaluation.stances import stance_pairs
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.labelled import LabelledSentence
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet

STRENGTH = 0.08
"""Inverse strength of the L2 penalty."""

LEAST = 3
"""Pairs of sentence and frame that a feature must stand in."""


def fit_stances(sentences: Sequence[LabelledSentence], rules: RuleSet) -> StanceModel | None:
    """A model of the stances that the sentences have, or None where the scheme or they have none."""
    pairs = stance_pairs(sentences, rules.scheme) if rules.scheme.stances and rules.cues else []
    gold = [pair.stance for pair in pairs]
    if set(gold) != set(rules.scheme.stances) or len(set(gold)) < 2:
        return None
    tokenizer = english_tokenizer()
    found = stance_features(
        [(pair.sentence.text, pair.frame) for pair in pairs],
        tokenizer,
        RuleMatcher(rules, tokenizer.vocab, tokenizer),
        StanceFinder(rules, tokenizer.vocab, tokenizer),
    )
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
