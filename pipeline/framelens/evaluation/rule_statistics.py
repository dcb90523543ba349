"""How good each rule is on labelled sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.core.types import Bools
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet
from framelens.statistics.metrics import macro_f1
from framelens.statistics.proportions import wilson


@dataclass(frozen=True, slots=True)
class RuleStatistics:
    """A rule's sentences, how many of them carry its frame, and F1 of its frame without it.

    `low` and `high` bound the precision (95%, Wilson); `f1_without` and `f1` are those of the
    frame's rules that are not weak, deciding alone. `precision` and its bounds are None where the
    rule hits nothing.
    """

    rule: str
    frame: str
    weak: bool
    hits: int
    right: int
    precision: float | None
    low: float | None
    high: float | None
    f1: float
    f1_without: float


def rule_statistics(
    rules: RuleSet, sentences: Sequence[LabelledSentence], tokenizer: Tokenizer
) -> list[RuleStatistics]:
    """The statistics of every rule, frame by frame, in the order of the rule files."""
    fired = _fired(rules, sentences, tokenizer)
    statistics = []
    for frame in rules.scheme.names:
        gold = np.array([frame in sentence.labels for sentence in sentences], dtype=bool)
        rules_of_frame = [at for at, rule in enumerate(rules.rules) if rule.frame == frame]
        deciding = fired[:, [at for at in rules_of_frame if not rules.rules[at].weak]].sum(axis=1)
        f1 = macro_f1(gold[:, None], (deciding > 0)[:, None])
        for at in rules_of_frame:
            rule, hits = rules.rules[at], fired[:, at]
            right, total = int((hits & gold).sum()), int(hits.sum())
            low, high = wilson(right, total) if total else (None, None)
            statistics.append(
                RuleStatistics(
                    rule=rule.id,
                    frame=frame,
                    weak=rule.weak,
                    hits=total,
                    right=right,
                    precision=right / total if total else None,
                    low=low,
                    high=high,
                    f1=f1,
                    # Without the sentences that no other rule decides.
                    f1_without=f1
                    if rule.weak
                    else macro_f1(gold[:, None], (deciding > hits)[:, None]),
                )
            )
    return statistics


def _fired(rules: RuleSet, sentences: Sequence[LabelledSentence], tokenizer: Tokenizer) -> Bools:
    """Which rules hit which sentences, sentences × rules."""
    matcher = RuleMatcher(rules, tokenizer)
    fired = np.zeros((len(sentences), len(rules.rules)), dtype=bool)
    for at, sentence in enumerate(sentences):
        keys = sentence_tokens(sentence.text, tokenizer).to_array([ORTH]).tolist()
        fired[at, [hit.rule for hit in matcher.hits(keys)]] = True
    return fired
