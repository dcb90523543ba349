"""Sentences held out of training, and how a model does on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import Model
from framelens.core.errors import FramelensError
from framelens.core.settings import Mode
from framelens.core.types import counted
from framelens.evaluation.baselines import Overlap, Trial, answers_of
from framelens.evaluation.evaluate import Evaluation, measure
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.folds import any_alike, fold_groups, spread
from framelens.project.labelled import LabelledSentence, fingerprint
from framelens.rules.rule_files import RuleSet
from framelens.training.baselines import is_own, rivals

Sentences = Sequence[LabelledSentence]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures on sentences that a model was not trained on, and on which (`what`, in words)."""

    what: str
    evaluation: Evaluation


def hold_out(
    sentences: Sentences, share: float, seed: int
) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """Sentences to learn from, and about a share of all to be held out.

    What belongs together (documents, minimal pairs, near-duplicates) is held out together. Groups
    are drawn systematically, each with the same chance, in the order of their rarest labels and of
    their sizes: so both sides have about the same of each. Raise FramelensError where the share is
    not between 0 and 1, or one side would be empty.
    """
    if not 0 < share < 1:
        raise FramelensError(f"a share of {share:g} to hold out; expected one such as 0.2")
    random = np.random.default_rng(seed)
    order = spread(sentences, fold_groups(sentences), random)
    marks = np.floor(np.arange(len(order) + 1) * share + random.random())
    held = {
        at for rows, drawn in zip(order, np.diff(marks) > 0, strict=True) if drawn for at in rows
    }
    if not 0 < len(held) < len(sentences):
        raise FramelensError(
            f"{counted(len(sentences), 'labelled sentence')} in {counted(len(order), 'group')} that "
            f"must stay together; expected more of them to hold out a share of {share:g}"
        )
    return (
        [row for at, row in enumerate(sentences) if at not in held],
        [row for at, row in enumerate(sentences) if at in held],
    )


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
