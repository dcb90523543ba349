"""`framelens import`: what coders have labelled in another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framelens.cli import options
from framelens.core.settings import Tool
from framelens.core.types import counted


def command(
    saved: Annotated[Path, typer.Argument(help="What the tool saved.")],
    output: options.SampleFile,
    tool: Annotated[Tool, typer.Option("--from", help="The tool that saved it.")],
    coder: Annotated[
        str,
        typer.Option(
            help="Who labelled, where the file doesn't say, or whose labels to take where several "
            "people have labelled the same sentences."
        ),
    ] = "",
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Read labels that coders gave in another tool, for coders merge and correct.

    Example:

      framelens import project-1.json --from label-studio --output ana.csv
    """
    from framelens.api import import_labels

    folder = options.rules_of(rules, project)
    items = import_labels(saved, tool, output, coder=coder, rules=folder, encoding=encoding)
    labelled = sum(item.labels is not None for item in items)
    options.wrote(output, f"{labelled:,} of {counted(len(items), 'sentence')} labelled")
