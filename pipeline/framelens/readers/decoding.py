"""Bytes → text, in pieces."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import IncrementalNewlineDecoder, StringIO
from itertools import chain
from typing import Literal

from framelens.core.errors import FramelensError
from framelens.readers.bad import Bad

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


def known_encoding(name: str) -> str:
    """An encoding's usual name; raise FramelensError if Python knows no such text encoding."""
    try:
        codecs.getincrementaldecoder(name)
        # One byte may be too little text, but a codec that is none for text refuses it at once.
        with suppress(UnicodeError):
            b" ".decode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        expected = "expected a name such as utf-8, latin-1 or cp1252"
        raise FramelensError(f"unknown encoding {name!r}; {expected}") from None


def decoded(
    chunks: Iterator[bytes],
    encoding: str,
    errors: Literal["strict", "surrogateescape"] = "strict",
) -> Iterator[str]:
    r"""The text of `chunks` in pieces; none ends between `\r` and `\n`.

    A byte order mark at the start is dropped; one of UTF-16 or UTF-32 overrules `encoding`. Raise
    Bad for a binary file and for bytes that the encoding does not have; with "surrogateescape"
    such bytes are left to `undecoded`, where the encoding allows.
    """
    first = next(chunks, b"")
    encoding = _encoding(first, encoding)
    decoder = IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors), translate=False
    )
    fed, line, begun = 0, 1, False
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
            yield piece if begun else piece.removeprefix("\ufeff")
            begun = True


def undecoded(text: str, encoding: str) -> str | None:
    """What is wrong with a text decoded with "surrogateescape", if anything is."""
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


def _encoding(first: bytes, encoding: str) -> str:
    for mark, name in MARKS.items():
        if first.startswith(mark):
            return name
    if b"\0" in first[:HEAD] and not encoding.startswith(("utf-16", "utf-32")):
        raise Bad("looks binary; expected text")
    return encoding


def _undecodable(error: UnicodeDecodeError, fed: int, line: int, encoding: str) -> str:
    # `object` is the chunk, after what the decoder had kept of the one before.
    before = error.object[: error.start].decode(encoding, errors="ignore")
    offset = fed - len(error.object) + error.start
    place = f"at offset {offset} (line {line + before.count(chr(10))})"
    return f"byte 0x{error.object[error.start]:02X} {place} is not {encoding.upper()}; {ADVICE}"
