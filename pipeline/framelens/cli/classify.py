"""`framelens classify`: texts in, frames out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from framelens.cli import options
from framelens.errors import FramelensError

if TYPE_CHECKING:
    from framelens.passages import Passage

Format = Literal["table", "jsonl", "csv"]
UnitName = Literal["document", "sentence"]


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files (.txt, .md, .html, .pdf, .docx, .jsonl, .csv, .tsv, .parquet, .zip of "
            "these), folders, patterns such as '*.pdf', or - for standard input. "
            "[default: standard input]",
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="Classify this text instead of files.")
    ] = None,
    unit: Annotated[
        UnitName, typer.Option(help="Split documents into sentences, or take each as one.")
    ] = "document",
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = "table",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here. [default: screen]"),
    ] = None,
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    rules_only: options.RulesOnly = False,
    model_only: options.ModelOnly = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(metavar="FRAME=P", help="Probability from which a frame is given; repeatable."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: every contribution to every score.")
    ] = False,
    main_text: Annotated[
        bool,
        typer.Option(
            "--main-text",
            help="Leave out page furniture: menus, bylines, captions, datelines, appeals, notices.",
        ),
    ] = False,
    save_text: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the text that start and end count in, one .txt a document, to this folder.",
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="How text files are encoded.")] = "utf-8",
    keep_formulas: Annotated[
        bool,
        typer.Option(
            "--keep-formulas",
            help="In CSV, leave cells as they are that a spreadsheet would run as formulas.",
        ),
    ] = False,
    skip_bad: Annotated[
        bool,
        typer.Option(
            "--skip-bad",
            help="Go on after bad records; count them and keep them in a .rejects.jsonl file.",
        ),
    ] = False,
) -> None:
    """Tag the sentences of texts with frames.

    Examples:

      framelens classify statements/ --explain

      framelens classify speeches.csv --format jsonl --output frames.jsonl

      cat statement.txt | framelens classify
    """
    if text is not None and paths:
        raise FramelensError("--text and PATH exclude each other")
    chosen = options.mode(rules_only, model_only)
    limits = options.thresholds(threshold or [])
    if text is None and not paths:
        paths = ["-"]

    from framelens.api import open_classifier
    from framelens.cli.screen import print_sentences
    from framelens.documents import Rejects, find, read, save_texts, size
    from framelens.fields import with_fields
    from framelens.furniture import main_text as without_furniture
    from framelens.records import write_csv, write_jsonl
    from framelens.passages import Passage
    from framelens.stream import classify_passages
    from framelens.writing import open_whole

    with ExitStack() as stack:
        rejects = stack.enter_context(Rejects(_rejects_path(output))) if skip_bad else None
        passages: Iterable[Passage] = [Passage("text", text or "")]
        if text is None:
            passages = read(paths or [], encoding=encoding, unit=unit, rejects=rejects)
            passages = stack.enter_context(counted(passages, size(paths or [])))
        if save_text is not None:
            inputs = [source.path for source in find(paths or []) if source.path]
            passages = save_texts(passages, save_text, inputs=inputs)
        if main_text:
            passages = without_furniture(passages)
        out = stack.enter_context(open_whole(output))
        classifier = open_classifier(model=model, rules=rules, mode=chosen, thresholds=limits)
        rows = classify_passages(
            passages, classifier, unit=unit, evidence=explain or ("labels" if form != "table" else False)
        )
        if form == "jsonl":
            write_jsonl(with_fields(rows), out, unit=unit, explain=explain)
        elif form == "csv":
            frames = classifier.rules.scheme.names
            write_csv(
                rows, out, unit=unit, frames=frames, explain=explain, keep_formulas=keep_formulas
            )
        else:
            print_sentences(rows, classifier.rules.scheme, out, explain=explain)
    if rejects is not None and rejects.count:
        place = f", kept in {rejects.path}" if rejects.path else ""
        print(f"framelens: {rejects.count} bad records passed over{place}", file=sys.stderr)


def _rejects_path(output: Path | None) -> Path | None:
    return output.with_name(f"{output.name}.rejects.jsonl") if output else None


@contextmanager
def counted(passages: Iterable[Passage], total: int | None) -> Iterator[Iterable[Passage]]:
    """The passages, with a bar on standard error where a person is watching."""
    if not sys.stderr.isatty():
        yield passages
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("classifying", total=total)

        def counting() -> Iterator[Passage]:
            for passage in passages:
                yield passage
                bar.advance(task, len(passage.text))

        yield counting()
