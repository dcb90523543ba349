"""Which of many patterns can occur in a sentence at all.

A pattern can occur only where every test that it requires is passed by some token. Each pattern
is filed under one required test, the rarest of those that list words if it has any, so that a
sentence asks only for the patterns filed under its own words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from framelens.rules.alphabet import Alphabet, Kind
from framelens.rules.patterns import Element
from framelens.rules.places import Sought

COMMONER = 1000
"""How many times as common as another word a stop word is taken to be."""

MAX_WORDS = 200_000
"""Words that are remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """What is filed under a kind of word: the patterns of one token that its words match, the
    longer ones with the other listed tests that they require, and those of them that the kind
    passes, as bit sets."""

    kind: Kind
    words: tuple[int, ...]
    patterns: tuple[tuple[int, int], ...]
    passed: int


class PatternIndex(dict[int, Filed]):
    """What is filed under each word, by its ORTH key, and the patterns ready to be sought."""

    def __init__(self, patterns: Sequence[Sequence[Element]], alphabet: Alphabet) -> None:
        super().__init__()
        self.alphabet = alphabet
        self._kinds: dict[Kind, Filed] = {}
        self._words: defaultdict[int, list[int]] = defaultdict(list)
        self._longer: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.patterns: list[Sought] = []
        common = _commonness(alphabet)
        required: list[tuple[int, int, list[int]]] = []
        for number, elements in enumerate(patterns):
            tests = {element.test for element in elements if not element.optional}
            listed = [test for test in tests if test >= 0]
            rarest = min(listed or tests, key=lambda test: (common[test], test))
            self.patterns.append(Sought(elements, elements.index(Element(rarest))))
            if len(elements) == 1:
                self._words[rarest].append(number)
            else:
                required.append((number, rarest, [test for test in listed if test != rarest]))
        self._bits = _bits(tests for _, _, tests in required)
        for number, rarest, others in required:
            self._longer[rarest].append((number, sum([self._bits[test] for test in others])))
        self._open = sorted(test for test in {*self._words, *self._longer} if test < 0)

    def __missing__(self, orth: int) -> Filed:
        if len(self) >= MAX_WORDS:
            self.clear()
        kind = self.alphabet.kind(orth)
        if kind not in self._kinds:
            self._kinds[kind] = self._file(kind)
        self[orth] = self._kinds[kind]
        return self[orth]

    def _file(self, kind: Kind) -> Filed:
        tests = (*sorted(kind.listed), *(test for test in self._open if kind.passes(test)))
        return Filed(
            kind,
            tuple(row for test in tests for row in self._words.get(test, ())),
            tuple(row for test in tests for row in self._longer.get(test, ())),
            sum(self._bits.get(test, 0) for test in kind.listed),
        )


def _bits(required: Iterable[Sequence[int]]) -> dict[int, int]:
    """A bit for every test that patterns require, the lowest for those that most do: so the numbers
    are short that stand for the tests of one pattern."""
    times = Counter(test for tests in required for test in tests)
    return {test: 1 << at for at, (test, _) in enumerate(times.most_common())}


def candidates(filed: Iterable[Filed]) -> dict[int, int]:
    """The patterns of several tokens of which a sentence passes every listed test that they
    require, each with the places where it is filed; the sentence is given as what is filed under
    its words, and bit `n` of the places stands for word `n`."""
    places: dict[Filed, int] = {}
    passed, place = 0, 1
    for row in filed:
        if row in places:
            places[row] |= place
        else:
            places[row] = place
            passed |= row.passed
        place <<= 1
    found: dict[int, int] = {}
    for row, held in places.items():
        for number, required in row.patterns:
            if required & passed == required:
                found[number] = found.get(number, 0) | held
    return found


def _commonness(alphabet: Alphabet) -> defaultdict[int, float]:
    """How often a token may pass each test, guessed from how many tests list its words."""
    common = defaultdict[int, float](float)
    weights = {
        word: len(tests) * (COMMONER if word in STOP_WORDS else 1)
        for word, tests in alphabet.lower.items()
    }
    for test, words in enumerate(alphabet.words):
        common[test] = sum([weights.get(word, 1) for word in words])
    return common
