"""Paths on the command line → classified sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from framelens.cli.outputs import (
    counting,
    tell_of_left_out,
    tell_of_notes,
    tell_of_rejects,
    tell_of_skipped,
)
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage
from framelens.project.project import Project


@contextmanager
def classified(
    paths: Sequence[str],
    settings: Settings,
    output: Path | None = None,
    *,
    text: str | None = None,
    texts: Path | None = None,
    anew: bool = True,
) -> Iterator[tuple[Iterable[Classified], Project]]:
    """The sentences of some paths, or of a text, and what classified them.

    Bad records that are passed over are counted, and kept beside the output if it is a file;
    `texts` is a folder for the texts that offsets refer to. What framelens wrote is taken as it
    stands unless it is to be classified `anew`.
    """
    if text is not None and texts is None:
        project = Project.open(settings)
        yield project.classify([Passage("text", text)]), project
        tell_of_left_out(project.left_out)
        return
    with _read(paths, settings, output, text=text, texts=texts, anew=anew) as found:
        yield found


@contextmanager
def _read(
    paths: Sequence[str],
    settings: Settings,
    output: Path | None,
    *,
    text: str | None,
    texts: Path | None,
    anew: bool,
) -> Iterator[tuple[Iterable[Classified], Project]]:
    # Not before, for what reads files takes time to import.
    from framelens.core.files import check_apart, replaces
    from framelens.project.recorded import sentences_from
    from framelens.readers import (
        Rejects,
        find,
        looked_ahead,
        read_sources,
        reading_of,
        rejects_path,
        size,
        skipped,
    )
    from framelens.readers.columns import peeked
    from framelens.readers.rejects import Notes
    from framelens.writers.plain_text import save_texts

    kept = rejects_path(output) if output and replaces(output) else None
    with ExitStack() as stack:
        rejects = stack.enter_context(Rejects(kept))
        notes = Notes()
        watch = stack.enter_context(counting(size(paths) if text is None else None))
        inputs: list[Path] = []
        project = Project.open(settings)

        def wrapped(passages: Iterable[Passage]) -> Iterable[Passage]:
            return watch(passages if texts is None else save_texts(passages, texts, inputs=inputs))

        if text is not None:
            yield project.classify(wrapped([Passage("text", text)])), project
        else:
            found = find(paths, skip_bad=settings.skip_bad)
            sources = [peeked(source) for source in found]
            check_apart(
                [output, kept], (*(source.path for source in sources), *settings.read_beside())
            )
            inputs = [source.path for source in sources if source.path]
            tell_of_skipped(skipped(paths))
            sources, known = looked_ahead(sources, settings, notes)
            reading = replace(reading_of(known, rejects), notes=notes)
            passages = read_sources(sources, reading)
            try:
                if anew:
                    yield project.classify(wrapped(passages)), project
                else:
                    yield sentences_from(sources, reading, project, wrapped), project
            except FramelensError:
                # What was noticed may be why: names that do not fit, rows that are not there.
                if not project.left_out.taken:
                    tell_of_left_out(project.left_out)
                tell_of_notes(notes.told())
                raise
    tell_of_left_out(project.left_out)
    tell_of_rejects(rejects.count, f"kept in {kept}" if kept else None)
    tell_of_notes(notes.told())
