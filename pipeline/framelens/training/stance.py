"""Trains the stance model: labelled sentences whose frames have stances → weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from framelens.classification.stance import StanceFinder, StanceModel, stance_features
from framelens.core.types import Bools, Floats
from framelens.evaluation.stances import stance_pairs
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet

STRENGTH = 0.2
"""Inverse strength of the L2 penalty: in cross-validation the least within a standard error of the best."""

MIN_PAIRS = 2
"""Fewest pairs of a sentence and a frame that a feature must be in."""

SHARPNESS = 0.7
"""Factor of scores that calibrates the probabilities: models fitted apart are too sure together. Chosen
by cross-validated log loss."""


def why_no_stances(sentences: Sequence[LabelledSentence], rules: RuleSet) -> str | None:
    """Why a model tells no stances though the scheme names some; None where all is well.

    Raise FramelensError for a stance that the scheme does not have, or of a frame not given.
    """
    known = rules.scheme.stances
    if not known:
        return None
    labelled = {pair.stance for pair in stance_pairs(sentences, rules.scheme)}
    if not labelled:
        return "no sentence has any in a field stances"
    if missing := [name for name in known if name not in labelled]:
        return f"no sentence is labelled {missing[0]}"
    if len(known) < 2:
        return f"{known[0]} is the only one"
    return None if rules.cues else "the rules have no [[cue]] that could tell them"


def fit_stances(sentences: Sequence[LabelledSentence], rules: RuleSet) -> StanceModel | None:
    """A stance model; None where scheme or sentences have no stances, or `why_no_stances` says why not."""
    if not rules.scheme.stances or why_no_stances(sentences, rules):
        return None
    pairs = stance_pairs(sentences, rules.scheme)
    gold = [pair.stance for pair in pairs]
    tokenizer = english_tokenizer()
    cues = RuleMatcher(rules.sought_cues, tokenizer)
    finder = StanceFinder(rules, cues)
    features = stance_features(
        [(pair.sentence.text, pair.frame) for pair in pairs],
        tokenizer,
        RuleMatcher(rules, tokenizer),
        finder,
    )
    counts = np.bincount(features.feature, minlength=len(finder.names))
    kept = [at for at in np.argsort(finder.names) if counts[at] >= MIN_PAIRS]
    size = (len(pairs), len(finder.names))
    is_present = csr_matrix(
        (np.ones(len(features.pair)), (features.pair, features.feature)), shape=size
    )
    scales = np.array(finder.scales)[kept]
    values = is_present[:, kept].multiply(scales).tocsr()
    fitted = [_fit(values, np.array(gold) == stance) for stance in rules.scheme.stances]
    # Rounded, so that the last bits of a sum do not make another model of the same corpus.
    weights, bias = (np.array(part) * SHARPNESS for part in zip(*fitted, strict=True))
    # The values were scaled: with scaled weights, classifying can use values of 1.
    weights *= scales
    names = tuple(finder.names[at] for at in kept)
    table = np.ascontiguousarray(weights.T.round(4))
    return StanceModel(rules.scheme.stances, names, table, bias.round(4))


def _fit(values: Any, has_stance: Bools) -> tuple[Floats, float]:
    """The weights (one for each feature) and the bias of a stance against all others, in log-odds.

    `values` is sparse, pairs × features. Features are scaled by their log-count ratio, so that the
    penalty spares the telling ones (Wang and Manning, "Baselines and bigrams", ACL 2012).
    """
    is_present = values != 0
    counts = [
        np.asarray(is_present[rows].sum(axis=0))[0] + 1.0 for rows in (has_stance, ~has_stance)
    ]
    ratio = np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum())
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(values.multiply(ratio).tocsr(), has_stance)
    return model.coef_[0] * ratio, float(model.intercept_[0])
