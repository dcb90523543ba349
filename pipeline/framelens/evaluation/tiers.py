"""How far each frame can be trusted: its figures in one row, and the tier they put it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.model import Floats
from framelens.statistics.calibration import Calibration
from framelens.statistics.coefficients import alpha_columns, alpha_of
from framelens.statistics.metrics import Bools, Interval, interval, ratio, resampled_sums

FEWEST = 30
"""Labelled sentences below which a frame gets no tier: had all of 30 been found, one in ten could
still be missed (the rule of three: Hanley and Lippman-Hand, "If nothing goes wrong, is everything
all right?", JAMA 249, 1983)."""

FIRM, TENTATIVE = 0.800, 0.667
"""Krippendorff, "Content Analysis", 2nd edition, 2004, p. 241: rely on values with an alpha above
.800, draw tentative conclusions from those above .667."""

TIERS = {
    "A": "firm: shares and single labels can be used as they are",
    "B": "tentative: shares can be used, single labels after reading them",
    "C": "exploratory: finds sentences to read; neither shares nor single labels stand alone",
    "-": "untested: too few labelled sentences to say",
}

RULE = (
    "A frame is in tier A where the lower end of the 95% interval of Krippendorff’s alpha between "
    f"framelens and the labels is at least {FIRM:.3f}, in tier B where it is at least "
    f"{TENTATIVE:.3f}, otherwise in tier C. It is not rated where fewer than {FEWEST} sentences "
    "are labelled with it."
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
    """A row a frame; `gold` and `guess` are sentences × frames, `calibration` has a row a frame."""
    parts = (gold & guess, ~gold & guess, gold & ~guess, ~gold & ~guess)
    sums = resampled_sums(np.column_stack(parts), groups=groups, seed=seed)
    counts = np.split(sums, len(parts), axis=1)
    return tuple(
        _row(row, *(part[:, column] for part in counts)) for column, row in enumerate(calibration)
    )


def _row(
    row: Calibration, right: Floats, wrong: Floats, missed: Floats, none: Floats
) -> FrameTrust:
    labelled = int(right[0] + missed[0])
    alpha = _alpha(right, wrong + missed, none)
    return FrameTrust(
        row.frame,
        labelled,
        int(right[0] + wrong[0]),
        interval(ratio(right, right + wrong)),
        interval(ratio(right, right + missed)),
        interval(ratio(2 * right, 2 * right + wrong + missed)),
        alpha,
        row.error,
        tier(labelled, alpha),
    )


def tier(labelled: int, alpha: Interval | None) -> str:
    """The tier of a frame, by `RULE`."""
    if labelled < FEWEST or alpha is None:
        return "-"
    return "A" if alpha.low >= FIRM else "B" if alpha.low >= TENTATIVE else "C"


def _alpha(right: Floats, unlike: Floats, none: Floats) -> Interval | None:
    """Alpha of two coders from the numbers of sentences that both, one or neither gave a frame."""
    both, one, neither = (alpha_columns(np.array([pair])) for pair in ((0, 2), (1, 1), (2, 0)))
    values = alpha_of(right[:, None] * both + unlike[:, None] * one + none[:, None] * neither)
    return None if np.isnan(values[0]) else interval(values[~np.isnan(values)])
