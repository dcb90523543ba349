"""`framelens coders`: from what several coders say to one answer a sentence."""

from __future__ import annotations

import sys
from collections import Counter
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
    from framelens.core.errors import at
    from framelens.core.files import check_apart, same_file
    from framelens.project.adjudication import coders_each, disputed, merged
    from framelens.project.items import (
        check_labels,
        check_named,
        check_unlabelled,
        read_items,
        write_items,
    )
    from framelens.rules.rule_files import read_rules

    scheme = read_rules(options.rules_of(rules, project)).scheme
    frames = scheme.names
    check_apart([output, disagreements], [*coded, adjudicated])
    for path in filter(None, (output, disagreements)):
        check_named(path)
    for number, path in enumerate(coded):
        if any(same_file(path, other) for other in coded[:number]):
            raise at(path, None, "is given twice; expected a file a coder")
    if disagreements is not None:
        if same_file(disagreements, output):
            raise at(output, None, "is to hold gold and disagreements; expected two files")
        check_unlabelled(disagreements)
    coders = {str(path): read_items(path, frames, encoding) for path in coded}
    settled = read_items(adjudicated, frames, encoding) if adjudicated else []
    given = [*coders.items(), *([(str(adjudicated), settled)] if adjudicated else [])]
    for name, items in given:
        check_labels(items, scheme, Path(name))
    gold = merged(coders, frames, settled)
    write_items(gold, output)
    open_items = disputed(coders)
    if disagreements is not None:
        write_items(open_items, disagreements)
    labelled = sum(item.labels is not None for item in gold)
    told = _told(coders_each(coders), len(coders))
    said = (
        f"labels for {labelled:,} of {counted(len(gold), 'sentence')}; {len(open_items):,} disputed"
    )
    print(f"{output}: {said}", file=sys.stderr)
    print(f"{output}: {told}", file=sys.stderr)


def _told(sizes: Counter[int], files: int) -> str:
    """How many coders have labelled sentences, in words."""
    several = sum(count for size, count in sizes.items() if size > 1)
    parts = [f"{several:,} labelled by two coders or more", f"{sizes[1]:,} by one"]
    parts += [f"{sizes[0]:,} by nobody"] if sizes[0] else []
    told = ", ".join(parts)
    if files > 1 and not several:
        return (
            f"{told}: where the files are of two samples, correct takes each as a file of its own"
        )
    return f"{told}; what one alone says has no second opinion" if sizes[1] else told
