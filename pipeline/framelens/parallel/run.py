"""Texts in, one output or a folder of them out, by this process, several, or a cluster."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from importlib.metadata import version
from os.path import realpath
from pathlib import Path
from shutil import copyfileobj
from tempfile import mkdtemp
from typing import Any, BinaryIO

from framelens.core.errors import FramelensError, at
from framelens.core.files import (
    DASH,
    WORK,
    check_writable,
    make_folder,
    open_whole,
    replaces,
    reporting,
    short,
)
from framelens.core.settings import Settings
from framelens.core.types import storable
from framelens.core.version import __version__
from framelens.parallel.manifest import Manifest, check_is_work, digest_of, open_manifest
from framelens.parallel.plan import Shard, plan_folder, plan_parts
from framelens.parallel.stream import (
    FileStates,
    Outcome,
    Progress,
    Tally,
    check_unchanged,
    look_through,
    rejects_of,
    saving_texts,
    sources_of,
    state,
    write_stream,
)
from framelens.parallel.work import Failed, do_shard, sealed
from framelens.parallel.workers import Backend, Workers, open_workers
from framelens.readers import Rejects, Source, find, read_sources, reading_of, rejects_path
from framelens.readers.rejects import Notes

FOLDER_ADVICE = "give another folder, or empty this one"
RESUME_ADVICE = "run without --resume to begin again"
KEPT = "what had been done is kept: --resume goes on from there"


def classify_to_file(
    paths: Sequence[Path | str],
    settings: Settings,
    output: Path | None,
    *,
    jobs: int | Workers = 1,
    resume: bool = False,
    texts: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Classify what paths lead to (see `readers.find`) and write it to one output, or standard output.

    The output is the same however many processes work on it: `jobs` is their number, or workers that
    are already open. A file is joined from parts in a folder beside it; `resume` uses those that an
    earlier run with the same settings has left. Bad records go to `OUTPUT.rejects.jsonl` if they are
    passed over; `texts` is a folder for the texts that offsets refer to.
    """
    sources, rejects = sources_of(paths, settings, output or DASH), rejects_of(output)
    several = not isinstance(jobs, int) or jobs > 1
    if settings.form == "parquet" and (several or resume):
        raise FramelensError("--jobs and --resume go with --format jsonl or csv")
    is_repeatable = all(source.path for source in sources)
    in_parts = settings.form != "parquet" and is_repeatable and (rejects or several)
    if resume and not (in_parts and rejects):
        raise FramelensError("--resume goes with files that are read and one that is written")
    if not in_parts:
        return write_stream(sources, settings, output, texts=texts, progress=progress)
    with (
        open_workers("loky", jobs, settings=settings)
        if isinstance(jobs, int)
        else nullcontext(jobs) as workers
    ):
        files, settings, notes = _look_through(sources, settings)
        if texts is not None:
            sources = [source for source, _ in files]
            passages = read_sources(sources, reading_of(settings, Rejects(None)))
            deque(saving_texts(passages, texts, sources, settings, output), maxlen=0)
        outcome = _in_parts(files, settings, output, workers, resume=resume, progress=progress)
    return replace(outcome, notes=(*notes, *outcome.notes))


def _look_through(
    sources: Sequence[Source], settings: Settings
) -> tuple[FileStates, Settings, list[str]]:
    """The files, with their states before anything was read of them, the sealed settings, and messages."""
    notes, states = Notes(), [state(source) for source in sources]
    sources, settings = look_through(sources, settings, notes)
    return list(zip(sources, states, strict=True)), sealed(settings), notes.messages()


def classify_text(
    text: str, settings: Settings, output: Path | None, *, texts: Path | None = None
) -> Outcome:
    """Classify one text, its document named `text`, and write it as `classify_to_file` does."""
    sources_of([], settings, output or DASH)
    return write_stream(text, settings, output, texts=texts)


