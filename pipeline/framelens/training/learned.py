"""The two ways to learn from labelled sentences: for codebooks whose rules lead, and for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from framelens.classification.model import HEADS, AboutWeights, Weights
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats, Ints
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.rule_files import RuleSet
from framelens.training.features import (
    TERMS_WHERE_RULES_LEAD,
    Decision,
    ReadText,
    RuleColumns,
    ScaledTerms,
    SentenceReader,
    letters_of,
    vectorizer,
)
from framelens.training.fitting import (
    STEPS,
    STRENGTHS_WHERE_RULES_LEAD,
    Fitted,
    Linear,
    about_weights,
    calibrated,
    choose_and_fit,
    fit,
    hybrid_weights,
    term_weights,
)
from framelens.training.search import STEPS as SEARCH_STEPS
from framelens.training.search import Task, fit_rows, learn, search

MIN_SENTENCES = 2
"""Fewest sentences that a term must be in."""
MIN_NGRAM_SENTENCES = 3
"""Fewest sentences that a character n-gram must be in."""
MAX_FEATURES = 100_000
MAX_WEIGHTS = 3_000_000
"""Most features, and most weights (features × frames), of words and of n-grams each, so that
`persistence.py` opens the model. Of more features the most frequent are kept."""
MAX_NGRAMS = 6_000_000
"""N-grams in all sentences up to which they are counted: more take minutes and gigabytes."""
SAMPLED = 500
"""Sentences in the sample by which the number of n-grams is estimated."""

Progress = Callable[[str, float], None]
"""A callback: what is done now, and the share of the whole that is done already."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Labelled sentences with their words and rule hits (`texts`) and labels (`gold`, sentences × frames)."""

    sentences: Sequence[LabelledSentence]
    rules: RuleSet
    reader: SentenceReader
    texts: Sequence[ReadText]
    gold: Bools
    folds: Ints
    weights: Floats
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The parts of a model, and the scikit-learn estimator that gives the same scores.

    `probabilities` and `terms_probabilities` (terms alone) are cross-validated, sentences × frames;
    `chosen` is what `meta.json` says of hyperparameters. `refit` learns in the same way from some rows
    of `features` (sentences × features) alone; `steps` are the thresholds to try after it.
    """

    terms: Sequence[str]
    letters: Sequence[str]
    idf: Floats
    hybrid: Weights
    terms_only: Weights
    about: AboutWeights | None
    estimator: Pipeline
    probabilities: Floats
    terms_probabilities: Floats
    chosen: Mapping[str, Any]
    refit: Callable[[Ints], Linear]
    features: csr_matrix
    steps: Floats


def learn_where_rules_lead(data: TrainingData, progress: Progress) -> Learned:
    """L1 regressions in which a frame's rules share a weight and terms are scaled down."""
    rules, folds, gold = data.rules, data.folds, data.gold
    terms, columns = vectorizer(MIN_SENTENCES), RuleColumns.of(rules)
    term_values, rule_values = _fit_transform(terms, data.texts), columns.transform(data.texts)
    progress("cross-validating rules and terms", 0.3)
    features = hstack([TERMS_WHERE_RULES_LEAD * term_values, rule_values]).tocsr()
    hybrid = choose_and_fit(
        features, gold, folds, data.seed, weights=data.weights, strengths=STRENGTHS_WHERE_RULES_LEAD
    )
    hybrid = _calibrated(data, hybrid, features, np.arange(len(gold)))

    def refit(rows: Ints) -> Linear:
        subset, weights = features[rows], data.weights[rows]
        linear = fit(subset, gold[rows], hybrid.strength, data.seed, weights)
        refitted = replace(hybrid, linear=linear, probabilities=hybrid.probabilities[rows])
        return _calibrated(data, refitted, subset, rows).linear

    progress("the same without rules", 0.5)
    no_rules = choose_and_fit(term_values, gold, folds, data.seed, weights=data.weights)
    about = _fit_about(data, term_values)
    # The model keeps terms that have a weight in some fit.
    fits, size = [hybrid, no_rules, *([about] if about else [])], term_values.shape[1]
    tables = [fitted.linear.coefficients[:size] for fitted in fits]
    kept: Bools = (np.hstack(tables) != 0).any(axis=1)
    scaled = make_pipeline(terms, ScaledTerms(TERMS_WHERE_RULES_LEAD).fit())
    parts = [("terms", scaled), ("rules", columns)]
    return Learned(
        terms=terms.get_feature_names_out()[kept].tolist(),
        letters=(),
        idf=terms.idf_[kept],
        hybrid=hybrid_weights(hybrid, kept, rules, TERMS_WHERE_RULES_LEAD, columns.own),
        terms_only=term_weights(no_rules, kept),
        about=about_weights(about, kept) if about else None,
        estimator=_pipeline(data, parts, hybrid),
        probabilities=hybrid.probabilities,
        terms_probabilities=no_rules.probabilities,
        chosen={"strengths": dict(zip(HEADS, (hybrid.strength, no_rules.strength), strict=True))},
        refit=refit,
        features=features,
        steps=STEPS,
    )


