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
            help="Labelled sentences, .csv, .tsv, .jsonl, .parquet or .xlsx; several are joined. "
            "[default: the project's]"
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
    text_column: options.LabelledText = None,
    label_column: options.LabelColumn = None,
    separator: options.Separator = None,
    group: options.Group = None,
    encoding: options.LabelledEncoding = None,
    delimiter: options.LabelledDelimiter = None,
    predictions: options.Predictions = False,
    skip_rare: Annotated[
        bool,
        typer.Option(
            "--skip-rare",
            help="Train without the labels that too few sentences have.",
            rich_help_panel="Labelled files",
        ),
    ] = False,
    allow_conflicts: Annotated[
        bool,
        typer.Option(
            "--allow-conflicts",
            help="Take sentences that are labelled in different ways as they are.",
            rich_help_panel="Labelled files",
        ),
    ] = False,
) -> None:
    """Train a model on labelled sentences and compare it with the shipped one.

    A table has the columns text and labels, the labels separated by |; a .jsonl line has "text" and
    "labels" (a list). Other names are told by options. Where there are fields id, document, primary,
    pair or weight, they are heeded.
    """
    from framelens.cli.render.figures import print_comparison
    from framelens.core.files import check_apart, check_writable
    from framelens.project.labelled import check_consistent, read_many
    from framelens.project.rare import rare_labels, rules_without, without_labels
    from framelens.rules.rule_files import read_rules
    from framelens.training.comparison import compare
    from framelens.training.train import FEWEST, FILES, save, train

    own = options.project_of(project)
    labelled = labelled or list(own.labelled if own else ())
    output = output or (own.model if own else None)
    if not labelled or output is None:
        missing = "--output DIR" if labelled else "files of labelled sentences"
        raise FramelensError(f"{missing} is missing; give it, or a project that has it (--project)")
    reading = options.label_form(
        own,
        label_column,
        text_column=text_column,
        separator=separator,
        group=group,
        encoding=encoding,
        delimiter=delimiter,
        predictions=predictions,
    )
    found = read_rules(options.rules_of(rules, project))
    sentences = read_many(labelled, found.scheme.names, reading, note=options.tell)
    if not allow_conflicts:
        check_consistent(sentences)
    if skip_rare and (rare := rare_labels(sentences, found.scheme.names, FEWEST)):
        sentences, found = without_labels(sentences, rare), rules_without(found, list(rare))
        said = ", ".join(f"{name} ({count})" for name, count in rare.items())
        options.tell(f"trained without labels of fewer than {FEWEST} sentences: {said}")
    check_writable(output / "meta.json")
    check_apart([output / name for name in FILES], labelled)
    trained = train(sentences, found, seed=seed, progress=_tell)
    save(trained, output)
    print_comparison(compare(trained, sentences, found), sys.stdout)
    typer.echo(f"model written to {output}")


def _tell(what: str, done: float) -> None:
    print(f"{done:4.0%}  {what}", file=sys.stderr, flush=True)
