"""Sources and how they are read: bytes → text in pieces → the passages of plain text; and the packages
that other formats need."""

from __future__ import annotations

import codecs
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from io import BytesIO, IncrementalNewlineDecoder, StringIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple
from zipfile import BadZipFile

from framelens.core.errors import FramelensError, at
from framelens.core.settings import Tables
from framelens.core.types import Passage, Unit, storable
from framelens.preprocessing.sentences import MAX_BLOCK, blocks
from framelens.readers.metadata import Beside
from framelens.readers.rejects import EMPTY, Bad, Notes, Rejects

CHUNK = 256 * 1024
"""Bytes read at a time."""

WHOLE = 256 * 1024 * 1024
"""The most bytes of one document that is read into memory as a whole."""

SKIP_ADVICE = "--skip-bad goes on without it"

DAMAGED = (BadZipFile, zlib.error, EOFError)
"""The errors of unpacking a damaged archive."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a file within an archive, or standard input (`path` is None).

    `name` is what its document is called in the output; `head` is what has been read of it already;
    `unpack` opens what `path` leads to inside an archive. A partition of JSON Lines or Parquet is a
    source too: `unpack` opens the one, `row_groups` (first, and one after the last) are the other,
    and `line` is the number of its first line or row in the file. `short` says whether the rows of
    a table lack a cell, None where its first row tells. `day_first` are the names of those files, it
    or within it, in whose dates the day stands first, as some of them show.
    """

    name: str
    path: Path | None
    head: bytes = b""
    unpack: Callable[[], BinaryIO] | None = None
    row_groups: tuple[int, int] | None = None
    line: int = 1
    short: bool | None = None
    day_first: frozenset[str] = frozenset()

    @classmethod
    def named(cls, name: Path, path: Path) -> Source:
        """A file whose document is called by a path; where that is no text that can be stored, it is
        written such that no two are alike."""
        return cls(name.as_posix().encode(errors="xmlcharrefreplace").decode(), path)

    @property
    def place(self) -> Path | str:
        """The name of the source in errors."""
        return self.path or self.name

    @property
    def suffix(self) -> str:
        """The end of the file's name that tells its format, in lower case."""
        return self.path.suffix.lower() if self.path else ""

    def beginning(self, suffix: str) -> Source:
        """The beginning of a stream that has been read, as a file by itself."""
        path = Path(self.name).with_suffix(suffix)
        return Source(self.name, path, unpack=partial(BytesIO, self.head))

    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece; raise Bad where they cannot be read."""
        if self.head:
            yield self.head
        try:
            if self.path is None:
                yield from iter(partial(sys.stdin.buffer.read, CHUNK), b"")
            else:
                with self.unpack() if self.unpack else self.path.open("rb") as stream:
                    yield from iter(partial(stream.read, CHUNK), b"")
        except OSError as error:
            raise Bad(f"cannot be read: {error.strerror or error}") from None
        except DAMAGED as error:
            raise Bad(f"cannot be unpacked: {error}") from None

    def content(self, limit: int = WHOLE) -> bytes:
        """All the bytes; raise Bad where there are more than `limit` or they cannot be read."""
        content = bytearray()
        for chunk in self.chunks():
            content += chunk
            if len(content) > limit:
                raise Bad(f"larger than {limit >> 20} MB; expected a smaller document")
        return bytes(content)

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """A stream to read from at any place; raise Bad where there is none."""
        if self.path is None or self.unpack is not None:
            yield BytesIO(self.content())
            return
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise Bad(f"cannot be read: {error.strerror}") from None
        with stream:
            yield stream


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: the encoding, the unit of plain text, and where bad records go.

    `tables` says how tables are read, `beside` has the fields of documents from outside their files;
    `notes` collects what should be known of the input.
    """

    encoding: str
    unit: Unit
    rejects: Rejects | None = None
    tables: Tables = field(default_factory=Tables)
    beside: Beside = field(default_factory=Beside)
    notes: Notes = field(default_factory=Notes)

    def report(self, source: Source, line: int | None, raw: str | None, reason: str) -> None:
        """Put a bad record or file aside, or raise FramelensError for it."""
        if self.rejects is None:
            raise at(source.place, line, f"{reason}; {SKIP_ADVICE}")
        self.rejects.add(source.place, line, raw, reason)


Reader = Callable[[Source, Reading], Iterator[Passage]]
"""Reads one family of formats; raises Bad where the whole file is."""


WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
"""The ends of names of workbooks."""
TABLES = WORKBOOKS | {".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"}
"""The ends of names of files that hold records."""
OLE = b"\xd0\xcf\x11\xe0"
"""What Word's and Excel's files of before 2007 begin with."""

