"""The error for problems that a user can solve: it says what is wrong, where, and what was expected."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST = 1_500
"""Most characters of a message."""
MOST_OF_PIECE = 300
"""Most characters of a piece of a message, which is what stands in quotation marks, or has no white space:
a value, a path."""
PIECE = re.compile(r"""(?<!\w)'[^']*'|"[^"]*"|[^\s'"]+""")


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
    """A message in printable characters; what is long in it is cut, and so is the whole."""
    if not message.isprintable():
        characters = (char if char.isprintable() else repr(char)[1:-1] for char in message)
        message = "".join(characters)
    if len(message) > MOST_OF_PIECE:
        message = PIECE.sub(lambda piece: cut(piece[0], MOST_OF_PIECE), message)
    return cut(message, LONGEST)


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters, an even number: of a longer one the beginning and the end."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[1 - half :]}"
