"""Searches compiled patterns in one sentence; `block.py` does so in many at once.

- `Alphabet` numbers the token tests of a rule set. All are on a word's form, so that words which pass
  the same tests are of one *kind*; the kind of a word is found once.
- `PatternIndex` is an inverted index: each pattern is filed under one required test, the rarest of
  those that list words. A sentence looks up its own words and gets the patterns that may occur.
- `CompiledPattern` finds where one occurs. A set of places is an integer, bit `n` for the place before
  token `n`, and each element of a pattern moves all places at once (bitwise data parallelism: Cameron
  et al., PACT 2014). There is no backtracking: the cost grows with the number of elements alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, groupby, islice, pairwise
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
from framelens.preprocessing.normalise import ROUND_FEW
from framelens.preprocessing.spelling import ONE_FOR_ONE, known_form, meant, run_together, written

FLAGS = (
    "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT",
    "IS_SPACE", "IS_STOP", "IS_QUOTE", "IS_BRACKET", "IS_CURRENCY", "LIKE_NUM", "LIKE_URL",
    "LIKE_EMAIL",
)  # fmt: skip

IDS_OF_FLAGS = {flag: IDS[flag] for flag in FLAGS}

WordTest = Callable[[Lexeme], bool]
Bytes = NDArray[np.uint8]
EDGE = 4
"""Letters at either end of a long name, of which a word of the rules must have some if it is meant."""

LONG_TOGETHER = 12
"""Letters from which on two words without a space are hardly a compound."""

MAX_OPEN = 2000
"""Most open tests of a rule set (see `Kind`): each is evaluated for every new word."""

MAX_SPAN = 100
"""Most tokens of a match, which bounds the work that a wildcard can cause."""

WINDOW = 2000
"""Tokens of a long sentence that are searched at a time."""

BUDGET = 4_000_000
"""Steps that all rules together may take in a window: one for each element of a pattern and each place
where the pattern begins."""

MIN_BUDGET = 200
"""Fewest steps that a rule gets in a window, however many rules there are."""

MATCH_STEPS = 10
"""Steps that a match of a single token counts for."""

ATTRIBUTES = {
    "LOWER": "lower_", "ORTH": "orth_", "TEXT": "orth_", "SHAPE": "shape_", "NORM": "norm_",
}  # fmt: skip
"""The attributes of a spaCy lexeme that tests of texts compare."""

SKIPPED = frozenset(map(get_string_id, ROUND_FEW))
"""The ORTH keys of quotation marks round few words."""

COMMA = get_string_id(",")


def commas_round(skipped: Iterable[int], orths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The two commas round each run of skipped places, in order, which belong to it: `, however,`."""
    for _, run in groupby(enumerate(skipped), key=lambda row: row[1] - row[0]):
        places = [place for _, place in run]
        before, after = places[0] - 1, places[-1] + 1
        if before >= 0 and after < len(orths) and orths[before] == orths[after] == COMMA:
            yield before, after


class Element(NamedTuple):
    """One element of a pattern: a token test, by number; whether the token may be left out (`optional`),
    and whether it may occur again and again (`repeats`)."""

    test: int
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """An equivalence class of words: the tests that they pass.

    *Listed* tests name the words that pass; their numbers count up from 0. *Open* tests may be passed
    by any word; theirs count down from −1, and `open` has bit 0 for test −1, and so on.
    """

    listed: frozenset[int]
    open: int

    def passes(self, test: int) -> bool:
        return test in self.listed if test >= 0 else bool(self.open >> ~test & 1)


