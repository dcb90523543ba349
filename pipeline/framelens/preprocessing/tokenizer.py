"""Text → tokens, for any text, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import spacy
from spacy.lang.en import English
from spacy.language import Language, create_tokenizer
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
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
    # All that spaCy's own maker of tokenizers asks of a pipeline.
    words = English.Defaults
    nlp: Any = SimpleNamespace(Defaults=words, vocab=create_vocab(English.lang, words))
    tokenizer: Any = create_tokenizer()(nlp)
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
