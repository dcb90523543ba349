"""One shard: files or a part of one → a file of output, whole or not there, and its entry."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from framelens.core.errors import FramelensError, at
from framelens.core.files import open_whole
from framelens.core.settings import Settings
from framelens.parallel.cuts import state
from framelens.parallel.manifest import SCRATCH, WORK, Entry
from framelens.parallel.plan import Shard
from framelens.preprocessing.structure import LeftOut
from framelens.project.project import Project
from framelens.readers import Rejects, read_sources, reading_of, rejects_path
from framelens.readers.rejects import Note
from framelens.writers import write_sentences

CHUNK = 1 << 20

_opened = threading.local()


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a shard could not be done."""

    output: str
    reason: str


def do_shard(shard: Shard, settings: Settings, folder: Path, known: Entry | None) -> Entry | Failed:
    """Classify a shard into its file in a folder; this is what a worker is asked to do.

    `known` is what an earlier run made of it, if the files have been changed since: where they
    hold what they held, that stays. Of two workers on one shard either may win: they write the same.
    """
    try:
        digest = _input_digest(shard)
        if known and digest and known.input_digest == digest:
            return replace(known, inputs=shard.files)
        with _scratch(folder) as scratch:
            return _made(shard, settings, folder, scratch, digest)
    except FramelensError as error:
        return Failed(shard.output, str(error))
    except OSError as error:
        place = error.filename or shard.sources[0].path
        return Failed(shard.output, f"{place}: {error.strerror or error}")


def opened(settings: Settings) -> Project:
    """The project of some settings, opened once a thread, for spaCy's pipelines are not to be
    shared."""
    if getattr(_opened, "settings", None) != settings:
        _opened.project, _opened.settings = Project.open(settings), settings
    return _opened.project  # type: ignore[no-any-return]


def _made(
    shard: Shard, settings: Settings, folder: Path, scratch: Path, digest: str | None
) -> Entry:
    draft, output = scratch / "output", folder / shard.output
    sentences, rejected, notes = _classify(shard, settings, draft, _named(output))
    for source, file in zip(shard.sources, shard.files, strict=True):
        if state(source) != file:
            raise at(file[0], None, "was changed while it was read; run again when it is not")
    entry = Entry(
        output=shard.output,
        inputs=shard.files,
        part=shard.part,
        line=shard.line,
        input_digest=digest,
        sentences=sentences,
        rejected=rejected,
        size=draft.stat().st_size,
        digest=digest_of(draft),
        notes=notes,
        ids=shard.ids,
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    if rejected:
        rejects_path(draft).replace(rejects_path(output))
    else:
        rejects_path(output).unlink(missing_ok=True)
    draft.replace(output)
    return entry


def _named(output: Path) -> Path:
    """What the user calls the file that an output goes to: a part is of the file beside the folder
    of work that it lies in."""
    folder = output.parent
    return (
        folder.with_name(folder.name.removesuffix(WORK)) if folder.name.endswith(WORK) else output
    )


def _classify(
    shard: Shard, settings: Settings, draft: Path, named: Path
) -> tuple[int, int, tuple[Note, ...]]:
    """Write a shard's sentences; how many there were, how many bad records, and what to note."""
    # Counts what this shard leaves out.
    project = replace(opened(settings), left_out=LeftOut())
    with Rejects(rejects_path(draft)) as rejects, open_whole(draft, named=named) as out:
        reading = reading_of(settings, rejects)
        rows = project.classify(read_sources(shard.sources, reading))
        count = write_sentences(rows, out, settings, project.frames, header=shard.header)
    reading.notes.add_left_out(project.left_out)
    return count, rejects.count, reading.notes.rows()


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder that no other worker has, wherever it runs."""
    scratch = folder / SCRATCH / uuid4().hex
    scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _input_digest(shard: Shard) -> str | None:
    # The meaning of row groups is in the file's footer, too.
    if any(source.row_groups for source in shard.sources):
        return None
    return _digest(
        source.unpack() if source.unpack else Path(str(source.path)).open("rb")
        for source in shard.sources
    )


def digest_of(path: Path) -> str:
    """The SHA-256 digest of a file."""
    return _digest([path.open("rb")])


def _digest(streams: Iterable[BinaryIO]) -> str:
    made = sha256()
    for stream in streams:
        with stream:
            for chunk in iter(partial(stream.read, CHUNK), b""):
                made.update(chunk)
    return made.hexdigest()
