"""framelens, and what it is measured against, put to the same labelled sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.model import Model
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import data_path, model_folder, rules_folder
from framelens.core.settings import Mode, Settings
from framelens.core.types import Bools, Floats, Passage, SentenceFrames
from framelens.preprocessing.structure import sentences_of
from framelens.project.label_forms import LabelForm
from framelens.project.labelled import LabelledSentence, check_exclusive, fingerprint, read_labelled
from framelens.project.project import Project
from framelens.project.rare import skipped_labels, without_labels
from framelens.rules.rule_files import read_rules

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
    primary frames. `probabilities` is None where a system gives none."""

    labels: Bools
    primary: tuple[str | None, ...]
    probabilities: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Labelled sentences and what every system says of them, by its name.

    The first system is the one under test, which `classifier` is, with the model in `model`;
    `source` is the file of the sentences, where they come from one, and `overlap` the number of them
    that the model was trained on; `form` says how files of labels are read. `left_out` are sentences
    of the file that have only labels which the model was trained without.
    """

    sentences: tuple[LabelledSentence, ...]
    source: Path | None
    classifier: FrameClassifier
    model: Path | None
    answers: Mapping[str, Answers]
    overlap: int
    form: LabelForm | None = None
    left_out: int = 0

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
        return matrix([sentence.labels for sentence in self.sentences], self.scheme.names)


def put_to_test(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    modes: Sequence[Mode] = ("hybrid", "rules", "model"),
    baselines: bool = True,
    allow_overlap: bool = False,
    form: LabelForm | None = None,
) -> Trial:
    """Ask every system, by default about the shipped evaluation set; `form` says how a file is read.

    Raise FramelensError where a mode is not one, there are no sentences or their labels are not
    frames of the scheme, and where the model was trained on some of them, unless `allow_overlap`.
    """
    _check_modes(modes)
    folders = Settings(model=str(model) if model else None, rules=str(rules) if rules else None)
    classifiers = {mode: Project.open(replace(folders, mode=mode)).classifier for mode in modes}
    first = classifiers[modes[0]]
    source, left_out = None, 0
    if labelled is None or isinstance(labelled, (str, Path)):
        source = Path(labelled or _shipped_set(first))
        skipped = skipped_labels(first.rules)
        whole = read_labelled(source, (*first.frames, *skipped), form)
        labelled = without_labels(whole, skipped)
        left_out = len(whole) - len(labelled)
    _check_labelled(labelled, first.frames)
    check_exclusive(labelled, first.rules.scheme)
    overlap = _overlap(labelled, [classifier.model for classifier in classifiers.values()])
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
        if any(frame.keywords for frame in scheme):
            keywords = by_keywords([sentence.text for sentence in labelled], scheme)
            answers["keyword list"] = _guessed(keywords, scheme)
        answers["majority answer"] = _guessed(_by_majority(labelled), scheme)
    folder = model_folder(model) if first.model else None
    return Trial(tuple(labelled), source, first, folder, answers, overlap, form, left_out)


def _shipped_set(classifier: FrameClassifier) -> Path:
    """The shipped evaluation set, which is labelled with the shipped frames."""
    if classifier.frames != read_rules(rules_folder(None, None)).scheme.names:
        raise FramelensError(
            "no labelled sentences given, and the shipped ones have other frames than "
            f"{', '.join(classifier.frames[:8])}; give a labelled file"
        )
    return data_path("corpus/evaluation.jsonl")


def classify_all(
    labelled: Sequence[LabelledSentence], classifier: FrameClassifier, *, evidence: bool = False
) -> list[SentenceFrames]:
    """Each labelled sentence classified as one sentence."""
    passages = (Passage(str(number), sentence.text) for number, sentence in enumerate(labelled))
    sentences = sentences_of(passages, "sentence")
    classified = classify_sentences(sentences, classifier, evidence=evidence)
    return [sentence.frames for sentence in classified]


def by_keywords(texts: Sequence[str], scheme: Scheme) -> list[Guess]:
    """What a plain list of words says: a frame where one of its words stands, in lower case; the
    frame whose word comes first is the primary one."""
    guesses: list[Guess] = []
    for text in texts:
        lower = text.lower()
        places = {
            frame.name: min(place for word in frame.keywords if (place := lower.find(word)) >= 0)
            for frame in scheme
            if any(word in lower for word in frame.keywords)
        }
        guesses.append((tuple(places), min(places, key=places.__getitem__, default=None)))
    return guesses


def trained_on(model: Model) -> frozenset[str]:
    """The fingerprints of the sentences that a model was trained on."""
    return frozenset(model.meta.get("trained_on", ()))


def matrix(labels: Sequence[Sequence[str]], frames: Sequence[str]) -> Bools:
    """The labels of each sentence as Booleans, sentences × frames."""
    return np.array([[frame in given for frame in frames] for given in labels], dtype=bool)


def _check_modes(modes: Sequence[Mode]) -> None:
    known = ", ".join(map(repr, SYSTEMS))
    if isinstance(modes, str) or not modes:
        raise FramelensError(f"modes is {modes!r}; expected a list of some of {known}")
    for mode in modes:
        if mode not in SYSTEMS:
            raise FramelensError(f"modes has {mode!r}; expected some of {known}")


def _check_labelled(labelled: Sequence[LabelledSentence], frames: Sequence[str]) -> None:
    if not labelled:
        raise FramelensError("no labelled sentences given; expected at least one")
    for number, sentence in enumerate(labelled, start=1):
        if not isinstance(sentence, LabelledSentence):
            kind = type(sentence).__name__
            raise FramelensError(f"labelled:{number}: {kind} given; expected a LabelledSentence")
        for label in sentence.labels:
            if label not in frames:
                raise at(
                    "labelled",
                    number,
                    f"unknown label {label!r}; expected one of {', '.join(frames)}",
                )
        if sentence.primary is not None and sentence.primary not in sentence.labels:
            raise at(
                "labelled",
                number,
                f"primary {sentence.primary!r} is not among the labels {list(sentence.labels)}",
            )


def _classified(labelled: Sequence[LabelledSentence], classifier: FrameClassifier) -> Answers:
    predicted = classify_all(labelled, classifier)
    return Answers(
        matrix([one.labels for one in predicted], classifier.frames),
        tuple(one.primary for one in predicted),
        np.array([[one.scores[frame] for frame in classifier.frames] for one in predicted]),
    )


def _guessed(guesses: Sequence[Guess], scheme: Scheme) -> Answers:
    labels = matrix([labels for labels, _ in guesses], scheme.names)
    return Answers(labels, tuple(primary for _, primary in guesses))


def _by_majority(labelled: Sequence[LabelledSentence]) -> list[Guess]:
    """The commonest set of labels with its commonest primary frame, given to every sentence."""
    answer, _ = Counter((sentence.labels, sentence.primary) for sentence in labelled).most_common(
        1
    )[0]
    return [answer] * len(labelled)


def _overlap(labelled: Sequence[LabelledSentence], models: Sequence[Model | None]) -> int:
    known = frozenset().union(*(trained_on(model) for model in models if model is not None))
    return sum(fingerprint(sentence.text) in known for sentence in labelled)
