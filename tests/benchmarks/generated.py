"""Rules made from rules, for measuring what more of them cost."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import Model
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.rules.rule_files import Rule, RuleSet
from spacy.lang.en.stop_words import STOP_WORDS

TEXTS = {"LOWER", "LEMMA", "ORTH", "TEXT", "NORM"}


def multiplied(rules: RuleSet, times: int, *, seed: int = 0) -> RuleSet:
    """The rules, and as many again as makes `times` as many.

    In the new ones the rules' own content words stand in one another's places, so that the new
    rules are as complex as the old and begin with words as common in the texts.
    """
    words, chance = sorted(set(_content(rules))), random.Random(seed)
    made, lists = list(rules.rules), dict(rules.lists)
    for number in range(1, times):
        swap = dict(zip(words, chance.sample(words, len(words)), strict=True))
        made += [_swapped(rule, swap, number) for rule in rules.rules]
        for name, row in rules.lists.items():
            lists[f"{name}~{number}"] = tuple(swap.get(word, word) for word in row)
    return replace(rules, rules=tuple(made), lists=lists)


def classifier_with(rules: RuleSet, model: Model, times: int) -> FrameClassifier:
    """A classifier with `times` the rules; a new rule has the weights of the one it was made from."""
    many = multiplied(rules, times)
    weights = replace(model.hybrid, rule_weights=np.tile(model.hybrid.rule_weights, (times, 1)))
    model = replace(model, hybrid=weights, rules=tuple(rule.id for rule in many.rules))
    return FrameClassifier(many, model, tokenizer=english_tokenizer())


def _content(rules: RuleSet) -> Iterator[str]:
    for row in rules.lists.values():
        yield from (word for word in row if _counts(word))
    for rule in rules.rules:
        for phrase in rule.phrases:
            yield from (word for word in phrase.split() if _counts(word))
        for token in (token for pattern in rule.patterns for token in pattern):
            for key, value in token.items():
                if key.upper() in TEXTS:
                    yield from (word for word in _strings(value) if _counts(word))


def _counts(word: str) -> bool:
    return word.isalpha() and word not in STOP_WORDS


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        yield from value


def _swapped(rule: Rule, swap: Mapping[str, str], number: int) -> Rule:
    patterns = tuple(
        tuple(
            {
                key: _put(value, swap, number) if key.upper() in TEXTS else value
                for key, value in token.items()
            }
            for token in pattern
        )
        for pattern in rule.patterns
    )
    phrases = tuple(" ".join(swap.get(word, word) for word in row.split()) for row in rule.phrases)
    return replace(rule, id=f"{rule.id}~{number}", patterns=patterns, phrases=phrases)


def _put(value: Any, swap: Mapping[str, str], number: int) -> Any:
    """A word, a list's name, or words to choose from, with the words swapped."""
    if isinstance(value, str):
        return f"{value}~{number}" if value.startswith("@") else swap.get(value, value)
    if isinstance(value, Mapping):
        return {key: _put(part, swap, number) for key, part in value.items()}
    return [_put(part, swap, number) for part in value]
