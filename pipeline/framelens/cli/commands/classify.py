"""`framelens classify`: texts in, frames out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from framelens.cli import options, outputs


@options.takes(options.deciding, options.settings, options.tables)
def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help=f"{options.PATHS} [default: standard input]"),
    ] = None,
    text: Annotated[str | None, typer.Option(help="Classify this text instead of files.")] = None,
    form: Annotated[
        outputs.FormatName | None,
        typer.Option("--format", help="What to write: by default a table, in folders jsonl."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR/",
            help="Write this file, or a file for every shard of the input into this folder; by "
            "default on the screen.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: every contribution to every score.")
    ] = False,
    save_text: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the text that start and end count in, one .txt a document, to this folder.",
        ),
    ] = None,
    keep_formulas: Annotated[
        bool,
        typer.Option(
            "--keep-formulas",
            help="In CSV, leave cells as they are that a spreadsheet would run as formulas.",
        ),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", "-j", min=0, metavar="N", help="Worker processes, 0 for one a core."
        ),
    ] = 1,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on where a run that wrote the same file was ended."),
    ] = False,
    backend: Annotated[
        outputs.BackendName | None,
        typer.Option(
            help="Who works on the shards of a folder: processes here (loky, the default) or a "
            "cluster (dask)."
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The cluster's scheduler, such as tcp://head:8786."),
    ] = None,
    **given: Any,
) -> None:
    """Tag the sentences of texts with frames.

    Examples:

      framelens classify statements/ --explain

      framelens classify speeches.csv --format jsonl --output frames.jsonl

      framelens classify archive/*.jsonl --output frames/ --jobs 0

      cat statement.txt | framelens classify
    """
    options.check_text(text, paths or ())
    if text is None and not paths:
        paths = ["-"]
    settings = replace(
        options.settings(explain or "labels", **given),
        form=form if form in ("csv", "parquet") else "jsonl",
        keep_formulas=keep_formulas,
    )
    request = outputs.Request(
        paths=paths or [],
        text=text,
        form=form,
        output=output,
        texts=save_text,
        jobs=jobs,
        resume=resume,
        backend=backend,
        scheduler=scheduler,
    )
    outputs.write(request, settings)
