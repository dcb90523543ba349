"""`framelens export`: sentences to label, for the tools that people label with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framelens.cli import options
from framelens.core.settings import Tool
from framelens.core.types import counted


def command(
    sample: Annotated[Path, typer.Argument(help="What framelens sample wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write here.")],
    to: Annotated[Tool, typer.Option(help="The tool that is to open it.")],
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
) -> None:
    """Write a sample for another tool; ids, places and probabilities go with the sentences.

    Examples:

      framelens export to-label.csv --to label-studio --output tasks.json

      framelens export to-label.csv --to xlsx --output to-label.xlsx
    """
    from framelens.api import export_sample

    items = export_sample(sample, output, to, rules=options.rules_of(rules, project))
    options.wrote(output, f"{counted(len(items), 'sentence')} for {to}")
