"""The language of a text: whether it is English, and if not, which it is likely to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

from framelens.core.settings import ENGLISH

FEWEST = 200
"""Characters from which a text is judged by how many of its words are English's commonest."""
HEAD = 2_000
"""Characters at the beginning that are looked at."""
SURE = 0.9
"""How probable a language other than English must be, from 0 to 1, to be named by that alone."""
COMMON = 0.12
"""The share of words among English's commonest above which a text is English."""
FOREIGN = 0.5
"""The share of letters that are not Latin above which a text is not English."""

_COMMON = re.compile(
    r"\b(?:the|of|and|to|in|that|is|was|for|it|with|as|on|be|at|by|are|but|from|have|this|which|not|their|"
    r"they|has|been|or|its|will|should)\b"
)
_ENGLISH = re.compile(r"\b(?:the|and|that|with|from|have|this|which|their|they|been|should)\b")
"""Common words that hardly any other language has: one is enough in a short text."""
_WORD = re.compile(r"[^\W\d_]+")
_NOT_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a]")


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None for English, and where it cannot be told.

    py3langid is asked (Lui & Baldwin 2012, langid.py), but only where no word gives English away, so
    that of English texts nobody waits for it to load. Its probability counts for little in short
    texts, and is shared out among languages that are alike, so that it needs a second witness: the
    commonest words of the language that it names, as spaCy lists them, or words in small letters
    that have an accent. Names and headings have neither.
    """
    head = text[:HEAD]
    lower = head.lower()
    if len(text) < FEWEST and _ENGLISH.search(lower):
        return None
    # English has a space in six characters, and one word in three is among the commonest.
    first = lower[:1_000]
    if first.count(" the ") + first.count(" of ") + first.count(" and ") > len(first) / 120:
        return None
    words = _WORD.findall(head)
    if len(words) < FEWEST_WORDS and head.isascii():
        return None
    letters = sum(map(len, words))
    if not letters:
        return None
    # What is said again and again would count as often.
    distinct = list(dict.fromkeys(words))
    is_foreign = len(_NOT_LATIN.findall(head)) > FOREIGN * letters
    if not is_foreign and len(_COMMON.findall(lower)) > COMMON * len(words):
        return None
    asked = " ".join(dict.fromkeys(word.lower() for word in distinct))
    ranked = _identifier().rank(asked)
    if is_foreign:
        return next(str(language) for language, _ in ranked if language != ENGLISH)
    language, probability = ranked[0]
    if language == ENGLISH or not _has_witness(distinct, language, probability):
        return None
    return str(language)


FEWEST_WORDS = 3
"""Words below which a text in plain letters is too short to tell."""


def _has_witness(words: Sequence[str], language: str, probability: float) -> bool:
    """Whether words in Latin letters speak for a language other than English, too."""
    common, english = _stop_words(language), _stop_words(ENGLISH)
    lower = {word.lower() for word in words}
    own, of_english = len(lower & common - english), len(lower & english - common)
    plain = [word for word in words if word[0].islower() and word not in common | english]
    if not plain or of_english > own:
        return False
    accented = any(not word.isascii() for word in plain)
    is_sure = probability >= SURE
    return own >= 2 or (accented and (own > 0 or is_sure)) or (is_sure and len(plain) >= 3)


@cache
def _stop_words(language: str) -> frozenset[str]:
    """The commonest words of a language as spaCy lists them, none where it knows none."""
    import spacy.lang

    # The file by itself: with the rest of French, say, it would take two seconds.
    file = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    return frozenset(run_path(str(file))["STOP_WORDS"] if file.is_file() else ())


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
