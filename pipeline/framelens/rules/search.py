"""Patterns over token tests, and where in a sentence they occur.

All tests are on a word's form, so that every word is of a *kind*, found once and remembered; words
that no test tells apart are of one kind (`Alphabet`). A pattern can occur only where every test that
it requires is passed by some token. Each pattern is filed under one required test, the rarest of
those that list words if it has any, so that a sentence asks only for the patterns filed under its
own words (`PatternIndex`).

A set of places in a sentence is one integer, bit `n` standing for the place before token `n`, and
an element of a pattern moves all places at once (bitwise data parallelism: Cameron et al., PACT
2014). So a pattern costs a few steps an element however it is written: none can make it backtrack
(`Sought`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDS
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lexeme import Lexeme
from spacy.strings import get_string_id
from spacy.vocab import Vocab

from framelens.core.errors import FramelensError
from framelens.core.memory import MAX_WORDS
from framelens.preprocessing.normalise import ONE_FOR_ONE, ROUND_FEW, known_form, written

FLAGS = (
    "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT",
    "IS_SPACE", "IS_STOP", "IS_QUOTE", "IS_BRACKET", "IS_CURRENCY", "LIKE_NUM", "LIKE_URL",
    "LIKE_EMAIL",
)  # fmt: skip

IDS_OF_FLAGS = {flag: IDS[flag] for flag in FLAGS}

WordTest = Callable[[Lexeme], bool]
Bytes = NDArray[np.uint8]
MAX_OPEN = 2000
"""Token tests of a rule set that any word might pass: each is asked of every new word."""

MAX_SPAN = 100
"""Tokens that one match may span, which bounds the work that a wildcard can ask for."""

WINDOW = 2000
"""Tokens of a long sentence that are searched at a time."""

BUDGET = 4_000_000
"""Steps that all rules together may take in a window: one an element of a pattern, for each place
where the pattern begins."""

LEAST_BUDGET = 200
"""Steps that each rule may take in a window, however many rules there are."""

MATCH_STEPS = 10
"""Steps that a match of a single token counts for."""

ATTRIBUTES = {
    "LOWER": "lower_", "ORTH": "orth_", "TEXT": "orth_", "SHAPE": "shape_", "NORM": "norm_",
}  # fmt: skip
"""What spaCy calls the texts of a word that tests ask for."""


SKIPPED = frozenset(map(get_string_id, ROUND_FEW))
"""The ORTH keys of quotation marks round few words."""


class Element(NamedTuple):
    """One step of a pattern: the number of a token test, and how often it may be passed."""

    test: int
    optional: bool = False
    repeats: bool = False


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
        self._denied: dict[str, defaultdict[str, list[int]]] = {
            name: defaultdict(list) for name in ("LOWER", "ORTH")
        }
        self._flagged: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
        self._asked_flags = 0
        self._flags: dict[int, tuple[set[int], int]] = {}
        self._open = 0
        self._open_tests = 0
        self._others: list[tuple[int, WordTest]] = []
        self._rows: defaultdict[str, defaultdict[str, list[tuple[int, WordTest]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._kinds: dict[tuple[frozenset[int], int], Kind] = {}
        self._plain: dict[int, Kind] = {}
        self._unpacked: dict[int, Bytes] = {}

    def add(self, token: dict[str, Any], *, negated: bool = False) -> int:
        """Number a token test. Give all tests before the first word is looked up.

        Raise FramelensError where too many are open to any word.
        """
        texts = [name for name in token if name not in IDS_OF_FLAGS]
        if negated or texts not in (["LOWER"], ["ORTH"], []):
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
                self._denied[name][form_of(name, word)].append(number)
        if len(token) > len(texts):
            for flag in token.keys() & IDS_OF_FLAGS.keys():
                self._flagged[flag, token[flag]].append(number)
                self._asked_flags |= 1 << IDS_OF_FLAGS[flag]
        return number

    def _file(self, number: int, token: dict[str, Any], negated: bool) -> None:
        """File a test under the words that it asks for by shape or norm, lest all be asked of each."""
        name = next((name for name in ("SHAPE", "NORM") if _asked(token.get(name))), None)
        if negated or name is None:
            self._others.append((number, _word_test(token, negated)))
            return
        for word in _asked(token[name]):
            row = (number, _word_test(token, negated))
            self._rows[name][form_of(name, word)].append(row)

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
        for form in map(known_form if name == "LOWER" else written, words):
            filed[form].append(number)
        return number

    @property
    def size(self) -> int:
        """How many tests there are."""
        return len(self.words) + self._open_tests

    def column(self, test: int) -> int:
        """The number of a test where all are counted from 0 on, those open to any word last."""
        return test if test >= 0 else len(self.words) + ~test

    def opens(self, kind: Kind) -> Bytes:
        """Which of the tests that are open to any word a kind passes: a bit each, 0 or 1."""
        if (found := self._unpacked.get(kind.open)) is None:
            bits = kind.open.to_bytes(self._open_tests // 8 + 1, "little")
            row = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")
            found = self._unpacked[kind.open] = row[: self._open_tests]
        return found

    def kind(self, word: Lexeme) -> Kind:
        """The kind of a word: the same object for all words that no test tells apart."""
        lower, orth, denied = known_form(word.lower_), word.orth_, self._denied
        flags = word.flags & self._asked_flags
        named = [*self.lower.get(lower, ()), *self._orth.get(orth, ())]
        barred = [*denied["LOWER"].get(lower, ()), *denied["ORTH"].get(orth, ())]
        asked = list(self._others)
        for name, rows in self._rows.items():
            asked += rows.get(form_of(name, getattr(word, ATTRIBUTES[name])), ())
        if not (named or barred or asked):
            # Of most new words flags alone tell.
            found = self._plain.get(flags)
            return found or self._plain.setdefault(flags, self._kind(*self._by_flags(flags)))
        shut, opens = self._by_flags(flags)
        for test in barred:
            if test < 0:
                opens &= ~(1 << ~test)
        for test, passes in asked:
            opens |= passes(word) << ~test
        return self._kind(shut.union(barred), opens, named)

    def _kind(self, shut: Iterable[int], opens: int, named: Iterable[int] = ()) -> Kind:
        key = frozenset(named).difference(shut), opens
        return self._kinds.get(key) or self._kinds.setdefault(key, Kind(*key))

    def _by_flags(self, flags: int) -> tuple[set[int], int]:
        """The listed tests that no word of these flags passes, and the open ones that it may."""
        if (found := self._flags.get(flags)) is None:
            shut, opens = set[int](), self._open
            for (flag, wanted), tests in self._flagged.items():
                if bool(flags >> IDS_OF_FLAGS[flag] & 1) != wanted:
                    for test in tests:
                        if test >= 0:
                            shut.add(test)
                        else:
                            opens &= ~(1 << ~test)
            found = self._flags[flags] = shut, opens
        return found


@lru_cache(maxsize=100_000)
def form_of(name: str, word: str) -> str:
    """The form of a word by which a test finds it: in lower case however it is spelled."""
    if name == "LOWER":
        return known_form(word)
    if word.isalnum() and word.isascii():
        return word
    return word.translate(ONE_FOR_ONE) if name == "SHAPE" else written(word)


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
        None if words is None else frozenset(form_of(name, word) for word in words)
        for words in (given.get("IN"), given.get("NOT_IN", ()))
    )

    def passes(word: Lexeme) -> bool:
        form = form_of(name, getattr(word, attribute))
        return (wanted is None or form in wanted) and form not in (unwanted or ())

    return passes


def _asked(value: Any) -> Sequence[str]:
    """The only words that can pass, where a test lists them."""
    found: Sequence[str] = [value] if isinstance(value, str) else (value or {}).get("IN", ())
    return found


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
    """The patterns of a rule set, ready to be sought: `patterns` by number, the number of the rule
    that each belongs to in `owners`, and the ORTH keys of tokens to be matched past in `skipped`."""

    def __init__(
        self,
        patterns: Sequence[Sequence[Element]],
        owners: Sequence[int],
        alphabet: Alphabet,
        skipped: frozenset[int],
    ) -> None:
        self.alphabet, self.owners, self.skipped = alphabet, owners, skipped
        self.patterns: list[Sought] = []
        self._filed: dict[Kind, Filed] = {}
        words: defaultdict[int, dict[int, None]] = defaultdict(dict)
        required: list[tuple[int, int, list[int]]] = []
        self.common = _commonness(alphabet)
        for number, elements in enumerate(patterns):
            tests = sorted({test for test, optional, _ in elements if not optional})
            listed = [test for test in tests if test >= 0]
            rarest = min(listed or tests, key=self.common.__getitem__)
            self.patterns.append(Sought(elements, elements.index((rarest, False, False))))
            if len(elements) == 1:
                words[rarest][owners[number]] = None
            else:
                required.append((number, rarest, [test for test in listed if test != rarest]))
        self._bits = _bits(tests for _, _, tests in required)
        longer: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, rarest, others in required:
            longer[rarest].append((number, self._bit_set(others)))
        # What is filed under each test: rules, and longer patterns with what they require.
        self._words = {test: tuple(rules) for test, rules in words.items()}
        self._longer = {test: tuple(rows) for test, rows in longer.items()}
        # Of these, what is filed under tests that any word might pass.
        self.open_words = {test: self._words[test] for test in sorted(words) if test < 0}
        self.open_longer = {
            test: [row for row, _ in longer[test]] for test in sorted(longer) if test < 0
        }

    def _bit_set(self, tests: Iterable[int]) -> int:
        found = 0
        for test in tests:
            found |= self._bits.get(test, 0)
        return found

    def under(self, tests: Iterable[int]) -> tuple[dict[int, None], list[tuple[int, int]]]:
        """What is filed under some tests: rules, each once, and longer patterns with what they require."""
        rules = dict.fromkeys([rule for test in tests for rule in self._words.get(test, ())])
        return rules, [row for test in tests for row in self._longer.get(test, ())]

    def filed(self, kind: Kind) -> Filed:
        """What is filed under a kind of word."""
        if (found := self._filed.get(kind)) is None:
            tests = sorted(kind.listed)
            rules, longer = self.under(tests)
            found = self._filed[kind] = Filed(
                kind.listed, kind.open, tuple(rules), tuple(longer), self._bit_set(tests)
            )
        return found

    def words(self, held: Mapping[Filed, int], places: Places) -> Iterator[tuple[int, int]]:
        """The rules of which some word is an occurrence by itself, each with the places of such
        words; a rule may come several times."""
        for row, there in held.items():
            for rule in row.words:
                yield rule, there
        for test, rules in self.open_words.items():
            if there := places[test]:
                for rule in rules:
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
        for test, patterns in self.open_longer.items():
            if there := places[test]:
                # All tests that such a pattern requires are open: there is none to compare.
                found.update(dict.fromkeys(patterns, there))
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
        word: len(tests)
        * (COMMONER if word in STOP_WORDS or not any(map(str.isalnum, word)) else 1)
        for word, tests in alphabet.lower.items()
    }
    weight = weights.get
    for test, words in enumerate(alphabet.words):
        common[test] = sum([weight(word, 1) for word in words])
    return common


class Places(dict[int, int]):
    """The places in a sentence whose token passes a test, by the test's number.

    `tokens` is the kind of each token, `held` the places of each kind. `looked` counts the kinds
    that tests were asked of.
    """

    def __init__(self, tokens: Sequence[Kind], held: Mapping[Filed, int]) -> None:
        super().__init__()
        self._tokens = tokens
        self._held = held.items()
        self.looked = 0

    def __missing__(self, test: int) -> int:
        found, wanted = 0, 1 << ~test if test < 0 else 0
        for kind, there in self._held:
            if kind.open & wanted if wanted else test in kind.listed:
                found |= there
        self.looked += len(self._held)
        self[test] = found
        return found

    def among(self, test: int, places: int) -> int:
        """Those of some places whose token passes a test."""
        if test in self or places & (places - 1):
            return self[test] & places
        place = places.bit_length() - 1
        if not 0 <= place < len(self._tokens):
            return 0
        return places if self._tokens[place].passes(test) else 0


class Sought:
    """A pattern to be sought in sentences, beginning with its element number `anchor`, which must
    not be optional; the fewer tokens pass that one's test, the better."""

    __slots__ = ("_left", "_right", "anchor", "elements")

    def __init__(self, elements: Sequence[Element], anchor: int) -> None:
        self.elements, self.anchor = tuple(elements), anchor
        self._left, self._right = self.elements[:anchor], self.elements[anchor + 1 :]

    def spans(self, anchors: int, places: Places, longest: int) -> Iterator[tuple[int, int]]:
        """Every place where an occurrence of at most `longest` tokens begins, the first one first,
        with the places after all that begin there; `anchors` are all places whose token passes the
        anchor's test."""
        ends = _forward(self._right, places, anchors << 1)
        if not ends:
            return
        alone = not anchors & (anchors - 1)
        for start in numbers(_backward(self._left, places, anchors, longest)):
            if not alone:
                ends = _forward(self.elements, places, 1 << start)
            if near := ends & (2 << start + longest) - 1:
                yield start, near


