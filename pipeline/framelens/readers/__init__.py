"""Files and streams → passages, in order and in bounded memory."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from functools import lru_cache
from glob import has_magic
from importlib import import_module
from itertools import takewhile
from os.path import realpath
from pathlib import Path
from stat import S_ISDIR
from typing import Any, NoReturn

from framelens.core.errors import FramelensError, at
from framelens.core.settings import Settings, Tables
from framelens.core.types import Passage
from framelens.readers.archives import ARCHIVE, is_passed_by, members
from framelens.readers.dates import Order, common_order, order_of
from framelens.readers.formats.records import stream_suffix
from framelens.readers.metadata import (
    Beside,
    date_field,
    digest_of,
    fields_beside,
    indexed,
    names_pattern,
)
from framelens.readers.rejects import Bad, Notes, Rejects, rejects_path
from framelens.readers.rows import is_unicode, rows_of
from framelens.readers.source import (
    SKIP_ADVICE,
    TABLES,
    WORKBOOKS,
    Reader,
    Reading,
    Source,
    encoding_name,
    missing,
    need,
    read_text,
    require,
)

__all__ = [
    "READERS", "Reading", "Rejects", "Source", "find", "is_unicode", "look_ahead", "read_sources",
    "reading_of", "rejects_path", "rows_of", "skipped",
]  # fmt: skip


def _reader(module: str, name: str) -> Reader:
    """A reader whose module is imported when it has something to read."""

    def read_with(source: Source, reading: Reading) -> Iterator[Passage]:
        reader: Reader = getattr(import_module(f"{__name__}.formats.{module}"), name)
        return reader(source, reading)

    return read_with


READERS: Mapping[str, Reader] = {
    **dict.fromkeys((".txt", ".text", ".md"), read_text),
    **dict.fromkeys((".jsonl", ".ndjson", ".csv", ".tsv"), _reader("records", "read_records")),
    ".parquet": _reader("parquet", "read_parquet"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _reader("html", "read_html")),
    ".pdf": _reader("pdf", "read_pdf"),
    ".docx": _reader("docx", "read_docx"),
    ".doc": _reader("word97", "read_doc"),
    ".odt": _reader("odt", "read_odt"),
    ".rtf": _reader("rtf", "read_rtf"),
    **dict.fromkeys(sorted(WORKBOOKS), _reader("workbooks", "read_workbook")),
    ".eml": _reader("mail", "read_mail"),
    **dict.fromkeys((".mhtml", ".mht"), _reader("mail", "read_saved_page")),
    **dict.fromkeys((".srt", ".vtt"), _reader("subtitles", "read_subtitles")),
}
"""The reader for each suffix, in lower case. A new format is one more line."""

RECORDS = {*TABLES, ARCHIVE, ""}
"""Suffixes of files that may hold records with ids; standard input has none."""
SUFFIXES = (*READERS, ARCHIVE)
"""The ends of the names of all files that are read."""
EXPECTED = f"expected files ending in {', '.join(sorted(SUFFIXES))}"


def reading_of(settings: Settings, rejects: Rejects) -> Reading:
    """How sources are read by the settings; `rejects` takes bad records if they are passed over.

    Raise FramelensError for an unknown encoding, and as `beside` does.
    """
    return Reading(
        encoding=encoding_name(settings.encoding),
        unit=settings.unit,
        rejects=rejects if settings.skip_bad else None,
        tables=settings.tables,
        beside=beside(settings.tables),
    )


@lru_cache(maxsize=4)
def beside(tables: Tables) -> Beside:
    """The pattern of file names and the table of metadata of the settings, ready for use.

    Raise FramelensError for a bad pattern, and for a table that cannot be read or is not the one
    that the run began with.
    """
    names = names_pattern(tables.names) if tables.names else None
    if tables.metadata is None:
        if tables.key is not None:
            raise FramelensError("--key goes with --metadata")
        return Beside(tables, names)
    table = Path(tables.metadata)
    if tables.metadata_digest not in (None, digest_of(table)):
        raise at(table, None, "not the metadata that the run began with; leave it alone meanwhile")
    key, rows = indexed(table, rows_of(table), tables.key)
    days = (row.get(tables.date_column or date_field(row) or "") for row in rows.values())
    return Beside(tables, names, key, rows, common_order(set(map(order_of, days))))


def find(paths: Sequence[Path | str], *, skip_bad: bool = False) -> list[Source]:
    """The files that paths lead to, each once, in the order given; folders in sorted order.

    A path that is no file may be a pattern with `*`, `?`, `[…]` and `**` for any folders, which
    leads to the files with one of SUFFIXES that it matches; `**` follows links, and goes into each
    folder once. Only regular files are read. A file is named by its path within
    the folder given, or that the pattern begins with, else by its file name, or, where several
    would have the same name, by its path as given. Raise FramelensError for a path that leads
    nowhere, a folder or pattern with nothing to read, a file with none of SUFFIXES, a pipe or
    a device, which may have no end, and a package that is not installed; with `skip_bad`, files that
    one is missing for are left to `read_sources` to put aside.
    """
    by_place: dict[Path | None, Source] = {}
    for path in paths:
        for place, source in _sources(path):
            by_place.setdefault(place, source)
    count = Counter(source.name for source in by_place.values())
    sources = [
        Source.named(one.path, one.path) if one.path and count[one.name] > 1 else one
        for one in by_place.values()
    ]
    if not skip_bad:
        for suffix, named in {source.suffix: source.place for source in reversed(sources)}.items():
            require(suffix, named, advice=SKIP_ADVICE)
    return sources


def look_ahead(
    sources: Sequence[Source], settings: Settings, notes: Notes
) -> tuple[list[Source], Settings]:
    """The sources and settings completed with what only all records together tell: whether ids name
    documents, and whether the day stands first in dates (see `readers.ahead`)."""
    if RECORDS.isdisjoint(source.suffix for source in sources):
        return list(sources), settings
    from framelens.readers import ahead

    return ahead.look_ahead(sources, settings, notes)


def skipped(paths: Sequence[Path | str]) -> list[tuple[Path, str]]:
    """The files in folders that `find` passes over, each with the reason; hidden ones are not listed.

    Raise FramelensError for a folder that cannot be read.
    """
    files: list[tuple[Path, str]] = []
    for path in map(Path, paths):
        if path.is_dir():
            others = [one for one in _files(path) if one.suffix.lower() not in SUFFIXES]
            for inner in sorted(others, key=lambda one: one.parts):
                kind = f"ending in {inner.suffix}" if inner.suffix else "without an ending"
                files.append((path / inner, f"files {kind} are not read"))
    return files


def skipped_messages(paths: Sequence[Path | str]) -> Iterator[str]:
    """A line for each reason why files are `skipped`."""
    files = skipped(paths)
    for reason, count in sorted(Counter(reason for _, reason in files).items()):
        first = next(path for path, why in files if why == reason)
        more = f" and {count - 1:,} more" if count > 1 else ""
        yield f"skipped {first}{more}: {reason}"


def read_sources(sources: Iterable[Source], reading: Reading) -> Generator[Passage, None, None]:
    """The passages of sources, or of partitions of them, in order.

    A plain text comes block by block, its offsets characters of the whole text as decoded, line
    breaks as they are and without a byte order mark; with unit "sentence" line by line. So does the
    text extracted from a web page, PDF or Word file, whose offsets are those of the extracted text
    and whose `meta` holds `title`, `date`, `author`, `source` and `url`, as far as they are known,
    and for footnotes `part`. A record of JSON Lines, CSV or Parquet (`text`, optionally `id`) is
    one passage and one document. The files in a zip archive are read as those in a folder.
    Standard input is told by its beginning (see BEGINNINGS, and `stream_suffix` for CSV), else it is
    plain text.

    A mark of UTF-16 or UTF-32 at a file's start overrules the encoding. Raise FramelensError for the
    first bad record or file (empty, binary, damaged, not in the encoding, an archive out of bounds),
    unless `reading.rejects` takes it. Passages before a bad byte have been given by then.
    """
    for source in sources:
        try:
            if source.suffix == ARCHIVE:
                yield from read_sources(members(source, SUFFIXES), reading)
            else:
                yield from _with_fields(source, reading)
        except Bad as bad:
            reading.report(source, bad.line, None, bad.reason)


def _identified(source: Source, reading: Reading) -> tuple[Source, str, Order]:
    """A source, the suffix of its format, and what stands first in its dates; of standard input both
    are told from its beginning."""
    if source.path is not None:
        return source, source.suffix, "day" if source.day_first else "month"
    source = replace(source, head=source.head or next(source.chunks(), b""))
    suffix = stream_suffix(source.head, reading.tables)
    if suffix not in RECORDS or missing(suffix):
        return source, suffix, "month"
    from framelens.readers.ahead import order_in_stream

    source, order = order_in_stream(source, suffix, reading)
    return source, suffix, order


def _with_fields(source: Source, reading: Reading) -> Iterator[Passage]:
    """The passages of a file, each with the fields from its path and the table of metadata, which
    replace its own, and with `date` as of ISO 8601."""
    source, suffix, order = _identified(source, reading)
    need(suffix, source, reading)
    beside, notes = reading.beside, reading.notes
    from_path = beside.fields_of(source.name, notes) if beside.names else {}
    document: str | None = None
    fields: Mapping[str, Any] = {}
    for passage in READERS[suffix](source, reading):
        # Passages of one document share their fields: they are worked out, and noted, once.
        if document != passage.doc or passage.offset == 0:
            document, has_any = passage.doc, passage.meta or from_path or beside.rows is not None
            fields = fields_beside(passage, from_path, beside, notes, order) if has_any else {}
        yield replace(passage, meta={**passage.meta, **fields}) if fields else passage


STDIN = Source("stdin", None)


def _sources(path: Path | str) -> Iterator[tuple[Path | None, Source]]:
    if str(path) == "-":
        yield None, STDIN
        return
    path = Path(path)
    if has_magic(str(path)) and not path.exists():
        yield from _matches(path)
    elif _is_folder(path):
        real = Path(realpath(path))
        for inner in _walk(path):
            yield real / inner, Source.named(inner, path / inner)
    elif _is_endless(path):
        raise at(path, None, "is a pipe or a device; expected a file, or - for standard input")
    elif path.suffix.lower() in SUFFIXES:
        yield Path(realpath(path)), Source.named(Path(path.name), path)
    else:
        raise at(path, None, f"cannot tell what is in it; {EXPECTED}")


def _matches(pattern: Path) -> Iterator[tuple[Path, Source]]:
    paths = _expanded(Path(pattern.anchor), pattern.parts[bool(pattern.anchor) :])
    files = [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file()]
    if not files:
        raise at(pattern, None, f"matches nothing to read; {EXPECTED}")
    plain = takewhile(lambda part: not has_magic(part), pattern.parts[:-1])
    folder = Path(*plain)
    for path in sorted(files, key=lambda path: path.parts):
        yield Path(realpath(path)), Source.named(path.relative_to(folder), path)


def _expanded(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """The paths in a folder that match the parts of a pattern; hidden names only where a part
    asks for them.

    Python's own glob goes round and round through a link to a folder above it.
    """
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for inner in _folders(folder):
            yield from _expanded(inner, rest or ["*"])
    elif not has_magic(part):
        if (folder / part).exists():
            yield from _expanded(folder / part, rest)
    elif folder.is_dir():
        for name in _names(folder):
            if fnmatch(name, part) and (part.startswith(".") or not is_passed_by(name)):
                yield from _expanded(folder / name, rest)


def _folders(folder: Path) -> Iterator[Path]:
    """A folder and those within, links followed, each once."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            status = place.stat()
        except OSError:
            continue
        key = status.st_dev, status.st_ino
        if S_ISDIR(status.st_mode) and key not in seen:
            seen.add(key)
            yield place
            waiting += [place / name for name in _names(place)[::-1] if not is_passed_by(name)]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  # names, not paths
    except OSError as error:
        _fail(error)


def _is_folder(path: Path) -> bool:
    try:
        return S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise at(path, None, "no such file or folder") from None
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None


def _walk(folder: Path) -> list[Path]:
    """The files within a folder, by their paths in it; links to folders are not followed."""
    paths = [
        path
        for path in _files(folder)
        if path.suffix.lower() in SUFFIXES and not _is_endless(folder / path)
    ]
    if not paths:
        raise at(folder, None, f"nothing to read in it; {EXPECTED}")
    return sorted(paths, key=lambda path: path.parts)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if not is_passed_by(name)]
        inner = Path(place).relative_to(folder)
        yield from (inner / name for name in names if not is_passed_by(name))


def _is_endless(path: Path) -> bool:
    """Whether a path leads to a pipe, a device or a socket; what is missing is for its reader."""
    return path.exists() and not path.is_file()


def _fail(error: OSError) -> NoReturn:
    raise at(error.filename, None, f"cannot be read: {error.strerror}") from None
