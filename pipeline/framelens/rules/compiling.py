"""Rules as they are written → patterns to be sought, over an alphabet of token tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from spacy.tokenizer import Tokenizer

from framelens.core.errors import FramelensError
from framelens.rules.alphabet import Alphabet
from framelens.rules.index import PatternIndex
from framelens.rules.patterns import (
    Element,
    PlainPattern,
    PlainToken,
    check_elements,
    check_length,
    check_size,
    elements,
    phrase_words,
    plain_token,
    size,
)
from framelens.rules.rule_files import Item, RuleSet

Phrases = tuple[tuple[str, ...], ...]
"""The phrases of a rule, each as its lower-case tokens."""

KEPT = 4
"""Rule sets that stay compiled."""


class Step(NamedTuple):
    """A token of a pattern, compiled: its elements, and the number of words that it names."""

    elements: tuple[Element, ...]
    size: int


def compiled(rules: RuleSet, tokenizer: Tokenizer) -> PatternIndex:
    """The patterns of a rule set, compiled once a process for all tokenizers that cut its phrases
    alike; rules are numbered as in `RuleSet.items`.

    Raise FramelensError with the file and id of a rule that cannot be compiled.
    """
    return _compiled(rules, tuple(_phrases(item, tokenizer) for item in rules.items))


def _phrases(item: Item, tokenizer: Tokenizer) -> Phrases:
    return tuple(phrase_words(phrase, tokenizer) for phrase in item.phrases)


@lru_cache(maxsize=KEPT)
def _compiled(rules: RuleSet, phrases: Sequence[Phrases]) -> PatternIndex:
    alphabet = Alphabet()
    compiler = _Compiler(rules.lists, alphabet)
    patterns: list[tuple[Element, ...]] = []
    owners: list[int] = []
    for number, (item, own_phrases) in enumerate(zip(rules.items, phrases, strict=True)):
        try:
            patterns += compiler.compile(item, own_phrases)
        except FramelensError as error:
            raise _located(error, item) from None
        owners += [number] * (len(patterns) - len(owners))
    return PatternIndex(patterns, owners, alphabet)


class _Compiler:
    """Compiles the patterns of a rule set, each token once however often it is written."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], alphabet: Alphabet) -> None:
        self.lists, self.alphabet = lists, alphabet
        self._steps: dict[str, Step] = {}
        self._phrase_words: dict[str, Step] = {}
        self._patterns = self._words = 0

    def compile(self, item: Item, phrases: Phrases) -> Iterator[tuple[Element, ...]]:
        """A rule's patterns and phrases."""
        for pattern in item.patterns:
            check_length(pattern)
            yield self._joined([self._written(token) for token in pattern])
        for words in phrases:
            yield self._joined([self._word(word) for word in words])

    def _joined(self, steps: Sequence[Step]) -> tuple[Element, ...]:
        self._patterns += 1
        self._words += sum([step.size for step in steps])
        check_size(self._patterns, self._words)
        found = tuple([element for step in steps for element in step.elements])
        check_elements(found)
        return found

    def _written(self, token: Mapping[str, Any]) -> Step:
        written = repr(token)
        if (step := self._steps.get(written)) is None:
            step = self._steps[written] = self._step(plain_token(token, self.lists))
        return step

    def _word(self, word: str) -> Step:
        """A word of a phrase, which names no list even where it begins as one's name does."""
        if (step := self._phrase_words.get(word)) is None:
            step = self._phrase_words[word] = self._step({"LOWER": word})
        return step

    def _step(self, token: PlainToken) -> Step:
        op = token.pop("OP", None)
        return Step(elements(self.alphabet.add(token, negated=op == "!"), op), size([token]))


def plain_patterns(item: Item, rules: RuleSet, tokenizer: Tokenizer) -> Iterator[PlainPattern]:
    """A rule's patterns and phrases as spaCy's own Matcher takes them."""
    for pattern in item.patterns:
        try:
            yield tuple(plain_token(token, rules.lists) for token in pattern)
        except FramelensError as error:
            raise _located(error, item) from None
    for phrase in item.phrases:
        yield tuple({"LOWER": word} for word in phrase_words(phrase, tokenizer))


def _located(error: FramelensError, item: Item) -> FramelensError:
    return FramelensError(f"{item.file}: {item.id}: {error}")
