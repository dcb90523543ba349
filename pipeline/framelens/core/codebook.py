"""The scheme of a codebook: its frames and how they are shown, read from TOML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

import rtoml  # thrice as fast as the standard library's compiled: rules are read at every start

from framelens.core.errors import FramelensError

MAX_FRAMES = 1000
LONGEST_NAME = 100
"""Characters of the name of a frame: columns and pages bear it."""
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no name has: control characters, breaks of lines, halves of surrogates."""
BETWEEN = "|"
"""Separates the frames of a sentence in a table."""
RESERVED = frozenset(
    {"id", "doc", "index", "start", "end", "text", "labels", "primary", "about", "stances", "evidence",
     "meta", "text_index"}
)  # fmt: skip
"""Columns of result tables, which no frame may be called, as each frame has a column, too."""
OF_A_FRAME = re.compile(r"p_(.+)|(.+) (?:bias|threshold|reasons)")
"""The further columns of a frame, which no other one may be called."""
SCHEME_FORM = "a title and [[frame]] tables with name, test, letter and colour"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a codebook: its name, the coders' one-line test, how pages show it, and `keywords`, a
    baseline that framelens is compared with.

    `missed` is, where it was measured, the share of real sentences with the frame among those in which
    none of its rules hits; models are calibrated by it.
    """

    name: str
    test: str
    letter: str
    colour: str
    keywords: tuple[str, ...] = ()
    missed: float | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """The frames of a codebook, in the order in which every output lists them.

    With `rules_lead`, models give the rules of a frame similar weights and terms little: for rules made
    on other texts than the training sentences. `stances` are the ways in which a sentence may treat a
    frame, if any. In an `exclusive` codebook a sentence has exactly one frame or, with `none`, at most
    one. Rules are matched past the words `passed_over`, and of two words in `same` (`hrw`, `watch`) the
    first passes as the second, too. `names` are those of the frames.
    """

    title: str
    frames: tuple[Frame, ...]
    rules_lead: bool = False
    stances: tuple[str, ...] = ()
    exclusive: bool = False
    none: bool = False
    passed_over: tuple[str, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(frame.name for frame in self.frames))

    @property
    def may_be_none(self) -> bool:
        """Whether a sentence may carry no frame."""
        return self.none or not self.exclusive

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    def __getitem__(self, name: str) -> Frame:
        return next(frame for frame in self.frames if frame.name == name)


SCHEME_KEYS = (
    "title", "rules_lead", "exclusive", "none", "stances", "passed_over", "same", "skipped", "part_of",
    "frame",
)  # fmt: skip
FRAME_KEYS = ("name", "test", "letter", "colour", "keywords", "missed")


def read_scheme(source: str, path: Path) -> Scheme:
    """Read the text of `scheme.toml`; `path` names it in errors."""
    try:
        data = parse_toml(source)
        _check_keys(data, SCHEME_KEYS)
        rows = data.get("frame")
        if not isinstance(rows, list):
            raise FramelensError(f"'frame' is missing; expected {SCHEME_FORM}")
        lead, exclusive, none = (_switch(data, key) for key in ("rules_lead", "exclusive", "none"))
        stances = _texts(data, "stances", "stances: expected a list of names")
        expected = "passed_over: expected a list of single words in lower case"
        passed = _texts(data, "passed_over", expected)
        if not all(word.isalpha() and word.islower() for word in passed):
            raise FramelensError(expected)
        same = data.get("same", {})
        if not isinstance(same, dict) or not all(isinstance(word, str) for word in same.values()):
            raise FramelensError("same: expected a table of words")
        frames = tuple(_frame(row) for row in rows)
        words = (passed, tuple(same.items()))
        scheme = Scheme(_text(data, "title"), frames, lead, stances, exclusive, none, *words)
        if not 0 < len(set(scheme.names)) == len(rows) <= MAX_FRAMES:
            raise FramelensError(
                f"expected at least one frame, at most {MAX_FRAMES:,}, and none listed twice"
            )
        for name in scheme.names:
            if problem := problem_of(name, scheme.names):
                raise FramelensError(f"the name {name!r} {problem}; expected another")
        _check_exclusive(scheme)
    except FramelensError as error:
        raise FramelensError(f"{path}: {error}") from None
    return scheme


def problem_of(name: str, names: Collection[str]) -> str | None:
    """Why a frame cannot have this name beside the others in `names`; None if it can."""
    if not name.strip() or BREAKS.search(name):
        return "is not one line of text"
    if len(name) > LONGEST_NAME:
        return f"has over {LONGEST_NAME} characters"
    if BETWEEN in name:
        return f"has a {BETWEEN}, which stands between frames in tables"
    further = OF_A_FRAME.fullmatch(name)
    if name in RESERVED or (further and (further[1] or further[2]) in names):
        return "is the name of a column in tables that framelens writes"
    return None


def composed(name: Any) -> Any:
    """A name in one form of Unicode, NFC: an é may be one character in one file, and two in another."""
    return normalize("NFC", name) if isinstance(name, str) else name


def _switch(data: Any, key: str) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise FramelensError(f"{key} is {value!r}; expected true or false")
    return value


def _check_exclusive(scheme: Scheme) -> None:
    if scheme.none and not scheme.exclusive:
        raise FramelensError(
            "none = true says that a sentence may have no frame, which it may anyway; expected it "
            "beside exclusive = true"
        )
    if scheme.exclusive and len(scheme.frames) + scheme.none < 2:
        raise FramelensError("exclusive = true with a single frame; expected two, or none = true")


def _check_keys(table: Any, keys: Collection[str]) -> None:
    """Raise FramelensError for an unknown key, which may be misspelt."""
    if isinstance(table, dict):
        for key in table:
            if key not in keys:
                raise FramelensError(f"unknown key {key!r}; expected {', '.join(keys)}")


def _frame(row: Any) -> Frame:
    _check_keys(row, FRAME_KEYS)
    name, test, letter, colour = (_text(row, key) for key in ("name", "test", "letter", "colour"))
    keywords = _texts(row, "keywords", f"keywords of {name!r}: expected a list of strings")
    missed = row.get("missed")
    if missed is not None and not (isinstance(missed, float) and 0 < missed < 1):
        raise FramelensError(f"missed of {name!r}: expected a number between 0 and 1")
    return Frame(composed(name), test, letter, colour, keywords, missed)


def _texts(table: Any, key: str, problem: str) -> tuple[str, ...]:
    """A list of texts, none where the key is missing; raise FramelensError with the `problem` for others."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise FramelensError(problem)
    return tuple(value)


def _text(table: Any, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    if not isinstance(value, str) or not value:
        raise FramelensError(f"{key!r} is missing or no text; expected {SCHEME_FORM}")
    return value


def parse_toml(text: str) -> dict[str, Any]:
    """The table in a TOML text; raise FramelensError, with the reason, if it is not TOML."""
    try:
        return rtoml.loads(text)
    except ValueError as error:
        raise FramelensError(f"not TOML: {error}") from None
