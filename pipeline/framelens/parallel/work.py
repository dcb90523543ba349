"""One shard: files or a part of one → a file of output, whole or not there, and its entry."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from framelens.classification.persistence import digest_of_model
from framelens.core.errors import FramelensError
from framelens.core.files import WORK, open_whole, rules_folder
from framelens.core.settings import Settings, Tables
from framelens.parallel.manifest import Entry, digest_of
from framelens.parallel.plan import Shard
from framelens.parallel.stream import check_unchanged
from framelens.preprocessing.structure import LeftOut
from framelens.readers import Rejects, metadata, read_sources, reading_of, rejects_path
from framelens.readers.rejects import Bad, check_rejects
from framelens.rules.rule_files import read_rules
from framelens.writers import write_sentences

if TYPE_CHECKING:
    from framelens.project.project import Project

_opened = threading.local()


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a shard could not be done."""

    output: str
    reason: str


def do_shard(shard: Shard, settings: Settings, folder: Path, old: Entry | None) -> Entry | Failed:
    """Classify a shard into its file in a folder; this is what a worker is asked to do, and two may do
    the same one, for they write the same bytes.

    `old` is its entry from an earlier run: where its files hold the same bytes, its output is kept.
    """
    try:
        digest = _input_digest(shard)
        if old and digest and old.input_digest == digest:
            return replace(old, inputs=shard.files)
        return _classify(shard, settings, folder, digest)
    except FramelensError as error:
        return Failed(shard.output, error.message)
    except OSError as error:
        # A file that cannot be moved is named by the place that it should get.
        named = error.filename2 or error.filename or shard.files[0][0]
        return Failed(shard.output, f"{named}: {error.strerror or error}")


def opened(settings: Settings) -> Project:
    """The project of some settings. Rules and model are opened once a thread, as threads cannot share
    a spaCy pipeline, and serve all settings that differ in tables and columns only."""
    # Here, for whoever only hands shards out needs no spaCy, which takes half a second.
    from framelens.project.project import Project

    common = replace(settings, tables=Tables(), columns=())
    if getattr(_opened, "settings", None) != common:
        _opened.project, _opened.settings = Project.open(common), common
    project: Project = _opened.project
    return replace(project, settings=settings)


def _classify(shard: Shard, settings: Settings, folder: Path, digest: str | None) -> Entry:
    output = folder / shard.output
    bad = rejects_path(output)
    # Errors name the output that the user asked for: of a part, the file beside the folder of work.
    is_part = folder.name.endswith(WORK)
    named = folder.with_name(folder.name.removesuffix(WORK)) if is_part else output
    # With a count of its own of what is left out.
    project = replace(opened(settings), left_out=LeftOut())
    if settings.skip_bad:
        check_rejects(bad)
    # The bad records get their name last: a run that is killed in between has not done this shard.
    with (
        Rejects(bad, follow=False) as rejects,
        open_whole(output, named=named, follow=False) as out,
    ):
        reading = reading_of(settings, rejects)
        sources = [partition.source for partition in shard.partitions]
        rows = project.classify(read_sources(sources, reading))
        count = write_sentences(rows, out, settings, project.frames, header=shard.header)
        check_unchanged([(partition.source, partition.file) for partition in shard.partitions])
    reading.notes.add_left_out(project.left_out)
    return Entry(
        output=shard.output,
        inputs=shard.files,
        part=shard.partitions[0].span,
        line=shard.partitions[0].line,
        input_digest=digest,
        sentences=count,
        rejected=rejects.count,
        size=output.stat().st_size,
        digest=digest_of(output),
        notes=reading.notes.rows(),
        ids=shard.ids,
        day_first=shard.day_first,
    )


def _input_digest(shard: Shard) -> str | None:
    """The digest of what is read; None for row groups, and for files that only their reader reports."""
    # No digest of row groups: what they mean depends on the file's footer, too.
    if any(partition.source.row_groups for partition in shard.partitions):
        return None
    digest = sha256()
    try:
        for partition in shard.partitions:
            for chunk in replace(partition.source, head=b"").chunks():
                digest.update(chunk)
    except Bad:
        return None
    return digest.hexdigest()


def sealed(settings: Settings) -> Settings:
    """The settings for workers, also on other machines: with absolute paths of rules, model and table of
    metadata, and their present digests, so that a worker that finds others refuses to work.

    Raise FramelensError where one of them cannot be read.
    """
    rules = rules_folder(settings.rules, settings.model)
    tables = settings.tables
    if tables.metadata is not None:
        table = Path(tables.metadata).absolute()
        tables = replace(tables, metadata=str(table), metadata_digest=metadata.digest_of(table))
    return replace(
        settings,
        tables=tables,
        model=str(Path(settings.model).absolute()) if settings.model else None,
        rules=str(rules.absolute()) if settings.rules else None,
        rules_digest=read_rules(rules).digest,
        model_digest=digest_of_model(settings),
    )
