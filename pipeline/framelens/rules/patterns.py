"""Patterns as people write them → plain spaCy token patterns → elements over token tests.

The plain form is what spaCy's own Matcher takes, which is how the tests hold the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from reprlib import repr as brief
from typing import Any, NamedTuple

from spacy.tokenizer import Tokenizer

from framelens.core.errors import FramelensError
from framelens.preprocessing.normalise import flattened
from framelens.rules.inflection import forms

TEXTS = ("LOWER", "ORTH", "TEXT", "SHAPE", "NORM")
FLAGS = (
    "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT",
    "IS_SPACE", "IS_STOP", "IS_QUOTE", "IS_BRACKET", "IS_CURRENCY", "LIKE_NUM", "LIKE_URL",
    "LIKE_EMAIL",
)  # fmt: skip
MAX_REPEATS = 30
MAX_ELEMENTS = 200
MAX_PATTERNS = 20_000
MAX_WORDS = 1_000_000
"""Patterns and phrases of a rule set, and tokens and words in them once lists are expanded."""

MAX_CHOICES = 5000
"""Words that one token may choose from."""


class Element(NamedTuple):
    """One step of a pattern: the number of a token test, and how often it may be passed."""

    test: int
    optional: bool = False
    repeats: bool = False


PlainToken = dict[str, Any]
PlainPattern = tuple[PlainToken, ...]


def phrase_words(phrase: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """The lower-case tokens of a phrase."""
    words = flattened(phrase).text.split(" ")
    if all(word.isalpha() and word not in tokenizer.rules for word in words):
        return tuple(map(str.lower, words))  # the tokenizer would say the same
    return tuple(token.lower_ for token in tokenizer(flattened(phrase).text))


def plain_token(token: Mapping[str, Any], lists: Mapping[str, tuple[str, ...]]) -> PlainToken:
    """One token of a pattern as spaCy's own Matcher takes it."""
    found: PlainToken = {}
    for key, value in token.items():
        name = key.upper()
        if name == "OP":
            found["OP"] = str(value)
        elif name in FLAGS:
            if not isinstance(value, bool):
                raise FramelensError(f"{name} is {brief(value)}; expected true or false")
            found[name] = value
        elif name == "LENGTH":
            if not isinstance(value, int) or isinstance(value, bool):
                raise FramelensError(f"LENGTH is {brief(value)}; expected a whole number")
            found[name] = value
        elif name == "LEMMA":
            _merge(
                found,
                "LOWER",
                "IN",
                [form for word in _words(value, lists) for form in forms(word)],
            )
        elif name in TEXTS:
            _plain_text(found, name, value, lists)
        else:
            raise FramelensError(
                f"unknown token attribute {brief(key)}; expected one of "
                f"{', '.join(('OP', 'LEMMA', 'LENGTH', *TEXTS, *FLAGS))}"
            )
    return found


def _plain_text(
    found: PlainToken, name: str, value: Any, lists: Mapping[str, tuple[str, ...]]
) -> None:
    if isinstance(value, str) and not value.startswith("@"):
        if name in found:
            raise FramelensError(f"{name} is given twice in one token")
        found[name] = value
    elif isinstance(value, dict) and value.keys() <= {"IN", "NOT_IN"}:
        for operator, words in value.items():
            _merge(found, name, operator, _words({operator: words}, lists))
    else:
        _merge(found, name, "IN", _words(value, lists))


def _merge(found: PlainToken, name: str, operator: str, words: list[str]) -> None:
    held = found.setdefault(name, {})
    if not isinstance(held, dict) or operator in held:
        raise FramelensError(f"{name} is given twice in one token")
    held[operator] = sorted(set(words))


def _words(value: Any, lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The words of `"a"`, `"@list"`, `{IN = [...]}` or `{NOT_IN = [...]}`."""
    if isinstance(value, dict) and len(value) == 1:
        value = next((value[key] for key in ("IN", "NOT_IN") if key in value), value)
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not set(map(type, words)) <= {str}:
        raise FramelensError(f"{brief(value)}: expected a word, IN or NOT_IN with a list of words")
    return _with_lists(words, lists) if any(map(_is_list, words)) else _checked(words)


def _is_list(word: str) -> bool:
    return word[:1] == "@" and len(word) > 1


def _with_lists(words: Sequence[str], lists: Mapping[str, tuple[str, ...]]) -> list[str]:
    found: list[str] = []
    for word in words:
        name = word[1:]
        if _is_list(word) and name not in lists:
            known = f"; the lists are {sorted(lists)}" if len(lists) < 50 else ""
            raise FramelensError(f"unknown list {brief(word)}{known}")
        found += lists[name] if _is_list(word) else [word]
        _checked(found)
    return found


def _checked(words: list[str]) -> list[str]:
    if len(words) > MAX_CHOICES:
        raise FramelensError(f"over {MAX_CHOICES} words to choose from in one token")
    return words


@cache
def counts(op: str | None) -> tuple[int, int | None]:
    """The least and the most times that a token may occur; None is without end."""
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
    """A token with a test and an operator; raise FramelensError where there is no such operator."""
    least, most = counts(op)
    needed = (Element(test),) * least
    if most is None:
        return (*needed, Element(test, optional=True, repeats=True))
    return needed + (Element(test, optional=True),) * (most - least)


def size(pattern: Iterable[PlainToken]) -> int:
    """The number of tokens in a pattern, and of the words that they choose from."""
    found = 0
    for token in pattern:
        found += 1
        for value in token.values():
            if isinstance(value, dict):
                found += sum(map(len, value.values()))
    return found


def check_length(pattern: Sequence[object]) -> None:
    """Raise FramelensError where a pattern is written with too many tokens."""
    if len(pattern) > MAX_ELEMENTS:
        raise FramelensError(f"a pattern of {len(pattern)} tokens; expected at most {MAX_ELEMENTS}")


def check_elements(elements: Sequence[Element]) -> None:
    """Raise FramelensError where a pattern could match nothing at all, or is too long."""
    if all(element.optional for element in elements):
        raise FramelensError(
            "the pattern could match nothing at all; expected a token that must occur"
        )
    if len(elements) > MAX_ELEMENTS:
        raise FramelensError(
            f"the pattern is {len(elements)} tokens long; expected at most {MAX_ELEMENTS}"
        )


def check_size(patterns: int, words: int) -> None:
    """Raise FramelensError where rules are so many that they could keep the run from ending."""
    if patterns > MAX_PATTERNS or words > MAX_WORDS:
        raise FramelensError(
            f"the rules are too large: expected at most {MAX_PATTERNS:,} patterns and phrases, and "
            f"{MAX_WORDS:,} tokens and words in them once lemmas and lists are expanded"
        )
