"""What is wrong with an input, before it is known what becomes of it."""

from __future__ import annotations


class Bad(Exception):
    """Why a record, or a whole file, cannot be read; turned into an error or a reject.

    `line` is where in a whole file, if that is known; the place of a record is its reader's to say.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
