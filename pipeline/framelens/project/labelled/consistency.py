"""Checks of labelled sentences against one another and the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from reprlib import repr as brief

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import counted
from framelens.project.labelled.forms import NONE
from framelens.project.labelled.sentence import LabelledSentence, normal_form

SHOWN = 10
"""Texts with conflicting labels that an error names."""


def check_consistent(sentences: Iterable[LabelledSentence]) -> None:
    """Raise FramelensError, naming them, where the same words are labelled in different ways."""
    if message := conflicts(sentences):
        raise FramelensError(
            f"{message}; settle them (where each row has one label of several, put those of a text into one "
            "row), or say --allow-conflicts"
        )


def conflicts(sentences: Iterable[LabelledSentence]) -> str:
    """A message on the texts that are labelled in different ways; nothing where none is."""
    homes: dict[str, list[LabelledSentence]] = {}
    for sentence in sentences:
        homes.setdefault(normal_form(sentence.text), []).append(sentence)
    apart = [rows for rows in homes.values() if len({frozenset(row.labels) for row in rows}) > 1]
    if not apart:
        return ""
    shown = "; ".join(map(_ways_of_labelling, apart[:SHOWN]))
    more = f"; and {len(apart) - SHOWN:,} more" if len(apart) > SHOWN else ""
    texts = "one text is" if len(apart) == 1 else f"{len(apart):,} texts are"
    return f"{texts} labelled in different ways: {shown}{more}"


def _ways_of_labelling(rows: Sequence[LabelledSentence]) -> str:
    """A text that is labelled in different ways: the text, and for each way an id and the labels."""
    ways: dict[frozenset[str], LabelledSentence] = {}
    for row in rows:
        ways.setdefault(frozenset(row.labels), row)
    described = (f"{row.id} {'|'.join(row.labels) or NONE}" for row in ways.values())
    return f"{brief(rows[0].text)} ({', '.join(described)})"


def repeats(sentences: Sequence[LabelledSentence]) -> str:
    """A message on how many rows repeat the text of another; nothing where none does."""
    repeated = len(sentences) - len({normal_form(sentence.text) for sentence in sentences})
    if not repeated:
        return ""
    verb = "repeats" if repeated == 1 else "repeat"
    return f"{counted(repeated, 'row')} of {len(sentences):,} {verb} a text"


def drawn_unevenly(sentences: Sequence[LabelledSentence]) -> str:
    """A message where some strata of a sample were drawn more often than others, else nothing."""
    strata, chances = (
        {str(row.meta.get(name) or "") for row in sentences} - {""}
        for name in ("stratum", "probability")
    )
    several = len(strata) > 1 and len(chances) > 1
    return "sentences were drawn more often from some strata" if several else ""


def check_exclusive(sentences: Sequence[LabelledSentence], scheme: Scheme) -> None:
    """Raise FramelensError where frames exclude one another and a sentence has too many or none."""
    if not scheme.exclusive:
        return
    for sentence in sentences:
        if len(sentence.labels) > 1:
            problem = f"has the labels {', '.join(sentence.labels)}"
            advice = "expected one (exclusive = true in scheme.toml)"
        elif not sentence.labels and not scheme.none:
            problem, advice = "has no label", "expected one, or none = true in scheme.toml"
        else:
            continue
        raise FramelensError(f"the labelled sentence {sentence.id!r} {problem}; {advice}")
