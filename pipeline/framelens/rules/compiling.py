"""Compiles rules: patterns as written → plain spaCy token patterns → `PatternIndex`.

The plain form is what spaCy's Matcher takes, so tests can compare the two. `LEMMA` is expanded into the
forms of an English verb or noun: by spelling rules, or from `irregular.txt` ("undergo", "permit",
"crisis"), which is made from a lexicon; reading the lexicon itself would take a sixth of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from marshal import dumps
from pathlib import Path
from reprlib import repr as brief
from typing import Any, NamedTuple

from spacy.strings import get_string_id
from spacy.tokenizer import Tokenizer

from framelens.core.errors import FramelensError
from framelens.preprocessing.normalise import flattened, with_short_quotes
from framelens.rules.rule_files import Item, RuleSet
from framelens.rules.search import FLAGS, SKIPPED, Alphabet, Element, PatternIndex

TEXTS = ("LOWER", "ORTH", "TEXT", "SHAPE", "NORM")
MAX_REPEATS = 30
MAX_ELEMENTS = 200
MAX_PATTERNS = 20_000
MAX_WORDS = 1_000_000
"""Most patterns and phrases of a rule set, and most tokens and words in them with lists expanded."""

MAX_CHOICES = 5000
"""Most words that one token may choose from."""

Phrases = tuple[tuple[str, ...], ...]
"""The phrases of a rule, each as its lower-case tokens."""

CACHED = 4
"""Compiled rule sets in the cache."""

PlainToken = dict[str, Any]
PlainPattern = tuple[PlainToken, ...]

FORMAT = 2
"""The version of marshal that gives equal values equal bytes, in a third of the time of `repr`."""

IRREGULAR_FILE = Path(__file__).with_name("irregular.txt")

_ENDS_IN_CONSONANT_AND_Y = re.compile(r".*[^aeiou]y")
_ONE_SHORT_SYLLABLE = re.compile(r"(?:qu|[^aeiou])*[aeiouy][^aeiouwxy]")
"""Words that double their last consonant (`stopped`); longer ones are in the file."""


class Step(NamedTuple):
    """A compiled token of a pattern: its elements, and its number of words, counted as in `size`."""

    elements: tuple[Element, ...]
    size: int


def compiled(rules: RuleSet, tokenizer: Tokenizer) -> PatternIndex:
    """The compiled patterns of a rule set, from a cache; rules are numbered as in `RuleSet.items`.

    Raise FramelensError with the file and id of a rule that cannot be compiled.
    """
    words = partial(phrase_words, tokenizer=tokenizer, past_marks=rules.past_marks)
    return _compiled(rules, tuple(tuple(map(words, item.phrases)) for item in rules.items))


@lru_cache(maxsize=CACHED)
def _compiled(rules: RuleSet, phrases: Sequence[Phrases]) -> PatternIndex:
    alphabet = Alphabet(rules.scheme.same)
    compiler = _Compiler(rules.lists, alphabet)
    patterns: list[tuple[Element, ...]] = []
    owners: list[int] = []
    for number, (item, item_phrases) in enumerate(zip(rules.items, phrases, strict=True)):
        try:
            patterns += compiler.compile(item, item_phrases)
        except FramelensError as error:
            raise FramelensError(f"{item.file}: {item.id}: {error}") from None
        owners += [number] * (len(patterns) - len(owners))
    return PatternIndex(patterns, owners, alphabet, skipped_keys(rules))


def skipped_keys(rules: RuleSet) -> frozenset[int]:
    """The ORTH keys of what matching passes over, words in any case."""
    if not rules.past_marks:
        return frozenset()
    passed = rules.scheme.passed_over
    forms = [form for word in passed for form in (word, word.capitalize(), word.upper())]
    return SKIPPED.union(map(get_string_id, forms))


class _Compiler:
    """Compiles the patterns of a rule set; equal tokens are compiled once."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], alphabet: Alphabet) -> None:
        self.lists, self.alphabet = lists, alphabet
        self._steps: dict[bytes, Step] = {}
        self._phrase_words: dict[str, Step] = {}
        self._patterns = self._words = 0

    def compile(self, item: Item, phrases: Phrases) -> Iterator[tuple[Element, ...]]:
        """The compiled patterns and phrases of a rule."""
        for pattern in item.patterns:
            if (size := len(pattern)) > MAX_ELEMENTS:
                raise FramelensError(f"a pattern of {size} tokens; expected at most {MAX_ELEMENTS}")
            yield self._join([self._compiled_token(token) for token in pattern])
        for words in phrases:
            yield self._join([self._compiled_word(word) for word in words])

    def _join(self, steps: Sequence[Step]) -> tuple[Element, ...]:
        self._patterns += 1
        self._words += sum([step.size for step in steps])
        check_size(self._patterns, self._words)
        elements = tuple([element for step in steps for element in step.elements])
        check_elements(elements)
        return elements

    def _compiled_token(self, token: Mapping[str, Any]) -> Step:
        try:
            written = dumps(token, FORMAT)  # type: ignore[arg-type]  # it knows no Mapping
        except ValueError:  # a date, which no attribute takes
            return self._step(plain_token(token, self.lists))
        if (step := self._steps.get(written)) is None:
            step = self._steps[written] = self._step(plain_token(token, self.lists))
        return step

    def _compiled_word(self, word: str) -> Step:
        """A word of a phrase, in which "@" does not begin a list's name."""
        if (step := self._phrase_words.get(word)) is None:
            step = self._phrase_words[word] = self._step({"LOWER": word})
        return step

    def _step(self, token: PlainToken) -> Step:
        op = token.pop("OP", None)
        return Step(elements(self.alphabet.add(token, negated=op == "!"), op), _size(token))


