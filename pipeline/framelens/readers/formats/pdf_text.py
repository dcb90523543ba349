"""Pages of a PDF → lines in reading order, through pypdfium2.

Words are told by where their letters stand: spaces in a file may be missing, and in older ones
stand within words. Lines side by side are columns if they hold text enough, else cells of a row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from ctypes import c_double
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from framelens.readers.formats.pdf_pages import Line

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
SPACES = {0: None, 0xA0: " ", 0x200B: None, 0xFEFF: None, 0x02: "-", 0xFFFE: "-"}
CLEANED = str.maketrans({**LIGATURES, **SPACES})
"""Printed forms of letters to those that words are made of; signs that nobody sees to nothing; what
pdfium puts for a hyphen at a line's end to a hyphen."""

SPACE, NO_SPACE = 0.14, 0.09
"""The gap between two letters that parts words, and, where the file has a space there, the gap up to
which it does not; in shares of the letters' size."""
APART = 1.6
"""The gap that parts what stands side by side, likewise."""
RAISED = 0.6
"""How far a note's mark may be off its line, likewise."""
COLUMN_LINES = 5
"""The fewest lines of a column,"""
COLUMN_WIDTH = 14
"""and the fewest characters that its median line has: cells of tables are shorter."""


@dataclass(slots=True)
class _Letter:
    text: str
    left: float
    right: float
    y: float
    size: float


def page_lines(page: PdfPage) -> list[Line]:
    """The lines of a page in reading order."""
    segments = list(_segments(_letters(page)))
    return [line for line in _in_order(_rows(segments)) if line.text]


def _letters(page: PdfPage) -> Iterator[_Letter]:
    """What is printed, letter by letter, in the file's order; a space has no width of its own."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    bottom = page.get_mediabox()[1]
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = c_double(), c_double()
    for at in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, at) == 1 and not raw.FPDFText_IsHyphen(text, at):
            continue
        code = raw.FPDFText_GetUnicode(text, at)
        found = chr(code) if code <= 0x10FFFF else ""
        if not raw.FPDFText_GetLooseCharBox(text, at, box):
            continue
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = raw.FPDFText_GetFontSize(text, at) * (hypot(matrix.c, matrix.d) or 1.0)
        yield _Letter(found, box.left, box.right, y.value - bottom, size)
    text.close()


def _segments(letters: Iterator[_Letter]) -> Iterator[Line]:
    """Letters that follow one another on a line, as words."""
    held: list[str] = []
    first: _Letter | None = None
    last: _Letter | None = None
    spaced = False
    letters_of_size: dict[float, int] = {}

    def line() -> Line:
        assert first is not None
        assert last is not None
        size = max(letters_of_size, key=lambda one: letters_of_size[one])
        text = " ".join("".join(held).translate(CLEANED).split())
        return Line(text, first.y, size, first.left, last.right)

    for letter in letters:
        if letter.text.isspace() or not letter.text:
            spaced = True
            continue
        if first is not None and last is not None and _parts(first, last, letter):
            yield line()
            held, letters_of_size, first = [], {}, None
        if first is None or last is None:
            first = letter
        else:
            size = max(last.size, letter.size, 1.0)
            gap = (letter.left - last.right) / size
            if gap > (NO_SPACE if spaced else SPACE):
                held.append(" ")
        held.append(letter.text)
        letters_of_size[round(letter.size, 1)] = letters_of_size.get(round(letter.size, 1), 0) + 1
        if abs(letter.y - first.y) > 0.1 and letter.size > first.size:
            first.y = letter.y  # a mark stood first, and the line is the larger letters'
        last, spaced = letter, False
    if first is not None:
        yield line()


def _parts(first: _Letter, last: _Letter, letter: _Letter) -> bool:
    """Whether a letter begins another segment."""
    size = max(last.size, letter.size, 1.0)
    gap = (letter.left - last.right) / size
    if gap > APART or gap < -1.0:
        return True
    off = abs(letter.y - first.y) / size
    return off > (RAISED if letter.size != last.size or letter.size != first.size else 0.25)


def _rows(segments: Sequence[Line]) -> list[list[Line]]:
    """Segments by rows from the top, each from the left."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda line: -line.y):
        if rows and abs(rows[-1][0].y - segment.y) <= 0.25 * max(segment.size, 1.0):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda line: line.x) for row in rows]


def _in_order(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """The lines of rows, column by column between lines that run over all of them."""
    gutter = _gutter(rows)
    if gutter is None:
        yield from map(_joined, filter(None, rows))
        return
    left: list[list[Line]] = []
    right: list[list[Line]] = []
    for row in rows:
        if any(line.x < gutter < line.end for line in row):
            yield from _in_order(left)
            yield from _in_order(right)
            left, right = [], []
            yield _joined(row)
            continue
        left += [found] if (found := [line for line in row if line.end <= gutter]) else []
        right += [found] if (found := [line for line in row if line.x >= gutter]) else []
    yield from _in_order(left)
    yield from _in_order(right)


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Where the space between two columns is, if there are two."""
    pairs = [(one, two) for row in rows for one, two in pairwise(row)]
    if len(pairs) < COLUMN_LINES:
        return None
    best: tuple[int, float] | None = None
    lines = [line for row in rows for line in row]
    for x in sorted({round((one.end + two.x) / 2) for one, two in pairs}):
        beside = sum(one.end <= x <= two.x for one, two in pairs)
        crossing = sum(line.x < x < line.end for line in lines)
        if (
            beside >= COLUMN_LINES
            and beside > crossing
            and (best is None or beside - crossing > best[0])
        ):
            best = beside - crossing, float(x)
    if best is None:
        return None
    sides = [
        [one for one in lines if one.end <= best[1]],
        [one for one in lines if one.x >= best[1]],
    ]
    widths = [sorted(len(line.text) for line in side)[len(side) // 2] for side in sides]
    return best[1] if min(widths) >= COLUMN_WIDTH else None


def _joined(row: Sequence[Line]) -> Line:
    """A row in one line, at the place of its longest part."""
    if len(row) == 1:
        return row[0]
    main = max(row, key=lambda line: len(line.text))
    text = " ".join(line.text for line in row if line.text)
    return Line(text, main.y, main.size, row[0].x, row[-1].end)


def has_image(pages: Sequence[Any]) -> bool:
    """Whether any page holds an image, as scans do."""
    import pypdfium2.raw as raw

    return any(
        next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])), None) for page in pages
    )
