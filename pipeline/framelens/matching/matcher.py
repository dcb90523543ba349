"""Rules at work: tokens in, hits out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import maxsize

from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from framelens.errors import FramelensError
from framelens.matching.alphabet import Alphabet
from framelens.matching.automaton import Automaton
from framelens.matching.index import PatternIndex
from framelens.matching.patterns import (
    PlainPattern,
    PlainToken,
    check_size,
    elements,
    phrase_pattern,
    plain,
    size,
)
from framelens.matching.rules import Exclusion, Rule, RuleSet

MAX_SPAN = 100
"""Tokens that one hit may span, which bounds the work that a wildcard can ask for."""


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
        known: dict[str, PlainToken] = {}
        for number, item in enumerate(rules.items):
            for pattern in plain_patterns(item, rules, tokenizer, known):
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
        masks = self._masks(spans)
        kept: list[Hit] = []
        reached: dict[int, int] = {}
        for hit in sorted(spans, key=lambda hit: (hit.rule, hit.start, -hit.end)):
            if hit.rule >= self._first_exclusion or hit.start < reached.get(hit.rule, 0):
                continue
            if not _covered(masks.get(self.rules.rules[hit.rule].frame, ()), hit):
                kept.append(hit)
                reached[hit.rule] = hit.end
        return kept

    def _masks(self, spans: Iterable[Hit]) -> dict[str, list[tuple[int, int]]]:
        """What exclusions cover, by frame: stretches in order, none of them inside another."""
        found: dict[str, list[tuple[int, int]]] = {}
        first = self._first_exclusion
        for start, end, rule in sorted(self._mask(hit) for hit in spans if hit.rule >= first):
            for frame in self.rules.exclusions[rule].frames:
                held = found.setdefault(frame, [])
                if not held or -end > held[-1][1]:
                    held.append((start, -end))
        return found

    def _mask(self, hit: Hit) -> tuple[int, int, int]:
        number = hit.rule - self._first_exclusion
        if self.rules.exclusions[number].whole_sentence:
            return 0, -maxsize, number
        return hit.start, -hit.end, number

    def work(self, orths: Sequence[int]) -> int:
        """About how many steps `spans` may need at most."""
        symbols = [self.alphabet[orth] for orth in orths]
        return len(self._index.candidates(symbols)) * len(symbols) * min(len(symbols), MAX_SPAN)

    def spans(self, orths: Sequence[int]) -> set[Hit]:
        """Every occurrence of every rule and, numbered after the rules, every exclusion."""
        symbols = [self.alphabet[orth] for orth in orths]
        return {
            Hit(self._owner[pattern], start, end)
            for pattern in self._index.candidates(symbols)
            for start, end in self._patterns[pattern].spans(symbols, MAX_SPAN)
        }


def _covered(masks: Sequence[tuple[int, int]], hit: Hit) -> bool:
    before = bisect_right(masks, (hit.start, maxsize))
    return before > 0 and masks[before - 1][1] >= hit.end


def plain_patterns(
    item: Rule | Exclusion,
    rules: RuleSet,
    tokenizer: Tokenizer,
    known: dict[str, PlainToken] | None = None,
) -> Iterable[PlainPattern]:
    """A rule's patterns and phrases as spaCy's own Matcher takes them."""
    known = {} if known is None else known
    try:
        for pattern in item.patterns:
            yield plain(pattern, rules.lists, known)
    except FramelensError as error:
        raise FramelensError(f"{item.file}: {item.id}: {error}") from None
    for phrase in item.phrases:
        yield phrase_pattern(phrase, tokenizer)


def _compiled(item: Rule | Exclusion, pattern: PlainPattern, alphabet: Alphabet) -> Automaton:
    try:
        return Automaton(elements(pattern, alphabet.test_of), alphabet.tests_of)
    except FramelensError as error:
        raise FramelensError(f"{item.file}: {item.id}: {error}") from None
