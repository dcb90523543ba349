"""Rules at work: tokens in, hits out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from sys import maxsize
from typing import NamedTuple

from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from framelens.rules.alphabet import Alphabet
from framelens.rules.compiling import Compiler
from framelens.rules.index import Filed, PatternIndex, candidates
from framelens.rules.patterns import Element
from framelens.rules.places import Places
from framelens.rules.rule_files import RuleSet

MAX_SPAN = 100
"""Tokens that one hit may span, which bounds the work that a wildcard can ask for."""

WINDOW = 2000
"""Tokens of a long sentence that are searched at a time."""


class Hit(NamedTuple):
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
        patterns: list[tuple[Element, ...]] = []
        compiler = Compiler(rules, self.alphabet, tokenizer)
        for number, item in enumerate(rules.items):
            found = list(compiler.compile(item))
            patterns += found
            self._owner += [number] * len(found)
        self._index = PatternIndex(patterns, self.alphabet)
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
        patterns = candidates(map(self._index.__getitem__, orths))
        elements = 1 + sum(len(self._index.patterns[pattern].elements) for pattern in patterns)
        return elements * len(orths) * min(len(orths), MAX_SPAN)

    def spans(self, orths: Sequence[int]) -> set[Hit]:
        """Every occurrence of every rule and, numbered after the rules, every exclusion."""
        index = self._index
        filed = [index[orth] for orth in orths]
        owner = self._owner
        found = {
            Hit(owner[pattern], at, at + 1) for at, row in enumerate(filed) for pattern in row.words
        }
        for first in range(0, len(filed), WINDOW):
            self._search(filed[first : first + WINDOW + MAX_SPAN], first, found)
        return found

    def _search(self, filed: Sequence[Filed], first: int, found: set[Hit]) -> None:
        """Add the hits of several tokens in a stretch of a sentence that begins at token `first`."""
        found_here = candidates(filed)
        if not found_here:
            return
        places = Places([row.kind for row in filed])
        for pattern, anchors in found_here.items():
            rule, sought = self._owner[pattern], self._index.patterns[pattern]
            for start, end in sought.spans(anchors, places, MAX_SPAN):
                found.add(Hit(rule, first + start, first + end))


def _covered(masks: Sequence[tuple[int, int]], hit: Hit) -> bool:
    before = bisect_right(masks, (hit.start, maxsize))
    return before > 0 and masks[before - 1][1] >= hit.end
