"""The commands, and the options that several of them share."""

from __future__ import annotations

from typing import Annotated

import typer

from framelens.cli import classify, evaluate, explain, report, rules, serve, summary, train
from framelens.version import __version__

app = typer.Typer(
    name="framelens",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: framelens classify --text 'China refused the rapporteur a visit.' --explain",
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"framelens {__version__}")
        raise typer.Exit


@app.callback()
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


app.command("classify")(classify.command)
app.command("explain")(explain.command)
app.command("evaluate")(evaluate.command)
app.command("report")(report.command)
app.command("summary")(summary.command)
app.command("train")(train.command)
app.command("serve")(serve.command)
app.add_typer(rules.app, name="rules")
