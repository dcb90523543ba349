"""The language of a text, where it is not English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from runpy import run_path
from typing import Any

from framelens.core.settings import ENGLISH

LONG_TEXT = 200
"""Characters from which the share of common English words decides; one is enough in shorter texts."""
SAMPLE = 2_000
"""Characters of each sample: from the beginning, the middle and the end."""
MIN_LATIN = 35
"""Characters below which the language of a text in Latin letters is not told: it may be all names."""
MIN_PROBABILITY = 0.9
"""Probability by py3langid from which a language needs no common word of its own in the text."""
ENGLISH_SHARE = 0.12
"""Share of common English words above which a text is English."""
NON_LATIN_SHARE = 0.5
"""Share of letters other than Latin above which a text is not English."""

_COMMON = re.compile(
    r"\b(?:the|of|and|to|in|that|is|was|for|it|with|as|on|be|at|by|are|but|from|have|this|which|not|their|"
    r"they|has|been|or|its|will|should)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|and|that|with|from|have|this|which|their|they|been|should|about|after|against|because|"
    r"before|between|could|during|each|every|other|our|there|these|those|through|were|what|when|where|"
    r"while|without|would|your)\b"
)
"""Common words that hardly any other language has: one is enough in a short text."""
_WORD = re.compile(r"[^\W\d_]+")
_NOT_LATIN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a]")


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None for English, and where it cannot be told.

    py3langid (Lui & Baldwin 2012, langid.py) is only asked if no common word shows the text to be
    English, as loading it takes time. Its probability says little of short texts and is split among
    similar languages, so there must be other evidence: common words of the language, as spaCy lists
    them, or lower-case words with accents; and in short texts, which may be English with foreign names,
    the look of a sentence. Of a long text three samples are taken; it is in another language if more
    samples are in that one than in English.
    """
    if len(text) <= SAMPLE:
        language = None if _is_plainly_english(text) else _language(text)
        return None if language == ENGLISH else language
    middle = (len(text) - SAMPLE) // 2
    samples = [text[start : start + SAMPLE] for start in (0, middle, len(text) - SAMPLE)]
    unclear = [sample for sample in samples if not _is_plainly_english(sample)]
    if 2 * len(unclear) <= len(samples):
        return None
    votes = Counter(_language(sample) for sample in unclear)
    english = votes.pop(ENGLISH, 0) + len(samples) - len(unclear)
    votes.pop(None, 0)
    language, count = votes.most_common(1)[0] if votes else (None, 0)
    return language if count > english else None


_WITNESS = re.compile(
    r"\b(?:[Ll][aeo]s?|des|une|dans|pour|qui|que|sur|aux|avec|est|el|del|por|para|con|der|das|ist|und|nicht|"
    r"von|dos|uma|il|di|della|che|sono|het|een|niet|werd|yang|dan)\b|[^\W\d_a-zA-Z]"
)
"""Common words of other languages, and letters that English words seldom have."""


def sentence_language(sentence: str, document: str | None) -> str | None:
    """The language of a sentence of prose in a document, the language of which is known: in bilingual ones
    it may be the other. None for English."""
    if document is not None:
        is_long = len(sentence) >= MIN_LATIN
        return None if is_long and _is_plainly_english(sentence) else document
    # Most English sentences have one of these, which takes a tenth of the time of the expression.
    if " the " in sentence or " and " in sentence:
        return None
    # Most others have no such sign, and py3langid takes time to load.
    return foreign_language(sentence) if _WITNESS.search(sentence) else None


def _is_plainly_english(head: str) -> bool:
    """Whether common words show a sample to be English, as they do in nearly all English texts."""
    if _is_not_latin(head):
        return False  # English names in it do not count
    lower = head.lower()
    # Most texts have "the" or "and", which takes a tenth of the time of the expression.
    if len(head) < LONG_TEXT and (" the " in lower or " and " in lower or _ENGLISH.search(lower)):
        return True
    # English has a space in six characters, and one word in three is among the commonest.
    first = lower[:1_000]
    return first.count(" the ") + first.count(" of ") + first.count(" and ") > len(first) / 120


