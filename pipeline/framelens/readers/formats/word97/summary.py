"""What a Word file of 1997 to 2003 says of itself: title, author, day."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from struct import unpack_from
from typing import Any

from olefile import OleFileIO

SUMMARY = "\x05SummaryInformation"
CODE_PAGE, TITLE_NAME, AUTHOR, CREATED, SAVED = 1, 2, 4, 12, 13
"""The stream in which a file says what it is, and the numbers of what stands there."""
NUMBER, TEXT, TIME = 2, 30, 64
"""Forms of what stands there: a number of 16 bits, text in the code page, a time."""
EPOCH = datetime(1601, 1, 1)
"""From when on times are counted, in tenths of a microsecond."""
UTF_8 = 65001
"""The code page of UTF-8."""


def about(file: OleFileIO) -> dict[str, Any]:
    """The title, the author and the date on which the file was made, as far as it states them.

    olefile reads these, too, but may take hours over damaged ones.
    """
    stated: dict[int, Any] = {}
    if file.exists(SUMMARY):
        with suppress(struct.error, OverflowError):
            stated.update(_stated(file.openstream(SUMMARY).read()))
    page = stated.get(CODE_PAGE, 0)
    encoding = "utf-8" if page == UTF_8 else f"cp{page}"
    return {
        "title": _name(stated.get(TITLE_NAME), encoding),
        "author": _name(stated.get(AUTHOR), encoding),
        "date": stated.get(CREATED) or stated.get(SAVED),
    }


def _stated(summary: bytes) -> Iterator[tuple[int, Any]]:
    """The numbers, texts and days that a file states of itself, by their property's number."""
    begin = unpack_from("<I", summary, 44)[0]
    for row in range(min(unpack_from("<I", summary, begin + 4)[0], len(summary) // 8)):
        number, at = unpack_from("<2I", summary, begin + 8 + 8 * row)
        form, size = unpack_from("<2I", summary, begin + at)
        at += begin + 8
        if form == NUMBER:
            yield number, size & 0xFFFF
        elif form == TEXT:
            yield number, summary[at : at + size]
        elif form == TIME and (time := unpack_from("<Q", summary, at - 4)[0]):
            yield number, (EPOCH + timedelta(microseconds=time // 10)).date().isoformat()


def _name(written: bytes | None, encoding: str) -> str:
    """A title or an author; in an encoding that Python does not know, as Windows-1252 has it."""
    try:
        name = (written or b"").decode(encoding, "replace")
    except LookupError:
        name = (written or b"").decode("cp1252", "replace")
    return name.strip("\0 ")