def _forward(elements: Sequence[Element], places: Places, here: int) -> int:
    """Where some elements can end that begin at some places."""
    for test, optional, repeats in elements:
        if repeats:
            # The carry of the sum runs through each row of places that pass.
            passed = places[test]
            here |= ((passed & here) + passed) ^ passed
        elif optional:
            here |= places.among(test, here) << 1
        else:
            here = places.among(test, here) << 1
            if not here:
                break
    return here


def _backward(elements: Sequence[Element], places: Places, here: int, longest: int) -> int:
    """Where some elements can begin that end at some places, at most `longest` tokens before, or a
    little more."""
    for test, optional, repeats in reversed(elements):
        if repeats:
            # Rows of places that pass, twice as long in every round.
            row, reach = places[test], 1
            while reach <= longest:
                here |= row & here >> reach
                row &= row >> reach
                reach *= 2
        elif optional:
            here |= places.among(test, here >> 1)
        else:
            here = places.among(test, here >> 1)
            if not here:
                break
    return here


def numbers(places: int) -> Iterator[int]:
    """The numbers of places, the first first."""
    while places:
        lowest = places & -places
        places ^= lowest
        yield lowest.bit_length() - 1


Match = tuple[int, int, int]
"""A rule's or an exclusion's number, the place where it begins, and all places (a bit set) after
occurrences that begin there, counted from that one."""


