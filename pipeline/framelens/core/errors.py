"""The one kind of error that a user can mend: what is wrong, where, and what was expected."""

from __future__ import annotations

from pathlib import Path


class FramelensError(Exception):
    """Bad input, a bad file or a bad setting.

    The message is one line that a person can act on; the command line prints it and
    exits with 2.
    """


def at(path: Path | str, line: int | None, problem: str) -> FramelensError:
    """The error for a `problem` in a file: `path:line: problem`."""
    place = f"{path}:{line}" if line is not None else f"{path}"
    return FramelensError(f"{place}: {problem}")
