"""Trust in each frame: its figures in one row, and the tier that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.types import Bools, Floats
from framelens.statistics.bootstrap import Interval, defined_interval, interval, resampled_sums
from framelens.statistics.calibration import Calibration
from framelens.statistics.coefficients import alpha_columns, alpha_of
from framelens.statistics.metrics import f1, outcomes, ratio

FEWEST = 30
"""Labelled sentences below which a frame gets no tier: had all of 30 been found, one in ten could
still be missed (the rule of three: Hanley and Lippman-Hand, "If nothing goes wrong, is everything
all right?", JAMA 249, 1983)."""

FIRM, TENTATIVE = 0.800, 0.667
"""Krippendorff, "Content Analysis", 2nd edition, 2004, p. 241: rely on values with an alpha above
.800, draw tentative conclusions from those above .667."""

TIERS = {
    "A": "firm: shares and single labels are about as good as the labels measured against",
    "B": "tentative: shares can be used, single labels after reading them",
    "C": "exploratory: finds sentences to read; neither shares nor single labels stand alone",
    "-": "untested: too few labelled sentences to say",
}

RULE = (
    "A frame is in tier A where the lower end of the 95% interval of Krippendorff’s alpha between "
    f"framelens and the labels is at least {FIRM:.3f}, in tier B where it is at least "
    f"{TENTATIVE:.3f}, otherwise in tier C. It is not rated where fewer than {FEWEST} sentences "
    "are labelled with it. A tier says how far framelens agrees with these labels, not whether they "
    "are right."
)


@dataclass(frozen=True, slots=True)
class FrameTrust:
    """A frame's figures against the labels.

    `labelled` and `found` are numbers of sentences; `alpha` is Krippendorff's, between framelens
    and the labels, None where it is undefined; `calibration_error` is from 0 to 1; `tier` is a key
    of `TIERS`.
    """

    frame: str
    labelled: int
    found: int
    precision: Interval
    recall: Interval
    f1: Interval
    alpha: Interval | None
    calibration_error: float
    tier: str


def trust(
    gold: Bools,
    guess: Bools,
    calibration: Sequence[Calibration],
    *,
    groups: Sequence[str] | None = None,
    seed: int = 0,
) -> tuple[FrameTrust, ...]:
    """How far each frame can be trusted; `gold` and `guess` are sentences × frames, `calibration`
    names the frames in their order."""
    columns = {**outcomes(gold, guess), "neither": ~gold & ~guess}
    sums = resampled_sums(columns, groups=groups, seed=seed)
    return tuple(
        _trust(one, {name: values[:, column] for name, values in sums.items()})
        for column, one in enumerate(calibration)
    )


def tier(labelled: int, alpha: Interval | None) -> str:
    """The tier of a frame, by `RULE`."""
    if labelled < FEWEST or alpha is None:
        return "-"
    return "A" if alpha.low >= FIRM else "B" if alpha.low >= TENTATIVE else "C"


def _trust(calibration: Calibration, sums: Mapping[str, Floats]) -> FrameTrust:
    """The figures of a frame from its numbers of sentences, as they are and resampled."""
    right, wrong, missed = sums["right"], sums["wrong"], sums["missed"]
    labelled = int(right[0] + missed[0])
    alpha = _alpha(right, wrong + missed, sums["neither"])
    return FrameTrust(
        frame=calibration.frame,
        labelled=labelled,
        found=int(right[0] + wrong[0]),
        precision=interval(ratio(right, right + wrong)),
        recall=interval(ratio(right, right + missed)),
        f1=interval(f1(right, wrong, missed)),
        alpha=alpha,
        calibration_error=calibration.error,
        tier=tier(labelled, alpha),
    )


def _alpha(both: Floats, one: Floats, neither: Floats) -> Interval | None:
    """Alpha of two coders from the numbers of sentences that both, one or neither gave a frame."""
    kinds = [(both, (0, 2)), (one, (1, 1)), (neither, (2, 0))]
    columns = [(counts[:, None], alpha_columns(np.array([unit]))) for counts, unit in kinds]
    sums = {
        name: np.sum([counts * values[name] for counts, values in columns], axis=0)
        for name in ("agreeing", "paired")
    }
    return defined_interval(alpha_of(sums))
