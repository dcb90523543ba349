"""Passages → sentences, each with its place: number, kind, how it follows on the last, UN fields;
and which of them are classified, by kind, length and language (`foreign_language` tells it)."""

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

LABELS = 3
"""How many of the lines of a menu must be labels that nothing but their row gives away."""
ROW = 100
"""Headings in a row that are held back at most, until it is known whether they are a menu."""


def sentences_of(passages: Iterable[Passage], unit: Unit) -> Iterator[Sentence]:
    """The sentences of passages, in order and as they come.

    Passages of one document follow one another. `unit="sentence"` takes each passage as one
    sentence. Of footnotes only the document's own fields are told.
    """
    for _, document in groupby(passages, key=attrgetter("doc")):
        held: list[Sentence] = []
        for sentence in _sentences(document, unit):
            leads = sentence.kind not in ("heading", "menu")
            if held and (leads or len(held) == ROW):
                yield from _settled(held, leads=leads and len(held) < ROW)
                held = []
            if leads:
                yield sentence
            else:
                held.append(sentence)
        if held:
            yield from _settled(held, leads=False)


def _settled(held: Sequence[Sentence], *, leads: bool) -> Iterator[Sentence]:
    """Headings in a row: labels that are many are a menu, but for the last if it `leads` on to text.

    The only sentence of a document heads nothing, and is prose.
    """
    if not leads and len(held) == 1 and held[0].index == 0 and held[0].kind == "heading":
        yield replace(held[0], kind="prose")
        return
    labels = [at for at, sentence in enumerate(held) if _is_label(sentence)]
    furniture = sum(sentence.kind == "menu" for sentence in held)
    menu = set(labels if len(labels) >= LABELS and len(labels) + furniture >= MENU else ())
    if leads and labels:
        menu.discard(labels[-1])
    for at, sentence in enumerate(held):
        yield replace(sentence, kind="menu") if at in menu else sentence


def _is_label(sentence: Sentence) -> bool:
    known = sentence.passage.kind is not None or "symbol" in sentence.fields
    return sentence.kind == "heading" and not known and judge(sentence.text) is None


def _sentences(document: Iterator[Passage], unit: Unit) -> Iterator[Sentence]:
    index, place, kinds = 0, Place(), Kinds()
    # As many passages are drawn at first as a masthead may reach over.
    head, length = list[Passage](), 0
    for passage in document:
        head.append(passage)
        length += len(passage.text)
        if length >= LENGTH:
            break
    about = _about(head)
    for passage in chain(head, document):
        is_note = passage.meta.get("part") == FOOTNOTE
        hint = "note" if is_note else passage.kind
        text = passage.text
        spans = sentence_spans(text, unit)
        afters = [_follows(text, *pair) for pair in pairwise(spans)]
        afters.append(Follows.NEW_PARAGRAPH)
        follows = Follows.NOTE if is_note else Follows.NEW_PARAGRAPH
        for (start, end), after in zip(spans, afters, strict=False):
            sentence = text[start:end]
            opens = follows > Follows.SAME_LINE
            kind: Kind = "prose"
            if unit == "document" or hint is not None:
                kind = kinds.read(sentence, hint, opens=opens, alone=after > Follows.SAME_LINE)
            fields = about
            if not is_note:
                is_first, is_prose = follows >= Follows.NEW_PARAGRAPH, kind == "prose"
                place_fields = place.move(sentence, opens=is_first, prose=is_prose, begins=opens)
                fields = {**about, **place_fields}
            yield Sentence(passage, index, start, sentence, follows, fields, kind)
            follows = after
            index += 1


def _about(head: Sequence[Passage]) -> Mapping[str, str]:
    """What is known of a document from the passages that it begins with."""
    text = "\n".join([passage.text for passage in head])
    found = masthead(text)
    if language := foreign_language(text):
        found["language"] = language
    # Of plain text nothing else says when it is from.
    if not head[0].meta and "date" not in found and (day := printed_date(text.splitlines())):
        found["date"] = day
    return found


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


MOST_DOCUMENTS = 1_000
"""Documents in other languages that are kept by name."""


