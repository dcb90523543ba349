"""What `framelens classify` writes: a table for the screen, one output, or a folder of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from framelens.cli.progress import tallying, tell_of_notes, tell_of_rejects
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings

FormatName = Literal["table", "jsonl", "csv", "parquet"]
BackendName = Literal["loky", "dask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What `classify` is to read and write, and who is to work on it."""

    paths: Sequence[str]
    text: str | None = None
    form: FormatName | None = None
    output: str | None = None
    texts: Path | None = None
    jobs: int = 1
    resume: bool = False
    backend: BackendName | None = None
    scheduler: str | None = None

    @property
    def place(self) -> Path | None:
        """The file or folder to write."""
        return Path(self.output) if self.output else None

    @property
    def into_folder(self) -> bool:
        """Whether a folder is to be written: one that is there, or a name that ends as one."""
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
    """Do what is asked; raise FramelensError where the options do not go together."""
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

    assert request.place is not None
    if request.form == "table":
        raise FramelensError("tables are for the screen; expected --format jsonl or csv")
    if request.form == "parquet":
        raise FramelensError("--format parquet goes with a file; expected --format jsonl or csv")
    if request.text is not None or request.texts is not None:
        raise FramelensError("--text and --save-text do not go with a folder to write")
    with tallying() as progress:
        tally = classify_to_folder(
            request.paths,
            settings,
            request.place,
            backend=request.backend or "loky",
            jobs=request.processes,
            scheduler=request.scheduler,
            progress=progress,
        )
    tell_of_rejects(tally.rejected, "kept beside the output")
    tell_of_notes(tally.notes)


def _to_file(request: Request, settings: Settings) -> None:
    from framelens.parallel.run import classify_text, classify_to_file

    if request.text is not None:
        classify_text(request.text, settings, request.place, texts=request.texts)
        return
    with tallying() as progress:
        outcome = classify_to_file(
            request.paths,
            settings,
            request.place,
            jobs=request.processes,
            resume=request.resume,
            texts=request.texts,
            progress=progress,
        )
    tell_of_rejects(outcome.rejected, f"kept in {outcome.rejects}" if outcome.rejects else None)
    tell_of_notes(outcome.notes)


def _to_table(request: Request, settings: Settings) -> None:
    from framelens.cli.inputs import classified
    from framelens.cli.render.sentences import print_sentences
    from framelens.core.files import open_whole

    if request.jobs != 1 or request.resume:
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    if not settings.explain:
        settings = replace(settings, evidence=False)
    reading = classified(
        request.paths, settings, request.place, text=request.text, texts=request.texts
    )
    with reading as (rows, project), open_whole(request.place) as out:
        print_sentences(rows, project.scheme, out, explain=settings.explain)
