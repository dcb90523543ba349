"""Bad records and files, which are put aside or end a run, and notes on the input."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from framelens.core.errors import at
from framelens.core.files import check_writable, open_whole, short
from framelens.core.types import counted, storable

if TYPE_CHECKING:
    from framelens.preprocessing.structure import LeftOut

REJECTS = ".rejects.jsonl"
"""The ending of the file of bad records, after the name of the output."""
FIELDS = {"file", "line", "reason", "raw"}
NAMED = 5
"""Most bad records that messages name where no file keeps them."""
MOST = 1 << 28
"""The longest line of a bad record that is looked at, in bytes."""


def rejects_path(output: Path) -> Path:
    """The file for the bad records of an output."""
    return output.with_name(f"{short(output.name, REJECTS)}{REJECTS}")


def forget_rejects(path: Path) -> None:
    """Remove the file of bad records of an earlier run, now that there are none; a file of another kind
    stays."""
    if _is_rejects(path):
        path.unlink(missing_ok=True)


def check_rejects(path: Path) -> None:
    """Raise FramelensError where a file of another kind has the name of that of bad records."""
    if os.path.lexists(path) and not _is_rejects(path):
        problem = "is in the way of bad records, and is none of a run's; move it away"
        raise at(path, None, problem)


def _is_rejects(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            line = stream.readline(MOST)
        first = json.loads(line) if line else dict.fromkeys(FIELDS)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(first, dict) and first.keys() == FIELDS


class Rejects:
    """Counts bad records and, given a path, writes them there as JSON Lines; without one it names the
    first `NAMED` in its messages.

    A line holds `file`, `line` (from 1, null for a whole file), `reason` and `raw`, the record as
    it stood (null for a whole file). The file is made with the first of them and moved into place
    at the end of the `with` block, or removed if that fails; where there is none at the end, one that an
    earlier run has left is removed. `follow` is as in `open_whole`. Raise FramelensError if it
    cannot be written.
    """

    def __init__(self, path: Path | None, *, follow: bool = True) -> None:
        if path is not None:
            check_writable(path)
        self.path, self._follow = path, follow
        self.count = 0
        self._lines = 0
        self._named: list[str] = []
        self._stream: TextIO | None = None
        self._open = ExitStack()

    def add(self, path: Path | str, line: int | None, raw: str | None, reason: str) -> None:
        """Put one record, or with no line a whole file, aside."""
        self.count += 1
        self._lines += (raw or "").rstrip("\n").count("\n") + 1
        if self.path is None:
            if self.count <= NAMED:
                self._named.append(f"passed over {at(path, line, reason)}")
            return
        if self._stream is None:
            self._stream = self._open.enter_context(open_whole(self.path, follow=self._follow))
        row = {"file": str(path), "line": line, "reason": reason, "raw": raw}
        self._stream.write(storable(json.dumps(row, ensure_ascii=False)) + "\n")

    def add_all(self, path: Path) -> None:
        """Put aside the bad records that are in a file of them."""
        with path.open(encoding="utf-8") as stream:
            for row in map(json.loads, stream):
                self.add(row["file"], row["line"], row["raw"], row["reason"])

    def messages(self) -> Iterator[str]:
        """Lines on the first bad records, unless a file keeps them, and on how many were passed over."""
        yield from self._named
        if self.count:
            where = f", of which {NAMED} are named" if self.count > NAMED else ""
            where = f", kept in {self.path}" if self.path is not None else where
            lines = f" of {self._lines:,} lines" if self._lines > self.count else ""
            yield f"{counted(self.count, 'bad record')}{lines} passed over{where}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._stream = None
        self._open.__exit__(*raised)
        if raised[0] is None and not self.count and self.path is not None:
            forget_rejects(self.path)


class Bad(Exception):
    """Why a record, or a whole file, cannot be read; `Reading.report` makes it an error or a reject.

    `line` is the place in a whole file, if known; of a record its reader knows the place.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


Note = tuple[str, int, str]
"""What was noticed, how many times, and the first instance of it, or nothing."""

EMPTY = "text{s} {are} empty"
"""A kind of note; what depends on its number stands in braces."""

ONE = {"s": "", "are": "is", "have": "has", "were": "was"}
MANY = {"s": "s", **{word: word for word in ONE if word != "s"}}


@dataclass(slots=True)
class Notes:
    """Counts what was noticed of the input, with the first instance of each kind."""

    counts: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, what: str, instance: str = "", count: int = 1) -> None:
        """Note something once more."""
        before, first = self.counts.get(what, (0, instance))
        self.counts[what] = before + count, first

    def add_left_out(self, left_out: LeftOut) -> None:
        """Note what was read and not classified, and which documents are not in English or beside the
        codebook's subject."""
        for kind, count in left_out.kinds.items():
            self.add(f"sentence{{s}} of the kind {kind} {{were}} left out", count=count)
        for name, count in left_out.languages.items():
            self.add(f"sentence{{s}} in the language {name} {{were}} left out", count=count)
        if left_out.short:
            self.add("sentence{s} of too few words {were} left out", count=left_out.short)
        if left_out.furniture:
            self.add("line{s} of page furniture {were} left out", count=left_out.furniture)
        for document, name in left_out.documents.items():
            self.add("document{s} {are} not all in English", f"{document} ({name})")
        for document, mean in left_out.beside_subject.items():
            self.add(f"document{{s}} {{are}} {left_out.BESIDE}", f"{document} ({mean:.2f})")

    def rows(self) -> tuple[Note, ...]:
        """All notes, in the order in which they were first made."""
        return tuple((what, count, first) for what, (count, first) in self.counts.items())

    def merge(self, rows: Iterable[Note]) -> None:
        """Add the notes of a later part of the input."""
        for what, count, first in rows:
            self.add(what, first, count)

    def messages(self) -> list[str]:
        """A line for each: `3 dates cannot be read, such as 'in spring'`."""
        return [
            f"{count:,} {_inflected(what, ONE if count == 1 else MANY)}"
            + (f", such as {first!r}" if first else "")
            for what, count, first in self.rows()
        ]


def _inflected(what: str, forms: Mapping[str, str]) -> str:
    # Not by `format`: notes that come from a manifest may hold anything in braces.
    for name, form in forms.items():
        what = what.replace(f"{{{name}}}", form)
    return what.replace("{{", "{").replace("}}", "}")
