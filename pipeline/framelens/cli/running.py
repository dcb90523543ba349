"""A job of `framelens classify`, run in the way that its output asks for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from framelens.cli.progress import advancing, counted, tallying
from framelens.core.errors import FramelensError

if TYPE_CHECKING:
    from framelens.classification.modes import Mode
    from framelens.core.types import Detail, Passage
    from framelens.parallel.task import Task

Format = Literal["table", "jsonl", "csv", "parquet"]
UnitName = Literal["document", "sentence"]
BackendName = Literal["loky", "dask"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The options of `framelens classify`, read but not yet looked into."""

    paths: Sequence[str]
    text: str | None
    unit: UnitName
    form: Format | None
    output: str | None
    model: Path | None
    rules: Path | None
    mode: Mode
    thresholds: Mapping[str, float]
    explain: bool
    main_text: bool
    save_text: Path | None
    encoding: str
    keep_formulas: bool
    skip_bad: bool
    jobs: int
    resume: bool
    backend: BackendName | None
    scheduler: str | None

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


def run(job: Job) -> None:
    """Do what the job asks for; raise FramelensError where its options do not go together."""
    if job.backend and not job.into_folder:
        raise FramelensError("--backend goes with a folder to write; expected --output DIR/")
    if job.scheduler and job.backend != "dask":
        raise FramelensError("--scheduler goes with --backend dask")
    if job.into_folder:
        _to_folder(job)
    elif (job.form or "table") == "table":
        _to_table(job)
    elif job.form == "parquet":
        _to_parquet(job)
    else:
        _to_file(job)


def _to_folder(job: Job) -> None:
    from framelens.parallel.folder import classify_to_folder

    assert job.place is not None
    if job.form == "table":
        raise FramelensError("tables are for the screen; expected --format jsonl or csv")
    if job.form == "parquet":
        raise FramelensError("--format parquet goes with a file; expected --format jsonl or csv")
    if job.text is not None or job.save_text is not None:
        raise FramelensError("--text and --save-text do not go with a folder to write")
    with tallying() as progress:
        tally = classify_to_folder(
            job.paths,
            _task(job),
            job.place,
            backend=job.backend or "loky",
            jobs=job.processes,
            scheduler=job.scheduler,
            progress=progress,
        )
    _tell_of_rejects(tally.rejected, "kept beside the output")


def _to_file(job: Job) -> None:
    from framelens.parallel.pool import open_pool

    with open_pool(job.processes if job.text is None else 1) as pool:
        # Later than the pool, whose workers import the same meanwhile.
        from framelens.parallel.run import classify_files, classify_text
        from framelens.readers import size

        if job.text is not None:
            classify_text(job.text, _task(job), job.place, texts=job.save_text)
            return
        with advancing(size(job.paths)) as progress:
            outcome = classify_files(
                job.paths,
                _task(job),
                job.place,
                pool=pool,
                resume=job.resume,
                texts=job.save_text,
                progress=progress,
            )
    _tell_of_rejects(outcome.rejected, f"kept in {outcome.rejects}" if outcome.rejects else None)


def _to_table(job: Job) -> None:
    from framelens.api import open_classifier
    from framelens.classification.stream import classify_passages
    from framelens.cli.render.sentences import print_sentences
    from framelens.core.files import open_whole

    if job.jobs != 1 or job.resume:
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    with ExitStack() as stack:
        passages = _passages(job, stack)
        out = stack.enter_context(open_whole(job.place))
        classifier = open_classifier(
            model=job.model, rules=job.rules, mode=job.mode, thresholds=job.thresholds
        )
        rows = classify_passages(passages, classifier, unit=job.unit, evidence=job.explain)
        print_sentences(rows, classifier.rules.scheme, out, explain=job.explain)


def _to_parquet(job: Job) -> None:
    from framelens.writers.parquet import check_installed

    if job.jobs != 1 or job.resume:
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    check_installed()
    from framelens.api import open_classifier
    from framelens.classification.stream import classify_passages
    from framelens.core.files import open_whole
    from framelens.preprocessing.structure import with_fields
    from framelens.writers.parquet import write_parquet

    with ExitStack() as stack:
        passages = _passages(job, stack)
        out = stack.enter_context(open_whole(job.place))
        classifier = open_classifier(
            model=job.model, rules=job.rules, mode=job.mode, thresholds=job.thresholds
        )
        detail: Detail = True if job.explain else "labels"
        rows = with_fields(classify_passages(passages, classifier, unit=job.unit, evidence=detail))
        frames = classifier.frames
        write_parquet(rows, out.buffer, unit=job.unit, frames=frames, explain=job.explain)


def _passages(job: Job, stack: ExitStack) -> Iterable[Passage]:
    """The job's passages, with what is done to them on the way; `stack` closes what they need."""
    from framelens.core.types import Passage

    if job.text is not None and not job.main_text and job.save_text is None:
        return [Passage("text", job.text)]
    from framelens.preprocessing.boilerplate import main_text
    from framelens.readers import Rejects, find, read, rejects_path, save_texts, size

    passages: Iterable[Passage] = [Passage("text", job.text or "")]
    if job.text is None:
        kept = rejects_path(job.place) if job.place else None
        rejects = Rejects(kept) if job.skip_bad else None
        if rejects is not None:
            stack.callback(
                lambda: _tell_of_rejects(rejects.count, f"kept in {kept}" if kept else None)
            )
            stack.enter_context(rejects)
        passages = read(job.paths, encoding=job.encoding, unit=job.unit, rejects=rejects)
        passages = stack.enter_context(counted(passages, size(job.paths)))
    if job.save_text is not None:
        inputs = [source.path for source in find(job.paths) if source.path]
        passages = stack.enter_context(closing(save_texts(passages, job.save_text, inputs=inputs)))
    return main_text(passages) if job.main_text else passages


def _task(job: Job) -> Task:
    from framelens.parallel.task import Task

    assert job.form is None or job.form == "jsonl" or job.form == "csv"
    return Task(
        form=job.form or "jsonl",
        unit=job.unit,
        encoding=job.encoding,
        main_text=job.main_text,
        explain=job.explain,
        keep_formulas=job.keep_formulas,
        skip_bad=job.skip_bad,
        model=_absolute(job.model),
        rules=_absolute(job.rules),
        mode=job.mode,
        thresholds=tuple(job.thresholds.items()),
    )


def _absolute(folder: Path | None) -> str | None:
    # Workers on other machines have other working directories.
    return str(folder.absolute()) if folder else None


def _tell_of_rejects(count: int, place: str | None) -> None:
    if count:
        where = f", {place}" if place else ""
        print(f"framelens: {count} bad records passed over{where}", file=sys.stderr)
