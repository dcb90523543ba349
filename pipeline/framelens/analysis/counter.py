"""Sentences counted by the values of fields, of one at a time and of two at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Literal

import numpy as np

from framelens.analysis.shares import Group, Kind, Tally
from framelens.core.types import MOST_GROUPS, NOTHING, Floats, in_order, natural, other_values

Sort = Literal["size", "name", "share"]
"""How groups are ordered: by sentences (but dates and numbers in their own order), by name, or by the
share that carries any frame."""

WHOLE = ""
"""Stands for the field of which all sentences have the one value."""

Value = str | None
Cell = tuple[Value, Value]
"""The values of a field and of the one it is crossed with."""
Key = tuple[str, Hashable]
Row = tuple[str, Kind, tuple[Value, ...]]
"""A group: its name, what it stands for, and the values that it holds."""


class ShareCounter:
    """Counts sentences by the values of fields, a document after the other.

    Of each field the `most` common values have groups of their own (None: all of them). Clusters are
    documents or, if `clustered`, what `add` is given as one. The groups are those of the counter
    `groups_of`, if there is one.
    """

    def __init__(
        self,
        frames: Sequence[str],
        by: Sequence[str],
        *,
        most: int | None = MOST_GROUPS,
        sort: Sort = "size",
        crossed: bool = False,
        clustered: bool = False,
        groups_of: ShareCounter | None = None,
    ) -> None:
        self._groups_of = groups_of
        self.frames, self.by, self.most, self.sort = tuple(frames), tuple(by), most, sort
        self.crossed, self.clustered = crossed, clustered
        self.whole = Tally(frames)
        self.tallies: dict[str, dict[Value, Tally]] = {name: {} for name in by}
        self.tallies[WHOLE] = {None: self.whole}  # last: a caller may name a field so, too
        self.cells: dict[str, dict[Cell, Tally]] = {name: {} for name in (WHOLE, *by)}
        self._document: str | None = None
        self._seen: set[Key] = set()
        self._open: dict[str, dict[Key, Floats]] = {}

    def alike(self, names: Sequence[str]) -> ShareCounter:
        """A counter of other labels, by the same fields and with the same groups."""
        return ShareCounter(
            names, self.by, crossed=self.crossed, clustered=self.clustered, groups_of=self
        )

    def add(
        self,
        document: str,
        labels: Sequence[str],
        values: Sequence[Value],
        *,
        over: Value = None,
        cluster: Value = None,
    ) -> None:
        """Count a sentence; `values` are those of the fields in `by`, in their order, `over` is the value
        of the field that they are crossed with."""
        if document != self._document:
            if not self.clustered:
                self._close()
            self._seen.clear()
            self._document = document
        # Without a cluster, the document is one.
        name = f"\0{document}" if cluster is None or not self.clustered else cluster
        counts = self._open.setdefault(name, {})
        counted = np.array([1.0, *(name in labels for name in self.frames), not labels])
        for key in self._keys(values, over):
            before = counts.get(key)
            counts[key] = counted if before is None else before + counted
            if key not in self._seen:
                self._seen.add(key)
                self._tally(key).documents += 1

    def rows(self, name: str) -> list[Row]:
        """The groups of a field in their order, then rarer values together, then sentences without any."""
        self._close()
        tallies = self.tallies[name]
        if self._groups_of is not None:
            rows = (
                (title, kind, tuple(value for value in values if value in tallies))
                for title, kind, values in self._groups_of.rows(name)
            )
            return [row for row in rows if row[2]]
        present = {value: tally for value, tally in tallies.items() if value is not None}
        common = sorted(present, key=lambda value: -present[value].sentences)
        kept = common[: self.most]
        if self.sort == "name":
            kept.sort(key=natural)
        elif self.sort == "size":
            kept = in_order(kept)
        elif self.sort == "share":
            kept.sort(key=lambda value: present[value].sums.given[-1] / present[value].sentences)
        keyed: list[Row] = [(value, "value", (value,)) for value in kept]
        if rest := common[len(kept) :]:
            keyed.append((other_values(len(rest)), "rest", tuple(rest)))
        if None in tallies:
            keyed.append((NOTHING, "missing", (None,)))
        return keyed

    def groups(self, name: str) -> tuple[Group, ...]:
        """The shares of a field's groups."""
        tallies = self.tallies[name]
        return tuple(
            merged(self.frames, (tallies[value] for value in values)).group(title, kind)
            for title, kind, values in self.rows(name)
        )

    def all(self) -> Tally:
        """All sentences."""
        self._close()
        return self.whole

    def _keys(self, values: Sequence[Value], over: Value) -> Iterator[Key]:
        yield WHOLE, None
        yield from zip(self.by, values, strict=True)
        if self.crossed:
            yield WHOLE, (None, over)
            for name, value in zip(self.by, values, strict=True):
                yield name, (value, over)

    def _tally(self, key: Key) -> Tally:
        name, value = key
        tallies: dict[Any, Tally] = (self.cells if isinstance(value, tuple) else self.tallies)[name]
        if value not in tallies:
            tallies[value] = Tally(self.frames)
        return tallies[value]

    def _close(self) -> None:
        """Add the counts of each cluster to the tallies."""
        for counts in self._open.values():
            for key, counted in counts.items():
                self._tally(key).add(int(counted[0]), counted[1:])
        self._open.clear()


def merged(frames: Sequence[str], tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally(frames)
    for tally in tallies:
        whole.merge(tally)
    return whole
