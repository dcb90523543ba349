"""The confusion matrix of frames, for several labels a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.types import Bools


@dataclass(frozen=True, slots=True)
class Confusion:
    """Labelled frames (rows) against found ones (columns), each list ending with "none".

    A frame that is labelled and found counts on the diagonal. One that is missed where another is
    found wrongly counts once for each of those: it was taken for them. Missed with nothing wrong
    beside it, it counts under "none"; wrong with nothing missed, in the row "none". Sentences
    without labelled and found frames count where both "none" meet. (A multi-label confusion matrix
    after Heydarian, Doyle and Samavi, IEEE Access 10, 2022, save that a frame found in excess is
    never held against frames that were found rightly.)
    """

    frames: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion(frames: Sequence[str], gold: Bools, guess: Bools) -> Confusion:
    """The confusion of found with labelled frames; both are sentences × frames."""
    missed, wrong, right = gold & ~guess, guess & ~gold, gold & guess
    mistaken = missed.astype(int).T @ wrong.astype(int)
    counts = np.zeros((len(frames) + 1, len(frames) + 1), dtype=np.int64)
    counts[:-1, :-1] = mistaken + np.diag(right.sum(axis=0))
    counts[:-1, -1] = missed[~wrong.any(axis=1)].sum(axis=0)
    counts[-1, :-1] = wrong[~missed.any(axis=1)].sum(axis=0)
    counts[-1, -1] = (~(gold | guess).any(axis=1)).sum()
    return Confusion((*frames, "none"), tuple(tuple(cells) for cells in counts.tolist()))
