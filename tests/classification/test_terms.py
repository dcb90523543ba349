from __future__ import annotations

import numpy as np
import pytest
from framelens.classification.model import TermIndex, terms
from framelens.preprocessing.tokenizer import word
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

VOCABULARY = ["quiet", "diplomacy", "quiet diplomacy", "human rights", "rights", "#", "in #", "’s"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quiet diplomacy.", ["quiet", "diplomacy", "quiet diplomacy"]),
        ("human-rights", ["human", "rights", "human rights"]),
        ("In 2018", ["in", "#", "in #"]),
        ("…!", []),
    ],
)
def test_terms(nlp: Language, text: str, expected: list[str]) -> None:
    assert list(terms(nlp.make_doc(text))) == expected


@given(
    st.lists(
        st.lists(
            st.sampled_from(["quiet", "Diplomacy", "human", "rights", ",", "in", "1998", "x"])
        ),
        max_size=5,
    )
)
def test_the_index_finds_what_terms_lists(nlp: Language, sentences: list[list[str]]) -> None:
    index = TermIndex(VOCABULARY)
    docs = [nlp.make_doc(" ".join(words)) for words in sentences]
    words = [index.number(word(token.lower_)) for doc in docs for token in doc]
    owners = np.repeat(np.arange(len(docs)), [len(doc) for doc in docs])
    found = index.find(np.array(words, dtype=np.int64), owners)
    for at, doc in enumerate(docs):
        own = sorted(VOCABULARY[term] for term in found.term[found.sentence == at])
        assert own == sorted(term for term in terms(doc) if term in VOCABULARY)
