"""Figures by a field of the labelled sentences: genre, speaker, document, …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.errors import FramelensError
from framelens.project.labelled import LabelledSentence
from framelens.statistics.metrics import Bools, Figures, figures

FEWEST_DOCUMENTS = 10
"""Documents below which intervals are drawn over sentences, not over documents."""

MOST_GROUPS = 30
"""Values of a field that are shown one by one; rarer ones are put together."""

USUAL = "genre"
NOTHING = "(not given)"


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How framelens did on the sentences that share a value of a field."""

    value: str
    sentences: int
    figures: Figures


def documents_of(sentences: Sequence[LabelledSentence]) -> list[str] | None:
    """The group that each sentence is resampled with: its document, itself where it has none; None
    where there are too few documents to resample."""
    if len({row.document for row in sentences} - {None}) < FEWEST_DOCUMENTS:
        return None
    # A document and a sentence may bear the same name.
    return [f"d {row.document}" if row.document else f"s {row.id}" for row in sentences]


def figures_by(
    field: str,
    sentences: Sequence[LabelledSentence],
    frames: Sequence[str],
    gold: Bools,
    guess: Bools,
    *,
    seed: int = 0,
) -> tuple[GroupFigures, ...]:
    """Figures by the values of a field, the commonest first; raise FramelensError where no
    sentence has the field."""
    values = np.array(values_of(field, sentences), dtype=object)
    found = []
    for value, count in Counter(values.tolist()).most_common():
        inside = np.flatnonzero(values == value)
        groups = documents_of([sentences[at] for at in inside.tolist()])
        part = figures(frames, gold[inside], guess[inside], groups=groups, seed=seed)
        found.append(GroupFigures(value, count, part))
    return tuple(found)


def values_of(field: str, sentences: Sequence[LabelledSentence]) -> list[str]:
    """Each sentence's value of a field as text; all but the commonest become one value."""
    given = [_value(field, row) for row in sentences]
    if all(value is None for value in given):
        known = ", ".join(fields_of(sentences)) or "none"
        raise FramelensError(f"no labelled sentence has the field {field!r}; there are: {known}")
    counts = Counter(NOTHING if value is None else value for value in given)
    kept = {value for value, _ in counts.most_common(MOST_GROUPS)}
    if len(kept) == len(counts):
        return [NOTHING if value is None else value for value in given]
    rest = f"({len(counts) - len(kept)} other values)"
    return [value if value in kept else rest for value in (v or NOTHING for v in given)]


def fields_of(sentences: Sequence[LabelledSentence]) -> list[str]:
    """The fields that some sentence has, by name."""
    found = {name for row in sentences for name, value in row.meta.items() if value is not None}
    return sorted(found | ({"document"} if any(row.document for row in sentences) else set()))


def usual_fields(sentences: Sequence[LabelledSentence]) -> tuple[str, ...]:
    """The genre, where it is given, for those who name no field."""
    return (USUAL,) if USUAL in fields_of(sentences) else ()


def _value(field: str, sentence: LabelledSentence) -> str | None:
    value = sentence.document if field == "document" else sentence.meta.get(field)
    return None if value is None or value == "" else str(value)
