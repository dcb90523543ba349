"""Text → tokens, for any text, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from framelens.surrogates import storable

LONGEST = 256
"""Characters in a row without white space that are tokenized together."""

_RUNS = re.compile(rf"\S{{{LONGEST}}}(?=\S)")


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
