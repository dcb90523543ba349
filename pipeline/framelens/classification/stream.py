"""Texts in, classified sentences out, in order and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokenizer import Tokenizer

from framelens.classification.classifier import FrameClassifier
from framelens.classification.evidence import Tokens
from framelens.core.memory import uncollected
from framelens.core.types import Detail, Passage, SentenceFrames, Unit
from framelens.preprocessing.sentences import split
from framelens.preprocessing.tokenizer import tokenized
from framelens.preprocessing.vocabulary import bounded

BLOCK = 512
"""Sentences classified together: enough to spread numpy's overhead, few enough to stay small."""

BLOCK_CHARACTERS = 60_000
"""Characters after which a block ends early: long sentences have evidence in proportion."""

Row = tuple[Passage, int, int, str]
"""A sentence on its way: its passage, its number in the document, where in the passage it begins,
and its text."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A sentence of a document, its number in it from 0, and its frames.

    `fields` is what was found of its place in the document, if it was looked for.
    """

    passage: Passage
    index: int
    frames: SentenceFrames
    fields: Mapping[str, str] | None = None


def classify_passages(
    passages: Iterable[Passage],
    classifier: FrameClassifier,
    *,
    unit: Unit = "document",
    evidence: Detail = True,
) -> Iterator[Classified]:
    """Classify passages sentence by sentence; `unit="sentence"` takes each as one sentence."""
    rows = _sentences(passages, unit)
    while block := _block(rows):
        # Passages are drawn before: whoever makes them may need what is put off here.
        with bounded(classifier.tokenizer.vocab), uncollected():
            found = _classify(block, classifier, evidence)
        yield from found


def _block(rows: Iterator[Row]) -> list[Row]:
    """The next sentences that are to be classified together."""
    block: list[Row] = []
    held = 0
    for row in rows:
        block.append(row)
        held += len(row[3])
        if len(block) >= BLOCK or held >= BLOCK_CHARACTERS:
            break
    return block


def _classify(block: list[Row], classifier: FrameClassifier, evidence: Detail) -> list[Classified]:
    sentences = [
        _tokens(text, classifier.tokenizer, passage.offset + start)
        for passage, _, start, text in block
    ]
    results = classifier.classify(sentences, evidence=evidence)
    return [
        Classified(passage, index, frames)
        for (passage, index, _, _), frames in zip(block, results, strict=True)
    ]


def _sentences(passages: Iterable[Passage], unit: Unit) -> Iterator[Row]:
    doc, index = None, 0
    for passage in passages:
        index = index if passage.doc == doc else 0
        doc = passage.doc
        for start, end in spans(passage.text, unit):
            yield passage, index, start, passage.text[start:end]
            index += 1


def _tokens(text: str, tokenizer: Tokenizer, offset: int) -> Tokens:
    doc = tokenized(text, tokenizer)
    return Tokens(doc, 0, len(doc), offset, written=text)


def spans(text: str, unit: Unit) -> list[tuple[int, int]]:
    """The sentences of a text by offsets; with `unit="sentence"` the whole of it, trimmed."""
    if unit == "document":
        return split(text)
    start = len(text) - len(text.lstrip())
    return [(start, len(text.rstrip()))] if text.strip() else []
