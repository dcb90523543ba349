"""Which tokens pass which tests: every word of a text is of a kind.

All tests are on a word's form, so that a word's kind is found once and remembered; words that no
test tells apart are of one kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.lexeme import Lexeme

from framelens.core.errors import FramelensError
from framelens.core.types import Ints
from framelens.preprocessing.normalise import ONE_FOR_ONE, known_form
from framelens.rules.patterns import FLAGS

WordTest = Callable[[Lexeme], bool]
MAX_OPEN = 2000
"""Token tests of a rule set that any word might pass: each is asked of every new word."""

_LISTS: tuple[frozenset[str], ...] = tuple(map(frozenset, (["LOWER"], ["ORTH"], [])))


ATTRIBUTES = {
    "LOWER": "lower_", "ORTH": "orth_", "TEXT": "orth_", "SHAPE": "shape_", "NORM": "norm_",
}  # fmt: skip
"""What spaCy calls the texts of a word that tests ask for."""


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
    """The token tests of a rule set, and the kinds of words that they tell apart."""

    def __init__(self) -> None:
        self.words: list[Sequence[str]] = []
        self.lower: defaultdict[str, list[int]] = defaultdict(list)
        self._orth: defaultdict[str, list[int]] = defaultdict(list)
        self._forms: dict[str, dict[str, str]] = {"LOWER": {}, "ORTH": {}}
        self._denied: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._flagged: defaultdict[tuple[str, bool], Flagged] = defaultdict(Flagged)
        self._open = 0
        self._open_tests = 0
        self._others: list[tuple[int, WordTest]] = []
        self._rows: defaultdict[str, defaultdict[str, list[tuple[int, WordTest]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._kinds: dict[tuple[frozenset[int], int], Kind] = {}

    def add(self, token: dict[str, Any], *, negated: bool = False) -> int:
        """Number a token test. Give all tests before the first word is looked up.

        Raise FramelensError where too many are open to any word.
        """
        texts = token.keys() - FLAGS
        if negated or texts not in _LISTS:
            number = self._add_open()
            self._file(number, token, negated)
            return number
        name = "ORTH" if "ORTH" in texts else "LOWER"
        wanted = token.get(name, {})
        words = [wanted] if isinstance(wanted, str) else wanted.get("IN")
        number = self._add_open() if words is None else self._add_listed(name, words)
        if words is None:
            self._open |= 1 << ~number
        if isinstance(wanted, dict):
            for word in wanted.get("NOT_IN", ()):
                self._denied[name, _form(name, word)].append(number)
        if len(token) > len(texts):
            for flag in token.keys() - texts:
                self._flagged[flag.lower(), token[flag]].add(number)
        return number

    def _file(self, number: int, token: dict[str, Any], negated: bool) -> None:
        """File a test under the words that it asks for by shape or norm, lest all be asked of each."""
        name = next((name for name in ("SHAPE", "NORM") if _asked(token.get(name))), None)
        if negated or name is None:
            self._others.append((number, _word_test(token, negated)))
            return
        for word in _asked(token[name]):
            row = (number, _word_test(token, negated))
            self._rows[name][_form(name, word)].append(row)

    def _add_open(self) -> int:
        self._open_tests += 1
        if self._open_tests > MAX_OPEN:
            raise FramelensError(
                f"too many token tests that any word might pass; expected at most {MAX_OPEN:,}"
            )
        return -self._open_tests

    def _add_listed(self, name: str, words: Sequence[str]) -> int:
        number, filed = len(self.words), self.lower if name == "LOWER" else self._orth
        self.words.append(words)
        forms = self._forms[name]
        for word in words:
            if (form := forms.get(word)) is None:
                form = forms[word] = _form(name, word)
            filed[form].append(number)
        return number

    @property
    def size(self) -> int:
        """How many tests there are."""
        return len(self.words) + self._open_tests

    def column(self, test: int) -> int:
        """The number of a test where all are counted from 0 on, those open to any word last."""
        return test if test >= 0 else len(self.words) + ~test

    def columns(self, kind: Kind) -> Ints:
        """The columns of the tests that a kind passes."""
        size = self._open_tests // 8 + 1
        bits = np.frombuffer(kind.open.to_bytes(size, "little"), dtype=np.uint8)
        opens = np.flatnonzero(np.unpackbits(bits, bitorder="little")) + len(self.words)
        return np.concatenate([np.fromiter(kind.listed, np.int64, len(kind.listed)), opens])

    def kind(self, word: Lexeme) -> Kind:
        """The kind of a word: the same object for all words that no test tells apart."""
        lower, orth, opens = known_form(word.lower_), word.orth_, self._open
        listed = {*self.lower.get(lower, ()), *self._orth.get(orth, ())}
        for test in (
            *self._denied.get(("LOWER", lower), ()),
            *self._denied.get(("ORTH", orth), ()),
        ):
            if test >= 0:
                listed.discard(test)
            else:
                opens &= ~(1 << ~test)
        for (flag, wanted), tests in self._flagged.items():
            if bool(getattr(word, flag)) != wanted:
                listed -= tests.listed & listed
                opens &= ~tests.open
        for test, passes in self._others:
            opens |= passes(word) << ~test
        for name, rows in self._rows.items():
            for test, passes in rows.get(_form(name, getattr(word, ATTRIBUTES[name])), ()):
                opens |= passes(word) << ~test
        key = frozenset(listed), opens
        return self._kinds.setdefault(key, Kind(*key))


class Flagged:
    """The tests that ask for a flag, as `Kind` has them."""

    def __init__(self) -> None:
        self.listed: set[int] = set()
        self.open = 0

    def add(self, test: int) -> None:
        if test >= 0:
            self.listed.add(test)
        else:
            self.open |= 1 << ~test


def _form(name: str, word: str) -> str:
    """The form of a word by which a test finds it: in lower case however it is spelled."""
    return known_form(word) if name == "LOWER" else word.translate(ONE_FOR_ONE)


def _word_test(token: dict[str, Any], negated: bool) -> WordTest:
    parts = [_part(name, value) for name, value in token.items()]
    if negated:
        return lambda word: not all(part(word) for part in parts)
    return lambda word: all(part(word) for part in parts)


def _part(name: str, value: Any) -> WordTest:
    attribute = ATTRIBUTES.get(name)
    if attribute is None:
        flag = name.lower()
        if name == "LENGTH":
            return lambda word: len(word.orth_) == value
        return lambda word: bool(getattr(word, flag)) == value
    given = {"IN": [value]} if isinstance(value, str) else value
    wanted, unwanted = (
        None if words is None else frozenset(_form(name, word) for word in words)
        for words in (given.get("IN"), given.get("NOT_IN", ()))
    )

    def passes(word: Lexeme) -> bool:
        form = _form(name, getattr(word, attribute))
        return (wanted is None or form in wanted) and form not in (unwanted or ())

    return passes


def _asked(value: Any) -> Sequence[str]:
    """The only words that can pass, where a test lists them."""
    found: Sequence[str] = [value] if isinstance(value, str) else (value or {}).get("IN", ())
    return found
