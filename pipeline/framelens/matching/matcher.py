"""Rules at work: tokens in, hits out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from framelens.errors import FramelensError
from framelens.matching.alphabet import Alphabet
from framelens.matching.automaton import Automaton
from framelens.matching.index import PatternIndex
from framelens.matching.patterns import PlainPattern, elements, phrase_pattern, plain
from framelens.matching.rules import Exclusion, Rule, RuleSet

MAX_SPAN = 100
"""Tokens that one hit may span, which bounds the work that a wildcard can ask for."""

MAX_PATTERNS = 20_000
MAX_WORDS = 1_000_000
"""Patterns and phrases of a rule set, and words in them once lemmas and lists are expanded."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's occurrence: the rule's number and the tokens it covers, the end exclusive."""

    rule: int
    start: int
    end: int


class RuleMatcher:
    """A compiled rule set."""

    def __init__(self, rules: RuleSet, vocab: Vocab, tokenizer: Tokenizer) -> None:
        self.rules = rules
        self.alphabet = Alphabet(vocab)
        self._owner: list[int] = []
        self._patterns: list[Automaton] = []
        words = 0
        for number, item in enumerate([*rules.rules, *rules.exclusions]):
            for pattern in plain_patterns(item, rules, tokenizer):
                words += size(pattern)
                check_size(len(self._patterns) + 1, words)
                self._patterns.append(_compiled(item, pattern, self.alphabet))
                self._owner.append(number)
        self._index = PatternIndex(self._patterns, self.alphabet)
        self._first_exclusion = len(rules.rules)

    def hits(self, orths: Sequence[int]) -> list[Hit]:
        """The hits in one sentence, given as the ORTH keys of its tokens.

        Of a rule's occurrences those are kept that no exclusion covers and, of overlapping ones, the
        first and then the longest.
        """
        spans = self.spans(orths)
        if not spans:
            return []
        masks = [hit for hit in spans if hit.rule >= self._first_exclusion]
        kept: list[Hit] = []
        reached: dict[int, int] = {}
        for hit in sorted(spans, key=lambda hit: (hit.rule, hit.start, -hit.end)):
            if hit.rule >= self._first_exclusion or hit.start < reached.get(hit.rule, 0):
                continue
            if not any(self._covers(mask, hit) for mask in masks):
                kept.append(hit)
                reached[hit.rule] = hit.end
        return kept

    def _covers(self, mask: Hit, hit: Hit) -> bool:
        exclusion = self.rules.exclusions[mask.rule - self._first_exclusion]
        if self.rules.rules[hit.rule].frame not in exclusion.frames:
            return False
        return exclusion.whole_sentence or (mask.start <= hit.start and hit.end <= mask.end)

    def spans(self, orths: Sequence[int]) -> set[Hit]:
        """Every occurrence of every rule and, numbered after the rules, every exclusion."""
        symbols = [self.alphabet[orth] for orth in orths]
        return {
            Hit(self._owner[pattern], start, end)
            for pattern in self._index.candidates(symbols)
            for start, end in self._patterns[pattern].spans(symbols, MAX_SPAN)
        }


def plain_patterns(
    item: Rule | Exclusion, rules: RuleSet, tokenizer: Tokenizer
) -> Iterable[PlainPattern]:
    """A rule's patterns and phrases as spaCy's own Matcher takes them."""
    try:
        for pattern in item.patterns:
            yield plain(pattern, rules.lists)
    except FramelensError as error:
        raise FramelensError(f"{item.file}: {item.id}: {error}") from None
    for phrase in item.phrases:
        yield phrase_pattern(phrase, tokenizer)


def size(pattern: PlainPattern) -> int:
    """The number of words in a pattern."""
    values = (value for token in pattern for value in token.values())
    return sum(
        sum(map(len, value.values())) if isinstance(value, dict) else 1 for value in values
    )


def check_size(patterns: int, words: int) -> None:
    """Raise FramelensError where rules are so many that they could keep the run from ending."""
    if patterns > MAX_PATTERNS or words > MAX_WORDS:
        raise FramelensError(
            f"the rules are too large: expected at most {MAX_PATTERNS:,} patterns and phrases, with "
            f"{MAX_WORDS:,} words in them once lemmas and lists are expanded"
        )


def _compiled(item: Rule | Exclusion, pattern: PlainPattern, alphabet: Alphabet) -> Automaton:
    try:
        return Automaton(elements(pattern, alphabet.test_of), alphabet.tests_of)
    except FramelensError as error:
        raise FramelensError(f"{item.file}: {item.id}: {error}") from None
