"""Classified sentences, collected for a page: columns with one entry a sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from math import fsum, log
from typing import NamedTuple

from framelens.analysis.summary import OVER, check_known, fields_of
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
    StanceReason,
)
from framelens.preprocessing.structure import LeftOut
from framelens.report.corpus.evidence import Cause, Causes, Find

Values = list[str | None]


class Other(NamedTuple):
    """A heading or another text that is shown and not counted: the number of the document's sentence that
    it stands before (their count for the end), the name of its kind, and its text."""

    place: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document's name, the number of its first sentence on the page, and how many it has; `others`
    are its texts that are not counted, `title` is from its fields or its first heading."""

    name: str
    first: int
    sentences: int
    others: tuple[Other, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a page of documents, before figures are worked out.

    One entry a sentence: `texts`, `labels`, `primary`, `scores` (hundredths of log-odds, by frame),
    `follows`, `finds`, `stances` and their `reasons` (by frame), `starts`, `about` (how
    probably it is about the codebook's subject), and in `fields` the values of every field but the
    document. `digest` is the SHA-256 of the documents' names and sentences, whatever the files' form.
    """

    scheme: Scheme
    documents: tuple[Document, ...] = ()
    texts: list[str] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    primary: Values = field(default_factory=list)
    scores: list[list[int]] = field(default_factory=list)
    follows: list[Follows] = field(default_factory=list)
    finds: list[list[Find]] = field(default_factory=list)
    causes: tuple[Cause, ...] = ()
    fields: dict[str, Values] = field(default_factory=dict)
    stances: list[dict[str, str]] = field(default_factory=list)
    reasons: list[dict[str, tuple[StanceReason, ...]]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    about: list[float | None] = field(default_factory=list)
    digest: str = ""

    def values(self, name: str) -> Values:
        """The sentences' values of a field; raise FramelensError where there is no such field."""
        if name == DOCUMENT:
            return [entry.name for entry in self.documents for _ in range(entry.sentences)]
        check_known(name, [DOCUMENT, *self.fields], OVER)
        return self.fields[name]

    def texts_of(self, document: Document) -> list[str]:
        """A document's sentences."""
        return self.texts[document.first : document.first + document.sentences]


def collect(
    sentences: Iterable[Classified], scheme: Scheme, left_out: LeftOut | None = None
) -> Contents:
    """Collect sentences that were classified with all their evidence, and the texts of their documents
    that `left_out` has kept.

    Raise FramelensError where there is not a single one.
    """
    contents, causes = Contents(scheme), Causes(scheme.names)
    names: list[str] = []
    indices: list[int] = []
    fields: list[dict[str, str]] = []
    for row in sentences:
        names.append(row.sentence.doc)
        indices.append(row.sentence.index)
        fields.append(fields_of(row))
        contents.texts.append(row.frames.text)
        contents.labels.append(row.frames.labels)
        contents.primary.append(row.frames.primary)
        contents.scores.append(_scores(row.frames))
        contents.follows.append(row.sentence.follows)
        contents.finds.append(causes.finds(row.frames))
        contents.about.append(row.frames.about)
        contents.stances.append({frame: it.name for frame, it in row.frames.stances.items()})
        contents.reasons.append({frame: it.reasons for frame, it in row.frames.stances.items()})
        contents.starts.append(row.frames.start)
    if not names:
        raise FramelensError("no sentence in what was read; expected texts to report on")
    kept = (left_out.kept if left_out else None) or {}
    names_of_fields = dict.fromkeys(name for row in fields for name in row if name != DOCUMENT)
    return replace(
        contents,
        documents=tuple(
            replace(one, others=others, title=_title(fields[one.first], others))
            for one in _documents(names)
            for others in [_others(one, indices, kept.get(one.name, ()))]
        ),
        causes=causes.table(),
        fields={name: [row.get(name) for row in fields] for name in names_of_fields},
        digest=_digest(names, contents.texts),
    )


def _others(
    document: Document, indices: Sequence[int], kept: Sequence[Sentence]
) -> tuple[Other, ...]:
    places = indices[document.first : document.first + document.sentences]
    return tuple(Other(bisect_left(places, one.index), _named(one.kind), one.text) for one in kept)


def _title(fields: Mapping[str, str], others: Sequence[Other]) -> str | None:
    headings = (one.text for one in others if one.place == 0 and one.kind == _named("heading"))
    return fields.get("title") or fields.get("symbol") or next(headings, None)


def _named(kind: Kind) -> str:
    return "short sentence" if kind == "prose" else KIND_NAMES[kind][0]


def _scores(frames: SentenceFrames) -> list[int]:
    """The scores in hundredths of log-odds: sums of the evidence, which are finer than probabilities
    near 1, or from the probability where a file that was read lacks evidence."""
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
