"""Lint tells no untruths: what it calls impossible never happens, what it calls needless is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from framelens.preprocessing.normalise import flattened
from framelens.rules.compiling import PlainPattern, counts
from framelens.rules.lint.overlap import contains
from framelens.rules.lint.tokens import impossible
from framelens.rules.lint.words import WordBook, cases
from framelens.rules.matcher import RuleMatcher
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from tests.helpers import plain_patterns
from tests.rules.test_matcher import WORDS, made_patterns, one_rule

FLAGS = (
    "IS_ALPHA", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_SPACE", "IS_STOP",
    "IS_QUOTE", "IS_BRACKET", "IS_CURRENCY", "LIKE_NUM", "LIKE_EMAIL", "IS_ASCII",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([
        "can't", "U.S.", "UN's", "a@b.org", "$5", "A", "I", "12th", "10", "ten", "“x”", "[a]", " ",
        "\n", "½", "Ⅷ", "ß", "İ", "ǅ", "co-operate", "naïve", "12:30", "a.m.", "§3", "don’t", "e.g.",
        "3 \u212a", "*must*", "u.n.", "camp12", "[T]he", "&amp;", "camp²",
    ]),
)  # fmt: skip


@pytest.fixture(scope="module")
def book(nlp: Language) -> WordBook:
    return WordBook(nlp.tokenizer)


@settings(max_examples=300, deadline=None)
@example(text="´", flags={"IS_QUOTE": False}, by="LOWER")
@example(text="Ā^*0", flags={}, by="LOWER")
@given(
    text=TEXTS,
    flags=st.dictionaries(st.sampled_from(FLAGS), st.booleans(), max_size=3),
    by=st.sampled_from([None, "LOWER", "ORTH", "SHAPE", "LENGTH", "NORM"]),
)
def test_what_a_text_holds_is_not_impossible(
    nlp: Language, book: WordBook, text: str, flags: dict[str, bool], by: str | None
) -> None:
    """A test that some token passes is not called impossible, but for what signs cut out and for
    odd mixtures of cases."""
    tokenizer: Any = nlp.tokenizer
    whole = [word for word in text.split() if not any(tokenizer.infix_finditer(word))]
    read = flattened(" ".join(whole)).text
    assume(
        flattened(read).text == read
    )  # not of "^*0", which leaves a sign that is cut out elsewhere
    for token in nlp.make_doc(read):
        if token.text not in cases(token.lower_):
            continue
        values = {
            "LOWER": token.lower_, "ORTH": token.orth_, "SHAPE": token.shape_,
            "LENGTH": len(token.text), "NORM": nlp.vocab[token.orth].norm_,
        }  # fmt: skip
        test: dict[str, Any] = {**flags, **({by: values[by]} if by else {})}
        matcher = Matcher(nlp.vocab)
        matcher.add("x", [[test]])
        if matcher(Doc(nlp.vocab, words=[token.text])):
            assert impossible(test, book) is None


@st.composite
def holders(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A pattern, and a part of it whose tokens may ask for less."""
    outer = draw(made_patterns())
    start = draw(st.integers(0, len(outer) - 1))
    part = outer[start : draw(st.integers(start + 1, len(outer)))]
    return outer, [draw(st.sampled_from(list(_looser(token)))) for token in part]


def _looser(token: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tests = {key: value for key, value in token.items() if key != "OP"}
    op = {"OP": token["OP"]} if "OP" in token else {}
    yield token
    yield op
    yield {**tests, "OP": "*"}
    yield {**tests, "OP": "{0,3}"}
    if isinstance(tests.get("LOWER"), str):
        yield {**tests, **op, "LOWER": {"IN": [tests["LOWER"], "the"]}}
        yield {**op, "LOWER": {"NOT_IN": ["un"]}}


@settings(max_examples=200, deadline=None)
@given(
    patterns=st.one_of(holders(), st.tuples(made_patterns(), made_patterns())),
    words=st.lists(st.sampled_from(WORDS), max_size=9),
)
def test_what_is_held_hits_wherever_its_holder_does(
    nlp: Language,
    patterns: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    words: list[str],
) -> None:
    rules = one_rule(patterns)
    outer, inner = plain_patterns(rules.rules[0], rules, nlp.tokenizer)
    assume(not optional(inner) and contains(outer, inner))
    keys = Doc(nlp.vocab, words=words).to_array([ORTH]).tolist()
    holding, held = (RuleMatcher(one_rule([row]), nlp.tokenizer).spans(keys) for row in patterns)
    for hit in holding:
        assert any(hit.start <= other.start and other.end <= hit.end for other in held)


def optional(pattern: PlainPattern) -> bool:
    return not any(counts(token.get("OP"))[0] for token in pattern)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ([{"LOWER": "a"}, {"LOWER": "b"}], [{"LOWER": "b"}], True),
        ([{"LOWER": "a"}, {"LOWER": "b"}], [{"LOWER": "b"}, {"LOWER": "c"}], False),
        ([{"LOWER": "a", "IS_TITLE": True}], [{"LOWER": {"IN": ["a", "b"]}}], True),
        ([{"LOWER": {"IN": ["a", "b"]}}], [{"LOWER": "a"}], False),
        ([{"LOWER": "a"}], [{"LOWER": {"NOT_IN": ["b"]}}], True),
        ([{"LOWER": "a"}], [{"LOWER": {"NOT_IN": ["a"]}}], False),
        ([{"LOWER": {"NOT_IN": ["a", "b"]}}], [{"LOWER": {"NOT_IN": ["a"]}}], True),
        ([{"LOWER": {"NOT_IN": ["a"]}}], [{"LOWER": {"NOT_IN": ["a", "b"]}}], False),
        ([{"IS_TITLE": True}], [{"LOWER": {"NOT_IN": ["a"]}}], False),
        ([{"LOWER": "a", "OP": "+"}], [{"LOWER": "a"}], False),  # it may be longer, but holds one
        ([{"LOWER": "a", "OP": "{2}"}], [{"LOWER": "a", "OP": "+"}], True),
        ([{"LOWER": "a"}], [{"LOWER": "a"}, {"OP": "*"}], True),
        ([{"LOWER": "a", "OP": "?"}], [{"LOWER": "a"}], False),
        ([{"LOWER": "a", "OP": "!"}], [{"LOWER": "b", "OP": "!"}], False),
        ([{"LOWER": "a"}, {"OP": "?"}, {"LOWER": "b"}], [{"LOWER": "a"}, {"LOWER": "b"}], False),
    ],
)
def test_contains(outer: list[dict[str, Any]], inner: list[dict[str, Any]], expected: bool) -> None:
    assert contains(tuple(outer), tuple(inner)) == expected