HEAD = 8 * 1024
"""Bytes at a file's start in which a NUL says that it is binary."""

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ADVICE = "name the encoding with --encoding"


def encoding_name(name: str) -> str:
    """An encoding's usual name; raise FramelensError if Python knows no such text encoding.

    What calls itself Latin-1 is read as Windows-1252, as browsers do (WHATWG, Encoding Standard): quotation
    marks and dashes stand where Latin-1 has control characters.
    """
    try:
        codecs.getincrementaldecoder(name)
        # A codec that is not for text refuses even one byte; one of two-byte text may find it too short.
        with suppress(UnicodeError):
            b" ".decode(name)
        usual = codecs.lookup(name).name
        return "cp1252" if usual == "iso8859-1" else usual
    except (LookupError, ValueError):
        expected = "expected a name such as utf-8, latin-1 or cp1252"
        raise FramelensError(f"unknown encoding {name!r}; {expected}") from None


def decoded(
    chunks: Iterator[bytes],
    encoding: str,
    errors: Literal["strict", "surrogateescape"] = "strict",
    *,
    nul: bool = False,
) -> Iterator[str]:
    r"""The text of `chunks` in pieces; none ends between `\r` and `\n`.

    A byte order mark at the start is dropped; one of UTF-16 or UTF-32 overrules `encoding`, and so does
    text that is UTF-8, for a folder may hold files of either. Raise Bad for a binary file (one with a
    NUL, unless `nul`) and for bytes that the encoding does not have; with "surrogateescape" such bytes
    are left to `undecoded`, where the encoding allows.
    """
    first = next(chunks, b"")
    encoding = next((name for mark, name in MARKS.items() if first.startswith(mark)), encoding)
    if not nul and b"\0" in first[:HEAD] and not encoding.startswith(("utf-16", "utf-32")):
        raise Bad("looks binary; expected text")
    decoder = IncrementalNewlineDecoder(_decoder_of(encoding, errors), translate=False)
    fed, line, is_first = 0, 1, True
    for chunk in chain([first], chunks, [b""]):
        fed += len(chunk)
        try:
            piece = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise Bad(_undecodable(error, fed, line, encoding)) from None
        except UnicodeError as error:
            raise Bad(f"not {encoding.upper()}: {error}; {ADVICE}") from None
        line += piece.count("\n")
        if piece:
            yield piece.removeprefix("\ufeff") if is_first else piece
            is_first = False


class _Utf8Else(codecs.IncrementalDecoder):
    """Decodes as UTF-8 as long as the bytes are that, and then by another decoder."""

    def __init__(self, other: codecs.IncrementalDecoder) -> None:
        super().__init__()
        self._other: codecs.IncrementalDecoder | None = other
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()

    def decode(self, data: Any, final: bool = False) -> str:
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            if self._other is None:
                raise
            self._decoder, self._other = self._other, None
            return self._decoder.decode(error.object, final)  # with what was kept of a chunk before


def _decoder_of(encoding: str, errors: str) -> codecs.IncrementalDecoder:
    """A decoder of UTF-8 where the bytes are that, if ASCII is the same in both; by what another encoding
    has, text in UTF-8 would be read without complaint, as other letters."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    with suppress(UnicodeError):
        if encoding != "utf-8" and ASCII.decode(encoding) == ASCII.decode():
            return _Utf8Else(decoder)
    return decoder


ASCII = bytes(range(128)) + b"\x1b$B!!"
"""What ASCII has, and a change to Japanese, which some encodings of seven bits have."""


def undecoded(text: str, encoding: str) -> str | None:
    """A message on the first byte that "surrogateescape" left undecoded in a text, None if there is none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) & 0xFF
        return f"byte 0x{byte:02X} is not {encoding.upper()}; {ADVICE}"
    return None


def lines(pieces: Iterable[str], newline: Literal["", "\n"]) -> Iterator[str]:
    r"""The lines of a text in pieces, with their ends: `\n`, or for "" also `\r` and `\r\n`."""
    held: list[str] = []
    for piece in pieces:
        for line in StringIO(piece, newline=newline):
            held.append(line)
            if line.endswith(("\n", "\r")):
                yield "".join(held)
                held.clear()
    if held:
        yield "".join(held)


def _undecodable(error: UnicodeDecodeError, fed: int, line: int, encoding: str) -> str:
    # `object` is the chunk, preceded by bytes that the decoder had kept of the last one.
    before = error.object[: error.start].decode(encoding, errors="ignore")
    offset = fed - len(error.object) + error.start
    place = f"at offset {offset} (line {line + before.count(chr(10))})"
    return f"byte 0x{error.object[error.start]:02X} {place} is not {encoding.upper()}; {ADVICE}"


