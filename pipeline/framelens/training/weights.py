"""Fitted linear models → the weights that a model keeps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from framelens.classification.model import AboutWeights, Weights
from framelens.core.types import Bools, Floats
from framelens.rules.rule_files import RuleSet
from framelens.training.fitting import Fitted


def used_terms(fitted: Sequence[Fitted], terms: int) -> Bools:
    """Which of so many terms, the first features, have a weight for some frame in some fit."""
    tables = [row.linear.coefficients[:terms] for row in fitted]
    used: Bools = (np.hstack(tables) != 0).any(axis=1)
    return used


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
