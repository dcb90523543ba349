"""Figures by a field of the labelled sentences: genre, speaker, document, …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from framelens.core.errors import FramelensError
from framelens.core.types import (
    DOCUMENT,
    MOST_GROUPS,
    NOTHING,
    Bools,
    given_value,
    in_order,
    other_values,
    plain,
)
from framelens.project.labelled.sentence import LabelledSentence
from framelens.readers.formats.records import written_else
from framelens.statistics.metrics import Figures, figures
from framelens.statistics.proportions import FEWEST_DOCUMENTS

USUAL = "genre"


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of framelens on the sentences that share a value of a field."""

    value: str
    sentences: int
    figures: Figures


def documents_of(sentences: Sequence[LabelledSentence]) -> list[str] | None:
    """The group with which each sentence is resampled: its document, or itself where that is blank.
    None where there are too few documents."""
    documents = [given_value(sentence.document) for sentence in sentences]
    if len(set(documents) - {None}) < FEWEST_DOCUMENTS:
        return None
    # A document and a sentence may bear the same name.
    return [
        f"s {sentence.id}" if document is None else f"d {document}"
        for sentence, document in zip(sentences, documents, strict=True)
    ]


def resampled(sentences: Sequence[LabelledSentence]) -> str:
    """What is resampled for intervals, in a word."""
    return "sentences" if documents_of(sentences) is None else "documents"


def figures_by(
    field: str,
    sentences: Sequence[LabelledSentence],
    frames: Sequence[str],
    gold: Bools,
    guess: Bools,
    *,
    seed: int = 0,
) -> tuple[GroupFigures, ...]:
    """Figures by the values of a field, as `in_order` lists them.

    `gold` and `guess` are labels, sentences × frames. Raise FramelensError where no sentence has
    the field.
    """
    values = np.array(values_of(field, sentences), dtype=object)
    by_value = []
    counts = Counter(values.tolist())
    for value in in_order([value for value, _ in counts.most_common()]):
        inside = np.flatnonzero(values == value)
        groups = documents_of([sentences[at] for at in inside.tolist()])
        of_value = figures(frames, gold[inside], guess[inside], groups=groups, seed=seed)
        by_value.append(GroupFigures(value, counts[value], of_value))
    return tuple(by_value)


def values_of(field: str, sentences: Sequence[LabelledSentence]) -> list[str]:
    """Each sentence's value of a field as text, `NOTHING` where it is blank; all but the commonest
    become one value. Raise FramelensError where no sentence has the field."""
    values_or_none = [_value(field, sentence) for sentence in sentences]
    if all(value is None for value in values_or_none):
        names = fields_of(sentences)
        known, hint = ", ".join(names) or "none", written_else(names, field)
        raise FramelensError(
            f"no labelled sentence has the field {field!r}{hint}; there are: {known}"
        )
    values = [NOTHING if value is None else value for value in values_or_none]
    counts = Counter(values)
    kept = {value for value, _ in counts.most_common(MOST_GROUPS)}
    rest = other_values(len(counts) - len(kept))
    return [value if value in kept else rest for value in values]


def fields_of(sentences: Sequence[LabelledSentence]) -> list[str]:
    """The fields that some sentence has, by name."""
    names = {name for sentence in sentences for name in sentence.meta} | {DOCUMENT}
    return sorted(
        name for name in names if any(_value(name, sentence) is not None for sentence in sentences)
    )


def usual_fields(sentences: Sequence[LabelledSentence]) -> tuple[str, ...]:
    """The fields to give figures by if none are named: the genre, where sentences have it."""
    return (USUAL,) if USUAL in fields_of(sentences) else ()


def _value(field: str, sentence: LabelledSentence) -> str | None:
    value = sentence.document if field == DOCUMENT else sentence.meta.get(field)
    if isinstance(value, (str, list, bool)):
        return plain(value) or None
    return given_value(value)
