"""Pairs of a frame and a stance as labels of their own, such as `talk: demanded`, so that their shares
can be corrected as those of frames are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Classified
from framelens.project.items import Item
from framelens.project.labelled.sentence import stances_of


def pairs_of(scheme: Scheme) -> tuple[str, ...]:
    """The frames, each followed by its pairs with the stances.

    Raise FramelensError where the codebook has no stances.
    """
    if not scheme.stances:
        raise FramelensError("the codebook has no stances; expected some in scheme.toml")
    named = ((frame, *(_pair(frame, it) for it in scheme.stances)) for frame in scheme.names)
    return tuple(chain.from_iterable(named))


def is_pair(name: str, names: Iterable[str]) -> bool:
    """Whether a name is that of a pair with one of the other names."""
    return any(name.startswith(_pair(other, "")) for other in names)


def with_pairs(rows: Iterable[Classified]) -> Iterator[Classified]:
    """The sentences, each with its pairs among its labels."""
    for row in rows:
        pairs = [_pair(frame, stance.name) for frame, stance in row.frames.stances.items()]
        yield replace(row, frames=replace(row.frames, labels=(*row.frames.labels, *pairs)))


def items_with_pairs(items: Iterable[Item], scheme: Scheme) -> list[Item]:
    """Labelled sentences with their pairs among their labels.

    Raise FramelensError where one has a label but no stance to it.
    """
    return [
        item
        if item.labels is None
        else replace(item, labels=(*item.labels, *_pairs_in(item, scheme)))
        for item in items
    ]


def _pairs_in(item: Item, scheme: Scheme) -> Iterator[str]:
    try:
        stances = stances_of(item.meta.get("stances") or None)
    except ValueError:
        stances = {}
    for frame in item.labels or ():
        if (stance := stances.get(frame)) not in scheme.stances:
            raise FramelensError(
                f"the labelled sentence {item.id!r} has the stance {stance!r} to {frame!r}; expected "
                f"a field stances, frame:stance|…, with one of {', '.join(scheme.stances)} to each"
            )
        yield _pair(frame, str(stance))


def _pair(frame: str, stance: str) -> str:
    return f"{frame}: {stance}"
