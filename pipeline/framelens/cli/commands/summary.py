"""`framelens summary`: how often each frame is given, for people in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import typer

from framelens.cli import options

Form = Literal["table", "csv", "json", "parquet"]
ENDS: Mapping[Form, Sequence[str]] = {
    "table": [".txt"],
    "csv": [".csv"],
    "json": [".json"],
    "parquet": [".parquet"],
}


@options.takes(options.grouping, options.deciding, options.settings, options.tables)
def command(
    paths: options.Inputs,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="Give the shares by this field, too, such as speaker or document; repeatable. A sentence is "
            "in one group: 'France, Spain' is a value of its own.",
        ),
    ] = None,
    stance: Annotated[
        bool,
        typer.Option(
            "--stance", help="Split the sentences with each frame by how they treat it, too."
        ),
    ] = False,
    form: Annotated[Form | None, options.FORMAT] = None,
    output: options.OutputFile = None,
    min_about: options.MinAbout = 0.0,
    **given: Any,
) -> None:
    """Print the share of sentences that carry each frame, with 95% intervals.

    What framelens wrote (JSON Lines, CSV, Parquet) is read as it stands, not classified again.

    Examples:

      framelens summary statements/ --by speaker --stance

      framelens summary speeches.csv --by country --over year --format csv --output shares.csv
    """
    from framelens.analysis.summary import summarize
    from framelens.analysis.tables import write_summary
    from framelens.analysis.values import value_messages
    from framelens.cli.inputs import for_shares
    from framelens.cli.render.shares import print_summary, uncertainty
    from framelens.core.files import format_of, open_whole

    form = format_of(form, output, ENDS)
    grouping = options.taken(options.grouping, given)
    settings = options.settings(False, shares=True, min_about=min_about, **given)
    with (
        open_whole(output) as out,
        for_shares(paths, settings, output) as (rows, opened, relevant),
    ):
        summary = summarize(
            relevant.of(rows),
            opened.frames,
            by=by or (),
            **grouping,
            stances=opened.scheme.stances if stance else None,
        )
        if form == "table":
            print_summary(summary, opened.scheme, out)
        else:
            write_summary(summary, out, form=form)
    values: dict[str, Sequence[str]] = {
        name: [one.value for one in groups if one.kind == "value"]
        for name, groups in summary.by.items()
    }
    values |= {crossed.over: crossed.columns for crossed in summary.crosses if not crossed.in_time}
    for name, own in values.items():
        for line in value_messages(name, own):
            options.tell(line)
    if summary.uncertain:
        options.tell(uncertainty(summary))