@dataclass(slots=True)
class LeftOut:
    """What was read and not classified, counted as it is passed over.

    `kinds` are sentences by their kind, `short` those with too few words, `languages` those of
    documents in other languages, by the language; `furniture` are lines of page furniture that
    `main_text` dropped before there were sentences. `taken` counts the sentences that were classified.
    `documents` are the documents found to be in another language than English, whether left out or
    not, with their language; of more than a thousand only the first. Where `kept` is not None, it
    gets the sentences of other kinds, and those too short, by their documents.
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
        """Keep a sentence that was left out, if that is wanted."""
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
        """What was read and not counted, and which documents are not in English, a line each."""
        if said := self.described():
            yield said
        if found := self.documents:
            named = ", ".join(f"{name} ({code})" for name, code in list(found.items())[:5])
            more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
            yield f"not in English: {named}{more}"


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
            left_out.keep(sentence)
        elif fewest and len(sentence.text.split()) < fewest:
            left_out.short += 1
            left_out.keep(sentence)
        else:
            left_out.taken += 1
            yield sentence


FEWEST = 200
"""Characters from which a text is judged by how many of its words are English's commonest."""
SAMPLE = 2_000
"""Characters that are looked at, each at the beginning, in the middle and at the end."""
SHORTEST = 35
"""Characters below which a text in Latin letters is too short to tell from names in English."""
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

    py3langid is asked (Lui & Baldwin 2012, langid.py), but only where no word gives English away, so
    that of English texts nobody waits for it to load. Its probability counts for little in short
    texts, and is shared out among languages that are alike, so that it needs a second witness: the
    commonest words of the language that it names, as spaCy lists them, or words in small letters
    that have an accent. Short texts need more, as English ones may hold foreign names and little
    else. Of a long text the beginning, middle and end are looked at: it is English unless more of
    them are in one other language than in English.
    """
    if len(text) <= SAMPLE:
        found = None if _is_plainly_english(text) else _language(text)
        return None if found == ENGLISH else found
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
    """Whether words of its own give a sample in English away, as they do nearly all."""
    if _is_in_other_letters(head):
        return False  # whatever it names in English
    lower = head.lower()
    # Most texts have one of the two, which are found in a tenth of the time.
    if len(head) < FEWEST and (" the " in lower or " and " in lower or _ENGLISH.search(lower)):
        return True
    # English has a space in six characters, and one word in three is among the commonest.
    first = lower[:1_000]
    return first.count(" the ") + first.count(" of ") + first.count(" and ") > len(first) / 120


def _is_in_other_letters(text: str) -> bool:
    """Whether most letters of a text are not Latin."""
    others = 0 if text.isascii() else len(_NOT_LATIN.findall(text))
    return others > 0 and others > FOREIGN * sum(map(len, _WORD.findall(text)))


def _language(head: str) -> str | None:
    """The language of a sample that is not plainly English; None where it cannot be told."""
    lower = head.lower()
    words = _WORD.findall(head)
    if not words:
        return None
    # What is said again and again would count as often.
    distinct = list(dict.fromkeys(words))
    is_foreign = _is_in_other_letters(head)
    if not is_foreign:
        if len(words) < FEWEST_WORDS or len(head.strip()) < SHORTEST:
            return None
        if len(_COMMON.findall(lower)) > COMMON * len(words):
            return ENGLISH
    asked = " ".join(dict.fromkeys(word.lower() for word in distinct))
    ranked = _identifier().rank(asked)
    if is_foreign:
        named = next(str(language) for language, _ in ranked if language != ENGLISH)
        return _ARABIC.get(named, named)
    language, probability = ranked[0]
    if language == ENGLISH:
        return ENGLISH
    if language == "la" or not _has_witness(distinct, language, probability):
        return None  # Terms of law in English texts are Latin.
    return str(language) if _is_running_text(head, words, language) else None


FEWEST_WORDS = 6
"""Words below which a text in Latin letters is too short to tell."""
RUNNING = 1 / 3
"""The share of words among a language's commonest from which a short text is in it."""
SMALL = 3 / 4
"""The share of words in small letters, after the first, from which a short text may be a sentence."""
_ARABIC = {"ary": "ar", "arz": "ar"}
"""What is spoken in Morocco and in Egypt is hardly told from what all write."""


def _is_running_text(text: str, words: Sequence[str], language: str) -> bool:
    """Whether a short text is no English one that holds names; always true of longer ones.

    It has a sentence's end, words in small letters or the common ones of its language as often as
    sentences do, and none of English's, which addresses that go on for longer have, too; and what it
    says besides names and those words is no more likely English.
    """
    common, lower = _stop_words(language), [word.lower() for word in words]
    if len(text) < 2 * FEWEST and not common.issuperset(_stop_words(ENGLISH) & set(lower)):
        return False
    own = sum(word in common for word in lower)
    ends = text.rstrip().endswith((".", "!", "?", "…"))
    if len(text) >= FEWEST or not (ends and own):
        return len(text) >= FEWEST
    small = [word for word in words if word[0].islower()]
    rest = " ".join(word for word in small if word not in common)
    if not rest or (len(small) < SMALL * (len(words) - 1) and own < RUNNING * len(words)):
        return False
    ranked = [code for code, _ in _identifier().rank(rest)]
    return ranked.index(language) < ranked.index(ENGLISH)


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
