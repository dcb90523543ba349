"""`framelens report`: a page on which to read and compare texts and their frames."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError
from framelens.core.types import counted


@options.takes(options.grouping, options.deciding, options.settings, options.tables)
def command(
    paths: options.Inputs,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Write the page here.")
    ] = Path("report.html"),
    title: Annotated[
        str | None,
        typer.Option(help="The page's title. [default: that of the document, or their number]"),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD",
            help="Compare the sentences by this field, such as speaker, country or document; "
            "repeatable. A sentence is in one group: 'France, Spain' is a value of its own. "
            "[default: what there is of these and the like]",
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DOCUMENT",
            help="Lay this document beside the others named so, sentence by sentence; repeat it. "
            "[default: versions of one text]",
        ),
    ] = None,
    labelled: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Correct shares by this labelled sample (see framelens sample); repeatable, one a wave.",
        ),
    ] = None,
    target: options.TargetOption = "documents",
    trained_on: options.TrainedOn = None,
    min_about: options.MinAbout = 0.0,
    **given: Any,
) -> None:
    """Write a page of the texts with their frames, to read, search and compare.

    One HTML file that needs no network: shares of frames with their intervals, over time and by
    field; every document in full, each label with its evidence; what sets groups apart; two
    documents side by side. Tables and figures can be saved from it.

    What framelens wrote (JSON Lines, CSV, Parquet) is read as it stands, not classified again.

    Examples:

      framelens report statements/ --output report.html --by speaker

      framelens report draft.docx adopted.docx --title "From draft to resolution"
    """
    from framelens.analysis.corrected.shares import Corrector
    from framelens.cli.inputs import for_shares
    from framelens.core.files import PAGES, check_format, check_writable
    from framelens.report.corpus.findings import Grouping
    from framelens.report.corpus.methods import Coverage
    from framelens.report.corpus.page import write_documents_report
    from framelens.training.out_of_fold import read_sample

    check_writable(output)
    if not labelled and (trained_on or target != "documents"):
        raise FramelensError("--target and --trained-on go with a sample to correct by, --labelled")
    grouping = options.taken(options.grouping, given)
    settings = options.settings(True, shares=True, min_about=min_about, **given)
    others = [*(labelled or ()), *(trained_on or ())]
    with for_shares(paths, settings, output, others=others) as (rows, opened, relevant):
        check_format(output, PAGES)
        corrector = None
        if labelled:
            waves, folds = read_sample(
                labelled,
                opened,
                trained_on or (),
                form=options.learned_form(**given),
                note=options.tell,
                progress=options.tell,
            )
            corrector = Corrector(
                opened.frames,
                waves,
                cluster=grouping["cluster"],
                target=target,
                unit=settings.unit,
                folds=folds,
                bare=opened.scheme.may_be_none,
            )
        findings = write_documents_report(
            rows,
            opened.classifier,
            output,
            title=title,
            compare=compare or (),
            grouping=Grouping(by=by or None, **grouping),
            coverage=Coverage(relevant, opened.left_out, opened.recorded),
            corrector=corrector,
        )
    contents = findings.contents
    sentences, documents = len(contents.texts), len(contents.documents)
    options.wrote(output, f"{counted(sentences, 'sentence')} of {counted(documents, 'document')}")
