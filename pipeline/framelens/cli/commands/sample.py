"""`framelens sample`: which sentences to label, drawn with known probabilities."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from framelens.cli import options


def command(
    paths: options.Inputs,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Write here, .csv or .jsonl."),
    ],
    n: Annotated[int, typer.Option("--n", min=1, help="How many sentences to draw.")] = 200,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="FIELD", help="As many of each value of this field."),
    ] = None,
    draw: Annotated[
        Literal["random", "unsure"],
        typer.Option("--draw", help="Each alike, or more of those where errors are likely."),
    ] = "random",
    blind: Annotated[
        bool, typer.Option("--blind", help="Leave out the labels that framelens gives.")
    ] = False,
    avoid: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An earlier wave, not to be drawn again; repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another draw.")] = 0,
    unit: options.UnitOption = "document",
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    main_text: options.MainText = False,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Draw sentences to label, each with its place, context and chance to be drawn.

    Fill in the column labels (frames with | between, none for no frame), or label in a tool of
    your own with framelens export. What comes of it corrects shares: framelens correct.

    Examples:

      framelens sample statements/ --n 200 --output to-label.csv

      framelens sample speeches.csv --by bloc --blind --avoid to-label.csv --output second.csv
    """
    from framelens.api import sample

    model, rules = options.folders(model, rules, project)
    found = sample(
        paths,
        n,
        output=output,
        by=by,
        draw=draw,
        blind=blind,
        avoid=avoid or (),
        seed=seed,
        unit=unit,
        model=model,
        rules=rules,
        main_text=main_text,
        encoding=encoding,
    )
    documents = len({item.document for item in found})
    print(
        f"{output}: {len(found):,} sentences of {documents:,} documents to label", file=sys.stderr
    )
