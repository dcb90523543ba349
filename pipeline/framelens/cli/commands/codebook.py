"""`framelens codebook`: a codebook of one's own, from its labels to a folder to work in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framelens.cli import options
from framelens.core.files import RULES
from framelens.core.types import counted

if TYPE_CHECKING:
    from framelens.project.folder import Codebook

SHOWN = 5
"""Cues of a label that are shown."""

app = typer.Typer(no_args_is_help=True, help="Begin a codebook of your own.")


@app.callback()
def about() -> None:
    """Begin a codebook of your own."""


@app.command()
@options.takes(options.label_form)
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The project's folder, which is made.")
    ],
    labelled: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="LABELLED",
            help="Labelled sentences, .csv, .tsv, .jsonl, .parquet or a workbook, whose labels it is to "
            "have; repeatable.",
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A label it is to have; repeatable."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="What it is called. [default: as the folder]")
    ] = None,
    holdout: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Take no cue from this share of the sentences, such as 0.2: train --holdout with the same "
            "share and seed then tests on what no cue has seen.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is held out.")] = 0,
    **given: Any,
) -> None:
    """Write a folder with a scheme of labels, a file of rules a label, and a page to fill in.

    From labelled sentences it takes the labels, whether each sentence has one, and for each label
    the words that speak most for it: proposed rules, with examples, to confirm or drop; no model knows
    of them before. In that folder, or with --project, every command uses its rules and its model.

    Examples:

      framelens codebook new climate --from tweets.csv --text-column tweet --label-column topic

      framelens codebook new topics --label Economy --label "Public health"
    """
    from framelens.api import new_codebook

    form = options.label_form(None, **given)
    codebook = new_codebook(
        folder,
        labelled or (),
        labels=label or (),
        title=title,
        form=form,
        holdout=holdout,
        seed=seed,
        progress=options.tell,
    )
    _print(codebook, folder)


def _print(codebook: Codebook, folder: Path) -> None:
    """Print what was written and the next steps."""
    from framelens.project.folder import CODEBOOK, how_many

    cues = sum(len(label.cues) for label in codebook.labels)
    print(
        f"{folder}: {counted(len(codebook.labels), 'label')}; a sentence has {how_many(codebook)}; "
        f"{counted(cues, 'cue')}"
    )
    if codebook.labelled:
        width = max(len(label.name) for label in codebook.labels)
        for label in codebook.labels:
            shown = ", ".join(cue.words for cue in label.cues[:SHOWN])
            print(f"  {label.name:{width}}  {label.sentences:>7,}  {shown}")
    files = "" if codebook.labelled else " LABELLED"
    print("Next:")
    print(f"  say in {folder / CODEBOOK} and {folder / RULES / 'scheme.toml'} what the labels mean")
    what = "look through the cues" if cues else "write rules"
    print(f"  {what} in {folder / RULES}, then framelens rules test --project {folder}")
    holdout = f" --holdout {codebook.holdout:g}" if codebook.holdout is not None else ""
    if holdout and codebook.seed:
        holdout += f" --seed {codebook.seed}"
    print(f"  framelens train{files} --project {folder}{holdout}")
    alone = "" if codebook.labelled else " --rules-only, or once trained without it"
    print(f"  framelens classify TEXTS --project {folder}{alone}")
