"""Predictions by models that have not seen the sentence: for samples that were trained on, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from framelens.classification.classifier import BLOCK, FrameClassifier, classify_sentences
from framelens.core.types import Classified
from framelens.project.labelled.sentence import fingerprint

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folds:
    """Classifiers of which each was trained without the sentences of one fold.

    `of` is the fold of each labelled sentence, by id; `seen` that of each sentence that the model was
    trained on, by fingerprint, and `documents` that of their documents. Where nobody said what it was
    trained on, there are no classifiers, and `seen` has None for each sentence; `own` is then the
    project's classifier, if it has not seen the sample.
    """

    classifiers: Sequence[FrameClassifier] = ()
    of: Mapping[str, int] = field(default_factory=dict)
    seen: Mapping[str, int | None] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    own: FrameClassifier | None = None

    def by_another(self, row: Classified) -> bool:
        """Whether a sentence, read from a file that framelens wrote, has other labels than `own` gives it."""
        if self.own is None:
            return False
        (again,) = classify_sentences([row.sentence], self.own, evidence=False)
        return {*again.frames.labels} != {*row.frames.labels} & {*self.own.frames}

    def all_know(self, row: Classified) -> bool:
        """Whether the model was trained on a sentence and no other one is there to predict it."""
        return self.seen.get(fingerprint(row.frames.text), 0) is None

    def without(self, row: Classified) -> int | None:
        """The number of the classifier that has seen neither a sentence nor its document; None where
        none has seen either."""
        of_document = self.documents.get(row.sentence.doc)
        return self.seen.get(fingerprint(row.frames.text), of_document)

    def predicted(
        self, rows: Iterable[Classified]
    ) -> Iterator[tuple[Classified, tuple[Labels, ...]]]:
        """The sentences, each with the labels that each classifier gives it."""
        rows = iter(rows)
        while block := list(islice(rows, BLOCK)):
            sentences = [row.sentence for row in block]
            again = [
                list(classify_sentences(sentences, one, evidence=False)) for one in self.classifiers
            ]
            for row, *predicted in zip(block, *again, strict=True):
                yield row, tuple(it.frames.labels for it in predicted)
