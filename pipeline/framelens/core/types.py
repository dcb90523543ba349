"""Types that rooms exchange: passages, sentences, frames with their evidence, arrays; and values of the
fields by which sentences are grouped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

from framelens.core.tables import short_repr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


Unit = Literal["document", "sentence"]

Kind = Literal[
    "prose", "heading", "table", "note", "contents", "names", "caption", "menu", "quoted"
]
"""Kinds of sentences. "contents" is a line of a table of contents, "names" a list of names, "menu" page
furniture such as a menu or a masthead, "quoted" what a message quotes of another one."""

KINDS: tuple[Kind, ...] = get_args(Kind)

KIND_NAMES: Mapping[str, tuple[str, str]] = {
    "prose": ("sentence of prose", "sentences of prose"),
    "heading": ("heading", "headings"),
    "table": ("table cell", "table cells"),
    "note": ("note", "notes"),
    "contents": ("line of contents", "lines of contents"),
    "names": ("list of names", "lists of names"),
    "caption": ("caption", "captions"),
    "menu": ("menu line", "menu lines"),
    "quoted": ("sentence quoted from another message", "sentences quoted from other messages"),
}
"""Singular and plural of each kind, for counts."""

FOOTNOTE = "footnote"
"""The value of `part` in `meta` of a footnote's passages."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document that begins and ends between sentences.

    `offset` is where it begins in the document, in characters; `id` is the record's own id, if it
    has one, and `meta` its other fields. `kind` is what its reader knows of it from how the file
    is built: "table" for a cell, "prose" for an item of a list, and so on.
    """

    doc: str
    text: str
    offset: int = 0
    id: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None

    __repr__ = short_repr


class Follows(IntEnum):
    """How a sentence follows on the one before it in its document."""

    SAME_LINE = 0
    NEW_LINE = 1
    NEW_PARAGRAPH = 2
    NOTE = 3
    """The first of a footnote."""


FOUND: Mapping[str, str] = {"kind": "found_kind", "language": "found_language"}
"""Fields by which sentences are chosen, and where they stand in one whose record has such a field itself:
a `kind` of speech, or the language that it was held in."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place, not yet classified.

    `index` is its number in the document, from 0, `start` where it begins in its passage, in
    characters. `fields` are those of its place in a document of the United Nations
    or a body like it: `paragraph`, `part`, `speaker`, `recommended_by`, and of the whole document
    `symbol`, `session`, `date` and, where it is not English, `language`.
    """

    passage: Passage
    index: int
    start: int
    text: str
    follows: Follows = Follows.NEW_PARAGRAPH
    fields: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = "prose"

    __repr__ = short_repr

    @property
    def doc(self) -> str:
        """The name of its document."""
        return self.passage.doc

    @property
    def meta(self) -> dict[str, Any]:
        """Its kind and the fields of its place; what its record brings along stands above them, but hides
        none of those by which sentences are chosen (`FOUND`)."""
        found, own = {"kind": self.kind, **self.fields}, self.passage.meta
        hidden = {beside: found.get(name, "") for name, beside in FOUND.items() if name in own}
        return {**found, **own, **hidden}


EvidenceKind = Literal["rule", "term", "subject"]
"""What a contribution comes from: a rule, a term of the model, a cue of another subject."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One contribution to one frame's score.

    `start` and `end` are character offsets into the document's text; `weight` is what
    the contribution adds to the score, in log-odds; `note` says why it counts (a term has none). A rule
    or term that occurs several times in a sentence has a row for each, and shares its weight out. A
    cue of another subject takes away what the rules have added that do not count because of it.
    """

    frame: str
    kind: EvidenceKind
    name: str
    start: int
    end: int
    text: str
    weight: float
    note: str = ""

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class StanceReason:
    """Why a stance is given: `words` that say it, with `text` from `start` to `end` of the document
    where it has a place, and what it adds for the stance against the next likeliest (log-odds)."""

    text: str
    start: int | None
    end: int | None
    words: str
    weight: float

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class FrameStance:
    """How a sentence treats a frame: the stance, the probability of each, and what spoke for the
    one given: features with their weights (log-odds), the bias first; they add up to its score.

    `reasons` say what decides, in plain words, the heaviest first.
    """

    name: str
    probabilities: Mapping[str, float] = field(repr=False)
    because: tuple[tuple[str, float], ...] = field(default=(), repr=False)
    reasons: tuple[StanceReason, ...] = field(default=(), repr=False)

    __repr__ = short_repr


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

    `about` is the probability that the sentence is about the codebook's own subject at all, None
    where the model does not tell. `stances` says, by frame given, how the sentence treats it, where
    the codebook has stances.
    """

    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    primary: str | None
    scores: Mapping[str, float]
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    bias: Mapping[str, float] = field(default_factory=dict, repr=False)
    thresholds: Mapping[str, float] = field(default_factory=dict, repr=False)
    about: float | None = None
    stances: Mapping[str, FrameStance] = field(default_factory=dict)

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Classified:
    """A sentence in its place, and its frames."""

    sentence: Sentence
    frames: SentenceFrames

    __repr__ = short_repr


