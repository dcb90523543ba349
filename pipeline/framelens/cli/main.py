"""Where the command line begins: errors of the library become one line and an exit code here."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from enum import IntEnum
from typing import Any

import typer

from framelens.core.errors import FramelensError
from framelens.core.memory import collect_seldom

USAGE_ERRORS: type[Any] = typer.BadParameter.__mro__[2]
"""The base of what typer raises for wrong arguments, which it does not export."""


class Exit(IntEnum):
    """What the command's exit codes mean."""

    OK = 0
    FAILED = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code."""
    # The search for garbage in all that is made at the start, then and once more at the end, would
    # take a quarter of the time of a short command.
    collect_seldom()
    _fill_streams()
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


def _fill_streams() -> None:
    """Put something in the place of standard streams that are closed, lest a file that is opened
    get their number: nothing comes in, what goes out fails, and errors go nowhere."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            flags = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            if os.open(os.devnull, flags) == number:
                mode = "r" if name == "stdin" else "w"
                setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # a number, kept open


def run(arguments: list[str]) -> int:
    """Run the command line with some arguments; return the exit code."""
    from framelens.cli.app import app_for

    try:
        code = app_for(arguments)(arguments, standalone_mode=False)
        sys.stdout.flush()
    except FramelensError as error:
        return _complain(str(error))
    except typer.Exit as leaving:
        return leaving.exit_code
    except USAGE_ERRORS as error:
        # With no arguments at all the help was shown, and there is nothing more to say.
        message = error.format_message()
        return _complain(message) if message else Exit.BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _leave_quietly()
    except SystemExit as leaving:
        # typer turns a closed pipe into exit code 1 before it can be caught above.
        if isinstance(leaving.__context__, BrokenPipeError):
            return _leave_quietly()
        raise
    except OSError as error:
        _drop_output()
        return _complain(f"{error.filename or 'output'}: {error.strerror or error}")
    return code if isinstance(code, int) else Exit.OK


def _leave_quietly() -> int:
    """Whoever read the output has left."""
    _drop_output()
    return Exit.OK


def _drop_output() -> None:
    """Let what is still in the buffer go nowhere: Python would try once more at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> int:
    line = " ".join(message.split("\n"))
    print(f"framelens: error: {line}", file=sys.stderr)
    return Exit.BAD_INPUT
