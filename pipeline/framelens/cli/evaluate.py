"""`framelens evaluate`: how right it is, on labelled sentences."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from framelens.cli import options


def command(
    labelled: Annotated[
        Path | None,
        typer.Argument(
            help="Labelled sentences, .jsonl or .csv. [default: the shipped evaluation set]"
        ),
    ] = None,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="What to print.")
    ] = "table",
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    rules_only: options.RulesOnly = False,
    model_only: options.ModelOnly = False,
    allow_overlap: Annotated[
        bool,
        typer.Option("--allow-overlap", help="Measure on sentences the model was trained on, too."),
    ] = False,
) -> None:
    """Print precision, recall, F1 and intervals against labelled sentences.

    Beside framelens stand its rules alone, its model alone, a plain keyword list and the answer
    that is most frequent.
    """
    alone = options.mode(rules_only, model_only)

    from framelens.evaluation import evaluate

    found = evaluate(
        labelled,
        model=model,
        rules=rules,
        modes=("hybrid", "rules", "model") if alone == "hybrid" else (alone,),
        allow_overlap=allow_overlap,
    )
    if form == "json":
        typer.echo(json.dumps(asdict(found), indent=1))
        return
    from framelens.cli.screen import print_evaluation

    print_evaluation(found, sys.stdout)
