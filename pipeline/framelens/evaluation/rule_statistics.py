"""What each rule is worth on labelled sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from spacy.attrs import ORTH
from spacy.language import Language

from framelens.preprocessing.tokenizer import tokenized
from framelens.project.labelled import LabelledSentence
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet


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
    rules: RuleSet, sentences: Sequence[LabelledSentence], nlp: Language
) -> list[RuleStatistics]:
    """A row a rule, in the order of the rule files."""
    matcher = RuleMatcher(rules, nlp.vocab, nlp.tokenizer)
    fired = np.zeros((len(sentences), len(rules.rules)), dtype=bool)
    for at, sentence in enumerate(sentences):
        keys = tokenized(sentence.text, nlp.tokenizer).to_array([ORTH]).tolist()
        fired[at, [hit.rule for hit in matcher.hits(keys)]] = True
    rows = []
    for frame in rules.scheme.names:
        gold = np.array([frame in sentence.labels for sentence in sentences])
        own = [at for at, rule in enumerate(rules.rules) if rule.frame == frame]
        deciding = fired[:, [at for at in own if not rules.rules[at].weak]].sum(axis=1)
        whole = _f1(gold, deciding > 0)
        for at in own:
            rule, hits = rules.rules[at], fired[:, at]
            without = whole if rule.weak else _f1(gold, deciding > hits)
            right, total = int((hits & gold).sum()), int(hits.sum())
            low, high = wilson(right, total) if total else (None, None)
            precision = right / total if total else None
            rows.append(
                RuleStatistics(
                    rule.id, frame, rule.weak, total, right, precision, low, high, whole, without
                )
            )
    return rows


def wilson(right: float, total: float) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, "Probable inference", JASA 22, 1927)."""
    z = 1.959964
    share = right / total
    centre = share + z * z / (2 * total)
    margin = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    below = 1 + z * z / total
    return max(0.0, (centre - margin) / below), min(1.0, (centre + margin) / below)


def _f1(gold: np.ndarray, guess: np.ndarray) -> float:
    right = int((gold & guess).sum())
    total = int(gold.sum() + guess.sum())
    return 2 * right / total if total else 0.0
