"""Logistic regressions, with penalty and thresholds chosen by cross-validation, and their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from framelens.classification.model import AboutWeights, Weights, probability
from framelens.core.types import Bools, Floats, Ints
from framelens.project.folds import fold_groups, spread
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.rule_files import RuleSet

FOLDS = 5
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Inverse strengths of the L1 penalty that are tried, the strongest penalty first."""
STRENGTHS_WHERE_RULES_LEAD = STRENGTHS[:3]
STEPS = np.arange(10, 91) / 100
"""Thresholds that are tried."""
MOST_BALANCED = 20_000
"""Groups up to which folds are stratified by labels; more are dealt out in turn."""
TINY = 1e-12
"""Divides in place of a weight of 0."""
UNSEEN = -10.0
"""The bias (log-odds) of a frame that no training sentence has."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model in log-odds: `coefficients` are features × frames, `bias` is one for each frame."""

    coefficients: Floats
    bias: Floats

    def scores(self, features: csr_matrix) -> Floats:
        """Log-odds, sentences × frames."""
        scores: Floats = features @ self.coefficients + self.bias
        return scores

    def rounded(self) -> Linear:
        """Rounded to six digits, so that the same corpus gives the same model on any machine."""
        return Linear(self.coefficients.round(6), self.bias.round(6))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model fitted on all sentences, and from cross-validation the inverse strength of the
    penalty, a threshold for each frame, and probabilities (sentences × frames)."""

    linear: Linear
    strength: float
    thresholds: Floats
    probabilities: Floats


def choose_and_fit(
    features: csr_matrix,
    gold: Bools,
    folds: Ints,
    seed: int,
    *,
    weights: Floats | None = None,
    strengths: Sequence[float] = STRENGTHS,
) -> Fitted:
    """Choose the penalty and the thresholds by cross-validation, then fit on all sentences.

    `weights` says how much each sentence counts, by default all alike; `strengths` are tried in
    their order.
    """
    counts = np.ones(len(gold)) if weights is None else weights
    strength, probabilities = best_strength(features, gold, folds, seed, counts, strengths)
    thresholds = best_thresholds(gold, probabilities, counts)
    return Fitted(fit(features, gold, strength, seed, counts), strength, thresholds, probabilities)


def calibrated(
    fitted: Fitted, features: csr_matrix, hits: Ints, missed: Floats, weights: Floats
) -> Fitted:
    """A fit recalibrated so that, where none of a frame's rules hits, its mean probability is `missed`.

    Sentences written for training carry a frame without a hit of its rules more often than those of
    real texts. `hits` (sentences × frames) counts the hits of each frame's rules; the last
    features are these counts. What is added to a frame's bias is taken from the weight of its count,
    so that a sentence with one hit keeps its score. Counts of other frames lose their weight: many of
    them would outweigh the shift.
    """
    frames = len(missed)
    shifts, others = np.zeros(frames), np.zeros((frames, frames))
    linear = Linear(fitted.linear.coefficients.copy(), fitted.linear.bias.copy())
    for at in range(frames):
        counts = linear.coefficients[-frames:, at]
        others[:, at] = np.where(np.arange(frames) == at, 0, counts)
        counts -= others[:, at]
        no_hit = hits[:, at] == 0
        if no_hit.any():
            scores = linear.scores(features[no_hit])[:, at]
            shifts[at] = _shift(scores, weights[no_hit], missed[at])
        linear.bias[at] = (linear.bias[at] + shifts[at]).round(6)
        counts[at] = (counts[at] - shifts[at]).round(6)
    odds = fitted.probabilities / np.clip(1 - fitted.probabilities, 1e-12, 1)
    odds = odds * np.exp(shifts * (1 - hits) - hits @ others)
    return replace(fitted, linear=linear, probabilities=odds / (1 + odds))


def _shift(scores: Floats, weights: Floats, mean: float) -> float:
    """The number that must be added to scores so that their probabilities have the given mean."""

    def excess(shift: float) -> float:
        return float(np.average(expit(scores + shift), weights=weights)) - mean

    return float(brentq(excess, -50, 50))


def cut_folds(
    sentences: Sequence[LabelledSentence], gold: Bools, seed: int, *, apart: bool = True
) -> Ints:
    """The fold of each sentence: stratified by frames, with groups (`fold_groups`) kept together.

    Raise FramelensError where there are fewer groups than folds; without `apart`, each sentence is then
    a group of its own.
    """
    groups = fold_groups(sentences, folds=FOLDS if apart else 0)
    if len(set(groups)) < FOLDS:
        groups = list(range(len(sentences)))
    folds = np.zeros(len(sentences), dtype=np.int64)
    if len(set(groups)) > MOST_BALANCED:
        for at, rows in enumerate(spread(sentences, groups, np.random.default_rng(seed))):
            folds[rows] = at % FOLDS
        return folds
    # Each set of frames is a class, numbered in binary order; 0 is the empty set.
    sets, places = np.unique(gold[:, ::-1], axis=0, return_inverse=True)
    kinds = places.ravel() + int(sets[0].any())
    kinds[np.bincount(kinds)[kinds] < FOLDS] = 0  # sets of frames too rare to be spread
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for number, (_, tested) in enumerate(splitter.split(gold, kinds, groups=groups)):
        folds[tested] = number
    return folds


def fit(features: csr_matrix, gold: Bools, strength: float, seed: int, weights: Floats) -> Linear:
    """One-vs-rest logistic regressions with an L1 penalty, rounded."""
    # The scaling keeps the penalty on the intercept small.
    regression = LogisticRegression(
        C=strength,
        l1_ratio=1.0,
        solver="liblinear",
        intercept_scaling=10,
        max_iter=1000,
        random_state=seed,
    )
    return fit_per_frame(regression, features, gold, weights).rounded()


def fit_per_frame(
    regression: LogisticRegression, features: csr_matrix, gold: Bools, weights: Floats | None = None
) -> Linear:
    """A regression for each frame; a frame that no sentence, or every one, has gets a bias alone."""
    model = Linear(np.zeros((features.shape[1], gold.shape[1])), np.full(gold.shape[1], UNSEEN))
    for frame, column in enumerate(gold.T):
        if column.all():
            model.bias[frame] = -UNSEEN
        elif column.any():
            fitted = regression.fit(features, column, sample_weight=weights)
            model.coefficients[:, frame], model.bias[frame] = fitted.coef_[0], fitted.intercept_[0]
    return model


def best_strength(
    features: csr_matrix,
    gold: Bools,
    folds: Ints,
    seed: int,
    weights: Floats,
    strengths: Sequence[float],
) -> tuple[float, Floats]:
    """The strength with the least cross-validated log loss, and its probabilities; the search stops at
    the first strength that makes the loss larger."""
    best, probabilities, least = strengths[0], np.zeros(gold.shape), np.inf
    for strength in strengths:
        predicted = np.zeros(gold.shape)
        for fold in range(FOLDS):
            held_out = folds == fold
            model = fit(features[~held_out], gold[~held_out], strength, seed, weights[~held_out])
            predicted[held_out] = probability(model.scores(features[held_out]))
        losses = -np.log(np.clip(np.where(gold, predicted, 1 - predicted), 1e-12, 1))
        loss = np.average(losses.mean(axis=1), weights=weights)
        if loss > least:
            break
        best, probabilities, least = strength, predicted, loss
    return best, probabilities


def best_thresholds(
    gold: Bools, probabilities: Floats, weights: Floats, *, steps: Floats = STEPS
) -> Floats:
    """For each frame, of the thresholds whose cross-validated F1 is within one standard error of the
    best, the one nearest 0.5.

    The best alone would follow chance, as the curve is flat (the one-standard-error rule of Breiman et
    al., "Classification and Regression Trees", 1984, section 3.4.3).
    """
    thresholds = []
    for truth, column in zip(gold.T, probabilities.T, strict=True):
        predicted = column[None, :] >= steps[:, None]
        right = (predicted & truth) @ weights
        f1 = 2 * right / np.maximum(predicted @ weights + truth @ weights, TINY)
        best = float(f1.max())
        error = np.sqrt(best * (1 - best) / max(truth @ weights, TINY))
        candidates = steps[f1 >= best - error]
        thresholds.append(candidates[int(np.argmin(np.abs(candidates - 0.5)))])
    return np.array(thresholds)


def hybrid_weights(
    fitted: Fitted, kept: Bools, rules: RuleSet, term_scale: float, own_scale: float
) -> Weights:
    """The weights of a fit on terms and `RuleColumns`; `kept` marks the terms that the model keeps. The
    scales are what the columns of terms and of rules were multiplied by."""
    table = fitted.linear.coefficients
    terms, own_rows, frame_rows = np.split(table, [len(kept), len(kept) + len(rules.rules)])
    terms, own_rows = term_scale * terms, own_scale * own_rows
    frames = rules.scheme.names
    # A rule that is not weak also gets the weight of its frame's column.
    rows = [
        row if rule.weak else row + frame_rows[frames.index(rule.frame)]
        for rule, row in zip(rules.rules, own_rows, strict=True)
    ]
    return _weights(fitted, terms[kept], np.array(rows).reshape(-1, len(frames)))


def term_weights(fitted: Fitted, kept: Bools) -> Weights:
    """The weights of a fit on terms alone."""
    table = fitted.linear.coefficients
    return _weights(fitted, table[kept], np.zeros((0, table.shape[1])))


def about_weights(fitted: Fitted, kept: Bools) -> AboutWeights:
    """The weights of a fit on terms (the first features) of whether a sentence is about the subject;
    other features of the model get none."""
    weights = np.zeros(len(kept))
    of_terms = fitted.linear.coefficients[:, 0]
    weights[: len(of_terms)] = of_terms
    return AboutWeights(weights[kept], float(fitted.linear.bias[0]))


def _weights(fitted: Fitted, terms: Floats, rules: Floats) -> Weights:
    return Weights(np.ascontiguousarray(terms), rules, fitted.linear.bias, fitted.thresholds)
