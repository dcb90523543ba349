"""Paths on the command line → classified sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from framelens.cli.options import tell
from framelens.cli.outputs import tallying, tell_of_notes
from framelens.core.errors import FramelensError
from framelens.core.files import DASH
from framelens.core.settings import Settings
from framelens.core.types import Classified
from framelens.parallel.stream import sources_of, streamed
from framelens.project.project import Project
from framelens.project.relevance import Relevant
from framelens.project.repeats import Repeats
from framelens.readers import skipped_messages


@contextmanager
def classified(
    paths: Sequence[str],
    settings: Settings,
    output: Path | None = None,
    *,
    text: str | None = None,
    texts: Path | None = None,
    anew: bool = True,
    others: Iterable[Path] = (),
) -> Iterator[tuple[Iterable[Classified], Project]]:
    """The sentences of some paths, or of a text, and the project that classifies them.

    For the options see `framelens.parallel.stream`; `others` are files that are read, too. Messages on
    the input are printed at the end.
    """
    project = Project.open(settings)
    read = paths if text is None else []
    sources = sources_of(read, settings, output or DASH, others=others)
    tell_of_notes(skipped_messages(read))
    source = sources if text is None else text
    with (
        tallying() as progress,
        streamed(source, project, output, texts=texts, anew=anew, progress=progress) as stream,
    ):
        try:
            yield stream.checked(), stream.project
        except FramelensError:
            # Notes may explain the error: names that do not fit, rows that are missing.
            if not project.left_out.taken:
                tell_of_notes(project.left_out.told())
            tell_of_notes(stream.notes.messages())
            raise
    tell_of_notes(stream.messages())


@contextmanager
def for_shares(
    paths: Sequence[str],
    settings: Settings,
    output: Path | None,
    *,
    others: Iterable[Path] = (),
) -> Iterator[tuple[Iterable[Classified], Project, Relevant]]:
    """The sentences of some paths, those that framelens has written as they stand; the project; and what
    chooses the relevant ones. Messages on these and on copies among documents are printed at the end."""
    relevant, repeats = Relevant(settings.about, settings.min_about), Repeats()
    with classified(paths, settings, output, anew=False, others=others) as (rows, project):
        yield repeats.of(rows), project, relevant
    if relevant.chooses:
        tell(relevant.message())
    if repeats.copies:
        tell(repeats.message())
