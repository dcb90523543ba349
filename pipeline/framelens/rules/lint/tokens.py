"""Finds token tests that no token can pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from spacy.lang.lex_attrs import word_shape
from spacy.vocab import Vocab

from framelens.preprocessing.spelling import written
from framelens.rules.compiling import TEXTS, PlainToken
from framelens.rules.lint.words import WordBook, variants
from framelens.rules.search import Alphabet

_KINDS = ("IS_ALPHA", "IS_DIGIT", "IS_PUNCT", "IS_CURRENCY")
_NO_LETTERS = ("IS_DIGIT", "IS_PUNCT", "IS_CURRENCY")
EXCLUSIVE = frozenset(
    frozenset(pair)
    for pair in (
        *combinations(_KINDS, 2),
        *((case, kind) for case in ("IS_LOWER", "IS_UPPER", "IS_TITLE") for kind in _NO_LETTERS),
        *((mark, kind) for mark in ("IS_QUOTE", "IS_BRACKET") for kind in ("IS_ALPHA", "IS_DIGIT")),
        *(("LIKE_EMAIL", kind) for kind in _KINDS),
        ("IS_LOWER", "IS_UPPER"),
        ("IS_LOWER", "IS_TITLE"),
        ("IS_STOP", "IS_DIGIT"),
    )
)
"""Pairs of flags that no token has both of."""


def written_words(token: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The words in a token as written, lists as `@name`, each with its attribute."""
    for key, value in token.items():
        if key.upper() in (*TEXTS, "LEMMA"):
            rows = value.values() if isinstance(value, Mapping) else [value]
            for row in rows:
                words = row if isinstance(row, list) else [row]
                yield from ((key.upper(), word) for word in words if isinstance(word, str))


def impossible(token: PlainToken, book: WordBook) -> str | None:
    """Why no token passes the test of a plain token; None if one may."""
    tests = {key: value for key, value in token.items() if key != "OP"}
    if token.get("OP") == "!":
        return None if tests else "OP ! with no test asks for a token that is none"
    for name in TEXTS:
        if reason := _no_word_left(name, tests.get(name)):
            return reason
    if reason := _no_shape(tests.get("SHAPE")) or _no_kind(tests):
        return reason
    words = candidates(tests)
    return None if words is None else _no_candidate(words, tests, book)


def _no_word_left(name: str, value: Any) -> str | None:
    wanted = value.get("IN") if isinstance(value, dict) else None
    if wanted is None:
        return None
    if not wanted:
        return f"{name} asks for a word IN an empty list"
    left = set(wanted) - set(value.get("NOT_IN", ()))
    return None if left else f"{name} rules out by NOT_IN every word that it asks for by IN"


def _no_shape(value: Any) -> str | None:
    shapes = listed(value)
    if shapes is None or any(
        shape == "LONG" or word_shape(shape.replace("d", "0")) == shape for shape in shapes
    ):
        return None
    form = "X, x and d, at most four of a kind in a row"
    return f"no token has the SHAPE {min(shapes)!r} ({form})"


def _no_kind(tests: PlainToken) -> str | None:
    if tests.get("LENGTH", 1) < 1:
        return f"LENGTH is {tests['LENGTH']}; every token has a character"
    if tests.get("IS_SPACE") is True:
        return "IS_SPACE asks for white space, which no token is where a text is read"
    flags = sorted(name for name, value in tests.items() if value is True)
    for pair in combinations(flags, 2):
        if frozenset(pair) in EXCLUSIVE:
            return f"no token is both {pair[0]} and {pair[1]}"
    return None


def candidates(tests: PlainToken) -> list[tuple[str, str]] | None:
    """The only words that can pass, as attributes and words; None where any word might."""
    for name in ("ORTH", "TEXT", "LOWER", "NORM"):
        if (words := listed(tests.get(name))) is not None:
            return [(name, word) for word in sorted(words)]
    return None


def listed(value: Any) -> frozenset[str] | None:
    """The only words that pass a test, where it lists them."""
    if isinstance(value, str):
        return frozenset([value])
    return frozenset(value["IN"]) if isinstance(value, dict) and "IN" in value else None


def _no_candidate(words: list[tuple[str, str]], tests: PlainToken, book: WordBook) -> str | None:
    reasons = [book.never(word, name) for name, word in words]
    left = [word for word, reason in zip(words, reasons, strict=True) if reason is None]
    if not left:
        return reasons[0]
    if len(tests) == 1 or words[0][0] == "NORM" or _passes(left, tests, book.tokenizer.vocab):
        return None
    others = ", ".join(sorted(key for key in tests if key != words[0][0])) or "NOT_IN"
    return f"no word that it asks for by {words[0][0]} passes its {others}"


def _passes(words: Iterable[tuple[str, str]], tests: PlainToken, vocab: Vocab) -> bool:
    """Whether some spelling of some word passes all tests; SHAPE is left out, as more spellings than are
    tried might pass it."""
    exact = {key: value for key, value in tests.items() if key != "SHAPE"}
    alphabet = Alphabet()
    number = alphabet.add(exact)
    texts = (
        text for name, word in words for text in (variants(word) if name == "LOWER" else (word,))
    )
    return any(alphabet.kind(vocab[written(text)]).passes(number) for text in texts)
