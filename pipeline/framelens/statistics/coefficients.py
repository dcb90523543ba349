"""Coefficients of agreement between coders who give nominal values to the same units.

- Krippendorff's alpha: Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, sections
  B to D; "Content Analysis", 4th edition, 2019, chapter 12. Values may be missing.
- Cohen's kappa: Cohen, "A coefficient of agreement for nominal scales", Educational and
  Psychological Measurement 20, 1960.
- Gwet's AC1: Gwet, "Computing inter-rater reliability and its variance in the presence of high
  agreement", British Journal of Mathematical and Statistical Psychology 61, 2008; with missing
  values as in his "Handbook of Inter-Rater Reliability", 4th edition, 2014, chapter 5.

Each is a function of sums over the units (`*_columns` gives what is summed, by name, each units ×
values or a number a unit; `*_of` the value from their sums), so that it can be had from resampled
sums, too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from framelens.core.types import Floats


def alpha_columns(counts: Floats) -> dict[str, Floats]:
    """What alpha sums over the units that have two values or more (the others count nothing).

    "agreeing": a unit's pairs of equal values over its coders less one, units × values; "paired":
    its values, units × values.
    """
    coders = counts.sum(axis=1, keepdims=True)
    paired = coders >= 2
    pairs = counts * (counts - 1) / np.where(paired, coders - 1, 1)
    return {"agreeing": pairs * paired, "paired": counts * paired}


def alpha_of(sums: Mapping[str, Floats]) -> Floats:
    """Alpha from sums of `alpha_columns`, whose last axis is that of the values."""
    agreeing, values = sums["agreeing"].sum(axis=-1), sums["paired"]
    total = values.sum(axis=-1)
    chance = (values * (values - 1)).sum(axis=-1)
    return divided((total - 1) * agreeing - chance, total * (total - 1) - chance)


def ac1_columns(counts: Floats) -> dict[str, Floats]:
    """What AC1 sums over the units.

    "agreeing": a unit's share of agreeing pairs; "paired": 1 where it has pairs; "coded": 1 where
    it was coded; "shares": the share of each value among its codes, units × values.
    """
    coders = counts.sum(axis=1)
    paired, coded = coders >= 2, coders >= 1
    pairs = (counts * (counts - 1)).sum(axis=1)
    agreeing = pairs / np.where(paired, coders * (coders - 1), 1)
    return {
        "agreeing": agreeing * paired,
        "paired": paired.astype(np.float64),
        "coded": coded.astype(np.float64),
        "shares": counts / np.where(coded, coders, 1)[:, None],
    }


def observed_of(sums: Mapping[str, Floats]) -> Floats:
    """The share of agreeing pairs of codes, from sums of `ac1_columns`."""
    return divided(sums["agreeing"], sums["paired"])


def ac1_of(sums: Mapping[str, Floats]) -> Floats:
    """AC1 from sums of `ac1_columns`, of whose "shares" the last axis is that of the values."""
    shares = divided(sums["shares"], sums["coded"][..., None])
    chance = (shares * (1 - shares)).sum(axis=-1) / max(1, shares.shape[-1] - 1)
    return divided(observed_of(sums) - chance, 1 - chance)


def kappa_of(sums: Floats) -> Floats:
    """Kappa from the cells of a square table, row by row along the last axis."""
    size = round(sums.shape[-1] ** 0.5)
    table = sums.reshape(*sums.shape[:-1], size, size)
    total = table.sum(axis=(-2, -1))
    expected = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1)
    observed = np.trace(table, axis1=-2, axis2=-1) * total
    return divided(observed - expected, total * total - expected)


def divided(above: Floats, below: Floats) -> Floats:
    """Element by element; NaN where the divisor is 0."""
    above, below = np.broadcast_arrays(above, below)
    undefined = np.full(above.shape, np.nan)
    quotient: Floats = np.divide(above, below, out=undefined, where=below != 0)
    return quotient
