"""What `framelens classify` does with its options: a table, one output, or a folder of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from framelens.cli.progress import tallying
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings

if TYPE_CHECKING:
    from framelens.parallel.run import Outcome

FormatName = Literal["table", "jsonl", "csv", "parquet"]
BackendName = Literal["loky", "dask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where a run of `classify` reads and writes, and by whom it is done."""

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


def run(asked: Run, settings: Settings) -> None:
    """Do what is asked; raise FramelensError where the options do not go together."""
    if asked.backend and not asked.into_folder:
        raise FramelensError("--backend goes with a folder to write; expected --output DIR/")
    if asked.scheduler and asked.backend != "dask":
        raise FramelensError("--scheduler goes with --backend dask")
    if asked.into_folder:
        _to_folder(asked, settings)
    elif (asked.form or "table") == "table":
        _to_table(asked, settings)
    else:
        _to_file(asked, settings)


def _to_folder(asked: Run, settings: Settings) -> None:
    from framelens.parallel.run import classify_to_folder

    assert asked.place is not None
    if asked.form == "table":
        raise FramelensError("tables are for the screen; expected --format jsonl or csv")
    if asked.form == "parquet":
        raise FramelensError("--format parquet goes with a file; expected --format jsonl or csv")
    if asked.text is not None or asked.texts is not None:
        raise FramelensError("--text and --save-text do not go with a folder to write")
    with tallying() as progress:
        tally = classify_to_folder(
            asked.paths,
            settings,
            asked.place,
            backend=asked.backend or "loky",
            jobs=asked.processes,
            scheduler=asked.scheduler,
            progress=progress,
        )
    tell_of_rejects(tally.rejected, "kept beside the output")


def _to_file(asked: Run, settings: Settings) -> None:
    from framelens.parallel.run import classify_text, classify_to_file

    if asked.text is not None:
        classify_text(asked.text, settings, asked.place, texts=asked.texts)
        return
    with tallying() as progress:
        outcome = classify_to_file(
            asked.paths,
            settings,
            asked.place,
            jobs=asked.processes,
            resume=asked.resume,
            texts=asked.texts,
            progress=progress,
        )
    tell_of(outcome)


def _to_table(asked: Run, settings: Settings) -> None:
    from framelens.cli.inputs import classified
    from framelens.cli.render.sentences import print_sentences
    from framelens.core.files import open_whole

    if asked.jobs != 1 or asked.resume:
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    if not settings.explain:
        settings = replace(settings, evidence=False)
    with (
        classified(asked.paths, settings, asked.place, text=asked.text, texts=asked.texts) as (
            rows,
            project,
        ),
        open_whole(asked.place) as out,
    ):
        print_sentences(rows, project.scheme, out, explain=settings.explain)


def tell_of(outcome: Outcome) -> None:
    """Say how many bad records were passed over, and where they are."""
    tell_of_rejects(outcome.rejected, f"kept in {outcome.rejects}" if outcome.rejects else None)


def tell_of_rejects(count: int, place: str | None) -> None:
    """Say how many bad records were passed over."""
    if count:
        where = f", {place}" if place else ""
        print(f"framelens: {count} bad records passed over{where}", file=sys.stderr)
