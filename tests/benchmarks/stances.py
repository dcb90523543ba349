"""What stances cost: how many times as long it takes to label sentences and to say how each treats
its frames, as to label them alone; in memory, and as `classify --unit sentence --format jsonl` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import process_time
from typing import Annotated

import typer
from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.core.settings import Settings
from framelens.core.types import Classified, Detail, Passage
from framelens.preprocessing.structure import sentences_of
from framelens.project.project import Project
from framelens.writers.records import json_lines

from tests.benchmarks.recombined import recombined
from tests.benchmarks.timing import Job, in_turns, ratio

Work = Callable[[Sequence[str], FrameClassifier], int]

ALONE, WITH = "labels alone", "labels and stances"


def main(
    sentences: Annotated[int, typer.Option(help="How many a round.")] = 5000,
    rounds: Annotated[int, typer.Option(help="Rounds, each with other sentences.")] = 7,
) -> None:
    """Print the ratios, each of the fastest rounds, on sentences recombined from the corpus."""
    for called, work in (("labels and scores", label), ("with evidence, as lines", write)):
        print(f"{called}: {_cost(work, sentences, rounds):.3f} times as long")


def _cost(work: Work, sentences: int, rounds: int) -> float:
    project = Project.open(Settings(unit="sentence", evidence=False))
    classifier, finder = project.classifier, project.classifier.stances

    def ready(with_stances: bool, number: int) -> Job:
        # Of their own, for what one job has met the other would take from a cache.
        texts = list(recombined(sentences, seed=2 * number + with_stances))
        classifier.stances = finder if with_stances else None
        return partial(work, texts, classifier)

    makers = {ALONE: partial(ready, False), WITH: partial(ready, True)}
    times = in_turns(makers, rounds=rounds, clock=process_time)
    return ratio(times, WITH, ALONE)


def label(texts: Sequence[str], classifier: FrameClassifier) -> int:
    """Label texts as sentences; how many carry a frame."""
    return sum(bool(row.frames.labels) for row in _classified(texts, classifier, False))


def write(texts: Sequence[str], classifier: FrameClassifier) -> int:
    """Label texts as sentences, with evidence for the labels, as JSON lines; of how many characters."""
    rows = _classified(texts, classifier, "labels")
    return sum(map(len, json_lines(rows, unit="sentence")))


def _classified(
    texts: Sequence[str], classifier: FrameClassifier, evidence: Detail
) -> Iterator[Classified]:
    passages = (Passage(str(number), text) for number, text in enumerate(texts))
    return classify_sentences(sentences_of(passages, "sentence"), classifier, evidence=evidence)


if __name__ == "__main__":
    typer.run(main)