def __getattr__(name: str) -> Any:
    """The types of arrays, made at first use: the command line's help need not import numpy."""
    kinds = {"Floats": "float64", "Ints": "int64", "Bools": "bool_"}
    if name not in kinds:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import numpy as np
    from numpy.typing import NDArray

    arrays: Any = NDArray
    return arrays[getattr(np, kinds[name])]


DOCUMENT = "document"
"""The field that every sentence has: the name of its document."""

MOST_GROUPS = 30
"""Most values of a field that are shown; rarer ones are put into one group."""

NOTHING = "(not given)"
"""The value of a field that a sentence does not have."""


def given_value(value: object) -> str | None:
    """A cell's value as text; None where the cell is blank.

    Blank are None, white space alone, and what pandas puts for a missing cell: NaN, NaT, NA.
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, float) and value != value:
        return None
    text = str(value)
    return text if text.strip() else None


def plain(value: object) -> str:
    """A field's value as text, or nothing; the same for a list, true and false from JSON as from CSV, where
    they are written as in JSON."""
    texts: list[str] = []
    waiting = [value]
    while waiting:  # no recursion: lists may nest deeper than Python's stack
        one = waiting.pop()
        if isinstance(one, str) and one.startswith("["):
            with suppress(ValueError, RecursionError):  # it is no list
                one = json.loads(one)
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, bool):
            texts.append(json.dumps(one))
        elif isinstance(one, (str, int, float)):
            texts.append(str(one).strip())
    return ", ".join(filter(None, texts))


def counted(count: int, what: str, many: str | None = None) -> str:
    """A number of things: `1 sentence`, `2,000 sentences`; `many` where that is more than an `s`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {many or f'{what}s'}"


def other_values(count: int) -> str:
    """The name of a group that holds `count` rarer values together."""
    return f"({count} other values)"


ORDERED = re.compile(r"\d[\d.:TZ +-]*|\d{4} Q\d")
"""Dates and numbers, which have an order of their own."""
APART = re.compile(rf"{re.escape(NOTHING)}|\(\d+ other values\)")
"""Groups that are no value."""


def in_order(common: Sequence[str]) -> list[str]:
    """A field's values, given the commonest first, as they are listed: dates and numbers in their own
    order, others as they stand."""
    own = [value for value in common if not APART.fullmatch(value)]
    if not all(map(ORDERED.fullmatch, own)):
        return list(common)
    return [*sorted(own, key=natural), *(value for value in common if APART.fullmatch(value))]


def natural(name: str) -> tuple[tuple[int, float, str], ...]:
    """The sort key of a name: numbers in it count by size, letters in any case."""
    parts = re.split(r"(\d+(?:\.\d+)?)", name.casefold())
    return tuple(
        (0, float(part), "") if at % 2 else (1, 0.0, part) for at, part in enumerate(parts)
    )


_SURROGATES = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate; the same object if it has none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text