class Alphabet:
    """The token tests of a rule set, numbered, and the kinds of words that they tell apart.

    In tests of LOWER the first word of a pair in `same` passes as the second, too.
    """

    def __init__(self, same: Iterable[tuple[str, str]] = ()) -> None:
        self._same: defaultdict[str, list[str]] = defaultdict(list)
        for word, other in same:
            self._same[known_form(word)].append(known_form(other))
        self.words: list[Sequence[str]] = []
        self.lower: defaultdict[str, list[int]] = defaultdict(list)
        self._orth: defaultdict[str, list[int]] = defaultdict(list)
        self._excluded: dict[str, defaultdict[str, list[int]]] = {
            name: defaultdict(list) for name in ("LOWER", "ORTH")
        }
        self._by_flag: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
        self._used_flags = 0
        self._flag_cache: dict[int, tuple[set[int], int]] = {}
        self._open = 0
        self._open_tests = 0
        self._predicates: list[tuple[int, WordTest]] = []
        self._form_predicates: defaultdict[str, defaultdict[str, list[tuple[int, WordTest]]]] = (
            defaultdict(lambda: defaultdict(list))
        )
        self._kinds: dict[tuple[frozenset[int], int], Kind] = {}
        self._kinds_by_flags: dict[int, Kind] = {}
        self._open_rows: dict[int, Bytes] = {}

    def add(self, token: dict[str, Any], *, negated: bool = False) -> int:
        """Add a token test and return its number. All tests come before the first call of `kind`.

        Raise FramelensError where too many tests are open.
        """
        texts = [name for name in token if name not in IDS_OF_FLAGS]
        if negated or texts not in (["LOWER"], ["ORTH"], []):
            number = self._add_open()
            self._add_predicate(number, token, negated)
            return number
        name = "ORTH" if "ORTH" in texts else "LOWER"
        wanted = token.get(name, {})
        words = [wanted] if isinstance(wanted, str) else wanted.get("IN")
        number = self._add_open() if words is None else self._add_listed(name, words)
        if words is None:
            self._open |= 1 << ~number
        if isinstance(wanted, dict):
            for word in wanted.get("NOT_IN", ()):
                self._excluded[name][form_of(name, word)].append(number)
        if len(token) > len(texts):
            for flag in token.keys() & IDS_OF_FLAGS.keys():
                self._by_flag[flag, token[flag]].append(number)
                self._used_flags |= 1 << IDS_OF_FLAGS[flag]
        return number

    def _add_predicate(self, number: int, token: dict[str, Any], negated: bool) -> None:
        """Add an open test; one of a shape or norm is evaluated only for words that have it."""
        name = next((name for name in ("SHAPE", "NORM") if _listed_words(token.get(name))), None)
        if negated or name is None:
            self._predicates.append((number, _word_test(token, negated, self)))
            return
        for word in _listed_words(token[name]):
            row = (number, _word_test(token, negated, self))
            self._form_predicates[name][form_of(name, word)].append(row)

    def _add_open(self) -> int:
        self._open_tests += 1
        if self._open_tests > MAX_OPEN:
            raise FramelensError(
                f"too many token tests that any word might pass; expected at most {MAX_OPEN:,}"
            )
        return -self._open_tests

    def _add_listed(self, name: str, words: Sequence[str]) -> int:
        number, tests_by_form = len(self.words), self.lower if name == "LOWER" else self._orth
        self.words.append(words)
        for form in map(known_form if name == "LOWER" else written, words):
            tests_by_form[form].append(number)
        return number

    @cached_property
    def _edges(self) -> frozenset[str]:
        """How the words of tests begin and end; made for the first long name that no test knows."""
        forms = [*self.lower, *self._orth]
        return frozenset([edge for form in forms for edge in (form[:EDGE], form[-EDGE:])])

    @property
    def size(self) -> int:
        """The number of tests."""
        return len(self.words) + self._open_tests

    def column(self, test: int) -> int:
        """The index of a test in an array of all: listed tests first, then open ones."""
        return test if test >= 0 else len(self.words) + ~test

    def opens(self, kind: Kind) -> Bytes:
        """For each open test, 1 if the kind passes it, else 0."""
        if (row := self._open_rows.get(kind.open)) is None:
            bits = kind.open.to_bytes(self._open_tests // 8 + 1, "little")
            bits_row = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), bitorder="little")
            row = self._open_rows[kind.open] = bits_row[: self._open_tests]
        return row

    def kind(self, word: Lexeme) -> Kind:
        """The kind of a word: the same object for all words of the kind."""
        orth, excluded = word.orth_, self._excluded
        lower = self.form(word)
        flags = word.flags & self._used_flags
        listed = [*self.lower.get(lower, ()), *self._orth.get(orth, ())]
        excluded_tests = [*excluded["LOWER"].get(lower, ()), *excluded["ORTH"].get(orth, ())]
        for other in self.others(lower):
            listed += self.lower.get(other, ())
            excluded_tests += excluded["LOWER"].get(other, ())
        predicates = list(self._predicates)
        for name, rows in self._form_predicates.items():
            predicates += rows.get(form_of(name, getattr(word, ATTRIBUTES[name])), ())
        if not (listed or excluded_tests or predicates):
            # The kind of most new words depends on their flags alone.
            kind = self._kinds_by_flags.get(flags)
            return kind or self._kinds_by_flags.setdefault(
                flags, self._kind(*self._tests_by_flags(flags))
            )
        failed, open_bits = self._tests_by_flags(flags)
        for test in excluded_tests:
            if test < 0:
                open_bits &= ~(1 << ~test)
        for test, passes in predicates:
            open_bits |= passes(word) << ~test
        return self._kind(failed.union(excluded_tests), open_bits, listed)

    def form(self, word: Lexeme) -> str:
        """The form of a text's word that tests of LOWER compare.

        If no test knows it, it may be a slip: then it is the likeliest word meant that one does know.
        """
        return self._form(word.orth_, word.lower_)

    def _form(self, orth: str, lower: str) -> str:
        # spaCy cuts "dont" in two, too; "NT" is Australia's Northern Territory.
        form = known_form(lower if orth != "nt" else "not")
        if self._knows(form):
            return form
        is_name = orth[0].isupper()
        if is_name and len(lower) >= 2 * EDGE:
            # A slip leaves the beginning or the end, or has two letters between change places.
            edges = lower[:EDGE], lower[-EDGE:], lower[: EDGE - 1] + lower[EDGE]
            if self._edges.isdisjoint(edges):
                return form
        return next(filter(self._knows, meant(lower, is_name)), form)

    def parts(self, word: str) -> Sequence[str]:
        """The words that ran together in one of a text which no test knows, if one knows some of them.

        One without a stop word in it is a compound unless it is long; a short one is a name or foreign
        unless it is made of stop words.
        """
        lower = word.lower()
        if word != lower and len(word) < 2 * EDGE:
            return (word,)
        for parts in run_together(lower):
            if self._knows(self._form(word, lower)):
                break
            if STOP_WORDS.isdisjoint(parts):
                shortest = LONG_TOGETHER
            else:
                shortest = 0 if STOP_WORDS.issuperset(parts) else 2 * EDGE
            if len(word) >= shortest and any(self._knows(known_form(part)) for part in parts):
                ends = [0, *accumulate(map(len, parts))]
                return [word[start:end] for start, end in pairwise(ends)]
        return (word,)

    def _knows(self, form: str) -> bool:
        return form in self.lower or form in self._excluded["LOWER"]

    def others(self, form: str) -> Sequence[str]:
        """The forms as which a form passes, too."""
        return self._same.get(form, ())

    def _kind(self, failed: Iterable[int], open_bits: int, listed: Iterable[int] = ()) -> Kind:
        key = frozenset(listed).difference(failed), open_bits
        return self._kinds.get(key) or self._kinds.setdefault(key, Kind(*key))

    def _tests_by_flags(self, flags: int) -> tuple[set[int], int]:
        """The listed tests that a word with these flags fails, and the open ones that it may pass."""
        if (cached := self._flag_cache.get(flags)) is None:
            failed, open_bits = set[int](), self._open
            for (flag, wanted), tests in self._by_flag.items():
                if bool(flags >> IDS_OF_FLAGS[flag] & 1) != wanted:
                    for test in tests:
                        if test >= 0:
                            failed.add(test)
                        else:
                            open_bits &= ~(1 << ~test)
            cached = self._flag_cache[flags] = failed, open_bits
        return cached


