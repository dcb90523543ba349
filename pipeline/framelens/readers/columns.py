"""The fields that an input has of its own, by a look at the beginning of each file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace

from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.readers import READERS, Rejects, Source, beside, read_sources, reading_of
from framelens.readers.formats.records import stream_suffix
from framelens.readers.metadata import DATE, date_field
from framelens.readers.source import TABLES, read_text

ABOUT = ("title", "date", "author", "source", "url")
"""Fields that readers of web pages, PDFs and Word files find in a document."""


def columns_of(sources: Sequence[Source], settings: Settings) -> tuple[str, ...]:
    """The fields of the first record of each file, in the order in which they come.

    A file that cannot be read has none: its reader will report what is wrong.
    """
    columns: dict[str, None] = {}
    others = beside(settings.tables)
    for source in sources:
        columns |= dict.fromkeys(first_fields(source, settings))
    if others.names is not None:
        columns |= dict.fromkeys(others.names.fields)
    if others.rows:
        columns |= dict.fromkeys(name for row in others.rows.values() for name in row)
    date_column = settings.tables.date_column or date_field(columns)
    if date_column not in (None, "year"):
        columns.setdefault(DATE)
    return tuple(columns)


def peeked(source: Source) -> Source:
    """A source; of standard input, which can be read only once, with its beginning in `head`."""
    if source.path is not None or source.head:
        return source
    return replace(source, head=next(source.chunks(), b""))


def first_fields(source: Source, settings: Settings) -> Iterable[str]:
    """The fields of the first record of a file, or of a stream whose beginning has been read."""
    if source.path is not None and source.suffix not in TABLES:
        return () if READERS.get(source.suffix) is read_text else ABOUT
    if source.path is None:
        # The rest of a stream is not to be read yet.
        source = source.beginning(stream_suffix(source.head, settings.tables))
    reading = reading_of(replace(settings, skip_bad=True), Rejects(None))
    try:
        with closing(read_sources([source], reading)) as passages:
            return next(passages).meta
    except (FramelensError, StopIteration):
        return ()
