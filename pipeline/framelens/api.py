"""The library: what `import framelens` offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from framelens.classification.classifier import FrameClassifier
from framelens.classification.modes import Mode
from framelens.classification.stream import classify_passages
from framelens.core.errors import FramelensError
from framelens.core.memory import uncollected
from framelens.core.types import Detail, Passage, SentenceFrames, Unit
from framelens.preprocessing.tokenizer import english_tokenizer


def open_classifier(
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    mode: Mode = "hybrid",
    thresholds: Mapping[str, float] | None = None,
) -> FrameClassifier:
    """Rules and model at work on blank English; the folders are by default the shipped ones."""
    tokenizer = english_tokenizer()
    with uncollected():
        return FrameClassifier.open(
            model=model,
            rules=rules,
            vocab=tokenizer.vocab,
            tokenizer=tokenizer,
            mode=mode,
            thresholds=thresholds,
        )


def classify(
    texts: Iterable[str],
    *,
    unit: Unit = "document",
    model: Path | str | None = None,
    rules: Path | str | None = None,
    mode: Mode = "hybrid",
    thresholds: Mapping[str, float] | None = None,
    evidence: Detail = True,
) -> Iterator[list[SentenceFrames]]:
    """Classify texts as they come: for each, the list of its sentences with their frames.

    Offsets are characters of the text. `unit="sentence"` takes each text as one sentence,
    unsplit; `evidence=False` leaves the evidence out and `evidence="labels"` gives that for and
    against the frames given, which is faster. Raise FramelensError where a folder is missing or
    damaged, before the first text is taken.
    """
    classifier = open_classifier(model=model, rules=rules, mode=mode, thresholds=thresholds)
    return _classify(texts, classifier, unit, evidence)


def _classify(
    texts: Iterable[str], classifier: FrameClassifier, unit: Unit, evidence: Detail
) -> Iterator[list[SentenceFrames]]:
    """Sentences are classified in blocks; what comes out is put together again by text."""
    taken = 0

    def passages() -> Iterator[Passage]:
        nonlocal taken
        for number, text in enumerate(texts):
            if not isinstance(text, str):
                raise FramelensError(f"text {number} is {type(text).__name__}; expected a string")
            taken = number + 1
            yield Passage(str(number), text)

    given = 0
    rows = classify_passages(passages(), classifier, unit=unit, evidence=evidence)
    for name, group in groupby(rows, key=lambda row: row.passage.doc):
        while given < int(name):
            yield []
            given += 1
        yield [row.frames for row in group]
        given += 1
    for _ in range(given, taken):
        yield []
