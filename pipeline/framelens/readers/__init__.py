"""Files and streams → passages, in order and in bounded memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from framelens.core.errors import FramelensError, at
from framelens.core.settings import Settings, Tables
from framelens.core.types import Passage, Unit
from framelens.readers.archives import members
from framelens.readers.bad import Bad
from framelens.readers.decoding import known_encoding
from framelens.readers.extras import require
from framelens.readers.folders import passed_over, sources
from framelens.readers.formats.docx import read_doc, read_docx
from framelens.readers.formats.html import read_html
from framelens.readers.formats.mail import read_mail, read_saved_page
from framelens.readers.formats.odt import read_odt
from framelens.readers.formats.parquet import read_parquet
from framelens.readers.formats.pdf import read_pdf
from framelens.readers.formats.records import read_csv, read_json_lines, rows_of
from framelens.readers.formats.rtf import read_rtf
from framelens.readers.formats.text import read_text
from framelens.readers.formats.xlsx import read_xlsx
from framelens.readers.metadata import Beside, digest_of, indexed, with_fields
from framelens.readers.rejects import Rejects, forget_rejects, rejects_path
from framelens.readers.source import Reader, Reading, Source

__all__ = [
    "READERS",
    "Reading",
    "Rejects",
    "Source",
    "find",
    "forget_rejects",
    "read",
    "read_sources",
    "reading_of",
    "rejects_path",
    "size",
    "skipped",
    "suffix_of",
]

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".doc": read_doc,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".xlsx": read_xlsx,
    ".eml": read_mail,
    ".mhtml": read_saved_page,
    ".mht": read_saved_page,
}
"""Who reads files with which suffix, in lower case. A new format is one more line."""

ARCHIVE = ".zip"
SUFFIXES = (*READERS, ARCHIVE)
"""The ends of the names of all files that are read."""

BEGINNINGS = {
    b"{\\rtf": ".rtf",
    b"{": ".jsonl",
    b"%pdf-": ".pdf",
    b"par1": ".parquet",
    b"<!doctype html": ".html",
    b"<html": ".html",
}
"""How standard input begins, in lower case, that is read as files with some suffix are."""


def read(
    paths: Sequence[Path | str],
    *,
    encoding: str = "utf-8",
    unit: Unit = "document",
    rejects: Rejects | None = None,
) -> Iterator[Passage]:
    """The passages of files, folders, patterns such as `*.pdf`, and standard input ("-").

    A plain text comes block by block, its offsets characters of the whole text as decoded, line
    breaks as they are and without a byte order mark; with unit "sentence" line by line. So does the
    text extracted from a web page, PDF or Word file, whose offsets are those of the extracted text
    and whose `meta` holds `title`, `date`, `author`, `source` and `url`, as far as they are known,
    and for footnotes `part`. A record of JSON Lines, CSV or Parquet (`text`, optionally `id`) is
    one passage and one document. The files in a zip archive are read as those in a folder.
    Standard input is told by its beginning (see BEGINNINGS), else it is plain text.

    A mark of UTF-16 or UTF-32 at a file's start overrules `encoding`. Raise FramelensError at once
    for a path that cannot be read, an unknown encoding and a package that is not installed; on the
    way for the first bad record or file (empty, binary, damaged, not in the encoding, an archive
    out of bounds), unless `rejects` is there to take it: the reading then goes on with the next
    one. What came of a text before a bad byte has been given by then.
    """
    reading = Reading(known_encoding(encoding), unit, rejects)
    return read_sources(find(paths), reading)


def reading_of(settings: Settings, rejects: Rejects) -> Reading:
    """How the settings have sources read; `rejects` takes bad records if they are passed over.

    Raise FramelensError for an unknown encoding, and as `beside` does.
    """
    return Reading(
        encoding=known_encoding(settings.encoding),
        unit=settings.unit,
        rejects=rejects if settings.skip_bad else None,
        tables=settings.tables,
        beside=beside(settings.tables),
    )


@lru_cache(maxsize=4)
def beside(tables: Tables) -> Beside:
    """What the settings tell of documents from beside their texts.

    Raise FramelensError for a pattern that is none, and a table of metadata that cannot be read or
    is not the one that the run began with.
    """
    if tables.metadata is None:
        if tables.key is not None:
            raise FramelensError("--key goes with --metadata")
        return Beside.of(tables, None, "")
    table = Path(tables.metadata)
    if tables.metadata_digest not in (None, digest_of(table)):
        raise at(table, None, "not the metadata that the run began with; leave it alone meanwhile")
    key, rows = indexed(table, rows_of(table), tables.key)
    return Beside.of(tables, rows, key)


def find(paths: Sequence[Path | str]) -> list[Source]:
    """The files that paths lead to, each once; raise FramelensError as `read` does at once."""
    found = sources(paths, SUFFIXES)
    for suffix, place in {source.suffix: source.place for source in reversed(found)}.items():
        require(suffix, place)
    return found


def skipped(paths: Sequence[Path | str]) -> list[tuple[Path, str]]:
    """The files in folders that `find` passes over, each with the reason; hidden ones are not told of.

    Raise FramelensError for a folder that cannot be read.
    """
    return passed_over(paths, SUFFIXES)


def size(paths: Sequence[Path | str]) -> int | None:
    """How many bytes `read` will read, or None if standard input is among the paths.

    Raise FramelensError for a path that cannot be read.
    """
    total = 0
    for source in sources(paths, SUFFIXES):
        if source.path is None:
            return None
        try:
            total += source.path.stat().st_size
        except OSError as error:
            raise at(source.path, None, f"cannot be read: {error.strerror}") from None
    return total


def read_sources(found: Iterable[Source], reading: Reading) -> Generator[Passage, None, None]:
    """The passages of what `find` has found, or of stretches of it, as `read` gives them."""
    for source in found:
        try:
            if source.suffix == ARCHIVE:
                yield from read_sources(members(source, SUFFIXES), reading)
            else:
                passages = _passages(source, reading)
                yield from with_fields(passages, source.name, reading.beside, reading.notes)
        except Bad as bad:
            reading.report(source, bad.line, None, bad.reason)


def _passages(source: Source, reading: Reading) -> Iterator[Passage]:
    suffix = source.suffix
    if source.path is None:
        head = next(source.chunks(), b"")
        source, suffix = replace(source, head=head), suffix_of(head)
    require(suffix, source.place)
    return READERS[suffix](source, reading)


def suffix_of(head: bytes) -> str:
    """The suffix of files that begin so (see BEGINNINGS), else that of plain text."""
    # Marks of byte order, the NULs of UTF-16 and white space may stand before the first character.
    begins = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:16].lower()
    return next((suffix for mark, suffix in BEGINNINGS.items() if begins.startswith(mark)), ".txt")
