"""Which tokens pass which tests: every word of a text is of a kind.

All tests are on a word's form, so that a word's kind is found once and remembered; words that no
test tells apart are of one kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.lexeme import Lexeme
from spacy.vocab import Vocab

from framelens.rules.patterns import FLAGS

WordTest = Callable[[Lexeme], bool]
_LISTS: tuple[frozenset[str], ...] = tuple(map(frozenset, (["LOWER"], ["ORTH"], [])))


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """The tests that some words pass.

    Those that only a few listed words pass have numbers from 0 on and stand in `listed`; those open
    to any word count down from −1 and are the bits of `open`.
    """

    listed: frozenset[int]
    open: int

    def passes(self, test: int) -> bool:
        return test in self.listed if test >= 0 else bool(self.open >> ~test & 1)


class Alphabet:
    """The token tests of a rule set."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.words: list[Sequence[str]] = []
        self.lower: defaultdict[str, list[int]] = defaultdict(list)
        self._orth: defaultdict[str, list[int]] = defaultdict(list)
        self._denied: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._flags: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
        self._open = 0
        self._open_tests = 0
        self._others: list[tuple[int, WordTest]] = []
        self._kinds: dict[tuple[frozenset[int], int], Kind] = {}

    def add(self, token: dict[str, Any], *, negated: bool = False) -> int:
        """Number a token test. Give all tests before the first word is looked up."""
        texts = token.keys() - FLAGS
        if negated or texts not in _LISTS:
            number = self._add_open()
            self._others.append((number, _word_test(token, negated)))
            return number
        name = "ORTH" if "ORTH" in texts else "LOWER"
        wanted = token.get(name, {})
        words = [wanted] if isinstance(wanted, str) else wanted.get("IN")
        number = self._add_open() if words is None else self._add_listed(name, words)
        if words is None:
            self._open |= 1 << ~number
        if isinstance(wanted, dict):
            for word in wanted.get("NOT_IN", ()):
                self._denied[name, word].append(number)
        if len(token) > len(texts):
            for flag in token.keys() - texts:
                self._flags[flag.lower(), token[flag]].append(number)
        return number

    def _add_open(self) -> int:
        self._open_tests += 1
        return -self._open_tests

    def _add_listed(self, name: str, words: Sequence[str]) -> int:
        number, filed = len(self.words), self.lower if name == "LOWER" else self._orth
        self.words.append(words)
        for word in words:
            filed[word].append(number)
        return number

    def kind(self, orth: int) -> Kind:
        """The kind of a word, given its ORTH key."""
        listed, opens = self._passed(self.vocab[orth])
        key = frozenset(listed), opens
        return self._kinds.setdefault(key, Kind(*key))

    def _passed(self, word: Lexeme) -> tuple[set[int], int]:
        lower, orth, opens = word.lower_, word.orth_, self._open
        listed = {*self.lower.get(lower, ()), *self._orth.get(orth, ())}
        failed = [*self._denied.get(("LOWER", lower), ()), *self._denied.get(("ORTH", orth), ())]
        for (flag, wanted), tests in self._flags.items():
            if bool(getattr(word, flag)) != wanted:
                failed += tests
        for test in failed:
            if test >= 0:
                listed.discard(test)
            else:
                opens &= ~(1 << ~test)
        for test, passes in self._others:
            opens |= passes(word) << ~test
        return listed, opens


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
