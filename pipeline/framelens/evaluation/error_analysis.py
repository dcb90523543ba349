"""The sentences on which framelens and the labels differ, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.types import Evidence, SentenceFrames
from framelens.evaluation.groups import values_of
from framelens.evaluation.trial import Trial, classify_all


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence that was not given the frames it is labelled with.

    `missed`, `wrong` and `right` are frames; `scores` are probabilities by frame and `evidence` is
    that of the missed and the wrong ones, with offsets into `text`. `bias` (log-odds) and `thresholds`
    (probabilities) are those of this sentence, by frame: where frames exclude one another every
    sentence has its own. `margin` is how far the worst probability lies on the wrong side of its
    threshold; `fields` are the sentence's values of the fields asked for.
    """

    id: str
    document: str | None
    text: str
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    scores: Mapping[str, float]
    bias: Mapping[str, float]
    thresholds: Mapping[str, float]
    margin: float
    evidence: tuple[Evidence, ...]
    fields: Mapping[str, str]


def mistakes(trial: Trial, *, by: Sequence[str] = (), most: int | None = None) -> list[Mistake]:
    """The mistakes of the system under test, the surest first, at most `most` of them."""
    gold, answers = trial.gold, trial.answers[trial.system]
    scores = answers.probabilities
    probabilities = np.zeros(gold.shape) if scores is None else scores
    # Rounded, so that the last bits of a sum do not decide the order.
    away = np.abs(probabilities - trial.classifier.thresholds).round(9)
    margins = np.where(gold != answers.labels, away, -1.0).max(axis=1)
    order = [int(at) for at in np.argsort(-margins, kind="stable") if margins[at] >= 0][:most]
    predicted = classify_all([trial.sentences[at] for at in order], trial.classifier, evidence=True)
    columns = {name: values_of(name, trial.sentences) for name in by}
    return [
        _mistake(trial, at, float(margins[at]), frames, {name: columns[name][at] for name in by})
        for at, frames in zip(order, predicted, strict=True)
    ]


def _mistake(
    trial: Trial, at: int, margin: float, predicted: SentenceFrames, fields: Mapping[str, str]
) -> Mistake:
    sentence = trial.sentences[at]
    missed = tuple(
        name
        for name in trial.scheme.names
        if name in sentence.labels and name not in predicted.labels
    )
    wrong = tuple(name for name in predicted.labels if name not in sentence.labels)
    return Mistake(
        id=sentence.id,
        document=sentence.document,
        text=sentence.text,
        missed=missed,
        wrong=wrong,
        right=tuple(name for name in predicted.labels if name in sentence.labels),
        scores=predicted.scores,
        bias=predicted.bias,
        thresholds=predicted.thresholds,
        margin=margin,
        evidence=tuple(item for item in predicted.evidence if item.frame in missed + wrong),
        fields=fields,
    )
