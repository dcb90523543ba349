"""Which of many patterns can occur in a sentence at all.

A pattern can occur only where every test that it requires is passed by some token. Each pattern
is filed under one required test, the rarest it has, so that a sentence asks only for the
patterns filed under its own words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from spacy.lang.en.stop_words import STOP_WORDS

from framelens.matching.alphabet import Alphabet
from framelens.matching.automaton import Automaton

COMMONER = 1000
"""How many times as common as a pattern's other words a stop word is taken to be."""


class PatternIndex(dict[int, tuple[tuple[int, int], ...]]):
    """The patterns filed under a symbol, each with the tests that it requires."""

    def __init__(self, patterns: Sequence[Automaton], alphabet: Alphabet) -> None:
        super().__init__()
        self.alphabet = alphabet
        self._filed: dict[int, list[tuple[int, int]]] = defaultdict(list)
        common = _commonness(patterns, alphabet)
        for number, pattern in enumerate(patterns):
            tests = [element.test for element in pattern.elements if not element.optional]
            rarest = min(tests, key=lambda test: (common[test], test))
            self._filed[rarest].append((number, pattern.required))
        self._wanted = sum(1 << test for test in self._filed)

    def __missing__(self, symbol: int) -> tuple[tuple[int, int], ...]:
        tests = self.alphabet.tests_of(symbol) & self._wanted
        found: list[tuple[int, int]] = []
        while tests:
            test = tests.bit_length() - 1
            found += self._filed[test]
            tests ^= 1 << test
        self[symbol] = tuple(found)
        return self[symbol]

    def candidates(self, symbols: Iterable[int]) -> list[int]:
        """The patterns of which a sentence passes every required test, in order."""
        kinds = set(symbols)
        passed, tests = 0, self.alphabet.tests
        for symbol in kinds:
            passed |= tests[symbol]
        found = {
            number for symbol in kinds for number, required in self[symbol]
            if required & passed == required
        }  # fmt: skip
        return sorted(found)


def _commonness(patterns: Sequence[Automaton], alphabet: Alphabet) -> dict[int, float]:
    """How often a token may pass each test, guessed from how many patterns want its words."""
    wanted: Counter[str] = Counter()
    for pattern in patterns:
        for test in {element.test for element in pattern.elements}:
            wanted.update(alphabet.words_of(test) or ())
    common: dict[int, float] = {}
    for test in range(alphabet.size):
        words = alphabet.words_of(test)
        weights = (wanted[word] * (COMMONER if word in STOP_WORDS else 1) for word in words or ())
        common[test] = sum(weights) if words is not None else float("inf")
    return common
