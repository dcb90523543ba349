"""Probabilities without evidence are held to what real texts show."""

from __future__ import annotations

import numpy as np
from framelens.classification.model import probability
from framelens.training.fitting import Fitted, calibrated, choose_and_fit
from scipy.sparse import csr_matrix, hstack

MISSED = np.array([0.01, 0.2])


def fitted() -> tuple[Fitted, csr_matrix, np.ndarray, np.ndarray]:
    """Two frames; a count of rules for each, which tells most of what there is to tell."""
    random = np.random.default_rng(0)
    hits = random.integers(0, 3, (400, 2))
    gold = (hits > 0) ^ (random.random((400, 2)) < 0.1)
    words = csr_matrix((random.random((400, 5)) < 0.5).astype(float))
    features = hstack([words, csr_matrix(hits.astype(float))]).tocsr()
    weights = random.choice([0.3, 1.0], 400)
    folds = np.arange(400) % 5
    return choose_and_fit(features, gold, folds, 0, weights=weights), features, hits, weights


def test_without_hits_the_mean_is_as_asked_and_other_frames_say_nothing() -> None:
    fit, features, hits, weights = fitted()
    after = calibrated(fit, features, hits, MISSED, weights).linear
    chances = probability(after.scores(features))
    for at, missed in enumerate(MISSED):
        none = hits[:, at] == 0
        assert np.isclose(np.average(chances[none, at], weights=weights[none]), missed, atol=1e-5)
        assert after.coefficients[-2:, at].nonzero()[0].tolist() == [at]


def test_what_one_rule_gives_stays() -> None:
    fit, features, hits, weights = fitted()
    before = probability(fit.linear.scores(features))
    alone = [(hits[:, at] == 1) & (hits[:, 1 - at] == 0) for at in range(2)]
    linear = calibrated(fit, features, hits, MISSED, weights).linear
    after = probability(linear.scores(features))
    for at, rows in enumerate(alone):
        assert rows.any()
        assert np.allclose(after[rows, at], before[rows, at], atol=1e-5)


def test_cross_validated_probabilities_move_with_the_fit() -> None:
    fit, features, hits, weights = fitted()
    before = fit.probabilities.copy()
    after = calibrated(fit, features, hits, MISSED, weights).probabilities
    alone = (hits[:, 0] == 1) & (hits[:, 1] == 0)
    assert np.allclose(after[alone, 0], before[alone, 0])
    assert (after[:, 0] < before[:, 0])[(hits == 0).all(axis=1)].all()
