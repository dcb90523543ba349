"""The tables of rule files: each value of the kind expected, and none too large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from reprlib import repr as brief
from typing import Any

from framelens.core.codebook import parse_toml
from framelens.core.errors import FramelensError

Pattern = tuple[Mapping[str, Any], ...]
"""A pattern in spaCy's token-pattern language, `LEMMA` and `@list` still to be expanded."""

MAX_TEXT = 2000
"""Characters of a phrase or an example."""

MAX_RUN = 100
"""Characters in a row without white space: the tokenizer's time grows with their square."""


class RuleError(FramelensError):
    """What is wrong with a file of a rules folder, or with one rule or list (`item`) in it."""

    def __init__(self, file: Path, item: str, problem: str) -> None:
        super().__init__(file, item, problem)
        self.file, self.item, self.problem = file, item, problem

    def __str__(self) -> str:
        item = self.item if self.item.isprintable() else repr(self.item)
        return f"{self.file}: {item}: {self.problem}" if item else f"{self.file}: {self.problem}"


Report = Callable[[RuleError], None]
"""What is done with an error; where it returns, reading goes on without what is wrong."""


def refuse(error: RuleError) -> None:
    """Go no further: raise the error."""
    raise error


@contextmanager
def reporting(report: Report) -> Iterator[None]:
    """Report an error of the block, and leave the block."""
    try:
        yield
    except RuleError as error:
        report(error)


def read_source(path: Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes, its lines ended by line feeds."""
    try:
        if path.exists() and not path.is_file():
            raise RuleError(path, "", "is no file")
        if path.stat().st_size > limit:
            raise RuleError(path, "", "too large, alone or with the files before it, to be rules")
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(path, "", f"cannot be read: {error}") from None


def read_table(source: str, keys: set[str], path: Path, report: Report) -> dict[str, Any]:
    """The table that a file's text holds, which may have some keys and no others."""
    try:
        table = parse_toml(source)
    except FramelensError as error:
        raise RuleError(path, "", str(error)) from None
    check_keys(table, keys, path, "", report)
    return table


def check_keys(
    table: Mapping[str, Any], keys: set[str], path: Path, item: str, report: Report
) -> None:
    """Report keys that mean nothing."""
    for key in sorted(table.keys() - keys):
        report(RuleError(path, item, f"unknown key {brief(key)}; expected {sorted(keys)}"))


def rows_of(path: Path, table: Mapping[str, Any], key: str, report: Report) -> list[Any]:
    """The `[[key]]` tables of a file."""
    rows = table.get(key, [])
    if isinstance(rows, list):
        return rows
    report(RuleError(path, "", f"{key} is {brief(rows)}; expected [[{key}]] tables"))
    return []


def token_patterns(value: Any, path: Path, item: str) -> tuple[Pattern, ...]:
    """A rule's `patterns`."""
    if not isinstance(value, list) or not all(
        isinstance(pattern, list) and pattern and all(isinstance(token, dict) for token in pattern)
        for pattern in value
    ):
        raise RuleError(path, item, "patterns must be lists of token tables")
    return tuple(tuple(pattern) for pattern in value)


def strings(
    value: Any, path: Path, item: str, what: str, *, longest: int = MAX_TEXT
) -> tuple[str, ...]:
    """A list of strings, none too long."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RuleError(path, item, f"{what}: expected a list of strings")
    for text in value:
        if len(text) > longest or any(len(run) > MAX_RUN for run in text.split()):
            limits = f"at most {longest} characters, and {MAX_RUN} in a row without white space"
            raise RuleError(path, item, f"{what}: {brief(text)} is too long; expected {limits}")
    return tuple(value)
