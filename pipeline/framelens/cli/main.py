"""The start of the command line. Only the module of the command asked for is imported; errors of the
library become one line and an exit code here."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from importlib import import_module
from inspect import getdoc
from itertools import pairwise
from typing import Annotated, Any, NoReturn

import typer

from framelens.core.errors import FramelensError, one_line
from framelens.core.memory import collect_seldom, without_spacys_commands
from framelens.core.version import __version__

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
    without_spacys_commands()
    _fill_streams()
    _keep_interrupts()
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


class _Interrupt(KeyboardInterrupt):
    """An interrupt (Ctrl-C). Python remembers of KeyboardInterrupt itself that it went through code
    that was made of a string, as dataclasses are, and ends by a signal whatever became of it."""


def _keep_interrupts() -> None:
    """Raise an interrupt again if it was lost: in callbacks such as the release of a module's lock,
    Python prints what is raised and goes on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return

    def interrupt(*_: object) -> NoReturn:
        raise _Interrupt

    def unraisable(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.01)
        else:
            sys.__unraisablehook__(lost)

    signal.signal(signal.SIGINT, interrupt)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
        sys.unraisablehook = unraisable


class _Lossy(io.FileIO):
    """A stream that ignores errors of writing."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _fill_streams() -> None:
    """Open the null device for standard streams that are closed, lest a file that is opened get their
    number: input is empty, and output fails. Messages that cannot be written to standard error are
    lost, and do not change the exit code."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            flags = os.O_WRONLY if name == "stderr" else os.O_RDONLY
            if os.open(os.devnull, flags) == number:
                mode = "r" if name == "stdin" else "w"
                setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # a number, kept open
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Lossy(sys.stderr.fileno(), "w", closefd=False)),
            encoding=sys.stderr.encoding,
            errors=sys.stderr.errors,
            line_buffering=True,
        )


def run(arguments: list[str]) -> int:
    """Run the command line with some arguments; return the exit code."""
    FramelensError.by_options = True
    try:
        _check_not_empty(arguments)
        code = app_for(arguments)(arguments, standalone_mode=False)
        sys.stdout.flush()
    except FramelensError as error:
        return _complain(str(error))
    except typer.Exit as leaving:
        return leaving.exit_code
    except USAGE_ERRORS as error:
        message = error.format_message()
        if not message.startswith("Usage: "):
            return _complain(message)
        # Without arguments, typer gives the help as an error.
        print(message)
        return Exit.BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except (BrokenPipeError, SystemExit) as leaving:
        # The reader of the output has gone; typer may have turned that into SystemExit.
        if not any(isinstance(one, BrokenPipeError) for one in (leaving, leaving.__context__)):
            raise
        _drop_output()
        return Exit.OK
    except OSError as error:
        _drop_output()
        return _complain(f"{error.filename or 'output'}: {error.strerror or error}")
    finally:
        FramelensError.by_options = False
    return code if isinstance(code, int) else Exit.OK


MAY_BE_EMPTY = ("--text", "--title")


def _check_not_empty(arguments: Sequence[str]) -> None:
    """Raise FramelensError for an empty argument, such as a shell makes of a variable that is not set:
    as a path it would be the current folder."""
    for before, one in pairwise(["", *arguments]):
        option, mark, value = one.partition("=") if one.startswith("--") else (before, "=", one)
        if mark and not value and option not in MAY_BE_EMPTY:
            after = f" after {option}" if option.startswith("-") else ""
            raise FramelensError(f"an empty argument{after}; expected a value")


def _drop_output() -> None:
    """Discard what is still in the output's buffer, which Python would try to write at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> int:
    line = one_line(" ".join(message.split("\n")))
    print(f"framelens: error: {line}", file=sys.stderr)
    return Exit.BAD_INPUT


COMMANDS = (
    "classify", "explain", "evaluate", "report", "summary", "sample", "export", "import", "coders",
    "correct", "train", "serve", "rules", "codebook",
)  # fmt: skip
"""Each is a module in `commands/`, with a function `command`, or an `app` of several commands."""

MODULES = {"import": "importing"}
"""Modules of commands whose names are keywords of Python."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line for some arguments: with the command that they begin with, else with all."""
    app = typer.Typer(
        name="framelens",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # Rich takes long to import
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Start with: framelens classify --text "
        "'China refused the rapporteur a visit.' --explain",
    )
    app.callback()(about)
    named = arguments[0] if arguments else ""
    for name in [named] if named in COMMANDS else COMMANDS:
        module = import_module(f"framelens.cli.commands.{MODULES.get(name, name)}")
        if hasattr(module, "app"):
            _list_whole(module.app)
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.command)
    _list_whole(app)
    return app


def _list_whole(app: typer.Typer) -> None:
    """List commands with the first paragraph of their help, which typer would cut off."""
    for command in app.registered_commands:
        command.short_help = " ".join((getdoc(command.callback) or "").partition("\n\n")[0].split())


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"framelens {__version__}")
        raise typer.Exit


def about(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Tag sentences of human-rights diplomacy with the framing they carry, and say exactly why.

    Each sentence gets any of four frames: monitoring (someone looks), cooperation (parties work
    together), accountability (a duty-bearer must answer), dialogue (parties talk) - or none.
    """
