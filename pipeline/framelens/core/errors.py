"""The error for problems that a user can solve: it says what is wrong, where, and what was expected."""

from __future__ import annotations

from pathlib import Path

LONGEST = 1_500
"""Most characters of a message; of a longer one the first and the last `END` are kept, as what was
expected is at the end."""
END = 400


class FramelensError(Exception):
    """Bad input, a bad file or a bad setting.

    The message is one line, in printable characters, that a person can act on; the command line prints it
    and exits with 2.
    """

    def __str__(self) -> str:
        return one_line(super().__str__())


def at(path: Path | str, line: int | None, problem: str) -> FramelensError:
    """The error for a `problem` in a file: `path:line: problem`."""
    place = f"{path}:{line}" if line is not None else f"{path}"
    return FramelensError(f"{place}: {problem}")


def one_line(message: str) -> str:
    """A message in printable characters, cut in the middle if it is very long."""
    if not message.isprintable():
        characters = (char if char.isprintable() else repr(char)[1:-1] for char in message)
        message = "".join(characters)
    if len(message) > LONGEST:
        message = f"{message[: LONGEST - END]} … {message[-END:]}"
    return message
