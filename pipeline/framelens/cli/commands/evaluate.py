"""`framelens evaluate`: how right it is, on labelled sentences."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from framelens.cli import options
from framelens.core import files
from framelens.core.errors import at


@options.takes(options.label_form)
def command(
    labelled: Annotated[
        Path | None,
        typer.Argument(
            help="Labelled sentences, .csv, .tsv, .jsonl, .parquet or a workbook. [default: the shipped "
            "evaluation set]"
        ),
    ] = None,
    form: options.Printed = "table",
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a report, too: one HTML page that needs no network."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="Give figures by this field of the sentences, too; repeatable. "
            "[default in reports: genre, if there is one]",
        ),
    ] = None,
    coder: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What one coder labelled, sentences matched by id: measure how far coders agree "
            "with each other, and framelens with them; repeatable.",
        ),
    ] = None,
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    rules_only: options.RulesOnly = False,
    model_only: options.ModelOnly = False,
    allow_overlap: Annotated[
        bool,
        typer.Option("--allow-overlap", help="Measure on sentences the model was trained on, too."),
    ] = False,
    leave_out_overlap: Annotated[
        bool,
        typer.Option(
            "--leave-out-overlap",
            help="Leave out sentences the model was trained on, and near-duplicates of them.",
        ),
    ] = False,
    trained_on: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What the model was trained on, in the order that train had: near-duplicates of it "
            "are found, and TF-IDF with logistic regression learns from it, too; repeatable. "
            "[default: the project's]",
        ),
    ] = None,
    **given: Any,
) -> None:
    """Print precision, recall, F1 and intervals against labelled sentences.

    Beside framelens stand its rules alone, its model alone, a plain keyword list (if the scheme has
    keywords) and the answer that is most frequent; where it is known what a codebook of your own was
    trained on, what TF-IDF with logistic regression makes of that, too. Then follow, for each frame,
    a tier that says how far to trust it, and how well probabilities are calibrated.

    Examples:

      framelens evaluate labelled.jsonl --report report.html --by genre

      framelens evaluate labelled.jsonl --coder ana.jsonl --coder ben.jsonl
    """
    own_project = options.project_of(project)
    model, rules = options.folders(model, rules, project)
    reading = options.measured_form(own_project, **given)
    mode = options.mode(rules_only, model_only)
    guessed = own_project.labelled if own_project and model and model.is_dir() else ()
    learned_from = trained_on or guessed
    if report is not None:
        if report in files.STANDARD_OUTPUT:
            raise at(report, None, "is where the figures are printed; expected a file for the page")
        files.check_writable(report)
        sentences = labelled or files.data_path("corpus/evaluation.jsonl")
        beside = [*(coder or ()), *learned_from, *files.files_of(model, rules)]
        files.check_apart([report], [sentences, *beside])
        files.check_format(report, files.PAGES)

    from framelens.evaluation.evaluate import evaluate

    training: Any = {}
    if learned_from or leave_out_overlap:
        from framelens.training.comparison import background  # scikit-learn takes its time

        training = background(
            learned_from,
            model,
            rules,
            # A project's own files have the columns that it says, whatever those to be measured have.
            reading if trained_on else options.label_form(own_project),
            told=bool(trained_on),
            near=leave_out_overlap,
            note=options.tell,
        )
    trial_options: Any = {
        **training,
        "note": options.tell,
        "model": model,
        "rules": rules,
        "form": reading,
        "modes": ("hybrid", "rules", "model") if mode == "hybrid" else (mode,),
        "allow_overlap": allow_overlap,
        "leave_out_overlap": leave_out_overlap,
        "by": by or (),
        "coders": coder or (),
    }
    if report is None:
        evaluation = evaluate(labelled, **trial_options)
    else:
        from framelens.evaluation.assessment import assess
        from framelens.report.reliability import write_reliability_report

        assessment = assess(labelled, **trial_options)
        write_reliability_report(assessment, report)
        evaluation = assessment.evaluation
    if form == "json":
        typer.echo(json.dumps(asdict(evaluation), indent=1))
        return
    from framelens.cli.render.figures import print_evaluation
    from framelens.cli.render.reliability import print_reliability

    print_evaluation(evaluation, sys.stdout)
    print_reliability(evaluation, sys.stdout)
    if labelled is None:
        from framelens.report.methods import SHIPPED_LABELS

        typer.echo(f"The labels measured against: {SHIPPED_LABELS}.")
