"""`framelens coders`: the labels of several coders → one answer for each sentence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from framelens.cli import options
from framelens.core.types import counted

app = typer.Typer(no_args_is_help=True, help="Settle what several coders have labelled.")


@app.callback()
def about() -> None:
    """Settle what several coders have labelled."""


@app.command()
def merge(
    coded: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="A coder's file each, of one sample.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write gold here.")
    ],
    disagreements: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the sentences to settle here, labels blank."),
    ] = None,
    adjudicated: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="That file with its labels filled in: these decide."),
    ] = None,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Make gold of coders' labels: of each frame what most say, and what was settled.

    Sentences on which a frame is tied have no labels until they are settled. How far coders agree
    is told by framelens evaluate --coder.

    Examples:

      framelens coders merge ana.csv ben.csv --output gold.csv --disagreements settle.csv

      framelens coders merge ana.csv ben.csv --adjudicated settle.csv --output gold.csv
    """
    from framelens.api import merge_coders

    merged = merge_coders(
        coded,
        output,
        disagreements=disagreements,
        adjudicated=adjudicated,
        rules=options.rules_of(rules, project),
        encoding=encoding,
    )
    labelled = sum(item.labels is not None for item in merged.gold)
    open_ids = {item.id for item in merged.gold if item.labels is None}
    open_still = sum(item.id in open_ids for item in merged.disputed)
    summary = f"labels for {labelled:,} of {counted(len(merged.gold), 'sentence')}"
    summary += f"; {len(merged.disputed):,} disputed"
    if merged.disputed:
        summary += f", {open_still:,} of them still to settle"
    options.wrote(output, summary)
    options.wrote(output, _counts_by_coders(merged.each, len(coded)))


def _counts_by_coders(sizes: Mapping[int, int], files: int) -> str:
    """A line on how many sentences several coders, one and none have labelled."""
    several = sum(count for size, count in sizes.items() if size > 1)
    parts = [f"{several:,} labelled by two coders or more", f"{sizes.get(1, 0):,} by one"]
    parts += [f"{sizes[0]:,} by nobody"] if sizes.get(0) else []
    counts = ", ".join(parts)
    if files > 1 and not several:
        return (
            f"{counts}: where the files are of two samples, correct takes each as a file of its own"
        )
    alone = "; what one alone says has no second opinion" if sizes.get(1) else ""
    return f"{counts}{alone}; how far coders agree is told by framelens evaluate --coder"
