"""Codebooks whose frames exclude one another: of all frames the likeliest is given.

A frame's probability is the softmax of the scores; "no frame", where allowed, has a score of 0. It is
also the sigmoid of the frame's score less the log-sum-exp of the others': so decisions are explained
as in other codebooks, with a bias and a threshold of the sentence's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framelens.classification.model import probability
from framelens.core.codebook import Scheme
from framelens.core.types import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class ExclusiveScores:
    """Results of `exclusive_scores`, all sentences × frames.

    `chances` are probabilities, `given` marks at most one frame a sentence, `others` is the log-sum-exp
    of the other frames' scores, and `thresholds` are the probabilities at which a frame would be as
    likely as the likeliest of the others.
    """

    chances: Floats
    given: Bools
    others: Floats
    thresholds: Floats


def exclusive_scores(scores: Floats, least: Floats, *, none: bool) -> ExclusiveScores:
    """Give each sentence its likeliest frame, the first of equals, if it reaches `least`.

    `scores` are log-odds, sentences × frames, `least` probabilities, one a frame. With `none`, no frame
    is given where all scores are negative.
    """
    size = scores.shape[1]
    candidates = np.hstack([scores, np.zeros((len(scores), 1))]) if none else scores
    others = _others(candidates, np.logaddexp)[:, :size]
    thresholds = np.maximum(probability(_others(candidates, np.maximum)[:, :size] - others), least)
    chances = probability(scores - others)
    given = np.zeros(scores.shape, dtype=bool)
    likeliest = candidates.argmax(axis=1)
    rows = np.flatnonzero(likeliest < size)
    given[rows, likeliest[rows]] = True
    return ExclusiveScores(chances, given & (chances >= least), others, thresholds)


def chances(scheme: Scheme, scores: Floats) -> Floats:
    """Log-odds as probabilities, both sentences × frames, in any codebook."""
    if not scheme.exclusive:
        return probability(scores)
    return exclusive_scores(scores, np.zeros(scores.shape[1]), none=scheme.none).chances


def decide(chances: Floats, thresholds: Floats, scheme: Scheme) -> Bools:
    """The frames given for probabilities, both sentences × frames, in any codebook."""
    given: Bools = chances >= thresholds
    if scheme.exclusive:
        rest = 1 - chances.sum(axis=1) if scheme.none else np.zeros(len(chances))
        best = chances.argmax(axis=1)
        likeliest = np.zeros(chances.shape, dtype=bool)
        likeliest[np.arange(len(chances)), best] = chances.max(axis=1) >= rest
        given &= likeliest
    return given


def _others(scores: Floats, ufunc: np.ufunc) -> Floats:
    """For each score of a row, the ufunc's reduction of all others in it.

    They are joined from both sides: taking a score off the whole row's result loses digits.
    """
    edge = np.full((len(scores), 1), -np.inf)
    before = ufunc.accumulate(np.hstack([edge, scores[:, :-1]]), axis=1)
    after = ufunc.accumulate(np.hstack([edge, scores[:, :0:-1]]), axis=1)[:, ::-1]
    joined_others: Floats = ufunc(before, after)
    return joined_others
