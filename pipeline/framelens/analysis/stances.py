"""Sentences counted in the same groups by their frames, by their stance to each, and by whether they
are about the codebook's subject at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from framelens.analysis.counter import ShareCounter, Value

ABOUT = "about"
"""The label of sentences about the codebook's subject."""
LIKELY = 0.5
"""The least probability from which a sentence counts as about the subject."""


class Counters:
    """A counter `whole` of frames; for each frame a counter of stances among the sentences that carry
    it, `treated` (None without `stances`); and a counter `about` of sentences about the subject.

    All have the groups of the first. `with_stance` counts frames that have a stance (others count as
    without one), `with_about` sentences of which is known whether they are about the subject. For
    `options` see `ShareCounter`.
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
        self.with_stance = self.with_about = 0

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
        """Count a sentence with its frames, its stance to each, and the probability that it is about the
        subject; see `ShareCounter.add` for the rest."""
        self.whole.add(document, labels, values, over=over, cluster=cluster)
        if about is not None:
            self.with_about += 1
            label = (ABOUT,) if about >= LIKELY else ()
            self.about.add(document, label, values, over=over, cluster=cluster)
        if self.treated is not None:
            for frame in labels:
                stance = [stances[frame]] if frame in stances else []
                self.with_stance += len(stance)
                self.treated[frame].add(document, stance, values, over=over, cluster=cluster)