@lru_cache(maxsize=100_000)
def form_of(name: str, word: str) -> str:
    """The form of a word that a test of the attribute `name` compares; LOWER ignores spelling variants."""
    if name == "LOWER":
        return known_form(word)
    if word.isalnum() and word.isascii():
        return word
    return word.translate(ONE_FOR_ONE) if name == "SHAPE" else written(word)


def _word_test(token: dict[str, Any], negated: bool, alphabet: Alphabet) -> WordTest:
    tests = [_attribute_test(name, value, alphabet) for name, value in token.items()]
    if negated:
        return lambda word: not all(test(word) for test in tests)
    return lambda word: all(test(word) for test in tests)


def _attribute_test(name: str, value: Any, alphabet: Alphabet) -> WordTest:
    attribute = ATTRIBUTES.get(name)
    if attribute is None:
        flag = name.lower()
        if name == "LENGTH":
            return lambda word: len(word.orth_) == value
        return lambda word: bool(getattr(word, flag)) == value
    given = {"IN": [value]} if isinstance(value, str) else value
    wanted = None if "IN" not in given else {form_of(name, word) for word in given["IN"]}
    unwanted = {form_of(name, word) for word in given.get("NOT_IN", ())}

    def passes(word: Lexeme) -> bool:
        if name == "LOWER":
            form = alphabet.form(word)
            forms = [form, *alphabet.others(form)]
        else:
            forms = [form_of(name, getattr(word, attribute))]
        return unwanted.isdisjoint(forms) and (wanted is None or not wanted.isdisjoint(forms))

    return passes


