"""The language of a document, told once from its beginning."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

ENGLISH = "en"
FEWEST = 200
"""Characters below which a text is too short to tell."""
SURE = 0.9
"""How probable a language other than English must be, from 0 to 1, to be named."""
COMMON = 0.12
"""The share of words among English's commonest above which a text is English."""

_COMMON = re.compile(
    r"\b(?:the|of|and|to|in|that|is|was|for|it|with|as|on|be|at|by|are|but|from|have|this|which|not|their|"
    r"they|has|been|or|its|will|should)\b"
)
_WORD = re.compile(r"[^\W\d_]+")


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None for English, and where it cannot be told.

    py3langid is asked (Lui & Baldwin 2012, langid.py), but only where English's commonest words
    are rare, so that of English texts nobody waits for it to load.
    """
    if len(text) < FEWEST:
        return None
    head = text[:1_000].lower()
    # English has a space in six characters, and one word in three is among the commonest.
    if head.count(" the ") + head.count(" of ") + head.count(" and ") > len(head) / 120:
        return None
    words = _WORD.findall(text[:2_000].lower())
    if len(words) < 20 and text.isascii():
        return None
    if len(_COMMON.findall(" ".join(words))) > COMMON * len(words):
        return None
    language, probability = _identifier().classify(" ".join(words))
    return language if language != ENGLISH and probability >= SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
