"""Sentences counted by what else is known of them, in the groups of all sentences: how those with a
frame treat it, and whether they are about the codebook's subject at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from framelens.analysis.counter import ShareCounter, Value


class StanceCounter:
    """A counter a frame: of the sentences that carry it, how many have each stance to it.

    The groups are those of `whole`, which counts all sentences. Where a sentence says nothing of a
    frame's stance, it counts as none.
    """

    def __init__(self, whole: ShareCounter, stances: Sequence[str]) -> None:
        self.stances = tuple(stances)
        self._counters = {name: whole.alike(self.stances) for name in whole.frames}
        self.told = 0

    def add(
        self,
        document: str,
        labels: Sequence[str],
        stances: Mapping[str, str],
        values: Sequence[Value],
        *,
        over: Value = None,
        cluster: Value = None,
    ) -> None:
        """Count a sentence in, given its frames and its stance to each; the rest is as for
        `ShareCounter.add`."""
        for frame in labels:
            given = [stances[frame]] if frame in stances else []
            self.told += len(given)
            self._counters[frame].add(document, given, values, over=over, cluster=cluster)

    def __iter__(self) -> Iterator[tuple[str, ShareCounter]]:
        """Each frame with its counter."""
        return iter(self._counters.items())


ABOUT = "about"
"""Stands for the codebook's subject where frames do else."""
LIKELY = 0.5
"""From which probability on a sentence counts as about the subject."""


class AboutCounter:
    """Counts the sentences that are about the codebook's subject at all, and those that are not.

    The groups are those of `whole`, which counts all sentences; `told` are the sentences of which
    the model says how probable it is.
    """

    def __init__(self, whole: ShareCounter) -> None:
        self.counter = whole.alike((ABOUT,))
        self.told = 0

    def add(
        self,
        document: str,
        about: float | None,
        values: Sequence[Value],
        *,
        over: Value = None,
        cluster: Value = None,
    ) -> None:
        """Count a sentence in, given the probability; the rest is as for `ShareCounter.add`."""
        if about is not None:
            self.told += 1
            labels = (ABOUT,) if about >= LIKELY else ()
            self.counter.add(document, labels, values, over=over, cluster=cluster)
