"""The contents of a reliability report, before they become a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, Unpack

from framelens.classification.classifier import FrameClassifier
from framelens.core.version import versions
from framelens.evaluation.error_analysis import Mistake, mistakes
from framelens.evaluation.evaluate import Evaluation, measure
from framelens.evaluation.groups import usual_fields
from framelens.evaluation.rule_statistics import RuleStatistics, rule_statistics
from framelens.evaluation.trial import SYSTEMS, TrialOptions, put_to_test
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.adjudication import coder_names
from framelens.project.labelled.sentence import LabelledSentence, digest
from framelens.rules.rule_files import RuleSet
from framelens.statistics.bootstrap import checked_seed
from framelens.statistics.calibration import PrecisionRecall, precision_recall
from framelens.statistics.confusion import Confusion, confusion

MOST_MISTAKES = 1000
"""Mistakes listed one by one; a page with more of them is slow to open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Rules and model at work, with SHA-256 digests and versions.

    `model_digest`, `trained_on` (sentences) and `training_digest` are None without a model; `bias`
    (log-odds) and `thresholds` (probabilities) are by frame, `made_with` the versions the model was
    trained with.
    """

    system: str
    rules: int
    rules_digest: str
    model_digest: str | None
    trained_on: int | None
    training_digest: str | None
    made_with: Mapping[str, str]
    versions: Mapping[str, str]
    bias: Mapping[str, float]
    thresholds: Mapping[str, float]

    @classmethod
    def of(cls, classifier: FrameClassifier, **more: Any) -> Self:
        """The origin of a classifier's decisions."""
        meta = classifier.model.meta if classifier.model else {}
        frames = classifier.frames
        return cls(
            system=SYSTEMS[classifier.mode],
            rules=len(classifier.rules.rules),
            rules_digest=classifier.rules.digest,
            model_digest=classifier.model.digest if classifier.model else None,
            trained_on=meta.get("corpus_sentences"),
            training_digest=meta.get("corpus_digest"),
            made_with=meta.get("made_with", {}),
            versions=versions(),
            bias=dict(zip(frames, classifier.weights.bias.tolist(), strict=True)),
            thresholds=dict(zip(frames, classifier.thresholds.tolist(), strict=True)),
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance(Origin):
    """What was measured, with what: names of files, SHA-256 digests, the seed.

    `labels_digest` is that of texts and labels whatever the file's form, `file_digest` that of the
    file.
    """

    data: str | None
    file_digest: str | None
    labels_digest: str
    coders: Mapping[str, str]
    seed: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """A reliability report's contents.

    `mistakes` are the surest of `mistaken`, and `provenance` names the system under test.
    """

    rules: RuleSet
    evaluation: Evaluation
    curves: tuple[PrecisionRecall, ...]
    confusion: Confusion
    rule_statistics: tuple[RuleStatistics, ...]
    mistakes: tuple[Mistake, ...]
    mistaken: int
    provenance: Provenance

    def __repr__(self) -> str:
        return repr(self.evaluation)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.evaluation._repr_html_()


def assess(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    by: Sequence[str] = (),
    coders: Sequence[Path] = (),
    seed: int = 0,
    **options: Unpack[TrialOptions],
) -> Assessment:
    """Measure framelens as `evaluate` does, and collect what a report shows in addition.

    Figures are given by the fields in `by`, or by genre where the sentences have it. Raise
    FramelensError as `evaluate` does.
    """
    checked_seed(seed)
    trial = put_to_test(labelled, **options)
    by = tuple(by) or usual_fields(trial.sentences)
    answers, classifier, gold = trial.answers[trial.system], trial.classifier, trial.gold
    frames, thresholds = trial.scheme.names, classifier.thresholds.tolist()
    probabilities, source = answers.probabilities, trial.source
    if probabilities is None:
        probabilities = answers.labels.astype(float)
    return Assessment(
        rules=classifier.rules,
        evaluation=measure(trial, by=by, coders=coders, seed=seed),
        curves=precision_recall(frames, gold, probabilities, thresholds),
        confusion=confusion(frames, gold, answers.labels),
        rule_statistics=(
            tuple(rule_statistics(classifier.rules, trial.sentences, english_tokenizer()))
            if classifier.matcher is not None
            else ()
        ),
        mistakes=tuple(mistakes(trial, by=by, most=MOST_MISTAKES)),
        mistaken=int((gold != answers.labels).any(axis=1).sum()),
        provenance=Provenance.of(
            classifier,
            data=source.name if source else None,
            file_digest=_file_digest(source) if source else None,
            labels_digest=digest(trial.sentences),
            coders={name: _file_digest(path) for name, path in coder_names(coders).items()},
            seed=seed,
        ),
    )


def _file_digest(path: Path) -> str:
    """The digest of a file; nothing for a pipe, which has been read."""
    if not path.is_file():
        return ""
    return sha256(path.read_bytes()).hexdigest()
