"""The one kind of error that a user can mend: what is wrong, where, and what was expected."""

from __future__ import annotations

from pathlib import Path

LONGEST = 1_500
"""Characters of a message; what was expected stands at its end, in the last:"""
END = 400


class FramelensError(Exception):
    """Bad input, a bad file or a bad setting.

    The message is one line that a person can act on; the command line prints it and exits with 2.
    Whatever it names of the input is told in printable characters, and cut in the middle where it
    is overlong.
    """

    def __str__(self) -> str:
        return one_line(super().__str__())


def at(path: Path | str, line: int | None, problem: str) -> FramelensError:
    """The error for a `problem` in a file: `path:line: problem`."""
    place = f"{path}:{line}" if line is not None else f"{path}"
    return FramelensError(f"{place}: {problem}")


def one_line(message: str) -> str:
    """A message as a terminal can show it, and not longer than some lines of it."""
    if not message.isprintable():
        shown = (char if char.isprintable() else repr(char)[1:-1] for char in message)
        message = "".join(shown)
    if len(message) > LONGEST:
        message = f"{message[: LONGEST - END]} … {message[-END:]}"
    return message
