"""Sentences counted by what is known of them, in the same groups: the frames that they carry, how they
treat each, and whether they are about the codebook's subject at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framelens.analysis.counter import ShareCounter, Value

ABOUT = "about"
"""Stands for the codebook's subject where frames do else."""
LIKELY = 0.5
"""From which probability on a sentence counts as about the subject."""


class Counters:
    """A counter of frames, `whole`; one a frame of how the sentences that carry it treat it, `treated`,
    which is None unless there are `stances`; and one of those about the subject, `about`.

    The last two have the groups of the first. `stances_told` and `about_told` count what sentences
    say of either; where one says nothing of a frame's stance, it counts as none. For `options` see
    `ShareCounter`.
    """

    def __init__(
        self,
        frames: Sequence[str],
        by: Sequence[str],
        *,
        stances: Sequence[str] | None = None,
        **options: Any,
    ) -> None:
        self.whole = ShareCounter(frames, by, **options)
        self.treated: dict[str, ShareCounter] | None = None
        if stances is not None:
            self.treated = {frame: self.whole.alike(stances) for frame in frames}
        self.about = self.whole.alike((ABOUT,))
        self.stances_told = self.about_told = 0

    def add(
        self,
        document: str,
        labels: Sequence[str],
        values: Sequence[Value],
        *,
        stances: Mapping[str, str],
        about: float | None,
        over: Value = None,
        cluster: Value = None,
    ) -> None:
        """Count a sentence in, given its frames, its stance to each, and how probably it is about the
        subject; the rest is as for `ShareCounter.add`."""
        self.whole.add(document, labels, values, over=over, cluster=cluster)
        if about is not None:
            self.about_told += 1
            given = (ABOUT,) if about >= LIKELY else ()
            self.about.add(document, given, values, over=over, cluster=cluster)
        if self.treated is not None:
            for frame in labels:
                told = [stances[frame]] if frame in stances else []
                self.stances_told += len(told)
                self.treated[frame].add(document, told, values, over=over, cluster=cluster)
