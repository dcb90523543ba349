"""A trial: framelens and the systems it is measured against label the same sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.model import Model
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.files import data_path, rules_folder
from framelens.core.settings import Mode, Settings
from framelens.core.types import Bools, Floats, Passage, SentenceFrames, counted
from framelens.preprocessing.structure import sentences_of
from framelens.project.folds import any_alike
from framelens.project.labelled.consistency import (
    check_exclusive,
    conflicts,
    drawn_unevenly,
    repeats,
)
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import Note, read_labelled
from framelens.project.labelled.sentence import LabelledSentence, check_given, fingerprint
from framelens.project.project import Project
from framelens.project.rare import skipped_labels, without_labels
from framelens.rules.rule_files import read_rules

SYSTEMS: dict[Mode, str] = {"hybrid": "framelens", "rules": "rules only", "model": "model only"}
"""The names of framelens's own systems in figures, by mode."""

Guess = tuple[tuple[str, ...], str | None]
"""The labels that a system gives a sentence, and the primary one."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One system's labels and probabilities, sentences × frames, and its primary frames.
    `probabilities` is None where a system gives none."""

    labels: Bools
    primary: tuple[str | None, ...]
    probabilities: Floats | None = None


Rivals = Callable[[Sequence[str]], Mapping[str, Bools]]
"""Takes texts; gives the labels of other learners by their names, sentences × frames."""


class TrialOptions(TypedDict, total=False):
    """The options of a trial.

    `model` and `rules` are folders, `modes` those of framelens to test (by default all), `baselines`
    says whether other systems are tested, too. `form` says how a file is read, and `note` takes
    messages on it. A model that was trained on some of the sentences is refused, unless
    `allow_overlap`, or `leave_out_overlap`, which leaves these sentences out, and near-duplicates of
    those in `trained_on`, from which the model learned. `rivals` learned from the same sentences.
    """

    model: Path | str | None
    rules: Path | str | None
    modes: Sequence[Mode]
    baselines: bool
    allow_overlap: bool
    leave_out_overlap: bool
    trained_on: Sequence[LabelledSentence]
    rivals: Rivals | None
    form: LabelForm | None
    note: Note


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many labelled sentences a model was trained on (`same`), how many more are near-duplicates of
    such (`alike`, None if not looked for), and whether all of them were `left_out`."""

    same: int = 0
    alike: int | None = None
    left_out: bool = False

    @property
    def described(self) -> str:
        """A message on the sentences that were left out, or nothing."""
        if not self.left_out:
            return ""
        near = f" and {self.alike or 0:,} near-duplicates of such" if self.alike is not None else ""
        return f"{counted(self.same, 'sentence')} left out that the model was trained on{near}"


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Labelled sentences and the answers of every system, by its name.

    The first system, `classifier`, is the one under test. `source` is the file of the sentences, if
    they come from one, `overlap` says how many of them the model was trained on, and `form` how files
    of labels are read, of which `note` takes messages. `left_out` sentences of the file have only labels
    that the model was trained without.
    """

    sentences: tuple[LabelledSentence, ...]
    source: Path | None
    classifier: FrameClassifier
    answers: Mapping[str, Answers]
    overlap: Overlap = Overlap()
    form: LabelForm | None = None
    left_out: int = 0
    note: Note = lambda _: None

    @property
    def scheme(self) -> Scheme:
        """The codebook's scheme of frames."""
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
    labelled: Path | str | Sequence[LabelledSentence] | None = None, **options: Unpack[TrialOptions]
) -> Trial:
    """Have every system label the sentences, by default the shipped evaluation set.

    Raise FramelensError where a mode is not one, there are no sentences or their labels are not
    frames of the scheme, and where the model was trained on some of them.
    """
    modes = options.get("modes", tuple(SYSTEMS))
    note: Note = options.get("note") or (lambda _: None)
    _check_modes(modes)
    model, rules = options.get("model"), options.get("rules")
    folders = Settings(model=str(model) if model else None, rules=str(rules) if rules else None)
    classifiers = {mode: Project.open(replace(folders, mode=mode)).classifier for mode in modes}
    first, form = classifiers[modes[0]], options.get("form")
    sentences, source, left_out = _sentences_of(labelled, first, form, note)
    check_given(sentences, first.frames)
    if message := conflicts(sentences):
        note(f"{message}; no system can be right on all of them")
    if message := repeats(sentences):
        note(f"{message}: it counts again, and makes intervals narrower than they should be")
    if message := drawn_unevenly(sentences):
        note(f"{message}: figures are of this sample, not of the texts that it was drawn from")
    check_exclusive(sentences, first.rules.scheme)
    models = [classifier.model for classifier in classifiers.values()]
    sentences, overlap = _without_overlap(sentences, models, options)
    return Trial(
        tuple(sentences),
        source,
        first,
        answers_of(
            sentences,
            classifiers,
            baselines=options.get("baselines", True),
            rivals=options.get("rivals"),
        ),
        overlap,
        form,
        left_out,
        note,
    )