class Needed(NamedTuple):
    """A package, the module to import of it, and the extra of framelens that brings it."""

    package: str
    module: str
    extra: str = "documents"

    @property
    def not_read(self) -> str:
        """The note on files that are not read because it is missing."""
        how = f"pip install 'framelens[{self.extra}]'"
        return f"file{{s}} {{were}} not read: {self.package} is missing, {how}"


NEEDED: Mapping[str, Needed] = {
    **dict.fromkeys(
        (".html", ".htm", ".xhtml", ".mhtml", ".mht"), Needed("trafilatura", "trafilatura")
    ),
    ".docx": Needed("python-docx", "docx"),
    ".doc": Needed("olefile", "olefile"),
    ".pdf": Needed("pypdfium2", "pypdfium2"),
    ".odt": Needed("odfdo", "odfdo"),
    ".rtf": Needed("striprtf", "striprtf.striprtf"),
    **dict.fromkeys((".xlsx", ".xlsm"), Needed("openpyxl", "openpyxl")),
    ".xls": Needed("xlrd", "xlrd"),
    ".ods": Needed("odfdo", "odfdo"),
    ".parquet": Needed("pyarrow", "pyarrow.parquet", "parquet"),
}
"""The packages that files need, by suffix."""


def is_missing_package(what: str) -> bool:
    """Whether a note says that files were not read because a package is missing."""
    return any(what == needed.not_read for needed in NEEDED.values())


def missing(suffix: str) -> Needed | None:
    """The package that files with a suffix need, if it cannot be imported."""
    needed = NEEDED.get(suffix)
    try:
        if needed is not None:
            import_module(needed.module)
    except ImportError:
        return needed
    return None


def require(suffix: str, place: Path | str, *, advice: str = "") -> None:
    """Raise FramelensError, naming the extra, if what reads such files cannot be imported."""
    if needed := missing(suffix):
        raise at(place, None, _missing_message(suffix, needed) + (f"; {advice}" if advice else ""))


def need(suffix: str, source: Source, reading: Reading) -> None:
    """Raise Bad if what reads such files cannot be imported, and note which extra to install."""
    if needed := missing(suffix):
        if reading.rejects is not None:
            reading.notes.add(needed.not_read, str(source.place))
        raise Bad(_missing_message(suffix, needed))


def _missing_message(suffix: str, needed: Needed) -> str:
    advice = f"install it with: pip install 'framelens[{needed.extra}]'"
    return f"reading {suffix} files needs {needed.package}; {advice}"


BEGINNINGS = {
    b"{\\rtf": ".rtf",
    b"{": ".jsonl",
    b"%pdf-": ".pdf",
    b"par1": ".parquet",
    b"<!doctype html": ".html",
    b"<html": ".html",
    b"webvtt": ".vtt",
    b"1\n00:": ".srt",
    b"1\r\n00:": ".srt",
}
"""Beginnings of standard input, in lower case, and the suffix of the format that they show."""


def suffix_of(head: bytes) -> str:
    """The suffix of files that begin so (see BEGINNINGS), else that of plain text."""
    # Marks of byte order, the NULs of UTF-16 and white space may stand before the first character.
    begins = head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:16].lower()
    return next((suffix for mark, suffix in BEGINNINGS.items() if begins.startswith(mark)), ".txt")


LINE = re.compile(r"[^\n\r\x85\u2028\u2029]+")


def read_text(source: Source, reading: Reading) -> Iterator[Passage]:
    """The blocks of a text, or with unit "sentence" its lines; noted if it has none."""
    empty = True
    for offset, block in _blocks(decoded(source.chunks(), reading.encoding)):
        empty = False
        for start, text in units(block, reading.unit):
            yield Passage(source.name, text, offset + start)
    if empty:
        reading.notes.add(EMPTY, source.name)


def _blocks(pieces: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The blocks of the whole text with their offsets in it, from its pieces."""
    text, offset = "", 0
    for piece in pieces:
        text += storable(piece)
        spans = list(blocks(text))
        complete = _last_block(spans, len(text))
        for start, end in spans:
            if start < complete:
                yield offset + start, text[start:end]
        text, offset = text[complete:], offset + complete
    for start, end in blocks(text):
        yield offset + start, text[start:end]


def _last_block(spans: list[tuple[int, int]], length: int) -> int:
    """The offset of the last block of a text of this length, which may go on in the next piece; the
    length where the block is over, as much white space follows, lest the text grow on and on."""
    if not spans or length - spans[-1][1] > MAX_BLOCK:
        return length
    return spans[-1][0]


def units(block: str, unit: Unit) -> Iterator[tuple[int, str]]:
    """The block, or with unit "sentence" its lines that hold anything, with offsets in it."""
    if unit == "document":
        yield 0, block
        return
    for line in LINE.finditer(block):
        if line[0].strip():
            yield line.start(), line[0]
