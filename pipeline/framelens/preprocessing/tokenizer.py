"""Text → tokens, for any text, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import spacy
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from spacy.vocab import create_vocab

from framelens.core.types import storable
from framelens.preprocessing.normalise import normalised

LONGEST = 256
"""Characters in a row without white space that are tokenized together."""

CACHE = 200_000
"""Words whose tokens the tokenizer remembers; with spaCy's 10,000 it is three times slower."""

_RUNS = re.compile(rf"\S{{{LONGEST}}}(?=\S)")


def english() -> Language:
    """Blank English with that tokenizer's cache, where a pipeline is wanted."""
    nlp = spacy.blank("en")
    tokenizer: Any = nlp.tokenizer  # which spaCy types as any function
    tokenizer.max_cache_size = CACHE
    return nlp


def english_tokenizer() -> Tokenizer:
    """The tokenizer of blank English, with room for a large vocabulary in its cache.

    `spacy.blank("en")` would make the same one in half as much time again, with a pipeline around
    it.
    """
    words = English.Defaults
    tokenizer: Any = Tokenizer(
        create_vocab(English.lang, words),
        rules=words.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(words.prefixes or ()).search,
        suffix_search=compile_suffix_regex(words.suffixes or ()).search,
        infix_finditer=compile_infix_regex(words.infixes or ()).finditer,
        token_match=words.token_match,
        url_match=words.url_match,
    )
    tokenizer.max_cache_size = CACHE
    return tokenizer


def sentence_tokens(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a sentence as it is read (see `framelens.preprocessing.normalise`)."""
    return tokenized(normalised(text).text, tokenizer)


def tokenized(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a text, which the Doc holds with U+FFFD for each lone surrogate.

    A run without white space is cut into stretches of LONGEST characters, for a tokenizer takes
    time with the square of it where it is all brackets, say.
    """
    text = storable(text)
    if len(text) <= LONGEST or len(max(text.split(), key=len, default="")) <= LONGEST:
        return _doc(text, tokenizer)
    parts = [_doc(part, tokenizer) for part in _stretches(text)]
    whole = Doc.from_docs(parts, ensure_whitespace=False)
    assert whole is not None
    return whole


def _doc(text: str, tokenizer: Tokenizer) -> Doc:
    found: Doc = tokenizer(text)
    return found


def _stretches(text: str) -> Iterator[str]:
    start = 0
    for run in _RUNS.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]