def _is_not_latin(text: str) -> bool:
    """Whether most letters of a text are not Latin."""
    others = 0 if text.isascii() else len(_NOT_LATIN.findall(text))
    return others > 0 and others > NON_LATIN_SHARE * sum(map(len, _WORD.findall(text)))


def _language(head: str) -> str | None:
    """The language of a sample that is not plainly English; None where it cannot be told."""
    lower = head.lower()
    words = _WORD.findall(head)
    if not words:
        return None
    # Repetitions would count as often.
    distinct = list(dict.fromkeys(words))
    not_latin = _is_not_latin(head)
    if not not_latin:
        if len(words) < MIN_WORDS or len(head.strip()) < MIN_LATIN:
            return None
        if len(_COMMON.findall(lower)) > ENGLISH_SHARE * len(words):
            return ENGLISH
    distinct_lower = " ".join(dict.fromkeys(word.lower() for word in distinct))
    ranked = _identifier().rank(distinct_lower)
    if not_latin:
        likeliest = next(str(language) for language, _ in ranked if language != ENGLISH)
        return _ARABIC.get(likeliest, likeliest)
    language, probability = ranked[0]
    if language == ENGLISH:
        return ENGLISH
    if language == "la" or not _has_witness(distinct, language, probability):
        return None  # Terms of law in English texts are Latin.
    return str(language) if _is_running_text(head, words, language) else None


MIN_WORDS = 6
"""Words below which the language of a text in Latin letters is not told."""
COMMON_SHARE = 1 / 3
"""Share of a language's common words from which a short text may be in it."""
SMALL = 3 / 4
"""Share of lower-case words, after the first, from which a short text may be a sentence."""
_ARABIC = {"ary": "ar", "arz": "ar"}
"""Moroccan and Egyptian Arabic, which can hardly be told from standard Arabic in writing."""


def _is_running_text(text: str, words: Sequence[str], language: str) -> bool:
    """Whether a short text is a sentence in a language, and not a list of its names in English.

    It must have no common English words (which long addresses have, too), the end of a sentence, and
    enough lower-case or common words of the language; and its other lower-case words must not be likelier
    English. From `LONG_TEXT` on it needs only the first, and from twice that on nothing.
    """
    common, lower = _stop_words(language), [word.lower() for word in words]
    if len(text) < 2 * LONG_TEXT and not common.issuperset(_stop_words(ENGLISH) & set(lower)):
        return False
    own = sum(word in common for word in lower)
    has_end = text.rstrip().endswith((".", "!", "?", "…"))
    if len(text) >= LONG_TEXT or not (has_end and own):
        return len(text) >= LONG_TEXT
    small = [word for word in words if word[0].islower()]
    rest = " ".join(word for word in small if word not in common)
    if not rest or (len(small) < SMALL * (len(words) - 1) and own < COMMON_SHARE * len(words)):
        return False
    ranked = [code for code, _ in _identifier().rank(rest)]
    return ranked.index(language) < ranked.index(ENGLISH)


def _has_witness(words: Sequence[str], language: str, probability: float) -> bool:
    """Whether distinct words, besides py3langid, show a text in Latin letters to be in a language."""
    common, english = _stop_words(language), _stop_words(ENGLISH)
    lower = {word.lower() for word in words}
    own, english_words = len(lower & common - english), len(lower & english - common)
    others = [word for word in words if word[0].islower() and word not in common | english]
    if not others or english_words > own:
        return False
    accented = any(not word.isascii() for word in others)
    is_sure = probability >= MIN_PROBABILITY
    return own >= 2 or (accented and (own > 0 or is_sure)) or (is_sure and len(others) >= 3)


@cache
def _stop_words(language: str) -> frozenset[str]:
    """The common words of a language, as spaCy lists them; empty if it has no list."""
    import spacy.lang

    # The file alone: importing all of French, say, would take two seconds.
    file = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    return frozenset(run_path(str(file))["STOP_WORDS"] if file.is_file() else ())


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
