"""Which sentences are classified, by their kind, length and language; how many are not, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Sentence, counted

_CODE = re.compile("[a-z]{2}")

MOST_DOCUMENTS = 1_000
"""Documents in other languages that are kept by name."""


@dataclass(slots=True)
class LeftOut:
    """What was read and not classified, counted as it is passed over.

    `kinds` are sentences by their kind, `short` those with too few words, `languages` those of
    documents in other languages, by the language. `taken` counts the sentences that were classified.
    `documents` are the documents found to be in another language than English, whether left out or
    not, with their language; of more than a thousand only the first.
    """

    taken: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    short: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    documents: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many sentences were left out."""
        return self.kinds.total() + self.short + self.languages.total()

    def described(self) -> str:
        """The counts in words, the largest first: `30 of 120 sentences left out: 20 table, …`."""
        if not self.total:
            return ""
        parts = [f"{count:,} {kind}" for kind, count in self.kinds.most_common()]
        parts += [f"{self.short:,} too short"] if self.short else []
        parts += [f"{count:,} in {name!r}" for name, count in self.languages.most_common()]
        whole = counted(self.total + self.taken, "sentence")
        return f"{self.total:,} of {whole} left out: {', '.join(parts)}"


def selected(
    sentences: Iterable[Sentence], settings: Settings, left_out: LeftOut
) -> Iterator[Sentence]:
    """The sentences that the settings ask for; the others are counted in `left_out`."""
    only, fewest, languages = frozenset(settings.only), settings.min_words, settings.languages
    for sentence in sentences:
        language = sentence.fields.get("language")
        if language is not None and len(left_out.documents) < MOST_DOCUMENTS:
            left_out.documents.setdefault(sentence.doc, language)
        if languages and (language or ENGLISH) not in languages:
            left_out.languages[language or ENGLISH] += 1
        elif only and sentence.kind not in only:
            left_out.kinds[sentence.kind] += 1
        elif fewest and len(sentence.text.split()) < fewest:
            left_out.short += 1
        else:
            left_out.taken += 1
            yield sentence


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


def check_languages(codes: Iterable[str]) -> None:
    """Raise FramelensError for a code of a language that cannot be one, such as "english"."""
    for code in codes:
        if not _CODE.fullmatch(code):
            raise FramelensError(f"language {code!r}: expected two letters, such as {ENGLISH!r}")


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
