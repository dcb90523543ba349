"""framelens, and what it is measured against, put to the same labelled sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import Floats, Model
from framelens.classification.stream import classify_sentences
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.paths import data_path
from framelens.core.settings import Mode, Settings
from framelens.core.types import Passage, SentenceFrames
from framelens.preprocessing.structure import sentences_of
from framelens.project.labelled import LabelledSentence, fingerprint, read_labelled
from framelens.project.project import Project
from framelens.statistics.metrics import Bools

SYSTEMS: dict[Mode, str] = {
    "hybrid": "framelens",
    "rules": "rules only",
    "model": "model only",
}

Guess = tuple[tuple[str, ...], str | None]
"""The labels that a system gives a sentence, and the primary one."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one system says of each sentence: labels and probabilities, sentences × frames, and
    primary frames. `chances` is None where a system gives no probabilities."""

    labels: Bools
    primary: tuple[str | None, ...]
    chances: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Labelled sentences and what every system says of them, by its name.

    The first system is the one under test, which `classifier` is, with the model in `model`;
    `source` is the file of the sentences, where they come from one, and `overlap` the number of
    them that the model was trained on.
    """

    sentences: tuple[LabelledSentence, ...]
    source: Path | None
    classifier: FrameClassifier
    model: Path | None
    answers: Mapping[str, Answers]
    overlap: int

    @property
    def scheme(self) -> Scheme:
        """The frames that there are."""
        return self.classifier.rules.scheme

    @property
    def system(self) -> str:
        """The name of the system under test."""
        return next(iter(self.answers))

    @property
    def gold(self) -> Bools:
        """The labels, sentences × frames."""
        return matrix([row.labels for row in self.sentences], self.scheme.names)


def put_to_test(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    modes: Sequence[Mode] = ("hybrid", "rules", "model"),
    baselines: bool = True,
    allow_overlap: bool = False,
) -> Trial:
    """Ask every system, by default about the shipped evaluation set.

    Raise FramelensError where the model was trained on some of the sentences, unless
    `allow_overlap`.
    """
    folders = Settings(model=str(model) if model else None, rules=str(rules) if rules else None)
    classifiers = {mode: Project.open(replace(folders, mode=mode)).classifier for mode in modes}
    first = classifiers[modes[0]]
    source = None
    if labelled is None or isinstance(labelled, (str, Path)):
        source = Path(labelled or data_path("corpus/evaluation.jsonl"))
        labelled = read_labelled(source, first.frames)
    overlap = _overlap(labelled, [found.model for found in classifiers.values()])
    if overlap and not allow_overlap:
        raise FramelensError(
            f"the model was trained on {overlap} of these {len(labelled)} sentences; figures on "
            "them mean nothing (--allow-overlap gives them all the same)"
        )
    answers = {
        SYSTEMS[mode]: _classified(labelled, classifier) for mode, classifier in classifiers.items()
    }
    if baselines:
        scheme = first.rules.scheme
        keywords = by_keywords([row.text for row in labelled], scheme)
        answers["keyword list"] = _guessed(keywords, scheme)
        answers["majority answer"] = _guessed(_by_majority(labelled), scheme)
    folder = Path(model or data_path("models/default")) if first.model else None
    return Trial(tuple(labelled), source, first, folder, answers, overlap)


def classify_all(
    labelled: Sequence[LabelledSentence], classifier: FrameClassifier, *, evidence: bool = False
) -> list[SentenceFrames]:
    """Each labelled sentence classified as one sentence."""
    passages = (Passage(str(at), row.text) for at, row in enumerate(labelled))
    sentences = sentences_of(passages, "sentence")
    found = classify_sentences(sentences, classifier, evidence=evidence)
    return [row.frames for row in found]


def by_keywords(texts: Sequence[str], scheme: Scheme) -> list[Guess]:
    """What a plain list of words says: a frame where one of its words stands, in lower case."""
    found = []
    for text in texts:
        lower = text.lower()
        places = {
            frame.name: min(at for word in frame.keywords if (at := lower.find(word)) >= 0)
            for frame in scheme
            if any(word in lower for word in frame.keywords)
        }
        found.append((tuple(places), min(places, key=places.__getitem__, default=None)))
    return found


def trained_on(model: Model) -> frozenset[str]:
    """The fingerprints of the sentences that a model was trained on."""
    return frozenset(model.meta.get("trained_on", ()))


def matrix(rows: Sequence[Sequence[str]], frames: Sequence[str]) -> Bools:
    """Labels as Booleans, sentences × frames."""
    return np.array([[frame in labels for frame in frames] for labels in rows], dtype=bool)


def _classified(labelled: Sequence[LabelledSentence], classifier: FrameClassifier) -> Answers:
    results = classify_all(labelled, classifier)
    return Answers(
        matrix([row.labels for row in results], classifier.frames),
        tuple(row.primary for row in results),
        np.array([[row.scores[frame] for frame in classifier.frames] for row in results]),
    )


def _guessed(guesses: Sequence[Guess], scheme: Scheme) -> Answers:
    labels = matrix([labels for labels, _ in guesses], scheme.names)
    return Answers(labels, tuple(primary for _, primary in guesses))


def _by_majority(labelled: Sequence[LabelledSentence]) -> list[Guess]:
    """The commonest set of labels with its commonest primary frame, given to every sentence."""
    answer, _ = Counter((row.labels, row.primary) for row in labelled).most_common(1)[0]
    return [answer] * len(labelled)


def _overlap(labelled: Sequence[LabelledSentence], models: Sequence[Model | None]) -> int:
    known = frozenset().union(*(trained_on(model) for model in models if model is not None))
    return sum(fingerprint(row.text) in known for row in labelled)
