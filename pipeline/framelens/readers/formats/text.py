"""Plain text → passages, a block at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from framelens.core.files import storable
from framelens.core.types import Passage, Unit
from framelens.preprocessing.sentences import MAX_BLOCK, blocks
from framelens.readers.rejects import EMPTY
from framelens.readers.source import Reading, Source, decoded

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
        found = list(blocks(text))
        held = _held(found, len(text))
        for start, end in found:
            if start < held:
                yield offset + start, text[start:end]
        text, offset = text[held:], offset + held
    for start, end in blocks(text):
        yield offset + start, text[start:end]


def _held(found: list[tuple[int, int]], length: int) -> int:
    """From where on the text must wait for more: its last block may go on.

    A block with that much white space after it has ended, and must not let the text grow.
    """
    if not found or length - found[-1][1] > MAX_BLOCK:
        return length
    return found[-1][0]


def units(block: str, unit: Unit) -> Iterator[tuple[int, str]]:
    """The block, or with unit "sentence" its lines that hold anything, with offsets in it."""
    if unit == "document":
        yield 0, block
        return
    for line in LINE.finditer(block):
        if line[0].strip():
            yield line.start(), line[0]
