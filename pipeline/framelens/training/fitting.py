"""Fitting and choosing by cross-validation: folds, the strength of the penalty, thresholds, and the
weights that a model keeps."""

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
from framelens.project.labelled import LabelledSentence
from framelens.rules.rule_files import RuleSet

FOLDS = 5
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Inverse strengths of the L1 penalty that are tried, the strongest penalty first."""
STRENGTHS_WHERE_RULES_LEAD = STRENGTHS[:3]
STEPS = np.arange(10, 91) / 100
"""Thresholds that are tried."""
MOST_BALANCED = 20_000
"""Groups up to which each is put where labels are then most even; more are dealt out in turn."""
TINY = 1e-12
"""What stands for no sentences where it is divided by them."""
UNSEEN = -10.0
"""The bias (log-odds) of a frame that the sentences learned from do not have."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model: `coefficients` (features × frames) and `bias` (a number a frame), both in
    log-odds."""

    coefficients: Floats
    bias: Floats

    def scores(self, features: csr_matrix) -> Floats:
        """Log-odds, sentences × frames."""
        found: Floats = features @ self.coefficients + self.bias
        return found

    def rounded(self) -> Linear:
        """To six digits, so that the last bits of a sum do not make another model of a corpus."""
        return Linear(self.coefficients.round(6), self.bias.round(6))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A linear model fitted on all sentences, with what cross-validation chose and gave: the
    inverse strength of the penalty, a threshold a frame, and probabilities (sentences × frames)."""

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
    """The same fit with other probabilities where no rule hits: a frame's are `missed` on average.

    Sentences that were written to be learned from carry a frame without a word for it more often
    than those of texts. `hits` counts the rules of each frame in each sentence; the last features
    are these counts. A frame's bias and the weight of its count are shifted by as much against one
    another, so that what one rule gives stays; counts of other frames get no weight, so that many
    of them do not outweigh it.
    """
    frames = len(missed)
    shifts, others = np.zeros(frames), np.zeros((frames, frames))
    linear = Linear(fitted.linear.coefficients.copy(), fitted.linear.bias.copy())
    for at in range(frames):
        counts = linear.coefficients[-frames:, at]
        others[:, at] = np.where(np.arange(frames) == at, 0, counts)
        counts -= others[:, at]
        none = hits[:, at] == 0
        if none.any():
            scores = linear.scores(features[none])[:, at]
            shifts[at] = _shift(scores, weights[none], missed[at])
        linear.bias[at] = (linear.bias[at] + shifts[at]).round(6)
        counts[at] = (counts[at] - shifts[at]).round(6)
    odds = fitted.probabilities / np.clip(1 - fitted.probabilities, 1e-12, 1)
    odds = odds * np.exp(shifts * (1 - hits) - hits @ others)
    return replace(fitted, linear=linear, probabilities=odds / (1 + odds))


def _shift(scores: Floats, weights: Floats, mean: float) -> float:
    """What must be added to scores so that their probabilities have a mean."""

    def excess(shift: float) -> float:
        return float(np.average(expit(scores + shift), weights=weights)) - mean

    return float(brentq(excess, -50, 50))


def cut_folds(
    sentences: Sequence[LabelledSentence], gold: Bools, seed: int, *, apart: bool = True
) -> Ints:
    """The fold of each sentence: frames spread evenly, what belongs together kept together.

    Raise FramelensError where that leaves fewer groups than folds; unless they must be `apart`, each
    sentence is then one of its own.
    """
    groups = fold_groups(sentences, folds=FOLDS if apart else 0)
    if len(set(groups)) < FOLDS:
        groups = list(range(len(sentences)))
    folds = np.zeros(len(sentences), dtype=np.int64)
    if len(set(groups)) > MOST_BALANCED:
        for at, rows in enumerate(spread(sentences, groups, np.random.default_rng(seed))):
            folds[rows] = at % FOLDS
        return folds
    # Sets of frames, numbered as they would be as binary numbers; 0 is the empty one.
    sets, places = np.unique(gold[:, ::-1], axis=0, return_inverse=True)
    kinds = places.ravel() + int(sets[0].any())
    kinds[np.bincount(kinds)[kinds] < FOLDS] = 0  # sets of frames too rare to be spread
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for number, (_, tested) in enumerate(splitter.split(gold, kinds, groups=groups)):
        folds[tested] = number
    return folds