def _sentences_of(
    labelled: Path | str | Sequence[LabelledSentence] | None,
    classifier: FrameClassifier,
    form: LabelForm | None,
    note: Note,
) -> tuple[Sequence[LabelledSentence], Path | None, int]:
    """The sentences, their file, and how many of the file are left out, as they have only labels that
    the model was trained without."""
    if not (labelled is None or isinstance(labelled, (str, Path))):
        return labelled, None, 0
    source = Path(labelled or shipped_set(classifier.frames))
    skipped = skipped_labels(classifier.rules)
    whole = read_labelled(source, (*classifier.frames, *skipped), form, note=note)
    kept = without_labels(whole, skipped)
    return kept, source, len(whole) - len(kept)


def _without_overlap(
    sentences: Sequence[LabelledSentence], models: Sequence[Model | None], options: TrialOptions
) -> tuple[Sequence[LabelledSentence], Overlap]:
    """The sentences to test on, and their overlap with the models' training; raise FramelensError where
    there is some and no option allows it, or no sentence is left."""
    known = frozenset().union(*(trained_on(model) for model in models if model is not None))
    if not options.get("leave_out_overlap"):
        count = sum(fingerprint(row.text) in known for row in sentences)
        if count and not options.get("allow_overlap"):
            raise FramelensError(
                f"the model was trained on {count:,} of {counted(len(sentences), 'sentence')}; figures on "
                "them mean nothing (--leave-out-overlap measures on the others, --allow-overlap on "
                "all of them)"
            )
        return sentences, Overlap(count)
    kept, overlap = not_seen(sentences, known, options.get("trained_on", ()))
    if not kept:
        raise FramelensError(
            f"the model was trained on all of these {len(sentences)} sentences, or on near-duplicates "
            "of them; expected some that it has not seen"
        )
    return kept, overlap


def not_seen(
    sentences: Sequence[LabelledSentence],
    known: Container[str],
    learned: Sequence[LabelledSentence],
) -> tuple[list[LabelledSentence], Overlap]:
    """The sentences whose fingerprints are not `known` and that are no near-duplicates of those in
    `learned`; and how many others there are."""
    same = np.array([fingerprint(row.text) in known for row in sentences], dtype=bool)
    alike = np.zeros(len(sentences), dtype=bool)
    if learned:
        texts = [row.text for row in learned]
        alike = any_alike([row.text for row in sentences], texts) & ~same
    kept = [row for row, out in zip(sentences, same | alike, strict=True) if not out]
    near = int(alike.sum()) if learned else None
    return kept, Overlap(int(same.sum()), near, left_out=True)


def answers_of(
    sentences: Sequence[LabelledSentence],
    classifiers: Mapping[Mode, FrameClassifier],
    *,
    baselines: bool = True,
    rivals: Rivals | None = None,
) -> dict[str, Answers]:
    """The answers of each system, by its name."""
    answers = {
        SYSTEMS[mode]: _classified(sentences, classifier)
        for mode, classifier in classifiers.items()
    }
    if baselines:
        scheme = next(iter(classifiers.values())).rules.scheme
        if any(frame.keywords for frame in scheme):
            keywords = by_keywords([sentence.text for sentence in sentences], scheme)
            answers["keyword list"] = _guessed(keywords, scheme)
        # The commonest set of labels with its commonest primary frame, given to every sentence.
        commonest = Counter((row.labels, row.primary) for row in sentences).most_common(1)[0][0]
        answers["majority answer"] = _guessed([commonest] * len(sentences), scheme)
        if rivals is not None:
            unnamed = (None,) * len(sentences)
            for name, labels in rivals([sentence.text for sentence in sentences]).items():
                answers[name] = Answers(labels, unnamed)
    return answers


def shipped_set(frames: tuple[str, ...]) -> Path:
    """The shipped evaluation set; raise FramelensError where frames are not those of its labels."""
    if frames != read_rules(rules_folder(None, None)).scheme.names:
        raise FramelensError(
            "no labelled sentences given, and the shipped ones have other frames than "
            f"{', '.join(frames[:8])}; give a labelled file"
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
    """The guesses of a plain list of words: a frame where one of its words stands, in any case of
    letters; the frame whose word comes first is the primary one."""
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
    rows = [[frame in row for frame in frames] for row in labels]
    return np.array(rows, dtype=bool).reshape(len(rows), len(frames))


def _check_modes(modes: Sequence[Mode]) -> None:
    known = ", ".join(map(repr, SYSTEMS))
    if isinstance(modes, str) or not modes:
        raise FramelensError(f"modes is {modes!r}; expected a list of some of {known}")
    for mode in modes:
        if mode not in SYSTEMS:
            raise FramelensError(f"modes has {mode!r}; expected some of {known}")


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
