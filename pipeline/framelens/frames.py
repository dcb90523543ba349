"""The result types, and the scheme that says which frames there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from framelens.errors import FramelensError
from framelens.tomltext import parse_toml

MAX_FRAMES = 1000
SCHEME_FORM = "a title and [[frame]] tables with name, test, letter and colour"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a codebook: its name, the one-line test, how pages show it, and the plain list
    of words that a search for it would use, against which framelens is measured."""

    name: str
    test: str
    letter: str
    colour: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """The frames of a codebook, in the order in which every output lists them."""

    title: str
    frames: tuple[Frame, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(frame.name for frame in self.frames)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    def __getitem__(self, name: str) -> Frame:
        return next(frame for frame in self.frames if frame.name == name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One contribution to one frame's score.

    `start` and `end` are character offsets into the document's text; `weight` is what
    the contribution adds to the score, in log-odds; `note` is the rule's (a term has none). A rule
    or term that occurs several times in a sentence has a row for each, and shares its weight out.
    """

    frame: str
    kind: Literal["rule", "term"]
    name: str
    start: int
    end: int
    text: str
    weight: float
    note: str = ""


Detail = bool | Literal["labels"]
"""How much evidence is wanted: all of it, that for and against the frames given, or none."""


@dataclass(frozen=True, slots=True)
class SentenceFrames:
    """What framelens says of one sentence.

    `start` and `end` are character offsets into the document's text, `scores` are
    probabilities from 0 to 1 in the scheme's order, `labels` the frames whose score
    reaches their threshold, `primary` the one that the main clause names first.

    The score of a frame is the log-odds of its probability: its `bias` (log-odds) and the weights
    of its `evidence` add up to it. `bias` and `thresholds` (probabilities), by frame, are the same
    objects for all sentences of a classifier; don't write to them.
    """

    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    primary: str | None
    scores: Mapping[str, float]
    evidence: tuple[Evidence, ...] = field(default=())
    bias: Mapping[str, float] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)


def read_scheme(source: str, path: Path) -> Scheme:
    """Read the text of `scheme.toml`; `path` names it in errors."""
    try:
        data = parse_toml(source)
        rows = data.get("frame")
        if not isinstance(rows, list):
            raise FramelensError(f"'frame' is missing; expected {SCHEME_FORM}")
        scheme = Scheme(_text(data, "title"), tuple(_frame(row) for row in rows))
        if not 0 < len(set(scheme.names)) == len(rows) <= MAX_FRAMES:
            raise FramelensError("expected at least one frame, and none listed twice")
    except FramelensError as error:
        raise FramelensError(f"{path}: {error}") from None
    return scheme


def _frame(row: Any) -> Frame:
    name, test, letter, colour = (_text(row, key) for key in ("name", "test", "letter", "colour"))
    keywords = row.get("keywords", [])
    if not isinstance(keywords, list) or not all(isinstance(word, str) for word in keywords):
        raise FramelensError(f"keywords of {name!r}: expected a list of strings")
    return Frame(name, test, letter, colour, tuple(keywords))


def _text(table: Any, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    if not isinstance(value, str) or not value:
        raise FramelensError(f"{key!r} is missing or no text; expected {SCHEME_FORM}")
    return value
