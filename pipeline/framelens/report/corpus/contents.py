"""Classified sentences, collected for a page: columns with one entry a sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import fsum, log
from typing import NamedTuple

from framelens.analysis.summary import check_known, fields_of
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import (
    DOCUMENT,
    KIND_NAMES,
    Classified,
    Follows,
    Kind,
    Sentence,
    SentenceFrames,
)
from framelens.preprocessing.structure import LeftOut
from framelens.report.corpus.evidence import Cause, Causes, Find

Values = list[str | None]


class Other(NamedTuple):
    """What is no sentence of the page: before which of its document's sentences it stands (from 0;
    their number for what stands at the end), what it is called, and its text."""

    place: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document's name, the number of its first sentence on the page, and how many it has; `others`
    are its headings and the like, which are shown and not counted."""

    name: str
    first: int
    sentences: int
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page of documents is about.

    One entry a sentence: `texts`, `labels`, `primary`, `scores` (hundredths of log-odds, by frame),
    `follows`, `finds`, `stances` (by frame), `about` (how
    probably it is about the codebook's subject), and in `fields` the values of every field but the
    document. `digest` is the SHA-256 of the documents' names and sentences, whatever the files' form.
    """

    scheme: Scheme
    documents: tuple[Document, ...]
    texts: list[str]
    labels: list[tuple[str, ...]]
    primary: Values
    scores: list[list[int]]
    follows: list[Follows]
    finds: list[list[Find]]
    causes: tuple[Cause, ...]
    fields: dict[str, Values]
    stances: list[dict[str, str]]
    about: list[float | None]
    digest: str

    def values(self, name: str) -> Values:
        """The sentences' values of a field; raise FramelensError where there is no such field."""
        if name == DOCUMENT:
            return [entry.name for entry in self.documents for _ in range(entry.sentences)]
        check_known(name, [DOCUMENT, *self.fields])
        return self.fields[name]

    def texts_of(self, document: Document) -> list[str]:
        """A document's sentences."""
        return self.texts[document.first : document.first + document.sentences]


def collect(
    sentences: Iterable[Classified], scheme: Scheme, left_out: LeftOut | None = None
) -> Contents:
    """Collect sentences that were classified with all their evidence, and what `left_out` has kept
    by then of their documents.

    Raise FramelensError where there is not a single one.
    """
    collector = _Collector(scheme)
    for sentence in sentences:
        collector.add(sentence)
    if not collector.texts:
        raise FramelensError("no sentence in what was read; expected texts to report on")
    return collector.contents((left_out.kept if left_out else None) or {})


@dataclass(slots=True)
class _Collector:
    scheme: Scheme
    causes: Causes = field(init=False)
    names: list[str] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    primary: Values = field(default_factory=list)
    scores: list[list[int]] = field(default_factory=list)
    follows: list[Follows] = field(default_factory=list)
    finds: list[list[Find]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    stances: list[dict[str, str]] = field(default_factory=list)
    about: list[float | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.causes = Causes(self.scheme.names)

    def add(self, classified: Classified) -> None:
        frames = classified.frames
        self.names.append(classified.sentence.doc)
        self.indices.append(classified.sentence.index)
        self.texts.append(frames.text)
        self.labels.append(frames.labels)
        self.primary.append(frames.primary)
        self.scores.append(_scores(frames))
        self.follows.append(classified.sentence.follows)
        self.finds.append(self.causes.finds(frames))
        self.fields.append(fields_of(classified))
        self.about.append(frames.about)
        self.stances.append({frame: row.name for frame, row in frames.stances.items()})

    def contents(self, kept: Mapping[str, Sequence[Sentence]]) -> Contents:
        names = dict.fromkeys(name for given in self.fields for name in given if name != DOCUMENT)
        return Contents(
            scheme=self.scheme,
            documents=tuple(
                replace(one, others=self._others(one, kept.get(one.name, ())))
                for one in _documents(self.names)
            ),
            texts=self.texts,
            labels=self.labels,
            primary=self.primary,
            scores=self.scores,
            follows=self.follows,
            finds=self.finds,
            causes=self.causes.table(),
            fields={name: [given.get(name) for given in self.fields] for name in names},
            stances=self.stances,
            about=self.about,
            digest=_digest(self.names, self.texts),
        )

    def _others(self, document: Document, kept: Sequence[Sentence]) -> tuple[Other, ...]:
        own = self.indices[document.first : document.first + document.sentences]
        return tuple(
            Other(bisect_left(own, one.index), _called(one.kind), one.text) for one in kept
        )


def _called(kind: Kind) -> str:
    return "short sentence" if kind == "prose" else KIND_NAMES[kind][0]


def _scores(frames: SentenceFrames) -> list[int]:
    """The scores as sums of what the evidence says, which is finer than a probability near 1; by
    the probability where a file that was read does not hold all of it."""
    if not frames.bias:
        nearly = 1e-6
        sure = (min(max(score, nearly), 1 - nearly) for score in frames.scores.values())
        return [round(100 * log(score / (1 - score))) for score in sure]
    summands: dict[str, list[float]] = {name: [frames.bias[name]] for name in frames.scores}
    for item in frames.evidence:
        summands[item.frame].append(item.weight)
    return [round(100 * fsum(weights)) for weights in summands.values()]


def _documents(names: Sequence[str]) -> tuple[Document, ...]:
    """The documents, given each sentence's: a new one begins where the name changes."""
    firsts = [at for at, name in enumerate(names) if at == 0 or name != names[at - 1]]
    ends = [*firsts[1:], len(names)]
    return tuple(Document(names[at], at, end - at) for at, end in zip(firsts, ends, strict=True))


def _digest(names: Sequence[str], texts: Sequence[str]) -> str:
    digest = sha256()
    for name, text in zip(names, texts, strict=True):
        digest.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
