"""`framelens sample`: which sentences to label, drawn with known probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from framelens.cli import options
from framelens.core.types import counted


@options.takes(options.deciding, options.settings, options.tables)
def command(
    paths: options.Inputs,
    output: options.SampleFile,
    n: Annotated[int, typer.Option(help="How many sentences to draw.")] = 200,
    by: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="As many of each value of this field."),
    ] = None,
    draw: Annotated[
        Literal["random", "unsure"],
        typer.Option(
            help="Each alike, or more of those where errors are likely: intervals up to a tenth narrower "
            "if framelens errs seldom, no wider if it errs often.",
        ),
    ] = "random",
    blind: Annotated[
        bool, typer.Option("--blind", help="Leave out the labels that framelens gives.")
    ] = False,
    avoid: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An earlier wave, not to be drawn again; repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another draw.")] = 0,
    min_about: options.MinAbout = 0.0,
    **given: Any,
) -> None:
    """Draw sentences to label, each with its place, context and chance to be drawn.

    As framelens summary does, it takes prose of documents in English unless --only or --language say
    otherwise.

    Label them on a local page, framelens serve --label FILE, or fill in the column labels (frames
    with | between, none for no frame), or label in a tool of your own with framelens export. What
    comes of it corrects shares: framelens correct.

    Examples:

      framelens sample statements/ --n 200 --output to-label.csv

      framelens sample speeches.csv --by bloc --blind --avoid to-label.csv --output second.csv
    """
    from framelens.analysis.corrected.drawing import draw_sample
    from framelens.cli.inputs import for_shares
    from framelens.core.files import check_writable
    from framelens.project.items import check_named, check_unlabelled, write_items

    check_named(output)
    check_writable(output)
    settings = options.settings(False, shares=True, min_about=min_about, **given)
    with for_shares(paths, settings, output, others=avoid or ()) as (rows, opened, relevant):
        check_unlabelled(output)
        items = draw_sample(
            relevant.of(rows),
            opened,
            n,
            by=by,
            draw=draw,
            blind=blind,
            avoid=avoid or (),
            seed=seed,
            note=options.tell,
        )
    write_items(items, output)
    documents = len({item.document for item in items})
    drawn = counted(len(items), "sentence")
    options.wrote(output, f"{drawn} of {counted(documents, 'document')} to label")
