"""`framelens correct`: shares corrected for what the classifier errs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from framelens.cli import options


def command(
    paths: options.Inputs,
    labelled: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="A sample with its labels; repeatable, one a wave."),
    ],
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Give shares by this field, too; repeatable."),
    ] = None,
    over: Annotated[
        str | None, typer.Option(metavar="DATE", help="Give shares by periods of this field.")
    ] = None,
    target: Annotated[
        Literal["documents", "texts"],
        typer.Option(help="Shares in documents like these, or in these very texts."),
    ] = "documents",
    form: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="What to write.")
    ] = "table",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here. [default: screen]"),
    ] = None,
    unit: options.UnitOption = "document",
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    rules_only: options.RulesOnly = False,
    model_only: options.ModelOnly = False,
    threshold: options.Thresholds = None,
    main_text: options.MainText = False,
    encoding: options.Encoding = "utf-8",
) -> None:
    """Print shares corrected by labelled sentences, with 95% intervals, beside the plain count.

    FILE is what framelens sample drew from the same texts, with the labels that coders gave. Shares
    are the classifier's plus what it errs by, as far as the labels show; where a group has too few
    of them, there is no estimate.

    Examples:

      framelens correct statements/ --labelled gold.csv --by bloc

      framelens correct speeches.csv --labelled gold.csv --over date --format csv --output shares.csv
    """
    import sys

    from framelens.analysis.corrected_tables import as_object, write_corrected
    from framelens.api import correct
    from framelens.cli.render.corrected import print_corrected
    from framelens.core.files import check_apart, open_whole

    model, rules = options.folders(model, rules, project)
    check_apart([output], labelled)
    found = correct(
        paths,
        labelled,
        by=by or (),
        over=over,
        target=target,
        unit=unit,
        model=model,
        rules=rules,
        mode=options.mode(rules_only, model_only),
        thresholds=options.thresholds(threshold or []),
        main_text=main_text,
        encoding=encoding,
    )
    with open_whole(output) as out:
        if form == "json":
            out.write(json.dumps(as_object(found), ensure_ascii=False, indent=1) + "\n")
        elif form == "csv":
            write_corrected(found, out)
        else:
            print_corrected(found, out)
    if form == "csv" and output is not None:
        print(f"{output}: differences and methods are in --format json", file=sys.stderr)
