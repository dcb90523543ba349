"""`framelens correct`: shares corrected for what the classifier errs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from framelens.cli import options
from framelens.core.types import DOCUMENT

Form = Literal["table", "csv", "json"]
ENDS: Mapping[Form, Sequence[str]] = {"table": [".txt"], "csv": [".csv"], "json": [".json"]}


@options.takes(options.deciding, options.settings, options.tables)
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
    stance: Annotated[
        bool,
        typer.Option(
            "--stance",
            help="Give shares of frames treated in one way, too; FILE needs a field stances.",
        ),
    ] = False,
    cluster: options.Cluster = DOCUMENT,
    target: options.TargetOption = "documents",
    trained_on: options.TrainedOn = None,
    form: Annotated[Form | None, options.FORMAT] = None,
    output: options.OutputFile = None,
    min_about: options.MinAbout = 0.0,
    **given: Any,
) -> None:
    """Print shares corrected by labelled sentences, with 95% intervals, beside the plain count.

    FILE is what framelens sample drew from the same texts (with the same --only, --language,
    --min-words and --about), with the labels that coders gave. Shares
    are the classifier's plus what it errs by, as far as the labels show; where a group has too few
    of them, there is no estimate.

    Examples:

      framelens correct statements/ --labelled gold.csv --by bloc

      framelens correct speeches.csv --labelled gold.csv --over date --format csv --output shares.csv
    """
    from framelens.analysis.corrected.tables import as_object, warnings, write_corrected
    from framelens.cli.inputs import for_shares
    from framelens.cli.render.corrected import print_corrected
    from framelens.core.files import check_format, format_of, open_whole
    from framelens.training.out_of_fold import correct_by

    if form and output:
        check_format(output, ENDS[form])
    form = format_of(form, output, ENDS)
    settings = options.settings(False, shares=True, min_about=min_about, **given)
    others = [*labelled, *(trained_on or ())]
    with (
        open_whole(output) as out,
        for_shares(paths, settings, output, others=others) as (rows, opened, relevant),
    ):
        corrected = correct_by(
            labelled,
            relevant.of(rows),
            opened,
            trained_on=trained_on or (),
            form=options.learned_form(**given),
            stances=stance,
            note=options.tell,
            progress=options.tell,
            by=by or (),
            over=over,
            cluster=cluster,
            target=target,
        )
        if form == "json":
            out.write(json.dumps(as_object(corrected), ensure_ascii=False, indent=1) + "\n")
        elif form == "csv":
            write_corrected(corrected, out)
            for line in warnings(corrected):  # for which a table of figures has no place
                options.tell(line)
        else:
            print_corrected(corrected, out)
    if form == "csv" and output is not None:
        options.wrote(output, "differences and methods are in --format json")
