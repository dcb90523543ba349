"""Passages → sentences with their kinds and places in the document (`sentences_of`); the choice of those
to classify by kind, length and language (`selected`); and the language of a text (`foreign_language`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, groupby, pairwise
from operator import attrgetter
from pathlib import Path
from runpy import run_path
from typing import Any

from framelens.core.settings import ENGLISH, Settings
from framelens.core.types import (
    FOOTNOTE,
    KIND_NAMES,
    Follows,
    Kind,
    Passage,
    Sentence,
    Unit,
    counted,
)
from framelens.preprocessing.kinds import MENU, Kinds, judge
from framelens.preprocessing.printed_dates import printed_date
from framelens.preprocessing.sentences import BREAKS, Span, split
from framelens.preprocessing.un_documents import LENGTH, Place, masthead

MIN_LABELS = 3
"""Fewest lines of a menu that are labels, which only their number shows to be furniture."""
MAX_HELD = 100
"""Most headings in a row that are held back until it is known whether they are a menu."""


def sentences_of(passages: Iterable[Passage], unit: Unit) -> Iterator[Sentence]:
    """The sentences of passages, in order and as they come.

    The passages of a document come one after the other. With `unit="sentence"` each passage is one
    sentence. Sentences of footnotes have the fields of their document alone, not those of a place.
    """
    for _, document in groupby(passages, key=attrgetter("doc")):
        row: list[Sentence] = []
        for sentence in _sentences(document, unit):
            is_text = sentence.kind not in ("heading", "menu")
            if row and (is_text or len(row) == MAX_HELD):
                yield from _resolved(row, before_text=is_text and len(row) < MAX_HELD)
                row = []
            if is_text:
                yield sentence
            else:
                row.append(sentence)
        if row:
            yield from _resolved(row, before_text=False)


def _resolved(row: Sequence[Sentence], *, before_text: bool) -> Iterator[Sentence]:
    """Headings in a row with their final kinds: many labels are a menu, but the last label is a heading if
    the row stands `before_text`. A heading that is all of its document is prose.
    """
    if not before_text and len(row) == 1 and row[0].index == 0 and row[0].kind == "heading":
        yield replace(row[0], kind="prose")
        return
    labels = [at for at, sentence in enumerate(row) if _is_label(sentence)]
    furniture = sum(sentence.kind == "menu" for sentence in row)
    menu = set(labels if len(labels) >= MIN_LABELS and len(labels) + furniture >= MENU else ())
    if before_text and labels:
        menu.discard(labels[-1])
    for at, sentence in enumerate(row):
        yield replace(sentence, kind="menu") if at in menu else sentence


def _is_label(sentence: Sentence) -> bool:
    is_known = sentence.passage.kind is not None or "symbol" in sentence.fields
    return sentence.kind == "heading" and not is_known and judge(sentence.text) is None


def _sentences(document: Iterator[Passage], unit: Unit) -> Iterator[Sentence]:
    index, place, kinds = 0, Place(), Kinds()
    # First the passages that a masthead may be in: its fields are those of all sentences.
    head, length = list[Passage](), 0
    for passage in document:
        head.append(passage)
        length += len(passage.text)
        if length >= LENGTH:
            break
    document_fields = _document_fields(head)
    for passage in chain(head, document):
        is_note = passage.meta.get("part") == FOOTNOTE
        hint = "note" if is_note else passage.kind
        text = passage.text
        spans = sentence_spans(text, unit)
        next_follows = [_follows(text, *pair) for pair in pairwise(spans)]
        next_follows.append(Follows.NEW_PARAGRAPH)
        follows = Follows.NOTE if is_note else Follows.NEW_PARAGRAPH
        for (start, end), after in zip(spans, next_follows, strict=False):
            sentence = text[start:end]
            opens = follows > Follows.SAME_LINE
            kind: Kind = "prose"
            if unit == "document" or hint is not None:
                kind = kinds.read(sentence, hint, opens=opens, alone=after > Follows.SAME_LINE)
            fields = document_fields
            if not is_note:
                is_first, is_prose = follows >= Follows.NEW_PARAGRAPH, kind == "prose"
                place_fields = place.move(sentence, opens=is_first, prose=is_prose, begins=opens)
                fields = {**document_fields, **place_fields}
            yield Sentence(passage, index, start, sentence, follows, fields, kind)
            follows = after
            index += 1


def _document_fields(head: Sequence[Passage]) -> Mapping[str, str]:
    """The fields of a whole document (symbol, session, date, language), from its first passages."""
    text = "\n".join([passage.text for passage in head])
    fields = masthead(text)
    if language := foreign_language(text):
        fields["language"] = language
    # Plain text has no metadata with a date.
    if not head[0].meta and "date" not in fields and (date := printed_date(text.splitlines())):
        fields["date"] = date
    return fields


def sentence_spans(text: str, unit: Unit) -> list[Span]:
    """The sentences of a text by offsets; with `unit="sentence"` the whole of it, trimmed."""
    if unit == "document":
        return split(text)
    start = len(text) - len(text.lstrip())
    return [(start, len(text.rstrip()))] if text.strip() else []


def _follows(text: str, before: Span, span: Span) -> Follows:
    between = text[before[1] : span[0]]
    if between == " ":
        return Follows.SAME_LINE
    breaks = sum(between.replace("\r\n", "\n").count(char) for char in BREAKS)
    if breaks > 1:
        return Follows.NEW_PARAGRAPH
    # In text that is broken by width, a line may end with a sentence by chance.
    wrapped = breaks and ("\n" in text[slice(*before)] or "\n" in text[slice(*span)])
    return Follows.NEW_LINE if breaks and not wrapped else Follows.SAME_LINE


MAX_DOCUMENTS = 1_000
"""Most documents in other languages that are kept by name."""


@dataclass(slots=True)
class LeftOut:
    """Counts of what was read and not classified.

    `kinds` counts sentences by kind, `short` those with too few words, `languages` those of documents in
    other languages, `furniture` lines that `main_text` dropped, and `taken` sentences that were
    classified. `documents` has the language of each document that is not in English, left out or not, up
    to `MAX_DOCUMENTS`. If `kept` is a dict, sentences of other kinds and too short ones are put into it by
    document.
    """

    taken: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    short: int = 0
    furniture: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    documents: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[Sentence]] | None = None

    def drop(self, lines: int) -> None:
        """Count lines of page furniture."""
        self.furniture += lines

    def keep(self, sentence: Sentence) -> None:
        """Put a sentence into `kept`, if there is one."""
        if self.kept is not None:
            self.kept.setdefault(sentence.doc, []).append(sentence)

    @property
    def total(self) -> int:
        """How many sentences were left out, lines of furniture apart."""
        return self.kinds.total() + self.short + self.languages.total()

    def described(self) -> str:
        """The counts in words, the largest first: `30 of 120 sentences left out: 20 table, …`."""
        lines = f"{counted(self.furniture, 'line')} of page furniture" if self.furniture else ""
        if not self.total:
            return f"{lines} left out" if lines else ""
        parts = [counted(count, *KIND_NAMES[kind]) for kind, count in self.kinds.most_common()]
        parts += [f"{self.short:,} too short"] if self.short else []
        parts += [f"{count:,} in {name!r}" for name, count in self.languages.most_common()]
        whole = counted(self.total + self.taken, "sentence")
        return f"{self.total:,} of {whole} left out: {', '.join(parts)}" + (
            f"; and {lines}" if lines else ""
        )

    def told(self) -> Iterator[str]:
        """Notes for the user, a line each: what was left out, and which documents are not in English."""
        if counts := self.described():
            yield counts
        if documents := self.documents:
            named = ", ".join(f"{name} ({code})" for name, code in list(documents.items())[:5])
            more = f" and {len(documents) - 5:,} more" if len(documents) > 5 else ""
            yield f"not in English: {named}{more}"


def selected(
    sentences: Iterable[Sentence], settings: Settings, left_out: LeftOut
) -> Iterator[Sentence]:
    """The sentences that the settings ask for; the others are counted in `left_out`."""
    only, fewest, languages = frozenset(settings.only), settings.min_words, settings.languages
    for sentence in sentences:
        language = sentence.fields.get("language")
        if language is not None and len(left_out.documents) < MAX_DOCUMENTS:
            left_out.documents.setdefault(sentence.doc, language)
        if languages and (language or ENGLISH) not in languages:
            left_out.languages[language or ENGLISH] += 1
        elif only and sentence.kind not in only:
            left_out.kinds[sentence.kind] += 1
            left_out.keep(sentence)
        elif fewest and len(sentence.text.split()) < fewest:
            left_out.short += 1
            left_out.keep(sentence)
        else:
            left_out.taken += 1
            yield sentence


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
