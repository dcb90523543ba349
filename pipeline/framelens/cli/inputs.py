"""Paths on the command line → classified sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from framelens.cli.progress import counted, tell_of_rejects
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
) -> Iterator[tuple[Iterable[Classified], Project]]:
    """The sentences of some paths, or of a text, and what classified them.

    Bad records that are passed over are counted, and kept beside the output if it is a file;
    `texts` is a folder for the texts that offsets refer to.
    """
    if text is not None and texts is None:
        project = Project.open(settings)
        yield project.classify([Passage("text", text)]), project
        return
    # Not before, for what reads files takes time to import.
    from framelens.core.files import check_apart, replaces
    from framelens.readers import Rejects, find, read_sources, reading_of, rejects_path, size
    from framelens.writers.plain_text import save_texts

    kept = rejects_path(output) if output and replaces(output) else None
    with ExitStack() as stack:
        rejects = stack.enter_context(Rejects(kept))
        passages: Iterable[Passage] = [Passage("text", text or "")]
        sources = find(paths) if text is None else []
        check_apart([output, kept], [source.path for source in sources])
        if text is None:
            found = read_sources(sources, reading_of(settings, rejects))
            passages = stack.enter_context(counted(found, size(paths)))
        if texts is not None:
            inputs = [source.path for source in sources if source.path]
            passages = save_texts(passages, texts, inputs=inputs)
        project = Project.open(settings)
        yield project.classify(passages), project
    tell_of_rejects(rejects.count, f"kept in {kept}" if kept else None)
