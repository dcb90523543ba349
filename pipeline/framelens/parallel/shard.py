"""One shard: a part of a file → a file of output, whole or not there, and its entry."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from framelens.core.errors import FramelensError, at
from framelens.core.files import open_whole
from framelens.parallel.journal import Mark
from framelens.parallel.manifest import Entry
from framelens.parallel.pieces import pieces
from framelens.parallel.plan import Shard, state
from framelens.parallel.pool import Here
from framelens.parallel.run import Stream, drive
from framelens.parallel.stretches import open_stretch
from framelens.parallel.task import Task
from framelens.readers import Rejects, rejects_path

PARTIAL = ".partial"
"""The folder in the folder of output in which files are written until they are whole."""

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a shard could not be done."""

    output: str
    reason: str


def do_shard(shard: Shard, task: Task, folder: Path, known: Entry | None) -> Entry | Failed:
    """Classify a shard into its file in a folder; this is what a worker is asked to do.

    `known` is what an earlier run made of it, if the file has been changed since: where the part
    holds what it held, that stays. Of two workers on one shard either may win: they write the same.
    """
    try:
        digest = _input_digest(shard)
        if known and digest and known.input_digest == digest:
            return replace(known, input_size=shard.file[0], input_changed=shard.file[1])
        with _scratch(folder) as scratch:
            return _made(shard, task, folder, scratch, digest)
    except FramelensError as error:
        return Failed(shard.output, str(error))
    except OSError as error:
        place = error.filename or shard.path
        return Failed(shard.output, f"{place}: {error.strerror or error}")


def _made(shard: Shard, task: Task, folder: Path, scratch: Path, digest: str | None) -> Entry:
    draft, output = scratch / "output", folder / shard.output
    mark = _classify(shard, task, draft)
    if state(shard.path) != shard.file:
        raise at(shard.path, None, "was changed while it was read; run again when it is not")
    entry = Entry(
        output=shard.output,
        input=str(shard.path),
        part=shard.part,
        line=shard.line,
        input_size=shard.file[0],
        input_changed=shard.file[1],
        input_digest=digest,
        sentences=mark.sentences,
        rejected=mark.rejected,
        size=draft.stat().st_size,
        digest=_digest(draft.open("rb")),
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    if mark.rejected:
        rejects_path(draft).replace(rejects_path(output))
    draft.replace(output)
    return entry


def _classify(shard: Shard, task: Task, draft: Path) -> Mark:
    with Rejects(rejects_path(draft)) as rejects, open_whole(draft) as out:
        sink = Stream(out, rejects)
        drive(Here(), pieces([shard.source], task), task, sink)
    return sink.mark


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder that no other worker has, wherever it runs."""
    scratch = folder / PARTIAL / uuid4().hex
    scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _input_digest(shard: Shard) -> str | None:
    if shard.source.row_groups:
        # Their meaning is in the file's footer, too.
        return None
    if shard.part is None:
        return _digest(shard.path.open("rb"))
    return _digest(open_stretch(shard.path, shard.part))


def _digest(stream: BinaryIO) -> str:
    made = sha256()
    with stream:
        for chunk in iter(partial(stream.read, CHUNK), b""):
            made.update(chunk)
    return made.hexdigest()
