"""Files and streams → passages, in order and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from framelens.documents.bad import Bad
from framelens.documents.decoding import known_encoding
from framelens.documents.folders import sources
from framelens.documents.records import read_csv, read_json_lines, read_tsv
from framelens.documents.rejects import Rejects
from framelens.documents.source import Reader, Reading, Source
from framelens.documents.text import read_text
from framelens.errors import at
from framelens.passages import Passage, Unit

__all__ = ["READERS", "Rejects", "read", "size"]

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_tsv,
}
"""Who reads files with which suffix, in lower case. A new format is one more line."""


def read(
    paths: Sequence[Path | str],
    *,
    encoding: str = "utf-8",
    unit: Unit = "document",
    rejects: Rejects | None = None,
) -> Iterator[Passage]:
    """The passages of files, of folders, and of standard input ("-").

    A plain text comes block by block, its offsets characters of the whole text as decoded, line
    breaks as they are and without a byte order mark; with unit "sentence" line by line. A record of
    JSON Lines or CSV (`text`, optionally `id`) is one passage and one document. Standard input is
    JSON Lines if its first character is "{", else plain text.

    A mark of UTF-16 or UTF-32 at a file's start overrules `encoding`. Raise FramelensError at once
    for a path that cannot be read and an unknown encoding; on the way for the first bad record or
    file (empty, binary, not in the encoding), unless `rejects` is there to take it: the reading
    then goes on with the next one. What came of a text before a bad byte has been given by then.
    """
    reading = Reading(known_encoding(encoding), unit, rejects)
    return _read(sources(paths, READERS), reading)


def size(paths: Sequence[Path | str]) -> int | None:
    """How many bytes `read` will read, or None if standard input is among the paths.

    Raise FramelensError for a path that cannot be read.
    """
    total = 0
    for source in sources(paths, READERS):
        if source.path is None:
            return None
        try:
            total += source.path.stat().st_size
        except OSError as error:
            raise at(source.path, None, f"cannot be read: {error.strerror}") from None
    return total


def _read(found: Sequence[Source], reading: Reading) -> Iterator[Passage]:
    for source in found:
        try:
            yield from _passages(source, reading)
        except Bad as bad:
            reading.report(source, bad.line, None, bad.reason)


def _passages(source: Source, reading: Reading) -> Iterator[Passage]:
    if source.path is not None:
        return READERS[source.path.suffix.lower()](source, reading)
    head = next(source.chunks(), b"")
    # Marks of byte order, the NULs of UTF-16 and white space may stand before the first character.
    begins = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    reader = read_json_lines if begins == b"{" else read_text
    return reader(replace(source, head=head), reading)
