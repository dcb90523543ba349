"""Labelled sentences → figures, for framelens and for what it is measured against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from framelens.api import open_classifier
from framelens.classifier import FrameClassifier
from framelens.corpus import LabelledSentence, fingerprint, read_labelled
from framelens.errors import FramelensError
from framelens.frames import Scheme, SentenceFrames
from framelens.metrics import Bools, Figures, figures
from framelens.model import Model
from framelens.resources import data_path
from framelens.passages import Passage
from framelens.stream import classify_passages
from framelens.weighing import Mode

FEWEST_DOCUMENTS = 10
"""Documents below which intervals are drawn over sentences, not over documents."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by system, framelens first, and what they were measured on."""

    sentences: int
    overlap: int
    resampled: str
    systems: Mapping[str, Figures]


def evaluate(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    modes: Sequence[Mode] = ("hybrid", "rules", "model"),
    baselines: bool = True,
    allow_overlap: bool = False,
    seed: int = 0,
) -> Evaluation:
    """Measure framelens on labelled sentences, by default the shipped evaluation set.

    Raise FramelensError where the model was trained on some of them, unless `allow_overlap`.
    """
    classifiers = {mode: open_classifier(model=model, rules=rules, mode=mode) for mode in modes}
    scheme = next(iter(classifiers.values())).rules.scheme
    if labelled is None or isinstance(labelled, (str, Path)):
        labelled = read_labelled(Path(labelled or data_path("corpus/evaluation.jsonl")), scheme.names)
    overlap = _overlap(labelled, model, modes)
    if overlap and not allow_overlap:
        raise FramelensError(
            f"the model was trained on {overlap} of these {len(labelled)} sentences; figures on "
            "them mean nothing (--allow-overlap gives them all the same)"
        )
    guesses = {
        _SYSTEMS[mode]: _labelled_by(classify_all(labelled, classifier))
        for mode, classifier in classifiers.items()
    }
    if baselines:
        guesses |= {
            "keyword list": by_keywords([row.text for row in labelled], scheme),
            "majority answer": _by_majority(labelled),
        }
    return _measured(labelled, scheme, guesses, overlap, seed)


_SYSTEMS: dict[Mode, str] = {
    "hybrid": "framelens",
    "rules": "rules only",
    "model": "model only",
}

Guess = tuple[tuple[str, ...], str | None]
"""The labels that a system gives a sentence, and the primary one."""


def classify_all(
    labelled: Sequence[LabelledSentence], classifier: FrameClassifier
) -> list[SentenceFrames]:
    """Each labelled sentence classified as one sentence, without its evidence."""
    passages = (Passage(str(at), row.text) for at, row in enumerate(labelled))
    found = classify_passages(passages, classifier, unit="sentence", evidence=False)
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


def _labelled_by(results: Sequence[SentenceFrames]) -> list[Guess]:
    return [(row.labels, row.primary) for row in results]


def _by_majority(labelled: Sequence[LabelledSentence]) -> list[Guess]:
    """The commonest set of labels with its commonest primary frame, given to every sentence."""
    answer, _ = Counter((row.labels, row.primary) for row in labelled).most_common(1)[0]
    return [answer] * len(labelled)


def _overlap(
    labelled: Sequence[LabelledSentence], model: Path | str | None, modes: Sequence[Mode]
) -> int:
    if all(mode == "rules" for mode in modes):
        return 0
    known = trained_on(Model.load(model or data_path("models/default")))
    return sum(fingerprint(row.text) in known for row in labelled)


def trained_on(model: Model) -> frozenset[str]:
    """The fingerprints of the sentences that a model was trained on."""
    return frozenset(model.meta.get("trained_on", ()))


def matrix(rows: Sequence[Sequence[str]], frames: Sequence[str]) -> Bools:
    """Labels as Booleans, sentences × frames."""
    return np.array([[frame in labels for frame in frames] for labels in rows], dtype=bool)


def _measured(
    labelled: Sequence[LabelledSentence],
    scheme: Scheme,
    guesses: Mapping[str, Sequence[Guess]],
    overlap: int,
    seed: int,
) -> Evaluation:
    documents = [row.document or row.id for row in labelled]
    by_document = len({row.document for row in labelled} - {None}) >= FEWEST_DOCUMENTS
    gold = matrix([row.labels for row in labelled], scheme.names)
    systems = {
        name: figures(
            scheme.names,
            gold,
            matrix([labels for labels, _ in guess], scheme.names),
            gold_primary=[row.primary for row in labelled],
            guess_primary=[primary for _, primary in guess],
            groups=documents if by_document else None,
            seed=seed,
        )
        for name, guess in guesses.items()
    }
    unit = "documents" if by_document else "sentences"
    return Evaluation(len(labelled), overlap, unit, systems)
