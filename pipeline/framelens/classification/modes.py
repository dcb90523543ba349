"""Which weights decide, for each of the three ways of deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path

import numpy as np

from framelens.classification.model import Model, Weights
from framelens.core.arrays import Floats
from framelens.core.errors import FramelensError
from framelens.core.settings import Mode
from framelens.rules.rule_files import RuleSet

RULES_ALONE = log(9)
"""Log-odds at which rules alone stand: no hit is a probability of 0.1, one hit of 0.9."""


def weights_for(rules: RuleSet, model: Model | None, mode: Mode) -> Weights:
    """The weights of a mode; raise FramelensError where model and rules don't belong together."""
    if mode == "rules":
        return rule_weights(rules)
    if model is None:
        raise FramelensError("no model given; expected one unless rules alone decide")
    if model.frames != rules.scheme.names:
        raise FramelensError(
            f"the model knows the frames {', '.join(model.frames)}, the rules "
            f"{', '.join(rules.scheme.names)}; expected a model that was trained with these rules"
        )
    if mode == "model":
        return model.terms_only
    if model.rules_digest != rules.digest:
        raise FramelensError(
            "the model was trained with other rules than these; retrain it with "
            "`framelens train`, give the rules it was trained with (--rules), or use "
            "--rules-only or --model-only"
        )
    if model.rules != tuple(rule.id for rule in rules.rules):
        # Weights belong to rules by their order: each would count for another rule.
        raise FramelensError(
            "the model names other rules than these, or in another order, though the files are "
            "those it was trained with: its meta.json has been edited; train the model anew"
        )
    return model.hybrid


def check_together(
    rules: RuleSet,
    model: Model | None,
    mode: Mode,
    *,
    given: tuple[Path | str | None, Path | str | None],
) -> None:
    """Raise FramelensError, with what to give, where only one of rules and model was `given` (in
    this order), and the shipped other one does not belong to it."""
    rules_given, model_given = given
    if model is None or bool(rules_given) == bool(model_given):
        return
    if model.frames == rules.scheme.names and mode == "model":
        return
    if model.rules_digest == rules.digest:
        return
    if rules_given:
        raise FramelensError(
            f"{rules_given}: the shipped model belongs to other rules; give the model that was "
            f"trained with these (--model), train one (framelens train LABELLED --rules "
            f"{rules_given} --output DIR), or let rules decide alone (--rules-only)"
        )
    raise FramelensError(
        f"{model_given}: the model was trained with other rules than the shipped ones, and carries "
        "none; give the rules it was trained with (--rules)"
    )


def rule_weights(rules: RuleSet) -> Weights:
    """Weights by which any hit of a rule that is not weak decides for its frame."""
    frames = rules.scheme.names
    table = np.zeros((len(rules.rules), len(frames)))
    for number, rule in enumerate(rules.rules):
        if not rule.weak:
            table[number, frames.index(rule.frame)] = 2 * RULES_ALONE
    size = len(frames)
    return Weights(np.zeros((0, size)), table, np.full(size, -RULES_ALONE), np.full(size, 0.5))


def thresholds_for(
    frames: Sequence[str], defaults: Floats, chosen: Mapping[str, float] | None
) -> Floats:
    """The thresholds, with the user's in place of the model's."""
    found = defaults.copy()
    for frame, value in (chosen or {}).items():
        if frame not in frames:
            raise FramelensError(f"unknown frame {frame!r}; expected one of {', '.join(frames)}")
        is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= 1:
            raise FramelensError(f"threshold {frame}={value}: expected a number from 0 to 1")
        found[frames.index(frame)] = value
    return found
