"""A paragraph on methods, to be pasted into a paper, and the works that it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any

from framelens.core.files import data_path
from framelens.core.types import counted
from framelens.evaluation.assessment import Assessment, Origin, Provenance
from framelens.evaluation.unseen import is_of_shipped_sentences
from framelens.statistics.agreement import Agreement
from framelens.statistics.bootstrap import RESAMPLES, Interval

SHIPPED_LABELS = (
    "labelled by language models and adjudicated; no human expert has validated the labels"
)
"""Who labelled the sentences that come with framelens (see corpus/DATA_CARD.md)."""


def works_for(page: str) -> Any:
    """The works that a page may cite: of `reliability` all in a list, of `corpus` by author."""
    text = files("framelens.report").joinpath("references.json").read_text(encoding="utf-8")
    return json.loads(text)[page]


def methods(assessment: Assessment) -> str:
    """The paragraph: the classifier, the sentences that it was measured on, and its figures."""
    return " ".join(
        [
            *classified_with(assessment.provenance),
            *_measured(assessment),
            *_figures(assessment),
            *_stances(assessment),
            *_coders(assessment),
        ]
    )


def classified_with(origin: Origin) -> Iterator[str]:
    """Sentences on the rules and model that labelled the texts, and on the model's training."""
    rules = f"{counted(origin.rules, 'rule')} (digest {origin.rules_digest[:12]})"
    model = f"a linear model (digest {(origin.model_digest or '')[:12]})"
    single = {"rules only": f"by {rules}", "model only": f"by {model}"}
    means = single.get(origin.system, f"which combines {rules} and {model}")
    version = origin.versions["framelens"]
    yield f"Frames were assigned to sentences with framelens {version}, {means}."
    if origin.trained_on:
        yield (
            f"The model was trained on {counted(origin.trained_on, 'labelled sentence')}; the probability "
            "from which a frame is given was chosen for each frame by cross-validation on them."
        )
    if taught := who_taught(origin):
        yield f"The training sentences were {taught}."


def who_taught(origin: Origin) -> str | None:
    """Who labelled the sentences that the model was trained on; None unless they are the shipped ones."""
    return SHIPPED_LABELS if is_of_shipped_sentences(origin.training_digest) else None


def who_labelled(provenance: Provenance) -> str | None:
    """Who labelled the sentences that were measured on; None unless they are the shipped ones."""
    shipped = sha256(data_path("corpus/evaluation.jsonl").read_bytes()).hexdigest()
    return SHIPPED_LABELS if provenance.file_digest == shipped else None


def _measured(assessment: Assessment) -> Iterator[str]:
    evaluation, provenance = assessment.evaluation, assessment.provenance
    data = (
        f" ({provenance.data}, digest {provenance.labels_digest[:12]})" if provenance.data else ""
    )
    overlap = evaluation.overlap
    seen = "none" if overlap.left_out or not overlap.same else f"{overlap.same:,}"
    known = f", {seen} of which the model had been trained on" if provenance.model_digest else ""
    yield f"Reliability was assessed on {counted(evaluation.sentences, 'labelled sentence')}{data}{known}."
    if left_out := overlap.described:
        yield f"Before, {left_out}."
    if labelled := who_labelled(provenance):
        yield f"These sentences were {labelled}."
    yield (
        f"Intervals are 95% percentile intervals from {RESAMPLES:,} bootstrap resamplings of "
        f"{evaluation.resampled} (Efron & Tibshirani, 1993)."
    )


def _figures(assessment: Assessment) -> Iterator[str]:
    evaluation = assessment.evaluation
    figures = evaluation.systems[assessment.provenance.system]
    yield (
        f"Macro-averaged F1 was {_with_interval(figures.macro_f1)}, micro-averaged F1 "
        f"{_with_interval(figures.micro_f1)}; {figures.exact.value:.0%} of the sentences received "
        "exactly the labelled set of frames."
    )
    rows = [
        f"{row.frame}: precision {row.precision.value:.2f}, recall {row.recall.value:.2f}, F1 "
        f"{_with_interval(row.f1)}, Krippendorff’s α {_with_interval(row.alpha)}"
        for row in evaluation.trust
    ]
    yield "By frame: " + "; ".join(rows) + " (Krippendorff, 2011)."
    error = evaluation.calibration_error[assessment.provenance.system]
    yield (
        "The expected calibration error, over ten bins of equal width (Naeini et al., 2015; Guo et "
        f"al., 2017) and averaged over frames, was {error:.3f}."
    )


def _stances(assessment: Assessment) -> Iterator[str]:
    stances = assessment.evaluation.stances
    if stances is None:
        return
    yield (
        "How a sentence treats its frames, the frames given, was told with an accuracy of "
        f"{_with_interval(stances.figures.exact)} and a macro-averaged F1 of "
        f"{_with_interval(stances.figures.macro_f1)} over {counted(stances.pairs, 'pair')} of sentence and "
        f"frame; the commonest stance of each frame has {_with_interval(stances.baseline.exact)} and "
        f"{_with_interval(stances.baseline.macro_f1)}."
    )


def _coders(assessment: Assessment) -> Iterator[str]:
    rows = assessment.evaluation.agreement
    if not rows:
        return
    names = dict.fromkeys(
        name for row in rows for name in row.between if name != assessment.provenance.system
    )
    yield (
        f"Agreement between {', '.join(names)}, and between framelens and each of them, was (α; "
        "Cohen’s κ, Cohen, 1960; AC1, Gwet, 2008), means over pairs:"
    )
    sums = [
        f"{frame}: coders {_coefficients(between)}, framelens with coders {_coefficients(beside)}"
        for frame, between, beside in summed_up(rows)
    ]
    yield "; ".join(sums) + "."


def summed_up(rows: Sequence[Agreement]) -> Iterator[tuple[str, Agreement, Agreement]]:
    """Each frame with the agreement between coders, and that of framelens with them: the mean of
    the pairs, or the one pair that there is."""
    for frame in dict.fromkeys(row.frame for row in rows):
        pairs = [row for row in rows if row.frame == frame and row.kind != "all together"]
        coders = [row for row in pairs if not row.with_system]
        beside = [row for row in pairs if row.with_system]
        yield frame, coders[-1], beside[-1]


def _coefficients(row: Agreement) -> str:
    values = (row.alpha, row.kappa, row.ac1)
    return " / ".join("–" if value is None else f"{value.value:.2f}" for value in values)


def _with_interval(value: Interval | None) -> str:
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})" if value else "undefined"
