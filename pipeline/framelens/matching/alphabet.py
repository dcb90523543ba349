"""Which tokens pass which tests: every word of a text becomes the symbol of its kind.

All tests are on a word's form, so that a word's symbol is found once and remembered; words
that no test tells apart share a symbol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from spacy.lexeme import Lexeme
from spacy.vocab import Vocab

from framelens.matching.patterns import FLAGS

MAX_WORDS = 200_000

K = TypeVar("K")
WordTest = Callable[[Lexeme], bool]


class Alphabet(dict[int, int]):
    """The symbol of a word, by the word's ORTH key."""

    def __init__(self, vocab: Vocab) -> None:
        super().__init__()
        self.vocab = vocab
        self._numbers: dict[str, int] = {}
        self._words: dict[int, Sequence[str]] = {}
        self._by_word: dict[tuple[str, str], int] = {}
        self._by_default = 0
        self._denied: dict[tuple[str, str], int] = {}
        self._flags: dict[tuple[str, bool], int] = {}
        self._others: list[tuple[int, WordTest]] = []
        self._symbols: dict[int, int] = {}
        self.tests: list[int] = []

    def test_of(self, token: dict[str, Any], negated: bool = False) -> int:
        """The number of a token test. Give all tests before the first word is looked up."""
        key = repr((token, negated))
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            self._add(self._numbers[key], token, negated)
        return self._numbers[key]

    def _add(self, number: int, token: dict[str, Any], negated: bool) -> None:
        """File a test where a word finds it soonest: most are on one form of a word and on flags."""
        texts = token.keys() - FLAGS
        if negated or texts not in ({"LOWER"}, {"ORTH"}, set()):
            self._others.append((number, _word_test(token, negated)))
            return
        name = next(iter(texts), "LOWER")
        wanted, bit = token.get(name, {}), 1 << number
        words = [wanted] if isinstance(wanted, str) else wanted.get("IN")
        if words is None:
            self._by_default |= bit
        else:
            self._words[number] = [word.lower() for word in words]
            _file(self._by_word, ((name, word) for word in words), bit)
        if isinstance(wanted, dict):
            _file(self._denied, ((name, word) for word in wanted.get("NOT_IN", ())), bit)
        flags = ((flag.lower(), value) for flag, value in token.items() if flag != name)
        _file(self._flags, flags, bit)

    @property
    def size(self) -> int:
        """The number of tests."""
        return len(self._numbers)

    def words_of(self, test: int) -> Sequence[str] | None:
        """The words, in lower case, that alone can pass a test; None where any word might."""
        return self._words.get(test)

    def tests_of(self, symbol: int) -> int:
        """The tests that a symbol's words pass, as a bit set."""
        return self.tests[symbol]

    def __missing__(self, orth: int) -> int:
        if len(self) >= MAX_WORDS:
            self.clear()
        passed = self._passed(self.vocab[orth])
        if passed not in self._symbols:
            self._symbols[passed] = len(self.tests)
            self.tests.append(passed)
        self[orth] = self._symbols[passed]
        return self[orth]

    def _passed(self, word: Lexeme) -> int:
        lower, orth = ("LOWER", word.lower_), ("ORTH", word.orth_)
        passed = self._by_default | self._by_word.get(lower, 0) | self._by_word.get(orth, 0)
        passed &= ~(self._denied.get(lower, 0) | self._denied.get(orth, 0))
        for (flag, wanted), bits in self._flags.items():
            if bool(getattr(word, flag)) != wanted:
                passed &= ~bits
        for number, test in self._others:
            passed |= test(word) << number
        return passed


def _file(places: dict[K, int], keys: Iterable[K], bit: int) -> None:
    for key in keys:
        places[key] = places.get(key, 0) | bit


def _word_test(token: dict[str, Any], negated: bool) -> WordTest:
    parts = [_part(name, value) for name, value in token.items()]
    if negated:
        return lambda word: not all(part(word) for part in parts)
    return lambda word: all(part(word) for part in parts)


def _part(name: str, value: Any) -> WordTest:
    attribute = {
        "LOWER": "lower_", "ORTH": "orth_", "TEXT": "orth_", "SHAPE": "shape_", "NORM": "norm_",
    }.get(name)  # fmt: skip
    if attribute is None:
        flag = name.lower()
        if name == "LENGTH":
            return lambda word: len(word.orth_) == value
        return lambda word: bool(getattr(word, flag)) == value
    if isinstance(value, str):
        return lambda word: getattr(word, attribute) == value
    wanted, unwanted = value.get("IN"), value.get("NOT_IN", ())
    return lambda word: (
        (wanted is None or getattr(word, attribute) in wanted)
        and getattr(word, attribute) not in unwanted
    )
