"""Labelled sentences → figures, for framelens and for what it is measured against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from framelens.core.settings import Mode
from framelens.evaluation.baselines import Answers, Trial, put_to_test
from framelens.evaluation.groups import GroupFigures, documents_of, figures_by
from framelens.evaluation.tiers import FrameTrust, trust
from framelens.project.labelled import LabelledSentence
from framelens.statistics.agreement import Agreement, agreements, codes_of, read_coders
from framelens.statistics.calibration import Calibration, calibrations, mean_error
from framelens.statistics.metrics import Figures, Interval, figures, macro_f1_lead

LABELS = "the labelled file"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures by system, framelens first, and what they were measured on.

    `leads` says by how much the macro F1 of the first system is above each other's,
    `calibration_error` the expected calibration error of each that gives probabilities, averaged
    over frames. `calibration`, `trust`, `groups` (by field) and `agreement` (with coders) are the
    first system's.
    """

    sentences: int
    overlap: int
    resampled: str
    systems: Mapping[str, Figures]
    leads: Mapping[str, Interval] = field(default_factory=dict)
    calibration_error: Mapping[str, float] = field(default_factory=dict)
    calibration: tuple[Calibration, ...] = ()
    trust: tuple[FrameTrust, ...] = ()
    groups: Mapping[str, tuple[GroupFigures, ...]] = field(default_factory=dict)
    agreement: tuple[Agreement, ...] = ()


def evaluate(
    labelled: Path | str | Sequence[LabelledSentence] | None = None,
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    modes: Sequence[Mode] = ("hybrid", "rules", "model"),
    baselines: bool = True,
    allow_overlap: bool = False,
    by: Sequence[str] = (),
    coders: Sequence[Path] = (),
    seed: int = 0,
) -> Evaluation:
    """Measure framelens on labelled sentences, by default the shipped evaluation set.

    `by` names fields of the sentences to give figures by; `coders` are labelled files, one a coder,
    whose agreement with framelens and with each other is measured. Raise FramelensError where the
    model was trained on some of the sentences, unless `allow_overlap`.
    """
    trial = put_to_test(
        labelled,
        model=model,
        rules=rules,
        modes=modes,
        baselines=baselines,
        allow_overlap=allow_overlap,
    )
    return measure(trial, by=by, coders=coders, seed=seed)


def measure(
    trial: Trial, *, by: Sequence[str] = (), coders: Sequence[Path] = (), seed: int = 0
) -> Evaluation:
    """The figures of a trial."""
    first, *others = trial.answers.items()
    name, answers = first
    gold, groups = trial.gold, documents_of(trial.sentences)
    calibration = _calibrations(trial)
    return Evaluation(
        len(trial.sentences),
        trial.overlap,
        "sentences" if groups is None else "documents",
        {system: _figures(trial, found, groups, seed) for system, found in trial.answers.items()},
        {
            system: macro_f1_lead(gold, answers.labels, found.labels, groups=groups, seed=seed)
            for system, found in others
        },
        {system: mean_error(rows) for system, rows in calibration.items()},
        calibration[name],
        trust(gold, answers.labels, calibration[name], groups=groups, seed=seed),
        {
            value: figures_by(
                value, trial.sentences, trial.scheme.names, gold, answers.labels, seed=seed
            )
            for value in by
        },
        _agreement(trial, coders, groups, seed),
    )


def _figures(trial: Trial, answers: Answers, groups: Sequence[str] | None, seed: int) -> Figures:
    return figures(
        trial.scheme.names,
        trial.gold,
        answers.labels,
        gold_primary=[row.primary for row in trial.sentences],
        guess_primary=answers.primary,
        groups=groups,
        seed=seed,
    )


def _calibrations(trial: Trial) -> dict[str, tuple[Calibration, ...]]:
    return {
        system: calibrations(trial.scheme.names, trial.gold, answers.chances)
        for system, answers in trial.answers.items()
        if answers.chances is not None
    }


def _agreement(
    trial: Trial, coders: Sequence[Path], groups: Sequence[str] | None, seed: int
) -> tuple[Agreement, ...]:
    """Beside a single coder, the labelled file stands for the second one."""
    if not coders:
        return ()
    frames = trial.scheme.names
    read = read_coders(coders, trial.sentences, frames)
    if len(read) == 1:
        read |= {LABELS: codes_of(trial.sentences, frames)}
    codes = trial.answers[trial.system].labels.astype("int8")
    return agreements(frames, read, (trial.system, codes), groups=groups, seed=seed)
