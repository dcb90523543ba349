"""Passages → sentences with their kinds and places in the document (`sentences_of`), and the choice of
those to classify by kind, length and language (`selected`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, pairwise
from operator import attrgetter
from typing import ClassVar

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
from framelens.preprocessing.language import foreign_language, sentence_language
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
    language = document_fields.get("language")
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
            fields, is_prose = document_fields, kind == "prose"
            if not is_note:
                is_first = follows >= Follows.NEW_PARAGRAPH
                names = kind == "names"
                place_fields = place.move(
                    sentence, opens=is_first, prose=is_prose, begins=opens, names=names
                )
                fields = {**document_fields, **place_fields}
            if is_prose and (other := sentence_language(sentence, language)) != language:
                fields = {**fields, "language": other} if other else _in_english(fields)
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


def _in_english(fields: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in fields.items() if name != "language"}


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
"""Most documents in other languages, and beside the codebook's subject, that are kept by name."""
MIN_SENTENCES = 10
"""Sentences of prose in a document from which it can be told to be beside the codebook's subject."""
BESIDE_SUBJECT = 0.3
"""Mean probability of being about the codebook's subject below which a document is beside it. Of real
texts on human rights hardly any ten sentences lie below it; of others most do, licences and manuals of
software do not."""


@dataclass(slots=True)
class LeftOut:
    """Counts of what was read and not classified.

    `kinds` counts sentences by kind, `short` those with too few words, `languages` those of documents in
    other languages, `furniture` lines that `main_text` dropped, and `taken` sentences that were
    classified. `documents` has the language of each document that is not all in English, left out or not, and
    `beside_subject` the mean probability of being about the codebook's subject of each that hardly is, both
    up to `MAX_DOCUMENTS`. If `kept` is a dict, sentences of other kinds and too short ones are put into it by
    document.
    """

    BESIDE: ClassVar[str] = (
        "hardly about the codebook's subject, so that frames are often wrong there"
    )

    taken: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    short: int = 0
    furniture: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    documents: dict[str, str] = field(default_factory=dict)
    beside_subject: dict[str, float] = field(default_factory=dict)
    kept: dict[str, list[Sentence]] | None = None
    # The document that was counted last, its sentences, and the sum of their probabilities.
    _last: tuple[str, int, float] = ("", 0, 0.0)

    def drop(self, lines: int) -> None:
        """Count lines of page furniture."""
        self.furniture += lines

    def count_about(self, sentence: Sentence, about: float | None) -> None:
        """Count towards its document how probably a sentence is about the codebook's subject; prose alone
        tells, for cells, names and menus are about nothing."""
        if about is None or sentence.kind != "prose":
            return
        document = sentence.passage.doc
        last, count, total = self._last
        count, total = (count + 1, total + about) if last == document else (1, about)
        self._last = document, count, total
        if count >= MIN_SENTENCES and len(self.beside_subject) < MAX_DOCUMENTS:
            self.beside_subject.pop(document, None)
            if total / count < BESIDE_SUBJECT:
                self.beside_subject[document] = total / count

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

    def beside_described(self) -> str:
        """The documents beside the codebook's subject in words, or nothing."""
        means = {name: f"{mean:.2f}" for name, mean in self.beside_subject.items()}
        return f"{self.BESIDE}: {_named(means)}" if means else ""

    def told(self) -> Iterator[str]:
        """Notes for the user, a line each: what was left out, and which documents are not in English or
        beside the codebook's subject."""
        if counts := self.described():
            yield counts
        if self.documents:
            yield f"not all in English: {_named(self.documents)}"
        if beside := self.beside_described():
            yield beside


def _named(documents: Mapping[str, str]) -> str:
    """The first five documents with what is said of each, and how many more there are."""
    named = ", ".join(f"{name} ({what})" for name, what in list(documents.items())[:5])
    return named + (f" and {len(documents) - 5:,} more" if len(documents) > 5 else "")


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
