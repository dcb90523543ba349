"""Which of many patterns can occur in a sentence at all.

A pattern can occur only where every test that it requires is passed by some token. Each pattern
is filed under one required test, the rarest of those that list words if it has any, so that a
sentence asks only for the patterns filed under its own words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from framelens.rules.alphabet import Alphabet, Kind
from framelens.rules.patterns import Element
from framelens.rules.places import Places, Sought

COMMONER = 1000
"""How many times as common as another word a stop word or a mark is taken to be."""

WIDTH = 4096
"""Bits that stand for tests. Where there are more tests, some share a bit: patterns are then sought
that cannot occur, and not found."""


@dataclass(frozen=True, slots=True, eq=False)
class Filed(Kind):
    """A kind of word with what is filed under the tests that list its words.

    `words` are the rules of which such a word is an occurrence by itself, `patterns` the longer
    patterns, each with the tests that it requires, and `passed` the tests that the kind passes, as
    bit sets.
    """

    words: tuple[int, ...]
    patterns: tuple[tuple[int, int], ...]
    passed: int


class PatternIndex:
    """The patterns of a rule set, ready to be sought: `patterns` by number, and the number of the
    rule that each belongs to in `owners`."""

    def __init__(
        self, patterns: Sequence[Sequence[Element]], owners: Sequence[int], alphabet: Alphabet
    ) -> None:
        self.alphabet, self.owners = alphabet, owners
        self.patterns: list[Sought] = []
        self._filed: dict[Kind, Filed] = {}
        words: defaultdict[int, dict[int, None]] = defaultdict(dict)
        required: list[tuple[int, int, list[int]]] = []
        self.common = _commonness(alphabet)
        for number, elements in enumerate(patterns):
            tests = {element.test for element in elements if not element.optional}
            listed = [test for test in tests if test >= 0]
            rarest = min(listed or tests, key=lambda test: (self.common[test], test))
            self.patterns.append(Sought(elements, elements.index(Element(rarest))))
            if len(elements) == 1:
                words[rarest][owners[number]] = None
            else:
                required.append((number, rarest, [test for test in listed if test != rarest]))
        self._bits = _bits(tests for _, _, tests in required)
        longer: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, rarest, others in required:
            longer[rarest].append((number, self._bit_set(others)))
        self._words = {test: tuple(rules) for test, rules in words.items()}
        self._longer = {test: tuple(rows) for test, rows in longer.items()}
        self._open_words = sorted(test for test in words if test < 0)
        self._open_longer = sorted(test for test in longer if test < 0)

    def _bit_set(self, tests: Iterable[int]) -> int:
        found = 0
        for test in tests:
            found |= self._bits.get(test, 0)
        return found

    def filed_open(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """What is filed under tests that any word might pass: rules, and longer patterns."""
        words = {test: list(self._words[test]) for test in self._open_words}
        longer = {test: [row for row, _ in self._longer[test]] for test in self._open_longer}
        return words, longer

    def filed(self, kind: Kind) -> Filed:
        """What is filed under a kind of word."""
        if (found := self._filed.get(kind)) is None:
            tests = sorted(kind.listed)
            found = self._filed[kind] = Filed(
                kind.listed,
                kind.open,
                self.words_of(kind),
                tuple(row for test in tests for row in self._longer.get(test, ())),
                self._bit_set(tests),
            )
        return found

    def words_of(self, kind: Kind) -> tuple[int, ...]:
        """The rules of which a word of a kind is an occurrence by itself, by its listed tests."""
        tests = sorted(self._words.keys() & kind.listed)
        return tuple(dict.fromkeys(rule for test in tests for rule in self._words[test]))

    def longer_of(self, kind: Kind) -> list[int]:
        """The longer patterns that are filed under the listed tests of a kind."""
        tests = sorted(self._longer.keys() & kind.listed)
        return [pattern for test in tests for pattern, _ in self._longer[test]]

    def words(self, held: Mapping[Filed, int], places: Places) -> Iterator[tuple[int, int]]:
        """The rules of which some word is an occurrence by itself, each with the places of such
        words; a rule may come several times."""
        for row, there in held.items():
            for rule in row.words:
                yield rule, there
        for test in self._open_words:
            if there := places[test]:
                for rule in self._words[test]:
                    yield rule, there

    def candidates(self, held: Mapping[Filed, int], places: Places) -> dict[int, int]:
        """The patterns of several tokens of which a sentence passes every listed test that they
        require, each with the places where it is filed.

        `held` is what is filed under the words of the sentence, with the places of each.
        """
        passed = 0
        for row in held:
            passed |= row.passed
        found: dict[int, int] = {}
        for row, there in held.items():
            for number, required in row.patterns:
                if required & passed == required:
                    found[number] = found.get(number, 0) | there
        for test in self._open_longer:
            if there := places[test]:
                # All tests that such a pattern requires are open: there is none to compare.
                found.update((number, there) for number, _ in self._longer[test])
        return found


def _bits(required: Iterable[Sequence[int]]) -> dict[int, int]:
    """A bit for every test that patterns require, the lowest for those that most do: so the numbers
    are short that stand for the tests of one pattern."""
    times = Counter(test for tests in required for test in tests)
    return {test: 1 << at % WIDTH for at, (test, _) in enumerate(times.most_common())}


def _commonness(alphabet: Alphabet) -> defaultdict[int, float]:
    """How often a token may pass each test, guessed from how many tests list its words."""
    common = defaultdict[int, float](float)
    weights = {
        word: len(tests) * (COMMONER if word in STOP_WORDS or not _is_word(word) else 1)
        for word, tests in alphabet.lower.items()
    }
    for test, words in enumerate(alphabet.words):
        common[test] = sum([weights.get(word, 1) for word in words])
    return common


def _is_word(text: str) -> bool:
    return any(map(str.isalnum, text))
