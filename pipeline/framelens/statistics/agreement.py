"""How far coders, and framelens with them, agree on each frame beyond what chance would give.

The coefficients are those of `coefficients.py`; for more than two coders kappa is the mean over
pairs of them (Light, "Measures of response agreement for qualitative data", Psychological Bulletin
76, 1971).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from framelens.classification.model import Floats
from framelens.core.errors import at
from framelens.project.labelled import LabelledSentence, read_labelled
from framelens.statistics.coefficients import (
    ac1_columns,
    ac1_of,
    alpha_columns,
    alpha_of,
    divided,
    kappa_of,
)
from framelens.statistics.metrics import Interval, interval, resampled_sums

Codes = NDArray[np.int8]
"""What one coder says, sentences × frames: 1 the frame, 0 not, -1 not coded."""

Kind = Literal["pair", "mean of pairs", "all together"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far some coders agree on one frame.

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
    """Coefficients over the sentences as they are and over each resampling of them."""

    observed: Floats
    alpha: Floats
    kappa: Floats
    ac1: Floats


def read_coders(
    paths: Sequence[Path], sentences: Sequence[LabelledSentence], frames: Sequence[str]
) -> dict[str, Codes]:
    """What each coder's labelled file says of `sentences`, matched by id; the file's name without
    its ending is the coder's (`coder_names`).

    Sentences that a file leaves out count as not coded, and others in it are passed over. Raise
    FramelensError where a file has none of the sentences, or other words under the same id.
    """
    named = coder_names(paths)
    return {name: _read_coder(path, sentences, frames) for name, path in named.items()}


def coder_names(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the names of their coders; those that share a name keep their folders in it."""
    stems = Counter(path.stem for path in paths)
    return {path.stem if stems[path.stem] == 1 else str(path): path for path in paths}


def codes_of(rows: Sequence[LabelledSentence | None], frames: Sequence[str]) -> Codes:
    """Labels as codes; None stands for a sentence that was not coded."""
    return np.array(
        [[-1 if row is None else frame in row.labels for frame in frames] for row in rows],
        dtype=np.int8,
    ).reshape(len(rows), len(frames))


def agreements(
    frames: Sequence[str],
    coders: Mapping[str, Codes],
    system: tuple[str, Codes],
    *,
    groups: Sequence[str] | None = None,
    seed: int = 0,
) -> tuple[Agreement, ...]:
    """The agreement a frame of every two coders and of framelens (`system`: its name and codes)
    with each; then the means over those pairs where there are several, and that of all coders
    together where they are more than two."""
    everyone = {**coders, system[0]: system[1]}
    between: list[tuple[str, ...]] = [*combinations(coders, 2)]
    between += [(system[0], name) for name in coders]
    between += [tuple(coders)] if len(coders) > 2 else []
    found: list[Agreement] = []
    for column, frame in enumerate(frames):
        codes = [[everyone[name][:, column] for name in names] for names in between]
        columns = [_columns(rows) for rows in codes]
        sums = resampled_sums(np.hstack(columns), groups=groups, seed=seed)
        cuts = np.cumsum([part.shape[1] for part in columns])[:-1]
        resampled = [_coefficients(part) for part in np.split(sums, cuts, axis=1)]
        sentences = [_coded_twice(rows) for rows in codes]
        found += _rows(frame, between, resampled, sentences, system[0])
    return tuple(found)


def _read_coder(path: Path, sentences: Sequence[LabelledSentence], frames: Sequence[str]) -> Codes:
    given = {row.id: row for row in read_labelled(path, frames)}
    rows = [given.get(sentence.id) for sentence in sentences]
    for sentence, row in zip(sentences, rows, strict=True):
        if row is not None and row.text.split() != sentence.text.split():
            raise at(path, None, f"the text of {row.id!r} is not the one in the labelled file")
    if not any(rows):
        raise at(path, None, "has none of the ids of the labelled file; coders are matched by id")
    return codes_of(rows, frames)


def _rows(
    frame: str,
    between: Sequence[tuple[str, ...]],
    resampled: Sequence[_Resampled],
    sentences: Sequence[int],
    system: str,
) -> Iterator[Agreement]:
    everything = list(zip(between, resampled, sentences, strict=True))
    pairs = [row for row in everything if len(row[0]) == 2]
    for names, values, units in pairs:
        yield _agreement(frame, names, system in names, "pair", units, values)
    for with_system in (False, True):
        own = [row for row in pairs if (system in row[0]) == with_system]
        if len(own) > 1:
            names = tuple(dict.fromkeys(name for row in own for name in row[0]))
            units = min(row[2] for row in own)
            mean = _mean([row[1] for row in own])
            yield _agreement(frame, names, with_system, "mean of pairs", units, mean)
    for names, values, units in everything:
        if len(names) > 2:
            lights = _mean([row[1] for row in pairs if system not in row[0]]).kappa
            whole = _Resampled(values.observed, values.alpha, lights, values.ac1)
            yield _agreement(frame, names, False, "all together", units, whole)


def _agreement(
    frame: str,
    names: tuple[str, ...],
    with_system: bool,
    kind: Kind,
    units: int,
    values: _Resampled,
) -> Agreement:
    observed = values.observed[0]
    return Agreement(
        frame,
        names,
        with_system,
        kind,
        units,
        None if np.isnan(observed) else float(observed),
        _bounded(values.alpha),
        _bounded(values.kappa),
        _bounded(values.ac1),
    )


def _bounded(values: Floats) -> Interval | None:
    """The interval; resamplings in which a coefficient is undefined do not count."""
    if np.isnan(values[0]):
        return None
    return interval(values[~np.isnan(values)])


def _mean(rows: Sequence[_Resampled]) -> _Resampled:
    return _Resampled(
        *(
            np.mean([getattr(row, name) for row in rows], axis=0)
            for name in ("observed", "alpha", "kappa", "ac1")
        )
    )


def _coded_twice(codes: Sequence[Codes]) -> int:
    return int((np.sum([row >= 0 for row in codes], axis=0) >= 2).sum())


def _columns(codes: Sequence[Codes]) -> Floats:
    """What is summed for one set of coders on one frame: 4 columns for alpha, 5 for AC1, 4 for
    kappa (of the first two). Of two coders only what both coded counts."""
    if len(codes) == 2:
        both = (codes[0] >= 0) & (codes[1] >= 0)
        codes = [np.where(both, row, -1) for row in codes]
    counts = np.column_stack([np.sum([row == value for row in codes], axis=0) for value in (0, 1)])
    counts = counts.astype(np.float64)
    table = [(codes[0] == a) & (codes[1] == b) for a in (0, 1) for b in (0, 1)]
    return np.column_stack([alpha_columns(counts), ac1_columns(counts), *table])


def _coefficients(sums: Floats) -> _Resampled:
    alpha, ac1, table = sums[:, :4], sums[:, 4:9], sums[:, 9:]
    return _Resampled(divided(ac1[:, 0], ac1[:, 1]), alpha_of(alpha), kappa_of(table), ac1_of(ac1))
