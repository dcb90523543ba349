"""What is learned from labelled sentences: of a codebook whose rules lead, and of any other."""

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
from framelens.project.labelled import LabelledSentence
from framelens.rules.rule_files import RuleSet
from framelens.training.features import (
    TERMS_WHERE_RULES_LEAD,
    Decision,
    Finds,
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
from framelens.training.search import STEPS as STEPS_OF_OWN
from framelens.training.search import Task, fit_rows, learn, search

LEAST = 2
"""Sentences that a term must stand in."""
LEAST_LETTERS = 3
"""Sentences that a run of letters must stand in."""
MOST_FEATURES = 100_000
MOST_WEIGHTS = 3_000_000
"""Features, and weights (features × frames), of words and of letters each: a model has to stay
within what `persistence.py` opens. Of more features the most frequent are kept."""
MOST_LETTERS = 6_000_000
"""Runs of letters in all sentences up to which they are counted: more take minutes and gigabytes."""
LOOKED_AT = 500
"""Sentences by which is told how many there are."""

Progress = Callable[[str, float], None]
"""Is told what is being done, and the share of the whole that is done before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What there is to learn from: labelled sentences with what was found in them, labels
    (sentences × frames), the fold of each and how much it counts."""

    sentences: Sequence[LabelledSentence]
    rules: RuleSet
    reader: SentenceReader
    finds: Sequence[Finds]
    gold: Bools
    folds: Ints
    weights: Floats
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The parts of a model, the scikit-learn estimator that gives the same scores, and what
    cross-validation gave: labels and probabilities, sentences × frames, with rules and terms, and
    with terms alone. `chosen` is what a model's record says of how it was learned.

    `again` learns from some of the sentences alone, by their numbers, as was learned from all;
    `features` (sentences × features) are what it weighs, `steps` the thresholds to try after it."""

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
    again: Callable[[Ints], Linear]
    features: csr_matrix
    steps: Floats


def learn_where_rules_lead(lesson: Lesson, progress: Progress) -> Learned:
    """Rules share a weight with those of their frame, terms add little, and weights are few."""
    rules, folds, gold = lesson.rules, lesson.folds, lesson.gold
    terms, columns = vectorizer(LEAST), RuleColumns.of(rules)
    term_values, rule_values = _fitted(terms, lesson.finds), columns.transform(lesson.finds)
    progress("cross-validating rules and terms", 0.3)
    features = hstack([TERMS_WHERE_RULES_LEAD * term_values, rule_values]).tocsr()
    hybrid = choose_and_fit(
        features,
        gold,
        folds,
        lesson.seed,
        weights=lesson.weights,
        strengths=STRENGTHS_WHERE_RULES_LEAD,
    )
    hybrid = _calibrated(lesson, hybrid, features, np.arange(len(gold)))

    def again(rows: Ints) -> Linear:
        few, weights = features[rows], lesson.weights[rows]
        linear = fit(few, gold[rows], hybrid.strength, lesson.seed, weights)
        part = replace(hybrid, linear=linear, probabilities=hybrid.probabilities[rows])
        return _calibrated(lesson, part, few, rows).linear

    progress("the same without rules", 0.5)
    alone = choose_and_fit(term_values, gold, folds, lesson.seed, weights=lesson.weights)
    about = _about(lesson, term_values)
    # Terms that have a weight for some frame in some fit.
    fits, size = [hybrid, alone, *([about] if about else [])], term_values.shape[1]
    tables = [found.linear.coefficients[:size] for found in fits]
    kept: Bools = (np.hstack(tables) != 0).any(axis=1)
    scaled = make_pipeline(terms, ScaledTerms(TERMS_WHERE_RULES_LEAD).fit())
    parts = [("terms", scaled), ("rules", columns)]
    return Learned(
        terms=terms.get_feature_names_out()[kept].tolist(),
        letters=(),
        idf=terms.idf_[kept],
        hybrid=hybrid_weights(hybrid, kept, rules, TERMS_WHERE_RULES_LEAD, columns.own),
        terms_only=term_weights(alone, kept),
        about=about_weights(about, kept) if about else None,
        estimator=_pipeline(lesson, parts, hybrid),
        probabilities=hybrid.probabilities,
        terms_probabilities=alone.probabilities,
        chosen={"strengths": dict(zip(HEADS, (hybrid.strength, alone.strength), strict=True))},
        again=again,
        features=features,
        steps=STEPS,
    )


def _calibrated(lesson: Lesson, fitted: Fitted, features: csr_matrix, rows: Ints) -> Fitted:
    """A fit on some of the sentences, by their numbers, as `calibrated` has it where the scheme says
    how many sentences of a frame rules miss; the last features are those of frames."""
    missed = [frame.missed for frame in lesson.rules.scheme if frame.missed is not None]
    if len(missed) < len(lesson.rules.scheme.names):
        return fitted
    strong = features[:, -len(missed) :].toarray()
    return calibrated(fitted, features, strong, np.array(missed), lesson.weights[rows])


def learn_own(lesson: Lesson, progress: Progress) -> Learned:
    """What counts beside rules, and how strong the penalty is, is chosen by macro F1."""
    rules, gold = lesson.rules, lesson.gold
    most = min(MOST_FEATURES, MOST_WEIGHTS // len(rules.scheme.names))
    terms, columns = vectorizer(LEAST, most=most), RuleColumns.of(rules)
    letters = vectorizer(LEAST_LETTERS, most=most, analyzer=letters_of)
    words = _fitted(terms, lesson.finds)
    runs = csr_matrix((len(gold), 0))
    if _letters_in(lesson.finds) <= MOST_LETTERS:
        with suppress(ValueError):  # none stands in enough of the sentences
            runs = letters.fit_transform(lesson.finds).tocsr()
    found = columns.transform(lesson.finds)
    task = Task(rules.scheme, words, runs, found, gold, lesson.folds, lesson.weights)
    progress("choosing what counts, by cross-validation", 0.2)
    setting = search(task, lesson.seed, lambda done: progress("choosing", 0.2 + 0.39 * done))
    progress("cross-validating what was chosen, and fitting", 0.6)
    features = task.features(setting)
    hybrid = learn(task, setting)
    alone = hybrid
    if rules.rules:
        progress("the same without rules", 0.75)
        alone = learn(replace(task, rules=csr_matrix((len(gold), 0))), setting)
    about = _about(lesson, words)
    parts: list[tuple[str, Any]] = [("terms", terms)]
    idf, names = terms.idf_, []
    if setting.letters:
        parts.append(("letters", letters))
        idf, names = np.concatenate([idf, letters.idf_]), letters.get_feature_names_out().tolist()
    kept = np.ones(len(idf), dtype=bool)
    # Without the columns of rules, which no rules have filled.
    table = alone.linear.coefficients[: len(idf)]
    alone = replace(alone, linear=Linear(table, alone.linear.bias))
    return Learned(
        terms=terms.get_feature_names_out().tolist(),
        letters=names,
        idf=idf,
        hybrid=hybrid_weights(hybrid, kept, rules, 1.0, columns.own),
        terms_only=term_weights(alone, kept),
        about=about_weights(about, kept) if about else None,
        estimator=_pipeline(lesson, [*parts, ("rules", columns)], hybrid),
        probabilities=hybrid.probabilities,
        terms_probabilities=alone.probabilities,
        chosen={
            "strengths": dict.fromkeys(HEADS, setting.strength),
            "chosen": {"letters": setting.letters, "balanced": setting.balanced},
        },
        again=lambda rows: fit_rows(task, features, setting, rows),
        features=features,
        steps=STEPS_OF_OWN,
    )


def _fitted(terms: TfidfVectorizer, finds: Sequence[Finds]) -> csr_matrix:
    try:
        return terms.fit_transform(finds).tocsr()
    except ValueError:  # scikit-learn's word for an empty vocabulary
        problem = f"no word stands in {LEAST} of the labelled sentences"
        raise FramelensError(f"{problem}; expected sentences to learn from") from None


def _letters_in(finds: Sequence[Finds]) -> int:
    """About how many runs of letters stand in all sentences, each counted once a sentence."""
    step = max(1, len(finds) // LOOKED_AT)
    return sum(len(letters_of(found)) for found in finds[::step]) * step


def _about(lesson: Lesson, terms: csr_matrix) -> Fitted | None:
    """What the terms say of whether a sentence is about the codebook's subject, where all have a field
    `about` that tells."""
    told = [sentence.meta.get("about") for sentence in lesson.sentences]
    if not all(isinstance(value, bool) for value in told) or len(set(told)) < 2:
        return None
    return choose_and_fit(terms, np.array(told)[:, None], lesson.folds, lesson.seed)


def _pipeline(lesson: Lesson, parts: list[tuple[str, Any]], fitted: Fitted) -> Pipeline:
    scheme = lesson.rules.scheme
    decision = Decision(
        fitted.linear.coefficients,
        fitted.linear.bias,
        fitted.thresholds,
        scheme.names,
        exclusive=scheme.exclusive,
        none=scheme.none,
    )
    steps = [("sentences", lesson.reader), ("features", FeatureUnion(parts)), ("frames", decision)]
    return Pipeline(steps)