def _listed_words(value: Any) -> Sequence[str]:
    """The words in the value of a test that lists words; empty for others."""
    words: Sequence[str] = [value] if isinstance(value, str) else (value or {}).get("IN", ())
    return words


STOP_WORD_FACTOR = 1000
"""How many times as frequent as other words stop words and punctuation are taken to be."""

SIGNATURE_BITS = 4096
"""Bits of a set of tests. If there are more tests, some share a bit, and more patterns are tried in
vain."""


@dataclass(frozen=True, slots=True, eq=False)
class IndexedKind(Kind):
    """A kind with what the index has for it.

    `rules` are those with a one-token pattern that it matches; `patterns` are longer ones, each with
    the set of its required tests; `passed` is the set of listed tests that the kind passes.
    """

    rules: tuple[int, ...]
    patterns: tuple[tuple[int, int], ...]
    passed: int


class PatternIndex:
    """An inverted index of the patterns of a rule set.

    `patterns` are all by number, `rules` the number of each one's rule; `skipped` are the ORTH keys of
    tokens that are passed over in matching.
    """

    def __init__(
        self,
        patterns: Sequence[Sequence[Element]],
        rules: Sequence[int],
        alphabet: Alphabet,
        skipped: frozenset[int],
    ) -> None:
        self.alphabet, self.rules, self.skipped = alphabet, rules, skipped
        self.patterns: list[CompiledPattern] = []
        self._indexed: dict[Kind, IndexedKind] = {}
        one_token_rules: defaultdict[int, dict[int, None]] = defaultdict(dict)
        required: list[tuple[int, int, list[int]]] = []
        self.frequency = _frequencies(alphabet)
        for number, elements in enumerate(patterns):
            tests = sorted({test for test, optional, _ in elements if not optional})
            listed = [test for test in tests if test >= 0]
            anchor = min(listed or tests, key=self.frequency.__getitem__)
            self.patterns.append(CompiledPattern(elements, elements.index((anchor, False, False))))
            if len(elements) == 1:
                one_token_rules[anchor][rules[number]] = None
            else:
                required.append((number, anchor, [test for test in listed if test != anchor]))
        self._bits = _bits(tests for _, _, tests in required)
        longer: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, anchor, others in required:
            longer[anchor].append((number, self._bit_set(others)))
        # By test: rules with a one-token pattern; longer patterns, each with its required tests.
        self._one_token = {test: tuple(rules) for test, rules in one_token_rules.items()}
        self._longer = {test: tuple(rows) for test, rows in longer.items()}
        # The same of open tests alone.
        self.open_words = {
            test: self._one_token[test] for test in sorted(one_token_rules) if test < 0
        }
        self.open_longer = {
            test: [row for row, _ in longer[test]] for test in sorted(longer) if test < 0
        }

    def _bit_set(self, tests: Iterable[int]) -> int:
        bit_set = 0
        for test in tests:
            bit_set |= self._bits.get(test, 0)
        return bit_set

    def under(self, tests: Iterable[int]) -> tuple[dict[int, None], list[tuple[int, int]]]:
        """The entries of some listed tests: rules, each once, and longer patterns with their tests."""
        rules = dict.fromkeys([rule for test in tests for rule in self._one_token.get(test, ())])
        return rules, [row for test in tests for row in self._longer.get(test, ())]

    def indexed(self, kind: Kind) -> IndexedKind:
        """The kind with its entries in the index."""
        if (indexed := self._indexed.get(kind)) is None:
            tests = sorted(kind.listed)
            rules, longer = self.under(tests)
            indexed = self._indexed[kind] = IndexedKind(
                kind.listed, kind.open, tuple(rules), tuple(longer), self._bit_set(tests)
            )
        return indexed

    def one_token_rules(
        self, kind_places: Mapping[IndexedKind, int], places: Places
    ) -> Iterator[tuple[int, int]]:
        """Rules with one-token matches, each with the places of these; a rule may come several times."""
        for kind, bits in kind_places.items():
            for rule in kind.rules:
                yield rule, bits
        for test, rules in self.open_words.items():
            if bits := places[test]:
                for rule in rules:
                    yield rule, bits

    def candidates(self, kind_places: Mapping[IndexedKind, int], places: Places) -> dict[int, int]:
        """The longer patterns whose required listed tests are all passed in a sentence, each with the
        places of its anchor; `kind_places` are the sentence's kinds with the places of each."""
        passed = 0
        for kind in kind_places:
            passed |= kind.passed
        candidates: dict[int, int] = {}
        for kind, bits in kind_places.items():
            for number, required in kind.patterns:
                if required & passed == required:
                    candidates[number] = candidates.get(number, 0) | bits
        for test, patterns in self.open_longer.items():
            if bits := places[test]:
                # All tests that such a pattern requires are open: there is none to check.
                candidates.update(dict.fromkeys(patterns, bits))
        return candidates


