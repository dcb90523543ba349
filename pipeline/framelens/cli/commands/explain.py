"""`framelens explain`: why a statement has the frames it has."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import typer

from framelens.cli import options
from framelens.core.types import Unit


@options.takes(options.deciding)
def command(
    path: Annotated[
        str | None,
        typer.Argument(
            help="A file of statements, or - for standard input. [default: standard input]"
        ),
    ] = None,
    text: Annotated[str | None, typer.Option(help="Explain this text instead of a file.")] = None,
    unit: Annotated[
        Unit,
        typer.Option(help="Explain a text sentence by sentence, or as one."),
    ] = "document",
    form: Annotated[
        Literal["page", "json"], typer.Option("--format", help="What to print.")
    ] = "page",
    full: Annotated[
        bool, typer.Option("--all", help="Give the lightest contributions a row each, too.")
    ] = False,
    encoding: options.Encoding = "utf-8",
    skip_bad: options.SkipBad = False,
    **given: Any,
) -> None:
    """Show why: what counted for and against each frame, and what decided.

    For every sentence: the evidence marked with the letters of the frames given; each frame's score
    as a sum of contributions; and the fewest rules and terms without which the frame would not be
    given, or would be.

    Examples:

      framelens explain --text "The rapporteur was refused access to the prisons."

      framelens explain statement.txt --format json
    """
    options.check_text(text, [path] if path else ())
    settings = replace(
        options.deciding(**given),
        evidence=True,
        unit=unit,
        encoding=encoding,
        skip_bad=skip_bad,
    )

    from framelens.cli.inputs import classified
    from framelens.cli.render.explanations import print_explanations, write_explanations
    from framelens.core.files import open_whole
    from framelens.core.types import storable

    shown = storable(text) if text is not None else None
    with (
        open_whole(None) as out,
        classified([path or "-"], settings, text=shown) as (rows, opened),
    ):
        if form == "json":
            write_explanations(rows, out, unit=unit)
        else:
            print_explanations(rows, opened.scheme, out, unit=unit, full=full)
