"""The output of `framelens classify`: a table for the screen, a file, or a folder; bars of progress."""

# Without `from __future__ import annotations`: those of `Request` are options, taken as they stand.
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from framelens.cli.options import PATHS, tell
from framelens.core.errors import FramelensError
from framelens.core.files import format_of
from framelens.core.settings import FORMAT_ENDS, Settings
from framelens.core.types import counted

Form = Literal["table", "jsonl", "csv", "parquet"]

if TYPE_CHECKING:
    from rich.progress import Progress

    from framelens.parallel.stream import Tally
    from framelens.parallel.workers import Workers


ENDS: Mapping[Form, Sequence[str]] = {"table": [".txt"], **dict(FORMAT_ENDS.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of `classify` on what to read and write, and by how many processes."""

    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help=f"{PATHS} [default: standard input]"),
    ] = None
    text: Annotated[str | None, typer.Option(help="Classify this text instead of files.")] = None
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            help="What to write. [default: by the name of FILE, else a table; in folders jsonl]",
        ),
    ] = None
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR/",
            help="Write this file, or a file for every shard of the input into this folder; by "
            "default on the screen.",
        ),
    ] = None
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Say why: every contribution to every score, and what decided stances.",
        ),
    ] = False
    save_text: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the text that start and end count in, one .txt a document, to this folder.",
        ),
    ] = None
    keep_formulas: Annotated[
        bool,
        typer.Option(
            "--keep-formulas",
            help="In CSV, leave cells as they are that a spreadsheet would run as formulas.",
        ),
    ] = False
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", "-j", min=0, metavar="N", help="Worker processes, 0 for one a core."
        ),
    ] = 1
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on where a run that wrote the same file was ended."),
    ] = False
    backend: Annotated[
        Literal["loky", "dask"] | None,
        typer.Option(
            help="Who works on the shards of a folder: processes here (loky, the default) or a "
            "cluster (dask)."
        ),
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The cluster's scheduler, such as tcp://head:8786."),
    ] = None

    def __post_init__(self) -> None:
        if self.form is None and self.place and not self.into_folder:
            object.__setattr__(self, "form", format_of(None, self.place, ENDS))

    @property
    def inputs(self) -> list[str]:
        """The paths to read if no text is given."""
        return self.paths or ([] if self.text is not None else ["-"])

    @property
    def place(self) -> Path | None:
        """The file or folder to write."""
        return Path(self.output) if self.output else None

    @property
    def into_folder(self) -> bool:
        """Whether the output is a folder: one that exists, or a name that ends as one."""
        ends = self.output is not None and self.output.endswith(("/", os.sep))
        return ends or bool(self.place and self.place.is_dir())

    @property
    def processes(self) -> int:
        """How many worker processes; 0 asks for one a core."""
        if self.jobs:
            return self.jobs
        from joblib import cpu_count

        return int(cpu_count())


def write(request: Request, settings: Settings) -> None:
    """Classify and write; raise FramelensError where the options do not go together."""
    if request.backend and not request.into_folder:
        raise FramelensError("--backend goes with a folder to write; expected --output DIR/")
    if request.scheduler and request.backend != "dask":
        raise FramelensError("--scheduler goes with --backend dask")
    if request.into_folder:
        _to_folder(request, settings)
    elif (request.form or "table") == "table":
        _to_table(request, settings)
    else:
        _to_file(request, settings)


def _to_folder(request: Request, settings: Settings) -> None:
    from framelens.parallel.run import classify_to_folder
    from framelens.readers import skipped_messages

    assert request.place is not None
    if request.form == "table":
        raise FramelensError("tables are for the screen; expected --format jsonl or csv")
    if request.form == "parquet":
        raise FramelensError("--format parquet goes with a file; expected --format jsonl or csv")
    if request.text is not None or request.save_text is not None:
        raise FramelensError("--text and --save-text do not go with a folder to write")
    tell_of_notes(skipped_messages(request.inputs))
    with tallying() as progress:
        tally = classify_to_folder(
            request.inputs,
            settings,
            request.place,
            backend=request.backend or "loky",
            jobs=request.processes,
            scheduler=request.scheduler,
            progress=progress,
        )
    if tally.rejected:
        tell(f"{counted(tally.rejected, 'bad record')} passed over, kept beside the output")
    tell_of_notes(tally.notes)


def _to_file(request: Request, settings: Settings) -> None:
    if request.text is not None:
        from framelens.parallel.run import classify_text

        outcome = classify_text(request.text, settings, request.place, texts=request.save_text)
        tell_of_notes(outcome.notes)
        return
    opened: AbstractContextManager[Workers | None] = nullcontext()
    if (jobs := request.processes) > 1:
        from framelens.parallel.workers import open_workers

        # They start while this process still imports what it needs itself.
        opened = open_workers("loky", jobs, settings=settings)
    with opened as workers, tallying() as progress:
        from framelens.parallel.run import classify_to_file
        from framelens.readers import skipped_messages

        tell_of_notes(skipped_messages(request.inputs))
        outcome = classify_to_file(
            request.inputs,
            settings,
            request.place,
            jobs=workers or jobs,
            resume=request.resume,
            texts=request.save_text,
            progress=progress,
        )
    tell_of_notes(outcome.notes)


def _to_table(request: Request, settings: Settings) -> None:
    from framelens.cli.inputs import classified
    from framelens.cli.render.sentences import print_sentences
    from framelens.core.files import open_whole

    if request.jobs != 1 or request.resume:
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    if settings.evidence is not True:
        settings = replace(settings, evidence=False)
    reading = classified(
        request.inputs, settings, request.place, text=request.text, texts=request.save_text
    )
    with reading as (rows, project), open_whole(request.place) as out:
        print_sentences(rows, project.scheme, out, explain=settings.evidence is True)


@contextmanager
def tallying() -> "Iterator[Callable[[Tally], object] | None]":
    """What shows a run's progress in a bar: its share, shards, sentences a second, time left; None where
    nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import TextColumn

    with _bar(TextColumn("{task.fields[rate]}")) as bar:
        task = bar.add_task("classifying", total=None, rate="")

        def show(tally: "Tally") -> None:
            seconds = bar.tasks[task].elapsed or 1.0
            rate = described(tally, seconds)
            bar.update(task, total=tally.size or None, completed=tally.size_done, rate=rate)

        yield show


@contextmanager
def sharing() -> Iterator[Callable[[str, float], None]]:
    """What shows a step and the share that is done, in a bar, or in lines where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda what, done: print(f"{done:4.0%}  {what}", file=sys.stderr, flush=True)
        return
    with _bar() as bar:
        task = bar.add_task("beginning", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)


def described(tally: "Tally", seconds: float) -> str:
    """How many shards are done, and how fast, after so many seconds; nothing where there is one."""
    if tally.shards == 1:
        return ""
    rate = tally.sentences / seconds
    done = f"{tally.kept + tally.done}/{tally.shards} shards"
    return f"{done} · {rate:,.0f} sentences/s" if tally.done else done


def tell_of_notes(notes: Iterable[str]) -> None:
    """Print messages on the input."""
    for line in notes:
        tell(line)


def _bar(*columns: object) -> "Progress":
    from rich.console import Console
    from rich.progress import Progress

    shown = (*Progress.get_default_columns(), *columns)
    return Progress(*shown, console=Console(stderr=True), transient=True)  # type: ignore[arg-type]
