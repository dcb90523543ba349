"""The commands. Only the module of the one that is asked for is imported."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from framelens.core.version import __version__

COMMANDS = (
    "classify",
    "explain",
    "evaluate",
    "report",
    "summary",
    "sample",
    "export",
    "import",
    "coders",
    "correct",
    "train",
    "serve",
    "rules",
)
"""Each is the module of that name here, with a `command`, or an `app` of several."""

MODULES = {"import": "importing"}
"""Modules of those whose names Python keeps for itself."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line for some arguments: with the command that they begin with, else with all."""
    named = arguments[0] if arguments else ""
    return _app([named] if named in COMMANDS else COMMANDS)


def _app(commands: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name="framelens",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Start with: framelens classify --text "
        "'China refused the rapporteur a visit.' --explain",
    )
    app.callback()(about)
    for name in commands:
        module = import_module(f"framelens.cli.commands.{MODULES.get(name, name)}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.command)
    return app


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
