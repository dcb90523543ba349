"""Labelled sentences → figures, for framelens and for the systems it is measured against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

import numpy as np

from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular
from framelens.core.types import counted
from framelens.evaluation.coders import codes_of, read_coders
from framelens.evaluation.groups import GroupFigures, documents_of, figures_by, resampled
from framelens.evaluation.stances import StanceEvaluation, evaluate_stances
from framelens.evaluation.tiers import FrameTrust, trust
from framelens.evaluation.trial import Overlap, Trial, TrialOptions, put_to_test
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.rare import skipped_labels
from framelens.statistics.agreement import Agreement, agreements
from framelens.statistics.bootstrap import Interval, checked_seed
from framelens.statistics.calibration import Calibration, calibrations, mean_error
from framelens.statistics.confusion import Confusion, confusion
from framelens.statistics.metrics import Figures, figures, macro_f1_lead

LABELS = "the labelled file"


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation(Tabular):
    """Figures by system, framelens first, and what they were measured on.

    `leads` is by how much the macro F1 of the first system is above each other's, `calibration_error`
    the expected calibration error of each system that gives probabilities, averaged over frames.
    `calibration`, `trust`, `groups` (by field), `agreement` (with coders), `stances` (None where none
    are told or labelled) and `confusion` (only where frames exclude one another: exact matches are
    then the accuracy) are the first system's. `overlap` says how many of the sentences the model was
    trained on. `in_training` is the macro F1 of the model and its baselines as recorded when it was
    trained, unless the systems include these baselines. `left_out` sentences have only labels that
    the model was trained without, and count in no figure.
    """

    sentences: int
    overlap: Overlap
    resampled: str
    systems: Mapping[str, Figures]
    leads: Mapping[str, Interval] = field(default_factory=dict)
    calibration_error: Mapping[str, float] = field(default_factory=dict)
    calibration: tuple[Calibration, ...] = ()
    trust: tuple[FrameTrust, ...] = ()
    groups: Mapping[str, tuple[GroupFigures, ...]] = field(default_factory=dict)
    agreement: tuple[Agreement, ...] = ()
    stances: StanceEvaluation | None = None
    confusion: Confusion | None = None
    left_out: int = 0
    in_training: Mapping[str, Interval] = field(default_factory=dict)

    def _title(self) -> str:
        return (
            f"Evaluation on {counted(self.sentences, 'sentence')} (intervals by {self.resampled})"
        )

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return figures_table(self.systems)


def figures_table(systems: Mapping[str, Figures]) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of a small table of systems."""
    means = {name: row.macro_f1 for name, row in systems.items()}
    return ["system", "macro F1", "95%"], [
        [name, f"{mean.value:.3f}", f"{mean.low:.3f}–{mean.high:.3f}"]
        for name, mean in means.items()
    ]


def evaluate(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    by: Sequence[str] = (),
    coders: Sequence[Path] = (),
    seed: int = 0,
    **options: Unpack[TrialOptions],
) -> Evaluation:
    """Measure framelens on labelled sentences, by default the shipped evaluation set.

    `by` names fields of the sentences to give figures by; `coders` are labelled files, one a coder,
    whose agreement with framelens and with each other is measured; for other options see
    `TrialOptions`. Raise FramelensError as `put_to_test` does, where no sentence has a field in `by`,
    and where the seed is out of range.
    """
    checked_seed(seed)
    return measure(put_to_test(labelled, **options), by=by, coders=coders, seed=seed)


def measure(
    trial: Trial, *, by: Sequence[str] = (), coders: Sequence[Path] = (), seed: int = 0
) -> Evaluation:
    """The figures of a trial; raise FramelensError where no sentence has a field in `by`."""
    if isinstance(by, str):
        raise FramelensError(f"by is the text {by!r}; expected a list of fields")
    (name, answers), *others = trial.answers.items()
    gold, groups = trial.gold, documents_of(trial.sentences)
    calibration = {
        system: calibrations(trial.scheme.names, gold, row.probabilities)
        for system, row in trial.answers.items()
        if row.probabilities is not None
    }
    return Evaluation(
        sentences=len(trial.sentences),
        overlap=trial.overlap,
        resampled=resampled(trial.sentences),
        systems={
            system: figures(
                trial.scheme.names,
                gold,
                row.labels,
                gold_primary=[sentence.primary for sentence in trial.sentences],
                guess_primary=row.primary,
                groups=groups,
                seed=seed,
            )
            for system, row in trial.answers.items()
        },
        leads={
            system: macro_f1_lead(gold, answers.labels, row.labels, groups=groups, seed=seed)
            for system, row in others
        },
        calibration_error={system: mean_error(curves) for system, curves in calibration.items()},
        calibration=calibration[name],
        trust=trust(gold, answers.labels, calibration[name], groups=groups, seed=seed),
        groups={
            field: figures_by(
                field, trial.sentences, trial.scheme.names, gold, answers.labels, seed=seed
            )
            for field in by
        },
        agreement=_agreement(trial, coders, seed),
        stances=evaluate_stances(trial.sentences, trial.classifier, seed=seed),
        confusion=confusion(trial.scheme.names, gold, answers.labels)
        if trial.scheme.exclusive
        else None,
        left_out=trial.left_out,
        in_training=_in_training(trial),
    )


def _in_training(trial: Trial) -> dict[str, Interval]:
    """The comparison with others in the model's record, if it is there and well-formed."""
    model = trial.classifier.model
    recorded = model.meta.get("compared") if model is not None else None
    if not isinstance(recorded, dict) or recorded.keys() & trial.answers.keys():
        return {}
    try:
        return {
            name: Interval(*(float(row[part]) for part in ("value", "low", "high")))
            for name, row in recorded.items()
        }
    except (KeyError, TypeError, ValueError):
        return {}


def _agreement(trial: Trial, coders: Sequence[Path], seed: int) -> tuple[Agreement, ...]:
    """Agreement of framelens and coders; with one coder the labelled file counts as a second one."""
    if not coders:
        return ()
    frames = trial.scheme.names
    compared, coded = read_coders(
        coders,
        trial.sentences,
        frames,
        trial.form,
        trial.note,
        skipped_labels(trial.classifier.rules),
    )
    if others := len(compared) - len(trial.sentences):
        trial.note(
            f"{counted(others, 'sentence')} that two coders have labelled, without gold or left out here: "
            "coders are compared on them, too, framelens is not, and what has no gold is mostly what is hard"
        )
    if len(coded) == 1:
        coded |= {LABELS: codes_of(trial.sentences, frames)}
    codes = np.full((len(compared), len(frames)), -1, np.int8)
    codes[: len(trial.sentences)] = trial.answers[trial.system].labels
    groups = documents_of(compared)
    return agreements(frames, coded, (trial.system, codes), groups=groups, seed=seed)
