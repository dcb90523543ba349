"""Rules as they are written → patterns to be sought, over an alphabet of token tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.tokenizer import Tokenizer

from framelens.core.errors import FramelensError
from framelens.rules.alphabet import Alphabet
from framelens.rules.patterns import (
    Element,
    PlainPattern,
    PlainToken,
    check_elements,
    check_length,
    check_size,
    elements,
    phrase_pattern,
    plain_token,
    size,
)
from framelens.rules.rule_files import Exclusion, Rule, RuleSet


class Step(NamedTuple):
    """A token of a pattern, compiled: its elements, and the number of words that it names."""

    elements: tuple[Element, ...]
    size: int


class Compiler:
    """Compiles the patterns of a rule set, each token once however often it is written."""

    def __init__(self, rules: RuleSet, alphabet: Alphabet, tokenizer: Tokenizer) -> None:
        self.rules, self.alphabet, self.tokenizer = rules, alphabet, tokenizer
        self._steps: dict[str, Step] = {}
        self._phrase_words: dict[str, Step] = {}
        self._patterns = self._words = 0

    def compile(self, item: Rule | Exclusion) -> Iterator[tuple[Element, ...]]:
        """A rule's patterns and phrases; raise FramelensError with its file and id."""
        for pattern in item.patterns:
            try:
                check_length(pattern)
                yield self._joined([self._written(token) for token in pattern])
            except FramelensError as error:
                raise _located(error, item) from None
        for phrase in item.phrases:
            tokens = phrase_pattern(phrase, self.tokenizer)
            yield self._joined([self._word(token) for token in tokens])

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
            step = self._steps[written] = self._step(plain_token(token, self.rules.lists))
        return step

    def _word(self, token: PlainToken) -> Step:
        """A word of a phrase, which names no list even where it begins as one's name does."""
        word: str = token["LOWER"]
        if (step := self._phrase_words.get(word)) is None:
            step = self._phrase_words[word] = self._step(token)
        return step

    def _step(self, token: PlainToken) -> Step:
        op = token.pop("OP", None)
        return Step(elements(self.alphabet.add(token, negated=op == "!"), op), size([token]))


def plain_patterns(
    item: Rule | Exclusion, rules: RuleSet, tokenizer: Tokenizer
) -> Iterator[PlainPattern]:
    """A rule's patterns and phrases as spaCy's own Matcher takes them."""
    for pattern in item.patterns:
        try:
            yield tuple(plain_token(token, rules.lists) for token in pattern)
        except FramelensError as error:
            raise _located(error, item) from None
    for phrase in item.phrases:
        yield phrase_pattern(phrase, tokenizer)


def _located(error: FramelensError, item: Rule | Exclusion) -> FramelensError:
    return FramelensError(f"{item.file}: {item.id}: {error}")
