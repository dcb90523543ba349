"""Which fields of its own an input brings, by a look at the beginning of each file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.readers import Rejects, Source, read_sources, reading_of, suffix_of
from framelens.readers.formats.records import DELIMITERS

RECORDS = {".jsonl", ".ndjson", ".parquet", ".xlsx", *DELIMITERS}
ABOUT = ("title", "date", "author", "source", "url")
"""What readers of web pages, PDFs and Word files find out about a document."""
ABOUT_DOCUMENTS = {
    ".html",
    ".htm",
    ".pdf",
    ".docx",
    ".doc",
    ".odt",
    ".rtf",
    ".eml",
    ".mhtml",
    ".mht",
    ".zip",
}


def columns_of(sources: Sequence[Source], settings: Settings) -> tuple[str, ...]:
    """The fields of the first record of each file, in the order in which they come.

    A file that cannot be read has none: whoever reads it all will say what is wrong.
    """
    found: dict[str, None] = {}
    for source in sources:
        found |= dict.fromkeys(_fields(source, settings))
    return tuple(found)


def peeked(source: Source) -> Source:
    """A source whose beginning has been read where it can be read only once."""
    if source.path is not None or source.head:
        return source
    return replace(source, head=next(source.chunks(), b""))


def _fields(source: Source, settings: Settings) -> Iterable[str]:
    if source.suffix in ABOUT_DOCUMENTS:
        return ABOUT
    if source.path is not None and source.suffix not in RECORDS:
        return ()
    if source.path is None:
        # The rest of a stream is not to be read yet.
        path = Path("stdin").with_suffix(suffix_of(source.head))
        source = Source(source.name, path, unpack=partial(BytesIO, source.head))
    reading = reading_of(replace(settings, skip_bad=True), Rejects(None))
    try:
        with closing(read_sources([source], reading)) as passages:
            return next(passages).meta
    except (FramelensError, StopIteration):
        return ()
