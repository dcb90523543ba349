"""Texts in, classified sentences out, in order and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokenizer import Tokenizer

from framelens.classifier import FrameClassifier
from framelens.collecting import uncollected
from framelens.evidence import Tokens
from framelens.frames import Detail, SentenceFrames
from framelens.passages import Passage, Unit
from framelens.sentences import split
from framelens.tokenizing import tokenized
from framelens.vocabulary import bounded

BLOCK = 512
"""Sentences classified together: enough to spread numpy's overhead, few enough to stay small."""

BLOCK_TOKENS = 40_000
"""Tokens after which a block ends early: long sentences have evidence in proportion."""


Row = tuple[Passage, int, Tokens]
"""A sentence on its way, with its document and its number there."""


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
    rows = _sentences(passages, classifier.tokenizer, unit)
    while True:
        with bounded(classifier.tokenizer.vocab):
            found = _classify(_block(rows), classifier, evidence)
        if not found:
            return
        yield from found


def _block(rows: Iterator[Row]) -> list[Row]:
    """The next sentences that are to be classified together."""
    block: list[Row] = []
    held = 0
    with uncollected():
        for row in rows:
            block.append(row)
            held += len(row[2].doc)
            if len(block) >= BLOCK or held >= BLOCK_TOKENS:
                break
    return block


def _classify(rows: list[Row], classifier: FrameClassifier, evidence: Detail) -> list[Classified]:
    results = classifier.classify([tokens for _, _, tokens in rows], evidence=evidence)
    return [
        Classified(passage, index, frames)
        for (passage, index, _), frames in zip(rows, results, strict=True)
    ]


def _sentences(passages: Iterable[Passage], tokenizer: Tokenizer, unit: Unit) -> Iterator[Row]:
    doc, index = None, 0
    for passage in passages:
        index = index if passage.doc == doc else 0
        doc = passage.doc
        for start, end in spans(passage.text, unit):
            text = passage.text[start:end]
            yield passage, index, _tokens(text, tokenizer, passage.offset + start)
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