def phrase_words(phrase: str, tokenizer: Tokenizer, *, past_marks: bool = True) -> tuple[str, ...]:
    """The lower-case tokens of a phrase, without the quotation marks that matching passes over."""
    words = flattened(phrase).text.split(" ")
    if all(word.isalpha() and word not in tokenizer.rules for word in words):
        return tuple(map(str.lower, words))  # the tokenizer would say the same
    tokens = tokenizer(with_short_quotes(flattened(phrase)).text)
    skipped = SKIPPED if past_marks else ()
    return tuple(token.lower_ for token in tokens if token.orth not in skipped)


def plain_token(token: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]]) -> PlainToken:
    """A token of a pattern as spaCy's Matcher takes it."""
    plain: PlainToken = {}
    for key, value in token.items():
        name = key.upper()
        if name in TEXTS:
            _plain_text(plain, name, value, lists)
        elif name == "OP":
            plain["OP"] = str(value)
        elif name in FLAGS:
            if not isinstance(value, bool):
                raise FramelensError(f"{name} is {brief(value)}; expected true or false")
            plain[name] = value
        elif name == "LENGTH":
            if not isinstance(value, int) or isinstance(value, bool):
                raise FramelensError(f"LENGTH is {brief(value)}; expected a whole number")
            plain[name] = value
        elif name == "LEMMA":
            if isinstance(value, dict) and len(value) == 1:
                value = next((value[key] for key in ("IN", "NOT_IN") if key in value), value)
            words = [form for word in _expanded(value, lists) for form in forms(word)]
            _merge(plain, "LOWER", "IN", words)
        else:
            raise FramelensError(
                f"unknown token attribute {brief(key)}; expected one of "
                f"{', '.join(('OP', 'LEMMA', 'LENGTH', *TEXTS, *FLAGS))}"
            )
    return plain


def _plain_text(
    plain: PlainToken, name: str, value: Any, lists: Mapping[str, tuple[str, ...]]
) -> None:
    if isinstance(value, str) and not value.startswith("@"):
        if name in plain:
            raise FramelensError(f"{name} is given twice in one token")
        plain[name] = value
    elif isinstance(value, dict) and value.keys() <= {"IN", "NOT_IN"}:
        for operator, words in value.items():
            _merge(plain, name, operator, _expanded(words, lists))
    else:
        _merge(plain, name, "IN", _expanded(value, lists))


def _merge(plain: PlainToken, name: str, operator: str, words: list[str]) -> None:
    choice = plain.setdefault(name, {})
    if not isinstance(choice, dict) or operator in choice:
        raise FramelensError(f"{name} is given twice in one token")
    choice[operator] = list(dict.fromkeys(words))