def _calibrated(data: TrainingData, fitted: Fitted, features: csr_matrix, rows: Ints) -> Fitted:
    """A fit on the sentences `rows`, `calibrated` if the scheme says of each frame what share its rules
    miss; the last features are the columns of frames."""
    missed = [frame.missed for frame in data.rules.scheme if frame.missed is not None]
    if len(missed) < len(data.rules.scheme.names):
        return fitted
    strong = features[:, -len(missed) :].toarray()
    return calibrated(fitted, features, strong, np.array(missed), data.weights[rows])


def learn_by_search(data: TrainingData, progress: Progress) -> Learned:
    """L2 regressions whose hyperparameters `search` chooses by macro F1."""
    rules, gold = data.rules, data.gold
    most = min(MAX_FEATURES, MAX_WEIGHTS // len(rules.scheme.names))
    terms, columns = vectorizer(MIN_SENTENCES, most=most), RuleColumns.of(rules)
    ngrams = vectorizer(MIN_NGRAM_SENTENCES, most=most, analyzer=letters_of)
    words = _fit_transform(terms, data.texts)
    ngram_values = csr_matrix((len(gold), 0))
    if _ngram_count(data.texts) <= MAX_NGRAMS:
        with suppress(ValueError):  # none stands in enough of the sentences
            ngram_values = ngrams.fit_transform(data.texts).tocsr()
    rule_values = columns.transform(data.texts)
    task = Task(rules.scheme, words, ngram_values, rule_values, gold, data.folds, data.weights)
    progress("choosing what counts, by cross-validation", 0.2)
    setting = search(task, data.seed, lambda done: progress("choosing", 0.2 + 0.39 * done))
    progress("cross-validating what was chosen, and fitting", 0.6)
    features = task.features(setting)
    hybrid = learn(task, setting)
    no_rules = hybrid
    if rules.rules:
        progress("the same without rules", 0.75)
        no_rules = learn(replace(task, rules=csr_matrix((len(gold), 0))), setting)
    about = _fit_about(data, words)
    parts: list[tuple[str, Any]] = [("terms", terms)]
    idf, names = terms.idf_, []
    if setting.letters:
        parts.append(("letters", ngrams))
        idf, names = np.concatenate([idf, ngrams.idf_]), ngrams.get_feature_names_out().tolist()
    kept = np.ones(len(idf), dtype=bool)
    # The coefficients of rules are cut off: their columns were empty.
    table = no_rules.linear.coefficients[: len(idf)]
    no_rules = replace(no_rules, linear=Linear(table, no_rules.linear.bias))
    return Learned(
        terms=terms.get_feature_names_out().tolist(),
        letters=names,
        idf=idf,
        hybrid=hybrid_weights(hybrid, kept, rules, 1.0, columns.own),
        terms_only=term_weights(no_rules, kept),
        about=about_weights(about, kept) if about else None,
        estimator=_pipeline(data, [*parts, ("rules", columns)], hybrid),
        probabilities=hybrid.probabilities,
        terms_probabilities=no_rules.probabilities,
        chosen={
            "strengths": dict.fromkeys(HEADS, setting.strength),
            "chosen": {"letters": setting.letters, "balanced": setting.balanced},
        },
        refit=lambda rows: fit_rows(task, features, setting, rows),
        features=features,
        steps=SEARCH_STEPS,
    )


def _fit_transform(terms: TfidfVectorizer, texts: Sequence[ReadText]) -> csr_matrix:
    try:
        return terms.fit_transform(texts).tocsr()
    except ValueError:  # scikit-learn's word for an empty vocabulary
        problem = f"no word stands in {MIN_SENTENCES} of the labelled sentences"
        raise FramelensError(f"{problem}; expected sentences to learn from") from None


def _ngram_count(texts: Sequence[ReadText]) -> int:
    """An estimate of the number of n-grams in all sentences, each counted once a sentence."""
    step = max(1, len(texts) // SAMPLED)
    return sum(len(letters_of(one)) for one in texts[::step]) * step


def _fit_about(data: TrainingData, terms: csr_matrix) -> Fitted | None:
    """A fit of whether sentences are about the codebook's subject, if all have a field `about`."""
    about = [sentence.meta.get("about") for sentence in data.sentences]
    if not all(isinstance(value, bool) for value in about) or len(set(about)) < 2:
        return None
    return choose_and_fit(terms, np.array(about)[:, None], data.folds, data.seed)


def _pipeline(data: TrainingData, parts: list[tuple[str, Any]], fitted: Fitted) -> Pipeline:
    scheme = data.rules.scheme
    decision = Decision(
        fitted.linear.coefficients,
        fitted.linear.bias,
        fitted.thresholds,
        scheme.names,
        exclusive=scheme.exclusive,
        none=scheme.none,
    )
    steps = [("sentences", data.reader), ("features", FeatureUnion(parts)), ("frames", decision)]
    return Pipeline(steps)
