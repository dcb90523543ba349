"""Codebooks whose frames exclude one another: of all frames the likeliest is given.

The probability of a frame is exp(score) over the sum of that of all frames (softmax); where there
may be none of them, none has a score of 0. Against the other scores held as they are, it is the
sigmoid of the frame's score less the logarithm of the others' sum: so each frame's decision is
explained as where frames stand side by side, with a bias and a threshold of this sentence's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framelens.classification.model import probability
from framelens.core.codebook import Scheme
from framelens.core.types import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """What scores come to where frames exclude one another, all sentences × frames.

    `chances` are probabilities, `given` the frames given, at most one a sentence; `others` is the
    logarithm of the summed exponentials of the other frames' scores, and `thresholds` the
    probabilities at which a frame would be as likely as the likeliest of the others.
    """

    chances: Floats
    given: Bools
    others: Floats
    thresholds: Floats


def one_of(scores: Floats, least: Floats, *, none: bool) -> Rivals:
    """Give each sentence the likeliest frame, the first of those that are equally likely.

    `scores` are log-odds, sentences × frames; a frame whose probability is below its `least` is not
    given. With `none`, no frame is given where all scores are negative.
    """
    size = scores.shape[1]
    rivals = np.hstack([scores, np.zeros((len(scores), 1))]) if none else scores
    others = _others(rivals, np.logaddexp)[:, :size]
    thresholds = np.maximum(probability(_others(rivals, np.maximum)[:, :size] - others), least)
    chances = probability(scores - others)
    given = np.zeros(scores.shape, dtype=bool)
    likeliest = rivals.argmax(axis=1)
    rows = np.flatnonzero(likeliest < size)
    given[rows, likeliest[rows]] = True
    return Rivals(chances, given & (chances >= least), others, thresholds)


def chances(scheme: Scheme, scores: Floats) -> Floats:
    """Log-odds as probabilities, both sentences × frames, in any codebook."""
    if not scheme.exclusive:
        return probability(scores)
    return one_of(scores, np.zeros(scores.shape[1]), none=scheme.none).chances


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


def _others(scores: Floats, joined: np.ufunc) -> Floats:
    """For each score of a row all the others, joined; what is left out cannot be taken off again
    without loss where it is by far the largest."""
    edge = np.full((len(scores), 1), -np.inf)
    before = joined.accumulate(np.hstack([edge, scores[:, :-1]]), axis=1)
    after = joined.accumulate(np.hstack([edge, scores[:, :0:-1]]), axis=1)[:, ::-1]
    found: Floats = joined(before, after)
    return found