def fit(features: csr_matrix, gold: Bools, strength: float, seed: int, weights: Floats) -> Linear:
    """One logistic regression a frame, its weights few (L1) and rounded to six digits."""
    # Scaled, so that the penalty hardly touches the intercept.
    regression = LogisticRegression(
        C=strength,
        l1_ratio=1.0,
        solver="liblinear",
        intercept_scaling=10,
        max_iter=1000,
        random_state=seed,
    )
    return one_by_one(regression, features, gold, weights).rounded()


def one_by_one(
    regression: LogisticRegression, features: csr_matrix, gold: Bools, weights: Floats | None = None
) -> Linear:
    """A regression a frame; `UNSEEN`, or its opposite, where all sentences are alike."""
    found = Linear(np.zeros((features.shape[1], gold.shape[1])), np.full(gold.shape[1], UNSEEN))
    for frame, column in enumerate(gold.T):
        if column.all():
            found.bias[frame] = -UNSEEN
        elif column.any():
            fitted = regression.fit(features, column, sample_weight=weights)
            found.coefficients[:, frame], found.bias[frame] = fitted.coef_[0], fitted.intercept_[0]
    return found


def best_strength(
    features: csr_matrix,
    gold: Bools,
    folds: Ints,
    seed: int,
    weights: Floats,
    strengths: Sequence[float],
) -> tuple[float, Floats]:
    """The strength with the least cross-validated log loss, and its probabilities.

    The penalty is weakened step by step until that harms.
    """
    best, probabilities, least = strengths[0], np.zeros(gold.shape), np.inf
    for strength in strengths:
        tried = np.zeros(gold.shape)
        for fold in range(FOLDS):
            held = folds == fold
            model = fit(features[~held], gold[~held], strength, seed, weights[~held])
            tried[held] = probability(model.scores(features[held]))
        losses = -np.log(np.clip(np.where(gold, tried, 1 - tried), 1e-12, 1))
        loss = np.average(losses.mean(axis=1), weights=weights)
        if loss > least:
            break
        best, probabilities, least = strength, tried, loss
    return best, probabilities


def best_thresholds(
    gold: Bools, probabilities: Floats, weights: Floats, *, steps: Floats = STEPS
) -> Floats:
    """The threshold a frame: of those whose cross-validated F1 is within one standard error of
    the best, the one nearest 0.5, to a hundredth.

    The best itself follows chance: the curve is flat (the rule is that of Breiman et al.,
    "Classification and Regression Trees", 1984, section 3.4.3).
    """
    found = []
    for truth, column in zip(gold.T, probabilities.T, strict=True):
        predicted = column[None, :] >= steps[:, None]
        right = (predicted & truth) @ weights
        f1 = 2 * right / np.maximum(predicted @ weights + truth @ weights, TINY)
        best = float(f1.max())
        error = np.sqrt(best * (1 - best) / max(truth @ weights, TINY))
        near = steps[f1 >= best - error]
        found.append(near[int(np.argmin(np.abs(near - 0.5)))])
    return np.array(found)


def hybrid_weights(
    fitted: Fitted, kept: Bools, rules: RuleSet, term_scale: float, own_scale: float
) -> Weights:
    """The weights of a fit on terms, rules and frames; `kept` says which terms a model keeps.

    The scales are what terms and the rules' own columns were multiplied by.
    """
    table = fitted.linear.coefficients
    terms, own, shared = np.split(table, [len(kept), len(kept) + len(rules.rules)])
    terms, own = term_scale * terms, own_scale * own
    frames = rules.scheme.names
    # Of a rule that is not weak, the weight that its frame's rules share is a part.
    rows = [
        row if rule.weak else row + shared[frames.index(rule.frame)]
        for rule, row in zip(rules.rules, own, strict=True)
    ]
    return _weights(fitted, terms[kept], np.array(rows).reshape(-1, len(frames)))


def term_weights(fitted: Fitted, kept: Bools) -> Weights:
    """The weights of a fit on terms alone."""
    table = fitted.linear.coefficients
    return _weights(fitted, table[kept], np.zeros((0, table.shape[1])))


def about_weights(fitted: Fitted, kept: Bools) -> AboutWeights:
    """The weights of a fit on terms, the first features, of the one question what a sentence is
    about; other features that a model keeps say nothing of it."""
    found = np.zeros(len(kept))
    own = fitted.linear.coefficients[:, 0]
    found[: len(own)] = own
    return AboutWeights(found[kept], float(fitted.linear.bias[0]))


def _weights(fitted: Fitted, terms: Floats, rules: Floats) -> Weights:
    return Weights(np.ascontiguousarray(terms), rules, fitted.linear.bias, fitted.thresholds)
