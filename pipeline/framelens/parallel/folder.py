"""Files in, a folder of files out, a shard at a time, here or on a cluster."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from framelens.core.errors import FramelensError, at
from framelens.parallel.backends import Backend, Workers, open_workers
from framelens.parallel.manifest import Entry, Manifest, open_manifest
from framelens.parallel.plan import Shard, plan
from framelens.parallel.shard import PARTIAL, Failed, do_shard
from framelens.parallel.stretches import count_lines
from framelens.parallel.task import Task
from framelens.readers import find


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a run has come: shards and their bytes, in all, done, and `kept` from earlier runs;
    sentences and bad records of the shards done by this run."""

    shards: int
    size: int
    kept: int
    done: int = 0
    size_done: int = 0
    sentences: int = 0
    rejected: int = 0


def classify_to_folder(
    paths: Sequence[Path | str],
    task: Task,
    folder: Path,
    *,
    backend: Backend = "loky",
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Callable[[Tally], object] | None = None,
) -> Tally:
    """Classify files into a folder: a file for every shard, and `manifest.json` that lists them.

    The files of one input, one after the other, hold what `classify_files` writes for it. Shards
    that an earlier run has done stay as they are if their inputs do. Raise FramelensError as
    `plan`, `open_workers` and `open_manifest` do, and when all else is done for the first shard
    that could not be.
    """
    task = task.sealed()
    sources = find(paths)
    for source in sources:
        if source.path and folder.resolve() in source.path.resolve().parents:
            raise at(folder, None, f"holds {source.path}, which is read; expected another folder")
    folder.mkdir(parents=True, exist_ok=True)
    with (
        open_manifest(folder, task.fingerprint()) as manifest,
        open_workers(backend, jobs, scheduler) as workers,
    ):
        shards = plan(sources, task, partial(workers.in_order, count_lines))
        tally = _run(shards, task, manifest, workers, progress or _ignore)
        _forget(manifest, shards)
        shutil.rmtree(folder / PARTIAL, ignore_errors=True)
        manifest.finish()
    return tally


def _run(
    shards: Sequence[Shard],
    task: Task,
    manifest: Manifest,
    workers: Workers,
    progress: Callable[[Tally], object],
) -> Tally:
    known = {shard.output: _known(shard, manifest) for shard in shards}
    left = [shard for shard in shards if not _is_done(shard, known[shard.output])]
    size = sum(shard.size for shard in left)
    tally = Tally(len(shards), size, kept=len(shards) - len(left))
    progress(tally)
    failed: dict[str, str] = {}
    sizes = {shard.output: shard.size for shard in left}
    rows = [(shard, task, manifest.folder.resolve(), known[shard.output]) for shard in left]
    for result in workers.as_done(do_shard, rows):
        if isinstance(result, Failed):
            failed[result.output] = result.reason
            continue
        manifest.add(result)
        tally = _after(tally, result, sizes[result.output])
        progress(tally)
    if failed:
        raise FramelensError(_told([failed[at] for at in sizes if at in failed]))
    return tally


def _known(shard: Shard, manifest: Manifest) -> Entry | None:
    """What an earlier run made of a shard, if it is still there."""
    entry = manifest.entries.get(shard.output)
    if entry is None or not entry.is_of(shard):
        return None
    output = manifest.folder / shard.output
    return entry if output.is_file() and output.stat().st_size == entry.size else None


def _is_done(shard: Shard, known: Entry | None) -> bool:
    return known is not None and known.is_unchanged(shard)


def _after(tally: Tally, entry: Entry, size: int) -> Tally:
    return replace(
        tally,
        done=tally.done + 1,
        size_done=tally.size_done + size,
        sentences=tally.sentences + entry.sentences,
        rejected=tally.rejected + entry.rejected,
    )


def _told(reasons: Sequence[str]) -> str:
    more = len(reasons) - 1
    rest = f" (and {more} more shard{'s' if more > 1 else ''})" if more else ""
    return f"{reasons[0]}{rest}; all else has been done and is kept"


def _forget(manifest: Manifest, shards: Sequence[Shard]) -> None:
    """Remove what an earlier run made of parts that the inputs no longer have."""
    inputs, outputs = {str(shard.path) for shard in shards}, {shard.output for shard in shards}
    for entry in list(manifest.entries.values()):
        if entry.input in inputs and entry.output not in outputs:
            manifest.remove(entry.output)


def _ignore(tally: Tally) -> None:
    """What is told of progress when nobody asks for it."""
