"""What comes of correcting shares: those of groups, their differences, and what is known of the sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from framelens.analysis.corrected.response import Part
from framelens.analysis.shares import Share
from framelens.core.tables import Tabular
from framelens.core.types import (
    DOCUMENT,
)
from framelens.project.labelled.forms import NONE
from framelens.statistics.corrected import (
    Difference,
    Estimate,
    Target,
)

NO_ESTIMATE = "no estimate"
"""What stands in tables in place of a share that is not known."""


@dataclass(frozen=True, slots=True)
class CorrectedShare:
    """The share of one frame (None: of no frame) as counted and, without a `refusal`, corrected."""

    frame: str | None
    counted: Share
    corrected: Estimate | None
    refusal: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether there could be an estimate: not of sentences without a frame where each has one."""
        return self.corrected is not None or bool(self.refusal)


@dataclass(frozen=True, slots=True)
class CorrectedGroup:
    """The sentences that have a value of some field; `labelled` of them carry labels, and `refusal`
    says why none of their shares has an estimate, or nothing."""

    value: str
    sentences: int
    documents: int
    labelled: int
    shares: tuple[CorrectedShare, ...]
    refusal: str = ""

    @property
    def refusals(self) -> dict[str, str]:
        """Why shares of single frames have no estimate, by frame."""
        refusals = {share.frame or NONE: share.refusal for share in self.shares}
        return {} if self.refusal else {name: why for name, why in refusals.items() if why}


@dataclass(frozen=True, slots=True)
class Compared:
    """The corrected share of a frame in one group less that in another.

    `holm` is p with all pairs of the field and frame allowed for (Holm, "A simple sequentially
    rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
    """

    field: str
    frame: str | None
    one: str
    other: str
    difference: Difference
    holm: float


@dataclass(frozen=True, slots=True, repr=False)
class Corrected(Tabular):
    """Corrected shares of all sentences, and by field those of each value.

    Of the sentences `drawn`, in so many `waves`, `unlabelled` have no labels, among them those that are
    `disputed`: coders disagree on them or could not decide. Of so many labels coders were `unsure`.
    `uneven` are the parts of the sample that are labelled more or less often than chance would have
    it. `folds` counts the models that predicted the sample where the classifier was trained on it,
    `by_another` the sentences of the sample that were read with labels of another classifier. `apart`
    is a warning where the sample was drawn from some more or fewer sentences. `cluster` is the field in
    which sentences are taken to be alike.
    """

    frames: tuple[str, ...]
    target: Target
    designs: tuple[str, ...]
    drawn: int
    unlabelled: int
    whole: CorrectedGroup
    by: Mapping[str, tuple[CorrectedGroup, ...]] = field(default_factory=dict)
    compared: tuple[Compared, ...] = ()
    uneven: tuple[Part, ...] = ()
    folds: int = 0
    waves: int = 1
    unsure: int = 0
    disputed: int = 0
    apart: str = ""
    by_another: int = 0
    cluster: str = DOCUMENT

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A line a group, with its corrected shares and their intervals."""
        groups = [("", self.whole), *((name, row) for name in self.by for row in self.by[name])]
        header = ["", "", "labelled", *(share.frame or NONE for share in self.whole.shares)]
        return header, [
            [
                name,
                row.value,
                f"{row.labelled:,}",
                *(_cell(share.corrected) for share in row.shares),
            ]
            for name, row in groups
        ]


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return NO_ESTIMATE
    return f"{estimate.value:.1%} ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})"