def _expanded(value: Any, lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A word or words as a list, with the words of lists in place of `@name`."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not set(map(type, words)) <= {str}:
        raise FramelensError(f"{brief(value)}: expected a word, IN or NOT_IN with a list of words")
    return _with_lists(words, lists) if "@" in "".join(words) else _checked(words)


def _is_list(word: str) -> bool:
    return word[:1] == "@" and len(word) > 1


def _with_lists(words: Sequence[str], lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    expanded: list[str] = []
    for word in words:
        name = word[1:]
        if _is_list(word) and name not in lists:
            known = f"; the lists are {sorted(lists)}" if len(lists) < 50 else ""
            raise FramelensError(f"unknown list {brief(word)}{known}")
        expanded += lists[name] if _is_list(word) else [word]
        _checked(expanded)
    return expanded


def _checked(words: list[str]) -> list[str]:
    if len(words) > MAX_CHOICES:
        raise FramelensError(f"over {MAX_CHOICES} words to choose from in one token")
    return words


@cache
def counts(op: str | None) -> tuple[int, int | None]:
    """The least and the most times that a token with an operator may occur; None is unbounded."""
    simple: dict[str | None, tuple[int, int | None]] = {
        None: (1, 1), "!": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None),
    }  # fmt: skip
    if op in simple:
        return simple[op]
    match = re.fullmatch(r"\{([0-9]{0,4})(,?)([0-9]{0,4})\}", op or "")
    if not match or not (match[1] or match[3]):
        expected = "expected one of ! ? * + {n} {n,m} {n,} {,m}"
        raise FramelensError(f"unknown OP {brief(op)}; {expected}")
    least = int(match[1] or 0)
    most = (int(match[3]) if match[3] else None) if match[2] else least
    if least > MAX_REPEATS or (most or 0) > MAX_REPEATS or (most is not None and most < least):
        expected = f"expected counts from 0 to {MAX_REPEATS}, the least first"
        raise FramelensError(f"OP {brief(op)}: {expected}")
    return least, most


def elements(test: int, op: str | None) -> tuple[Element, ...]:
    """The elements of a token with a test and an operator; raise FramelensError for a wrong operator."""
    if op is None:  # as in most
        return (Element(test),)
    least, most = counts(op)
    needed = (Element(test),) * least
    if most is None:
        return (*needed, Element(test, optional=True, repeats=True))
    return needed + (Element(test, optional=True),) * (most - least)


def size(pattern: Iterable[PlainToken]) -> int:
    """The number of tokens in a pattern, plus that of the words they choose from."""
    return sum(map(_size, pattern))


def _size(token: PlainToken) -> int:
    return 1 + sum(
        [sum(map(len, value.values())) for value in token.values() if type(value) is dict]
    )


def check_elements(elements: Sequence[Element]) -> None:
    """Raise FramelensError where a pattern could match nothing at all, or is too long."""
    if all(optional for _, optional, _ in elements):
        expected = "expected a token that must occur"
        raise FramelensError(f"the pattern could match nothing at all; {expected}")
    if (size := len(elements)) > MAX_ELEMENTS:
        raise FramelensError(f"the pattern is {size} tokens long; expected at most {MAX_ELEMENTS}")


def check_size(patterns: int, words: int) -> None:
    """Raise FramelensError for rules so many that a run might never end."""
    if patterns > MAX_PATTERNS or words > MAX_WORDS:
        raise FramelensError(
            f"the rules are too large: expected at most {MAX_PATTERNS:,} patterns and phrases, and "
            f"{MAX_WORDS:,} tokens and words in them once lemmas and lists are expanded"
        )


@lru_cache(maxsize=100_000)
def forms(lemma: str) -> tuple[str, ...]:
    """The distinct forms of a lower-case verb or noun, the lemma first. Each gets the forms of both:
    words that do not exist do no harm."""
    return tuple(dict.fromkeys((lemma, *(irregular().get(lemma) or _regular(lemma)))))


@cache
def irregular() -> dict[str, tuple[str, ...]]:
    """The words with irregular forms, each with its other forms."""
    lines = IRREGULAR_FILE.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {lemma: tuple(others) for lemma, *others in rows}


def _regular(lemma: str) -> tuple[str, ...]:
    """Third person or plural (two for a word in -o), past and present participle."""
    if lemma.endswith("ie"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-2]}ying"
    if lemma.endswith(("ee", "oe", "ye")):
        return f"{lemma}s", f"{lemma}d", f"{lemma}ing"
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"
    if _ENDS_IN_CONSONANT_AND_Y.fullmatch(lemma):
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"
    if lemma.endswith("o"):
        return f"{lemma}es", f"{lemma}s", f"{lemma}ed", f"{lemma}ing"
    plural = f"{lemma}es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else f"{lemma}s"
    stem = lemma + lemma[-1] if _ONE_SHORT_SYLLABLE.fullmatch(lemma) else lemma
    return plural, f"{stem}ed", f"{stem}ing"
