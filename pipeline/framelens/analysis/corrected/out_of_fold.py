"""Predictions by models that have not seen the sentence: for samples that were trained on, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from framelens.classification.classifier import BLOCK, FrameClassifier, classify_sentences
from framelens.core.types import Classified

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folds:
    """Classifiers of which each was trained without the labelled sentences of one fold, and the fold
    of each of these sentences, by id."""

    classifiers: Sequence[FrameClassifier]
    of: Mapping[str, int]

    def predicted(
        self, rows: Iterable[Classified]
    ) -> Iterator[tuple[Classified, tuple[Labels, ...]]]:
        """The sentences, each with the labels that each classifier gives it."""
        rows = iter(rows)
        while block := list(islice(rows, BLOCK)):
            sentences = [row.sentence for row in block]
            found = [
                [
                    again.frames.labels
                    for again in classify_sentences(sentences, one, evidence=False)
                ]
                for one in self.classifiers
            ]
            yield from zip(block, zip(*found, strict=True), strict=True)
