"""Labels missing from a sample: whether the sentences drawn that have labels are like those that
have none.

Corrected shares take sentences that were drawn and not labelled for like the labelled ones of their
stratum: missing at random, given the stratum (Rubin, "Inference and missing data", Biometrika 63,
1976). What is known of both, what framelens gives them and their fields, can speak against it: each
part of the sample is held to the others by the test of Mantel and Haenszel ("Statistical aspects of
the analysis of data from retrospective studies of disease", Journal of the National Cancer Institute
22, 1959), strata apart, with the number of parts allowed for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from framelens.analysis.periods import periods
from framelens.core.types import MOST_GROUPS, Bools, Ints

LEVEL = 0.01
"""How often any part would be reported if chance alone left labels out."""
FEWEST_DRAWN = 5
"""A part of fewer sentences is not tested, nor is a sample of which fewer lack labels."""
MOST_SILENT = 0.05
"""The share of a sample from which on a part without any labels prevents estimates of all."""


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences drawn that have a `value` in a field, or that framelens gives a frame (no field):
    how many were drawn and labelled, and how many of the others."""

    field: str
    value: str
    drawn: int
    labelled: int
    others: int
    others_labelled: int

    @property
    def silent(self) -> bool:
        """Whether one side lacks all labels, and is so large that shares of all cannot be estimated."""
        labelled, drawn = min((self.labelled, self.drawn), (self.others_labelled, self.others))
        return not labelled and drawn >= MOST_SILENT * (self.drawn + self.others)

    def message(self) -> str:
        """What is uneven, as a clause."""
        what = f"{self.field} is {self.value}" if self.field else f"framelens gives {self.value}"
        where = "whose" if self.field else "to which"
        return (
            f"of the {self.drawn:,} sentences drawn {where} {what}, {self.labelled:,} have labels; "
            f"of the {self.others:,} others, {self.others_labelled:,}"
        )


def uneven(
    labelled: Bools, strata: Ints, given: Mapping[str, Bools], fields: Sequence[Mapping[str, str]]
) -> list[Part]:
    """The parts of a sample that are labelled more or less often than the others beyond chance, the
    most uneven first.

    All have an entry a sentence drawn: `labelled` says which have labels, `given` which framelens
    gives a frame, by its name, `fields` what else is known of them.
    """
    if int((~labelled).sum()) < FEWEST_DRAWN:
        return []
    parts = [("", name, members) for name, members in given.items()]
    parts = [
        part
        for part in (*parts, *_values(fields))
        if min(part[2].sum(), (~part[2]).sum()) >= FEWEST_DRAWN
    ]
    if not parts:
        return []
    most = float(-ndtri(LEVEL / 2 / len(parts)))
    scored = [
        (abs(_score(labelled, members, strata)), _part(name, value, members, labelled))
        for name, value, members in parts
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1].labelled / entry[1].drawn))
    return [part for score, part in scored if score > most]


def _part(field: str, value: str, members: Bools, labelled: Bools) -> Part:
    counts = (members, members & labelled, ~members, ~members & labelled)
    return Part(field, value, *(int(which.sum()) for which in counts))


def _values(fields: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, Bools]]:
    """Each value of each field, of dates each period, with the sentences that have it."""
    for name in sorted({name for row in fields for name in row}):
        column: list[str | None] = [row.get(name) for row in fields]
        if len(set(column)) > MOST_GROUPS:
            column, _ = periods(column)
        values = sorted(value for value in Counter(column) if value is not None)
        if len(values) <= MOST_GROUPS:
            yield from ((name, value, np.array([it == value for it in column])) for value in values)


def _score(labelled: Bools, members: Bools, strata: Ints) -> float:
    """How many standard deviations the number of labelled members is from that by chance."""
    excess, variance = 0.0, 0.0
    for stratum in np.unique(strata):
        inside = strata == stratum
        size, part = int(inside.sum()), int((inside & members).sum())
        answered = int((inside & labelled).sum())
        excess += int((inside & members & labelled).sum()) - part * answered / size
        if size > 1:
            spread = part * (size - part) * answered * (size - answered)
            variance += spread / (size**2 * (size - 1))
    nearer = max(abs(excess) - 0.5, 0.0)
    return float(np.copysign(nearer / np.sqrt(variance), excess)) if variance else 0.0


def disputed_message(disputed: int, drawn: int) -> str:
    """A warning on sentences on which coders disagree or are unsure."""
    return (
        f"{disputed:,} of the {drawn:,} sentences drawn have no labels for coders disagree on them or are "
        "unsure, and such are not like the others; settle them (framelens coders merge --adjudicated)"
    )