def classify_to_folder(
    paths: Sequence[Path | str],
    settings: Settings,
    folder: Path,
    *,
    backend: Backend = "loky",
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Classify files into a folder: a file for every shard, and `manifest.json` that lists them.

    Joined, the files of one input are what `classify_to_file` writes for it. Shards that an earlier
    run has done are kept if their inputs are the same. Raise FramelensError for the first shard that
    fails when all others are done.
    """
    sources = find(paths, skip_bad=settings.skip_bad)
    for source in sources:
        if source.path and Path(realpath(folder)) in Path(realpath(source.path)).parents:
            raise at(folder, None, f"holds {source.path}, which is read; expected another folder")
    files, settings, notes = _look_through(sources, settings)
    make_folder(folder)
    with (
        open_manifest(
            folder, _fingerprint(settings), named=folder, advice=FOLDER_ADVICE
        ) as manifest,
        open_workers(backend, jobs, scheduler, settings=settings) as workers,
    ):
        shards = plan_folder(files, settings)
        check_unchanged(files)  # no worker reads those of shards that are kept
        tally = _do_all(shards, settings, manifest, workers, progress)
        _remove_stale(shards, manifest, [Path(realpath(path)) for path in paths])
        manifest.finish()
        return replace(tally, notes=(*notes, *tally.notes))


def _remove_stale(shards: Sequence[Shard], manifest: Manifest, paths: Sequence[Path]) -> None:
    """Remove the output of earlier runs for these files if they are now cut otherwise, and for files
    that are gone from the folders and patterns given; output for files elsewhere stays."""
    outputs = {shard.output for shard in shards}
    inputs = {path for shard in shards for path, *_ in shard.files}
    patterns = {storable(str(path)) for path in paths}

    def is_stale(name: str) -> bool:
        if name in inputs or os.path.exists(name):  # noqa: PTH110  # a name may be too long
            return name in inputs
        within = not patterns.isdisjoint(map(str, Path(name).parents))
        return within or any(fnmatchcase(name, pattern) for pattern in patterns)

    for entry in list(manifest.entries.values()):
        if entry.output not in outputs and all(is_stale(path) for path, *_ in entry.inputs):
            manifest.remove(entry)


def _do_all(
    shards: Sequence[Shard],
    settings: Settings,
    manifest: Manifest,
    workers: Workers,
    progress: Progress | None,
    out: BinaryIO | None = None,
) -> Tally:
    """Do the shards that are not done, in any order; raise FramelensError at the end if some failed.

    With a stream `out` they are done in order, and each is written to it after those before it; the
    first that fails ends the run.
    """
    folder, pending, rows = Path(realpath(manifest.folder)), dict[str, Shard](), []
    for shard in shards:
        earlier = manifest.earlier(shard)
        if earlier is None or earlier.inputs != shard.files:
            pending[shard.output] = shard
            rows.append((shard, settings, folder, earlier))
    size = sum(shard.size for shard in pending.values())
    tally = Tally(len(shards), size, kept=len(shards) - len(pending))
    report = progress or (lambda _: None)
    report(tally)
    failures: dict[str, str] = {}
    with closing(workers.results(do_shard, rows, ordered=out is not None)) as results:
        for shard in shards:
            if shard.output in pending:
                # The result of this shard, or without `out` of whichever is done next.
                result = next(results)
                if isinstance(result, Failed):
                    if out is not None:
                        raise FramelensError(result.reason)
                    failures[result.output] = result.reason
                    continue
                manifest.add(result)
                tally = replace(
                    tally,
                    done=tally.done + 1,
                    size_done=tally.size_done + pending[result.output].size,
                    sentences=tally.sentences + result.sentences,
                )
            if out is not None:
                part = manifest.folder / shard.output
                if digest_of(part) != manifest.entries[shard.output].digest:
                    raise at(part, None, f"does not hold what its manifest says; {RESUME_ADVICE}")
                with part.open("rb") as stream:
                    copyfileobj(stream, out)
            report(tally)
    if failures:
        first, *others = [failures[name] for name in pending if name in failures]
        more = f" (and {len(others)} more shard{'s' if len(others) > 1 else ''})" if others else ""
        raise FramelensError(f"{first}{more}; all else has been done and is kept")
    notes, rejected = Notes(), 0
    for shard in shards:
        notes.merge(manifest.entries[shard.output].notes)
        rejected += manifest.entries[shard.output].rejected
    return replace(tally, rejected=rejected, notes=tuple(notes.messages()))


def _in_parts(
    files: FileStates,
    settings: Settings,
    output: Path | None,
    workers: Workers,
    *,
    resume: bool,
    progress: Progress | None,
) -> Outcome:
    """Do the shards in a folder of work, and join their files in order as they are done."""
    named, rejects = output or Path("output"), rejects_of(output)
    folder = _work_folder(output)
    with (
        open_manifest(
            folder, _fingerprint(settings), named=named, advice=RESUME_ADVICE, afresh=not resume
        ) as manifest,
        _work_kept(manifest, is_file=rejects is not None),
        reporting(named),
    ):
        shards = plan_parts(files, settings)
        check_unchanged(files)  # no worker reads those of shards that are kept
        with open_whole(output) as out:
            tally = _do_all(shards, settings, manifest, workers, progress, out.buffer)
        entries = [manifest.entries[shard.output] for shard in shards]
        # The output first: a run that is killed in between is then done again.
        with Rejects(rejects) as kept:
            for entry in entries:
                if entry.rejected:
                    kept.add_all(rejects_path(folder / entry.output))
    sentences = sum(entry.sentences for entry in entries)
    notes = (*kept.messages(), *tally.notes)
    return Outcome(sentences, kept.count, rejects if kept.count else None, notes)


def _work_folder(output: Path | None) -> Path:
    """The folder for the parts of an output: beside it, so that a later run finds them, or among the
    temporary files where the output is a stream."""
    if output is None or not replaces(output):
        return Path(mkdtemp(prefix="framelens-"))
    check_writable(output)
    target = Path(realpath(output))
    folder = target.with_name(f"{short(target.name, WORK)}{WORK}")
    check_is_work(folder)
    make_folder(folder)
    return folder


@contextmanager
def _work_kept(manifest: Manifest, *, is_file: bool) -> Iterator[None]:
    """Remove the folder of work at the end, but keep it for a later run where the block fails after
    some shards of a file are done."""
    try:
        yield
    except BaseException as error:
        if not (manifest.entries and is_file):
            manifest.clear()
        elif isinstance(error, FramelensError) and not error.message.endswith(RESUME_ADVICE):
            raise FramelensError(f"{error.message}; {KEPT}") from None
        raise
    manifest.clear()


def _fingerprint(settings: Settings) -> dict[str, Any]:
    """The settings that must be the same for two runs over the same input to write the same bytes: not
    `skip_bad`, which says whether a run ends at a bad record, nor `ids`, which each entry holds."""
    tables = replace(settings.tables, metadata=None, ids=True)
    fields = asdict(replace(settings, skip_bad=False, model=None, rules=None, tables=tables))
    columns = fields.pop("columns") if settings.form == "csv" else ()
    return {"framelens": __version__, "spacy": version("spacy"), **fields, "columns": columns}