def _bits(required: Iterable[Sequence[int]]) -> dict[int, int]:
    """A bit for each required test, the lowest for the most common: it keeps the integers short."""
    times = Counter(test for tests in required for test in tests)
    return {test: 1 << at % SIGNATURE_BITS for at, (test, _) in enumerate(times.most_common())}


def _frequencies(alphabet: Alphabet) -> defaultdict[int, float]:
    """A guess of how often tokens pass each listed test, from how many tests list its words."""
    frequency = defaultdict[int, float](float)
    weights = {
        word: len(tests)
        * (STOP_WORD_FACTOR if word in STOP_WORDS or not any(map(str.isalnum, word)) else 1)
        for word, tests in alphabet.lower.items()
    }
    weight = weights.get
    for test, words in enumerate(alphabet.words):
        frequency[test] = sum([weight(word, 1) for word in words])
    return frequency


class Places(dict[int, int]):
    """A cache from a test to the places in a sentence whose token passes it.

    `tokens` is the kind of each token, `kind_places` the places of each kind; `lookups` counts the
    kinds for which a test was looked up.
    """

    def __init__(self, tokens: Sequence[Kind], kind_places: Mapping[IndexedKind, int]) -> None:
        super().__init__()
        self._tokens = tokens
        self._kind_places = kind_places.items()
        self.lookups = 0

    def __missing__(self, test: int) -> int:
        places, wanted = 0, 1 << ~test if test < 0 else 0
        for kind, bits in self._kind_places:
            if kind.open & wanted if wanted else test in kind.listed:
                places |= bits
        self.lookups += len(self._kind_places)
        self[test] = places
        return places

    def passing(self, test: int, places: int) -> int:
        """The subset of `places` whose token passes a test."""
        if test in self or places & (places - 1):
            return self[test] & places
        place = places.bit_length() - 1
        if not 0 <= place < len(self._tokens):
            return 0
        return places if self._tokens[place].passes(test) else 0


class CompiledPattern:
    """A pattern that is searched from its element number `anchor`, which must not be optional; the
    fewer tokens pass the anchor's test, the better."""

    __slots__ = ("_left", "_right", "anchor", "elements")

    def __init__(self, elements: Sequence[Element], anchor: int) -> None:
        self.elements, self.anchor = tuple(elements), anchor
        self._left, self._right = self.elements[:anchor], self.elements[anchor + 1 :]

    def spans(self, anchors: int, places: Places, longest: int) -> Iterator[tuple[int, int]]:
        """The start of each occurrence of at most `longest` tokens, in order, with the set of ends of
        those that begin there; `anchors` are all places whose token passes the anchor's test."""
        ends = _forward(self._right, places, anchors << 1)
        if not ends:
            return
        alone = not anchors & (anchors - 1)
        for start in set_bits(_backward(self._left, places, anchors, longest)):
            if not alone:
                ends = _forward(self.elements, places, 1 << start)
            if near := ends & (2 << start + longest) - 1:
                yield start, near


def _forward(elements: Sequence[Element], places: Places, here: int) -> int:
    """The places where elements can end that begin at one of the places `here`."""
    for test, optional, repeats in elements:
        if repeats:
            # The carry of the sum runs through each run of places that pass.
            passed = places[test]
            here |= ((passed & here) + passed) ^ passed
        elif optional:
            here |= places.passing(test, here) << 1
        else:
            here = places.passing(test, here) << 1
            if not here:
                break
    return here