class SentenceSearch:
    """The patterns of an index, sought in one sentence after another.

    `owners` are the rules that the patterns belong to, so many that each has an equal share of
    BUDGET. `steps` counts the steps taken so far.
    """

    def __init__(self, index: PatternIndex, vocab: Vocab, owners: int) -> None:
        self.steps = 0
        self._index, self._vocab = index, vocab
        self._words: dict[int, Filed] = {}
        self._share = max(BUDGET // max(owners, 1), LEAST_BUDGET)

    def __call__(self, orths: Sequence[int]) -> Iterator[Match]:
        """The matches in a sentence, given as the ORTH keys of its tokens."""
        skipped = self._index.skipped
        if skipped.isdisjoint(orths):
            yield from self._search(orths)
            return
        kept = [at for at, orth in enumerate(orths) if orth not in skipped]
        for rule, start, ends in self._search([orths[at] for at in kept]):
            first = kept[start]
            yield rule, first, sum(1 << kept[start + end - 1] + 1 - first for end in numbers(ends))

    def _search(self, orths: Sequence[int]) -> Iterator[Match]:
        filed = [self._words.get(orth) or self._filed(orth) for orth in orths]
        for first in range(0, len(filed), WINDOW):
            for rule, start, ends in self._window(filed[first : first + WINDOW + MAX_SPAN]):
                yield rule, first + start, ends

    def _filed(self, orth: int) -> Filed:
        """What is filed under a word, found once; of many words all are forgotten, now and then."""
        if len(self._words) >= MAX_WORDS:
            self._words.clear()
        found = self._words[orth] = self._index.filed(self._index.alphabet.kind(self._vocab[orth]))
        return found

    def _window(self, filed: Sequence[Filed]) -> Iterator[Match]:
        """The matches in a window, as far as the rules' shares reach."""
        held: dict[Filed, int] = {}
        place = 1
        for row in filed:
            held[row] = held.get(row, 0) | place
            place <<= 1
        places = Places(filed, held)
        spent: defaultdict[int, int] = defaultdict(int)
        for rule, there in self._index.words(held, places):
            left = (self._share - spent[rule]) // MATCH_STEPS
            spent[rule] += min(there.bit_count(), left) * MATCH_STEPS
            for start in islice(numbers(there), left):
                yield rule, start, 2
        for pattern, anchors in self._index.candidates(held, places).items():
            rule, sought = self._index.owners[pattern], self._index.patterns[pattern]
            if (left := self._share - spent[rule]) <= 0:
                continue
            size, looked, begun = len(sought.elements), places.looked, 1
            for start, ends in islice(
                sought.spans(anchors, places, MAX_SPAN), max(left // size, 1)
            ):
                yield rule, start, ends >> start
                begun += 1
            spent[rule] += size * begun + places.looked - looked
        self.steps += sum(spent.values())
