"""What was noticed of an input on the way, that stops nobody but should be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Note = tuple[str, int, str]
"""What was noticed, how many times, and the first instance of it, or nothing."""


EMPTY = "texts are empty"


@dataclass(slots=True)
class Notes:
    """Counts what was noticed, by what it is, with the first instance of each."""

    found: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, what: str, instance: str = "", count: int = 1) -> None:
        """Note something once more."""
        known, first = self.found.get(what, (0, instance))
        self.found[what] = known + count, first

    def rows(self) -> tuple[Note, ...]:
        """All notes, in the order in which they were first made."""
        return tuple((what, count, first) for what, (count, first) in self.found.items())

    def merge(self, rows: Iterable[Note]) -> None:
        """Add the notes of a later part of the input."""
        for what, count, first in rows:
            self.add(what, first, count)

    def told(self) -> list[str]:
        """A line for each: `3 dates cannot be read, such as 'in spring'`."""
        return [
            f"{count:,} {what}" + (f", such as {first!r}" if first else "")
            for what, count, first in self.rows()
        ]
