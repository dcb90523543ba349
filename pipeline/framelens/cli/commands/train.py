"""`framelens train`: labelled sentences in, a model folder out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError


def command(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled sentences, .jsonl or .csv; several are joined. [default: the project's]"
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Write the model into this folder. [default: the project's]",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of folds and fits.")] = 0,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
) -> None:
    """Train a model on labelled sentences and compare it with the shipped one.

    A .jsonl line holds "text" and "labels" (a list), with "primary", "id" and "pair" if you have
    them; a .csv has the columns text and labels, the labels separated by |.
    """
    from framelens.cli.render.figures import print_comparison
    from framelens.core.files import check_apart, check_writable
    from framelens.project.labelled import read_many
    from framelens.rules.rule_files import read_rules
    from framelens.training.comparison import compare
    from framelens.training.train import FILES, save, train

    own = options.project_of(project)
    labelled = labelled or list(own.labelled if own else ())
    output = output or (own.model if own else None)
    if not labelled or output is None:
        missing = "--output DIR" if labelled else "files of labelled sentences"
        raise FramelensError(f"{missing} is missing; give it, or a project that has it (--project)")
    found = read_rules(options.rules_of(rules, project))
    sentences = read_many(labelled, found.scheme.names)
    check_writable(output / "meta.json")
    check_apart([output / name for name in FILES], labelled)
    trained = train(sentences, found, seed=seed, progress=_tell)
    save(trained, output)
    print_comparison(compare(trained, sentences, found), sys.stdout)
    typer.echo(f"model written to {output}")


def _tell(what: str, done: float) -> None:
    print(f"{done:4.0%}  {what}", file=sys.stderr, flush=True)
