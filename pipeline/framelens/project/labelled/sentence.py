"""A labelled sentence, its checks, and what makes two the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from framelens.core.codebook import composed
from framelens.core.errors import FramelensError, at
from framelens.core.tables import short_repr
from framelens.core.types import given_value

MOST_NAMED = 20
"""Labels that an error names; of more it names the nearest."""


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence with the frames that annotators gave it.

    `document`, `start` and `end` say where it stands, in characters, when it comes from a document;
    every other field of its record is kept under `meta`.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    primary: str | None = None
    document: str | None = None
    start: int | None = None
    end: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    __repr__ = short_repr


class UnknownLabelError(FramelensError):
    """A label that is none of the frames that there are."""


def check_given(sentences: Sequence[LabelledSentence], frames: Sequence[str]) -> None:
    """Raise FramelensError where there are no sentences, or one that a caller has made is not valid."""
    if not sentences:
        raise FramelensError("no labelled sentences given; expected at least one")
    for number, sentence in enumerate(sentences, start=1):
        if not isinstance(sentence, LabelledSentence):
            kind = type(sentence).__name__
            raise at("labelled", number, f"{kind} given; expected a LabelledSentence")
        if not isinstance(sentence.labels, (list, tuple)) or not isinstance(sentence.meta, Mapping):
            raise at("labelled", number, "expected labels as a tuple, and meta as a dict")
        check_text(Path("labelled"), number, sentence.text)
        check_labels("labelled", number, sentence.labels, frames)
        check_primary("labelled", number, sentence.primary, sentence.labels)


def check_text(path: Path, line: int, text: object) -> str:
    """The text of a sentence, which must have something in it."""
    if not isinstance(text, str) or not text.strip():
        raise at(path, line, "text is missing or empty")
    return text


def check_labels(
    path: Path | str, line: int, labels: Iterable[object], frames: Sequence[str]
) -> None:
    """Raise UnknownLabelError for a label that is no frame."""
    for label in labels:
        if label not in frames:
            problem = f"unknown label {label!r}; {_expected(label, frames)}"
            raise UnknownLabelError(str(at(path, line, problem)))


def check_primary(path: Path | str, line: int, primary: object, labels: Sequence[object]) -> None:
    """Raise FramelensError where the primary frame is none of the labels."""
    if primary is not None and primary not in labels:
        raise at(path, line, f"primary {primary!r} is not among the labels {list(labels)}")


def _expected(label: object, frames: Sequence[str]) -> str:
    """Advice on an unknown label: the separator that seems to be meant, or the labels there are."""
    for mark in (";", ",", "/", "|") if isinstance(label, str) else ():
        parts = [part.strip() for part in str(label).split(mark)]
        if len(parts) > 1 and set(parts) <= set(frames):
            return f"if {mark!r} stands between labels, say --separator {mark!r}"
    near = get_close_matches(str(label), frames, n=1)
    if len(frames) > MOST_NAMED and near:
        return f"the nearest is {near[0]!r}"
    more = f" and {len(frames) - MOST_NAMED} more" if len(frames) > MOST_NAMED else ""
    return f"expected one of {', '.join(frames[:MOST_NAMED])}{more}"


def stances_in(sentence: LabelledSentence) -> dict[str, str]:
    """The stances of a sentence to its frames, by frame, as far as its record has them.

    Raise FramelensError where its field `stances` is neither an object nor `frame:stance|…`.
    """
    try:
        return stances_of(sentence.meta.get("stances"))
    except ValueError:
        problem = f"stances of the sentence {sentence.id!r}"
        raise FramelensError(f"{problem}: expected an object, or frame:stance|…") from None


def stances_of(value: object) -> dict[str, str]:
    """Stances by frame as they stand in a record: an object, in Parquet one in JSON, in CSV
    `frame:stance|…`; raise ValueError for anything else."""
    if given_value(value) is None:
        return {}
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    elif isinstance(value, str):
        value = dict(part.strip().rsplit(":", 1) for part in value.split("|") if part.strip())
    if not isinstance(value, dict):
        raise ValueError(f"{type(value).__name__} given")
    return {composed(str(frame)): str(stance) for frame, stance in value.items()}


def digest(sentences: Iterable[LabelledSentence]) -> str:
    """A digest of texts and labels, whatever the file's form."""
    made = sha256()
    for sentence in sentences:
        made.update(json.dumps([sentence.text, sorted(sentence.labels)]).encode())
    return made.hexdigest()


def normal_form(text: str) -> str:
    """A sentence reduced to its lower-case words, by which two sentences count as the same."""
    kept = (char if char.isalnum() else " " for char in text.casefold())
    return " ".join("".join(kept).split())


def fingerprint(text: str) -> str:
    """Twelve hex digits that stand for a sentence's normal form in a model's record."""
    return sha256(normal_form(text).encode()).hexdigest()[:12]
