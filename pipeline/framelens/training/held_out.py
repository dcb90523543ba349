"""Sentences held out of training, and how a model does on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import Model
from framelens.core.errors import FramelensError
from framelens.core.settings import Mode
from framelens.evaluation.baselines import Overlap, Trial, answers_of
from framelens.evaluation.evaluate import Evaluation, measure
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.folds import any_alike
from framelens.project.labelled import LabelledSentence, fingerprint
from framelens.rules.rule_files import RuleSet
from framelens.training.baselines import is_own, rivals

Sentences = Sequence[LabelledSentence]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures on sentences that a model was not trained on, and on which (`what`, in words)."""

    what: str
    evaluation: Evaluation


def unseen(tested: Sentences, learned: Sentences) -> tuple[list[LabelledSentence], Overlap]:
    """Of sentences to test on, those that are neither among those learned from nor near-duplicates
    of such; raise FramelensError where there are none."""
    known = {fingerprint(row.text) for row in learned}
    same = np.array([fingerprint(row.text) in known for row in tested], dtype=bool)
    alike = any_alike([row.text for row in tested], [row.text for row in learned])
    kept = [row for row, out in zip(tested, same | alike, strict=True) if not out]
    if not kept:
        raise FramelensError(
            f"all of the {len(tested)} sentences to test on, or near-duplicates of them, are among those "
            "to train on; expected some that are not"
        )
    return kept, Overlap(int(same.sum()), int((alike & ~same).sum()), left_out=True)


def try_out(
    model: Model,
    rules: RuleSet,
    *,
    learned: Sentences,
    tested: Sentences,
    overlap: Overlap,
    seed: int,
) -> Evaluation:
    """The figures of a model, of its parts and of baselines that learned from the same sentences, on
    sentences that it has not seen."""
    modes: list[Mode] = ["hybrid"]
    if any(not rule.weak for rule in rules.rules):  # weak rules alone give no frame
        modes.append("rules")
    if rules.rules:
        modes.append("model")
    tokenizer = english_tokenizer()
    classifiers = {
        mode: FrameClassifier(rules, model, vocab=tokenizer.vocab, tokenizer=tokenizer, mode=mode)
        for mode in modes
    }
    beside = rivals(learned, rules.scheme) if is_own(rules.scheme) else None
    answers = answers_of(tested, classifiers, rivals=beside)
    trial = Trial(tuple(tested), None, classifiers["hybrid"], None, answers, overlap)
    return measure(trial, seed=seed)