def _backward(elements: Sequence[Element], places: Places, here: int, longest: int) -> int:
    """The places where elements can begin that end at one of the places `here`; a repeated element is
    followed for at least `longest` tokens."""
    for test, optional, repeats in reversed(elements):
        if repeats:
            # Runs of places that pass, twice as long in every round.
            row, reach = places[test], 1
            while reach <= longest:
                here |= row & here >> reach
                row &= row >> reach
                reach *= 2
        elif optional:
            here |= places.passing(test, here >> 1)
        else:
            here = places.passing(test, here >> 1)
            if not here:
                break
    return here


def set_bits(places: int) -> Iterator[int]:
    """The numbers of the bits that are set, in order."""
    while places:
        lowest = places & -places
        places ^= lowest
        yield lowest.bit_length() - 1


Match = tuple[int, int, int]
"""The number of a rule or exclusion, a start, and the set of ends (counted from the start) of its
occurrences there."""


class SentenceSearch:
    """Searches the patterns of an index in one sentence at a time.

    Each of `rule_count` rules has an equal share of BUDGET. `steps` counts the steps taken so far.
    """

    def __init__(self, index: PatternIndex, vocab: Vocab, rule_count: int) -> None:
        self.steps = 0
        self._index, self._vocab = index, vocab
        self._kinds_by_key: dict[int, IndexedKind] = {}
        self._budget = max(BUDGET // max(rule_count, 1), MIN_BUDGET)

    def __call__(self, orths: Sequence[int]) -> Iterator[Match]:
        """The matches in a sentence, given the ORTH keys of its tokens."""
        skipped = self._index.skipped
        if skipped.isdisjoint(orths):
            yield from self._search(orths)
            return
        passed = [at for at, orth in enumerate(orths) if orth in skipped]
        passed += [*chain.from_iterable(commas_round(passed, orths))]
        kept = sorted(set(range(len(orths))).difference(passed))
        for rule, start, ends in self._search([orths[at] for at in kept]):
            first = kept[start]
            yield rule, first, sum(1 << kept[start + end - 1] + 1 - first for end in set_bits(ends))

    def _search(self, orths: Sequence[int]) -> Iterator[Match]:
        kinds = [self._kinds_by_key.get(orth) or self._indexed(orth) for orth in orths]
        for first in range(0, len(kinds), WINDOW):
            for rule, start, ends in self._window(kinds[first : first + WINDOW + MAX_SPAN]):
                yield rule, first + start, ends

    def _indexed(self, orth: int) -> IndexedKind:
        """The indexed kind of a word, from a cache that is emptied when it is full."""
        if len(self._kinds_by_key) >= MAX_WORDS:
            self._kinds_by_key.clear()
        kind = self._kinds_by_key[orth] = self._index.indexed(
            self._index.alphabet.kind(self._vocab[orth])
        )
        return kind

    def _window(self, kinds: Sequence[IndexedKind]) -> Iterator[Match]:
        """The matches in a window, as far as each rule's budget reaches."""
        kind_places: dict[IndexedKind, int] = {}
        bit = 1
        for kind in kinds:
            kind_places[kind] = kind_places.get(kind, 0) | bit
            bit <<= 1
        places = Places(kinds, kind_places)
        spent: defaultdict[int, int] = defaultdict(int)
        for rule, bits in self._index.one_token_rules(kind_places, places):
            remaining = (self._budget - spent[rule]) // MATCH_STEPS
            spent[rule] += min(bits.bit_count(), remaining) * MATCH_STEPS
            for start in islice(set_bits(bits), remaining):
                yield rule, start, 2
        for pattern, anchors in self._index.candidates(kind_places, places).items():
            rule, compiled = self._index.rules[pattern], self._index.patterns[pattern]
            if (remaining := self._budget - spent[rule]) <= 0:
                continue
            size, lookups, count = len(compiled.elements), places.lookups, 1
            for start, ends in islice(
                compiled.spans(anchors, places, MAX_SPAN), max(remaining // size, 1)
            ):
                yield rule, start, ends >> start
                count += 1
            spent[rule] += size * count + places.lookups - lookups
        self.steps += sum(spent.values())
