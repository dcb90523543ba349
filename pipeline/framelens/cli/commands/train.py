"""`framelens train`: labelled sentences in, a model folder out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError
from framelens.core.types import counted

if TYPE_CHECKING:
    from framelens.project.folder import ProjectFolder
    from framelens.rules.rule_files import RuleSet


@options.takes(options.label_form)
def command(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled sentences, .csv, .tsv, .jsonl, .parquet or a workbook; several are joined. "
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
    test: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Test the model on these labelled sentences, too, but for those that it has seen; "
            "repeatable. Where the columns of the others are not in it, its usual ones are read.",
        ),
    ] = None,
    holdout: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Train without this share of the sentences, such as 0.2, and test on it; documents "
            "and near-duplicates stay on one side. Where cues were proposed from the same files, say "
            "codebook new --holdout with the same share and seed.",
        ),
    ] = None,
    learning_curve: Annotated[
        bool,
        typer.Option(
            "--learning-curve",
            help="Learn from fewer sentences, too, and tell whether more of them would help.",
        ),
    ] = False,
    skip_rare: Annotated[
        bool,
        typer.Option(
            "--skip-rare",
            help="Train without the labels that too few sentences have.",
        ),
    ] = False,
    allow_conflicts: Annotated[
        bool,
        typer.Option(
            "--allow-conflicts",
            help="Take sentences that are labelled in different ways as they are.",
        ),
    ] = False,
    **given: Any,
) -> None:
    """Train a model on labelled sentences and compare it: with the shipped one, or where the codebook
    is your own with TF-IDF and logistic regression on the same sentences.

    A table has the columns text and labels, the labels separated by |; a .jsonl line has "text" and
    "labels" (a list). Other names are told by options. Where there are fields id, document, primary,
    pair or weight, they are heeded.
    """
    from framelens.cli.outputs import sharing
    from framelens.cli.render.figures import print_training
    from framelens.project.labelled.reading import read_many
    from framelens.project.labelled.sentence import UnknownLabelError
    from framelens.report.learning_curve import with_drawing
    from framelens.rules.rule_files import read_rules
    from framelens.training.course import Course, follow
    from framelens.training.saving import check_place, save

    codebook = options.project_of(project)
    labelled = labelled or list(codebook.labelled if codebook else ())
    output = output or (codebook.model if codebook else None)
    if not labelled or output is None:
        missing = "--output DIR" if labelled else "files of labelled sentences"
        raise FramelensError(f"{missing} is missing; give it, or a project that has it (--project)")
    reading = options.label_form(codebook, **given)
    folder = options.rules_of(rules, project)
    compiled = read_rules(folder)
    try:
        sentences = read_many(labelled, compiled.scheme.names, reading, note=options.tell)
    except UnknownLabelError as error:
        if codebook is not None or rules is not None:
            raise
        raise FramelensError(
            f"{error}: these are the shipped frames; for labels of your own say framelens codebook new DIR "
            f"--from {labelled[0]}, and then framelens train --project DIR"
        ) from None
    if codebook and (warning := _seen_by_cues(codebook, compiled, holdout, seed)):
        options.tell(warning)
    check_place(output, [*labelled, *(test or ()), *folder.glob("*.toml")])
    course = Course(
        seed=seed,
        test=read_many(
            test or (),
            compiled.scheme.names,
            replace(reading, of_others=True, group_if_there=True),
            note=options.tell,
        ),
        test_name=", ".join(path.name for path in test or ()),
        holdout=holdout,
        curve=learning_curve,
        skip_rare=skip_rare,
        allow_conflicts=allow_conflicts,
    )
    with sharing() as progress:
        trained = follow(course, sentences, compiled, progress=progress, note=options.tell)
    save(with_drawing(trained), output)
    print_training(trained, sys.stdout)
    typer.echo(f"model written to {output}")


def _seen_by_cues(own: ProjectFolder, rules: RuleSet, holdout: float | None, seed: int) -> str:
    """A warning where confirmed cues may come from sentences that are now held out, else nothing."""
    confirmed = sum(rule.weak and not rule.proposed for rule in rules.rules)
    is_same = (own.holdout, own.seed) == (holdout, seed)
    if holdout is None or not own.labelled or not confirmed or is_same:
        return ""
    seen = "all labelled sentences"
    if own.holdout is not None:
        seen = f"all but what --holdout {own.holdout:g} --seed {own.seed} holds out"
    return (
        f"{counted(confirmed, 'weak rule')} of {own.rules} may have been proposed from {seen}: then figures "
        "on the sentences held out are too good; expected codebook new with the same --holdout and --seed"
    )
