"""Classified sentences, collected for a page: columns, a row a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import fsum

from framelens.analysis.summary import DOCUMENT, fields_of
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, SentenceFrames
from framelens.report.corpus.finds import Cause, Causes, Find

Values = list[str | None]


@dataclass(frozen=True, slots=True)
class Document:
    """A document's name, its first sentence, and how many it has."""

    name: str
    first: int
    sentences: int

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + self.sentences)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page of documents is about.

    A row a sentence: `texts`, `labels`, `primary`, `scores` (hundredths of log-odds, by frame),
    `breaks`, `finds`, and the values of every field but the document. `digest` is that of the
    documents' names and sentences, whatever the files' form.
    """

    scheme: Scheme
    documents: tuple[Document, ...]
    texts: list[str]
    labels: list[tuple[str, ...]]
    primary: Values
    scores: list[list[int]]
    breaks: list[int]
    finds: list[list[Find]]
    causes: tuple[Cause, ...]
    fields: dict[str, Values]
    digest: str

    def values(self, name: str) -> Values:
        """The sentences' values of a field; raise FramelensError where there is no such field."""
        if name == DOCUMENT:
            return [entry.name for entry in self.documents for _ in range(entry.sentences)]
        if name not in self.fields:
            known = ", ".join(sorted([DOCUMENT, *self.fields]))
            raise FramelensError(f"no sentence has the field {name!r}; there are: {known}")
        return self.fields[name]

    def of(self, document: Document) -> list[str]:
        """A document's sentences."""
        return self.texts[document.rows]


def collect(rows: Iterable[Classified], scheme: Scheme) -> Contents:
    """Collect sentences that were classified with all their evidence.

    Raise FramelensError where there is not a single one.
    """
    found = _Collector(scheme)
    for row in rows:
        found.add(row)
    if not found.texts:
        raise FramelensError("no sentence in what was read; expected texts to report on")
    return found.contents()


@dataclass(slots=True)
class _Collector:
    scheme: Scheme
    causes: Causes = field(init=False)
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    primary: Values = field(default_factory=list)
    scores: list[list[int]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    finds: list[list[Find]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.causes = Causes(self.scheme.names)

    def add(self, row: Classified) -> None:
        found = row.frames
        self.names.append(row.sentence.doc)
        self.texts.append(found.text)
        self.labels.append(found.labels)
        self.primary.append(found.primary)
        self.scores.append(_scores(found))
        self.breaks.append(row.sentence.follows)
        self.finds.append(self.causes.finds(found))
        self.fields.append(fields_of(row))

    def contents(self) -> Contents:
        fields = dict.fromkeys(name for row in self.fields for name in row if name != DOCUMENT)
        return Contents(
            scheme=self.scheme,
            documents=_documents(self.names),
            texts=self.texts,
            labels=self.labels,
            primary=self.primary,
            scores=self.scores,
            breaks=self.breaks,
            finds=self.finds,
            causes=self.causes.table(),
            fields={name: [row.get(name) for row in self.fields] for name in fields},
            digest=_digest(self.names, self.texts),
        )


def _scores(found: SentenceFrames) -> list[int]:
    """The scores as sums of what the evidence says, which is finer than a probability near 1."""
    parts: dict[str, list[float]] = {name: [found.bias[name]] for name in found.scores}
    for row in found.evidence:
        parts[row.frame].append(row.weight)
    return [round(100 * fsum(part)) for part in parts.values()]


def _documents(names: Sequence[str]) -> tuple[Document, ...]:
    firsts = [at for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
    ends = [*firsts[1:], len(names)]
    return tuple(Document(names[at], at, end - at) for at, end in zip(firsts, ends, strict=True))


def _digest(names: Sequence[str], texts: Sequence[str]) -> str:
    made = sha256()
    for name, text in zip(names, texts, strict=True):
        made.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
    return made.hexdigest()
