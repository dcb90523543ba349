"""The labelled sentences that systems are tested on, none of which they were trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.files import data_path
from framelens.core.types import Bools
from framelens.evaluation.groups import documents_of
from framelens.evaluation.trial import matrix
from framelens.project.labelled.reading import read_labelled
from framelens.project.labelled.sentence import LabelledSentence, fingerprint
from framelens.statistics.bootstrap import Interval
from framelens.statistics.metrics import Figures, figures, macro_f1_lead

RANDOM = "random"
"""What the field `pick` says of a sentence that was drawn by chance."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled sentences of one file: all of them, or those that were picked in one way."""

    name: str
    sentences: tuple[LabelledSentence, ...]
    frames: tuple[str, ...]
    whole: bool

    @property
    def title(self) -> str:
        return f"{self.name} ({len(self.sentences)})"

    @property
    def texts(self) -> list[str]:
        return [row.text for row in self.sentences]

    @property
    def gold(self) -> Bools:
        """The labels, sentences × frames."""
        return matrix([row.labels for row in self.sentences], self.frames)

    def figures(self, guess: Bools) -> Figures:
        """The figures of some labels, intervals drawn as `framelens evaluate` draws them."""
        groups = documents_of(self.sentences)
        return figures(self.frames, self.gold, guess, groups=groups)

    def lead(self, one: Bools, other: Bools) -> Interval:
        """By how much the macro F1 of some labels is above that of others."""
        return macro_f1_lead(self.gold, one, other, groups=documents_of(self.sentences))


def training_sentences(frames: Sequence[str]) -> list[LabelledSentence]:
    """The sentences that every system is trained on."""
    return read_labelled(data_path("corpus/training.jsonl"), frames)


def read_samples(
    paths: Sequence[Path], frames: tuple[str, ...], training: Sequence[LabelledSentence]
) -> list[Sample]:
    """The evaluation set and other files; where sentences say how they were picked, those drawn by
    chance are samples of their own, and so are the others.

    Raise FramelensError where a sentence is among those of training.
    """
    known = {fingerprint(row.text) for row in training}
    found = []
    for path in (data_path("corpus/evaluation.jsonl"), *paths):
        rows = tuple(read_labelled(path, frames))
        if seen := sum(fingerprint(row.text) in known for row in rows):
            raise FramelensError(f"{path}: {seen} of its sentences are in the training corpus")
        found += [Sample(path.stem, rows, frames, True), *_by_pick(path.stem, rows, frames)]
    return found


def _by_pick(
    name: str, rows: Sequence[LabelledSentence], frames: tuple[str, ...]
) -> Iterator[Sample]:
    drawn = tuple(row for row in rows if row.meta.get("pick") == RANDOM)
    rest = tuple(row for row in rows if row.meta.get("pick") != RANDOM)
    if drawn and rest:
        yield Sample(f"{name}, random picks", drawn, frames, False)
        yield Sample(f"{name}, other picks", rest, frames, False)
