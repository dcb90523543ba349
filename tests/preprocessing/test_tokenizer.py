"""Tokens are blank English's own, for any text, in time that grows with its length."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from framelens.core.memory import forgetting
from framelens.preprocessing.normalise import normalised
from framelens.preprocessing.tokenizer import (
    LONGEST,
    TokenKeys,
    english_tokenizer,
    tokenized,
)
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

WORDS = (
    "don't",
    "U.N.",
    "A/HRC/37/L.36",
    "twelve",
    "12",
    "Of",
    "naïve",
    "€5",
    "a@b.org",
    "https://x.org",
)
ATTRIBUTES = (
    "lower_", "norm_", "shape_", "is_alpha", "is_digit", "is_punct", "is_stop", "like_num",
    "like_url", "like_email", "is_currency",
)  # fmt: skip


def test_the_tokenizer_is_that_of_blank_english() -> None:
    ours, blank = english_tokenizer(), spacy.blank("en")
    theirs: Any = blank.tokenizer
    assert ours.to_bytes() == theirs.to_bytes()
    for word in WORDS:
        one, other = ours.vocab[word], blank.vocab[word]
        for name in ATTRIBUTES:
            assert getattr(one, name) == getattr(other, name), (word, name)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("They don't.", ["They", "do", "n't", "."]),
        ("a \ud800 b", ["a", "\ufffd", "b"]),
        ("x" * LONGEST + "yz end", ["x" * LONGEST, "yz", "end"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    doc = tokenized(text, english_tokenizer())
    assert [token.text for token in doc if not token.is_space] == tokens
    assert len(doc.text) == len(text)


class Overheard:
    """A tokenizer that remembers what it is given."""

    def __init__(self) -> None:
        self.tokenizer, self.given = english_tokenizer(), list[str]()
        self.vocab = self.tokenizer.vocab

    def __call__(self, text: str) -> Doc:
        self.given.append(text)
        found: Doc = self.tokenizer(text)
        return found


@pytest.mark.parametrize("word", ["(", "$", '"', "😀", "'s", "a", "U.", "…", "http://"])
@pytest.mark.parametrize("before", ["", "a b "])
def test_no_tokenizer_is_given_a_long_run(word: str, before: str) -> None:
    """Its time grows with the square of a run's length."""
    tokenizer: Any = Overheard()
    text = before + word * 10_000
    assert tokenized(text, tokenizer).text == text
    assert max(len(run) for given in tokenizer.given for run in given.split()) <= LONGEST


STRETCHES = st.one_of(
    st.sampled_from(
        [*WORDS, "(U.N.),", "o'clock...", "8a.m.", ":)", ": )", "x" * (LONGEST + 9), "\ud800"]
    ),
    st.text(max_size=9),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return english_tokenizer()


@given(text=st.lists(STRETCHES).map(" ".join))
@example(text="")
@example(text="He can't: \u200b(the U.N.)")
def test_looked_up_tokens_are_the_tokenizer_s(tokenizer: Tokenizer, text: str) -> None:
    known, read = TokenKeys(tokenizer), normalised(text.strip()).text
    doc = tokenized(read, tokenizer)
    together = TokenKeys(tokenizer)
    with together.together([read, "", f"{read} {read}"]):
        for found in (together, known, known):
            keys, edges = found.of(read.split(" ")), list[tuple[int, int]]()
            assert keys == [token.orth for token in doc]
            for part in (keys[:2], keys[2:]):
                found.add_edges(edges, read, part)
            assert edges == [(token.idx, token.idx + len(token)) for token in doc]


def test_words_that_ran_together_stand_where_they_stand(tokenizer: Tokenizer) -> None:
    known = TokenKeys(tokenizer, lambda word: ("at", "last") if word == "atlast" else (word,))
    edges, text = list[tuple[int, int]](), "(atlast, quill)"
    known.add_edges(edges, text, known.of(text.split(" ")))
    assert [text[start:end] for start, end in edges] == ["(", "at", "last", ",", "quill", ")"]
    with known.together(["atlast!"]):
        assert known.of(["atlast!"]) == known.of(["at", "last", "!"])


def test_what_a_vocabulary_lets_go_is_not_kept_and_yet_cut_once() -> None:
    tokenizer: Any = Overheard()
    known = TokenKeys(tokenizer)
    known.of(["quill"])
    with forgetting(tokenizer.vocab):
        edges = list[tuple[int, int]]()
        known.add_edges(edges, "quill zorps", known.of(["quill", "zorps"]))
        assert edges == [(0, 5), (6, 11)]
    assert list(known) == ["quill"]
    assert tokenizer.given == ["quill", "zorps"]


def test_new_stretches_of_a_block_are_cut_together_and_let_go_with_their_words() -> None:
    tokenizer = english_tokenizer()
    known = TokenKeys(tokenizer)
    with known.together(["quill's quill"]):
        known.of(["quill's", "quill"])
    with forgetting(tokenizer.vocab), known.together(["quill zorps", "zorps"]):
        assert {*known} == {"quill's", "quill", "zorps"}
    assert {*known} == {"quill's", "quill"}
