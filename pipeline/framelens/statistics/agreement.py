"""Agreement of coders and framelens on each frame, corrected for chance.

The coefficients are those of `coefficients.py`; for more than two coders kappa is the mean over
pairs of them (Light, "Measures of response agreement for qualitative data", Psychological Bulletin
76, 1971).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framelens.core.types import Bools, Floats
from framelens.statistics.bootstrap import Interval, defined_interval, resampled_sums
from framelens.statistics.coefficients import (
    ac1_columns,
    ac1_of,
    alpha_columns,
    alpha_of,
    kappa_of,
    observed_of,
)

Codes = NDArray[np.int8]
"""The codes of one coder, sentences × frames: 1 has the frame, 0 has not, -1 not coded."""

Kind = Literal["pair", "mean of pairs", "all together"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of some coders on one frame.

    `between` are their names; `with_system` says whether framelens is one of them. `observed` is
    the share of agreeing pairs of codes, `sentences` the number of sentences that two of them
    coded. A coefficient is None where it is undefined: all codes are the same, or nothing was
    coded twice.
    """

    frame: str
    between: tuple[str, ...]
    with_system: bool
    kind: Kind
    sentences: int
    observed: float | None
    alpha: Interval | None
    kappa: Interval | None
    ac1: Interval | None


@dataclass(frozen=True, slots=True)
class _Resampled:
    """Coefficients of some coders, on the sentences themselves and on each resampling, and the number of
    sentences that two of them coded."""

    between: tuple[str, ...]
    sentences: int
    observed: Floats
    alpha: Floats
    kappa: Floats
    ac1: Floats


def agreements(
    frames: Sequence[str],
    coders: Mapping[str, Codes],
    system: tuple[str, Codes],
    *,
    groups: Sequence[str] | None = None,
    seed: int = 0,
) -> tuple[Agreement, ...]:
    """The agreement on each frame of all pairs of coders, and of framelens (`system`: its name and codes)
    with each coder; the means of both, where there are several pairs; and that of all coders together, if
    there are more than two.

    All codes are sentences × frames; `groups` and `seed` are those of `resampled_sums`.
    """
    name, codes = system
    everyone = {**coders, name: codes}
    sets: list[tuple[str, ...]] = [*combinations(coders, 2), *((name, coder) for coder in coders)]
    if len(coders) > 2:
        sets.append(tuple(coders))
    measured: list[Agreement] = []
    for column, frame in enumerate(frames):
        of_frame = {coder: given[:, column] for coder, given in everyone.items()}
        resampled = _resampled(of_frame, sets, groups, seed)
        measured += _agreements_on(frame, resampled, name)
    return tuple(measured)


def _resampled(
    codes: Mapping[str, Codes],
    sets: Sequence[tuple[str, ...]],
    groups: Sequence[str] | None,
    seed: int,
) -> list[_Resampled]:
    """The coefficients of each set of coders on one frame, by the same resamplings of their `codes`."""
    codes_by_set = [[codes[name] for name in between] for between in sets]
    columns = {
        f"{number} {name}": values
        for number, given in enumerate(codes_by_set)
        for name, values in _columns(given).items()
    }
    sums = resampled_sums(columns, groups=groups, seed=seed)

    def sums_of(number: int, coefficient: str) -> dict[str, Floats]:
        prefix = f"{number} {coefficient} "
        return {name[len(prefix) :]: sums[name] for name in sums if name.startswith(prefix)}

    return [
        _Resampled(
            between,
            int((np.sum([coder >= 0 for coder in codes_by_set[number]], axis=0) >= 2).sum()),
            observed_of(sums_of(number, "ac1")),
            alpha_of(sums_of(number, "alpha")),
            kappa_of(sums[f"{number} table"]),
            ac1_of(sums_of(number, "ac1")),
        )
        for number, between in enumerate(sets)
    ]


def _columns(codes: Sequence[Codes]) -> dict[str, Bools | Floats]:
    """The columns that are summed over sentences, for some coders and one frame: those of alpha and AC1,
    and for kappa the cells of the first two coders' table. Of two coders, only what both coded counts."""
    if len(codes) == 2:
        both = (codes[0] >= 0) & (codes[1] >= 0)
        codes = [np.where(both, coder, -1) for coder in codes]
    given = [np.sum([coder == value for coder in codes], axis=0) for value in (0, 1)]
    counts = np.column_stack(given).astype(np.float64)
    cells = [(codes[0] == a) & (codes[1] == b) for a in (0, 1) for b in (0, 1)]
    return {
        **{f"alpha {name}": values for name, values in alpha_columns(counts).items()},
        **{f"ac1 {name}": values for name, values in ac1_columns(counts).items()},
        "table": np.column_stack(cells),
    }


def _agreements_on(frame: str, resampled: Sequence[_Resampled], system: str) -> Iterator[Agreement]:
    pairs = [values for values in resampled if len(values.between) == 2]
    for pair in pairs:
        yield _agreement(frame, pair, "pair", system)
    for with_system in (False, True):
        of_kind = [pair for pair in pairs if (system in pair.between) == with_system]
        if len(of_kind) > 1:
            yield _agreement(frame, _mean(of_kind), "mean of pairs", system)
    for everyone in resampled:
        if len(everyone.between) > 2:
            coders_only = [pair for pair in pairs if system not in pair.between]
            with_lights_kappa = replace(everyone, kappa=_mean(coders_only).kappa)
            yield _agreement(frame, with_lights_kappa, "all together", system)


def _mean(pairs: Sequence[_Resampled]) -> _Resampled:
    """The mean coefficients of pairs of coders; the sentences are those of the pair with fewest."""
    names = ("observed", "alpha", "kappa", "ac1")
    return _Resampled(
        tuple(dict.fromkeys(name for pair in pairs for name in pair.between)),
        min(pair.sentences for pair in pairs),
        *(np.mean([getattr(pair, name) for pair in pairs], axis=0) for name in names),
    )


def _agreement(frame: str, values: _Resampled, kind: Kind, system: str) -> Agreement:
    observed = float(values.observed[0])
    return Agreement(
        frame=frame,
        between=values.between,
        with_system=system in values.between,
        kind=kind,
        sentences=values.sentences,
        observed=None if np.isnan(observed) else observed,
        alpha=defined_interval(values.alpha),
        kappa=defined_interval(values.kappa),
        ac1=defined_interval(values.ac1),
    )
