"""`framelens train`: labelled sentences in, a model folder out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from framelens.cli import options


def command(
    labelled: Annotated[
        list[Path], typer.Argument(help="Labelled sentences, .jsonl or .csv; several are joined.")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Write the model into this folder."),
    ],
    seed: Annotated[int, typer.Option(help="Seed of folds and fits.")] = 0,
    rules: options.RulesOption = None,
) -> None:
    """Train a model on labelled sentences and compare it with the shipped one.

    A .jsonl line holds "text" and "labels" (a list), with "primary", "id" and "pair" if you have
    them; a .csv has the columns text and labels, the labels separated by |.
    """
    from framelens.cli.render.figures import print_comparison
    from framelens.core.files import check_apart, check_writable, data_path
    from framelens.project.labelled import read_many
    from framelens.rules.rule_files import read_rules
    from framelens.training.comparison import compare
    from framelens.training.train import FILES, save, train

    found = read_rules(rules or data_path("rules"))
    sentences = read_many(labelled, found.scheme.names)
    check_writable(output if not output.is_dir() else output / "meta.json")
    check_apart([output / name for name in FILES], labelled)
    trained = train(sentences, found, seed=seed, progress=lambda line: print(line, file=sys.stderr))
    save(trained, output)
    print_comparison(compare(trained, sentences, found), sys.stdout)
    typer.echo(f"model written to {output}")
