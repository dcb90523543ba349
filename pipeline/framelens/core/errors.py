"""The error for problems that a user can solve: it says what is wrong, where, and what was expected."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

LONGEST = 1_500
"""Most characters of a message."""
MOST_OF_PIECE = 300
"""Most characters of a piece of a message, which is what stands in quotation marks, or has no white space:
a value, a path."""
PIECE = re.compile(r"""(?<!\w)'[^']*'|"[^"]*"|[^\s'"]+""")

IN_PYTHON = {
    "--allow-conflicts": "allow_conflicts=True",
    "--allow-overlap": "allow_overlap=True",
    "--day-first": "day_first=True",
    "--format jsonl": 'form="jsonl"',
    "--from": "labelled=",
    "--group none": 'group="none"',
    "--label": "labels=",
    "--language": "languages=",
    "--leave-out-overlap": "leave_out_overlap=True",
    "--main-text": "main_text=True",
    "--model-only": 'mode="model"',
    "--predictions": "predictions=True",
    "--project": "form=",
    "--resume": "resume=True",
    "--rules-only": 'mode="rules"',
    "--skip-bad": "skip_bad=True",
    "--skip-rare": "skip_rare=True",
    "--target texts": 'target="texts"',
    "--threshold": "thresholds=",
}
"""What stands in Python for options that messages name; others are parameters of the same name."""
OPTION = (  # compiled when it is first needed, not at every start
    # The file that a message begins with, values, and what is said of a command of the command line,
    # stay as they are.
    r"""^(?!--)[^:]*\.\w+:|(?<!\w)'[^']*'|"[^"]*"|\bframelens [a-z][^;,()]*|"""
    # An option, not the name of a file, and the space after it where its value stands there.
    rf"(?<![\w/-])(?P<option>(?:{'|'.join(IN_PYTHON)}|--[a-z]+(?:-[a-z]+)*)\b(?![-/]|\.\w))"
    r"""(?: (?=['"]|[^ ]+: ))?"""
)


class FramelensError(Exception):
    """Bad input, a bad file or a bad setting.

    The message is one line, in printable characters, that a person can act on; the command line prints it
    and exits with 2. What names options of the command line names parameters to whoever calls from Python.
    """

    by_options: ClassVar[bool] = False
    """Whether options are named as such, as the command line has it while it runs."""

    @property
    def message(self) -> str:
        """The message as it was written, which names options."""
        return super().__str__()

    def __str__(self) -> str:
        return one_line(self.message if self.by_options else in_python(self.message))


def at(path: Path | str, line: int | None, problem: str) -> FramelensError:
    """The error for a `problem` in a file: `path:line: problem`."""
    place = f"{path}:{line}" if line is not None else f"{path}"
    return FramelensError(f"{place}: {problem}")


def in_python(message: str) -> str:
    """A message that names parameters of the library in place of options: `text_column=`."""

    def named(found: re.Match[str]) -> str:
        if not (option := found["option"]):
            return found[0]
        return IN_PYTHON.get(option) or f"{option[2:].replace('-', '_')}="

    return re.sub(OPTION, named, message)


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
