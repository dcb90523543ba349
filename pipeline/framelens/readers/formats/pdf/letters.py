"""Pages of a PDF → lines in reading order, through pypdfium2.

Words are told by where their letters stand: spaces in a file may be missing, and in older ones
stand within words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_double
from dataclasses import replace
from itertools import pairwise
from math import hypot

from pypdfium2 import PdfPage, PdfTextPage, raw

from framelens.readers.extracted import RAISED_DIGITS
from framelens.readers.formats.pdf.columns import in_order, rows_of
from framelens.readers.formats.pdf.lines import Letter, Line
from framelens.readers.formats.pdf.margin import LineNumbers
from framelens.readers.formats.pdf.ruled import BESIDE, Grid, grids

LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
SPACES = {0: None, 0xA0: " ", 0x200B: None, 0xFEFF: None, 0x02: "-", 0xFFFE: "-"}
SWAPPED = re.compile("昀[昀椀氀琀]{1,2}|[琀猀][琀椀]")
"""Ligatures whose letters a well-known program writes with the bytes of each the wrong way round."""
CLEANED = str.maketrans({**LIGATURES, **SPACES})
"""Printed forms of letters to those that words are made of; signs that nobody sees to nothing; what
pdfium puts for a hyphen at a line's end to a hyphen."""

SPACE, NO_SPACE = 0.14, 0.09
"""The gap between two letters that parts words, and, where the file has a space there, the gap up to
which it does not; in shares of the letters' size."""
FEW_SPACES = 1 / 40
"""The share of letters before which a file has a space, below which it leaves spaces out: of its lines
the gaps themselves tell which part words."""
JUMP = 0.03
"""By how much those are wider, at least, than any gap within a word, as shares of the letters' size;"""
LEAST, MOST = 0.03, 0.35
"""and where the bound between the two may be: below lie shifts within words, above even loose lines."""
LONG_WORD = 30
"""The letters from which on a line without a space is of more than one word."""
LONGEST_WORDS = 24
"""The letters a word has at most, on the average of a line."""
SPREAD = 0.05
"""A gap wider than this between most letters of a line is its letter-spacing: `R E P O R T`."""
APART = 1.6
"""The gap that parts what stands side by side, likewise."""
RAISED = 0.6
"""How far a note's mark may be off its line, likewise;"""
LEAST_RAISED, SMALLER = 0.15, 0.85
"""and how far it is at least, and how small, in shares of the line's letters;"""
FAR_RAISED = 0.3
"""so far off it need not be small."""
INITIAL = 1.8
"""How large a letter that begins a text over more than one line is at least, in shares of its others."""
HEIGHT = 0.8
"""How high over its foot lines beside it stand at most, in shares of its size."""
MOST_INITIALS = 10
LABEL = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?")
"""The number of a recommendation, in a cell of its own."""


def page_lines(page: PdfPage, text: PdfTextPage, numbers: LineNumbers) -> list[Line]:
    """The lines of a page, of which `text` is what it prints, in reading order, without the `numbers`
    in its margin."""
    letters = numbers.taken_out(list(_printed(_letters(page, text))))
    few = sum(letter.spaced for letter in letters) < FEW_SPACES * len(letters)
    lines: list[Line] = []
    for part, edge in _parts_of_page(letters, grids(page)):
        segments = [_line(one, spaceless=few) for one in _with_initials(list(_segments(part)))]
        of_part = [replace(line, edge=edge) for line in in_order(rows_of(segments)) if line.text]
        if lines and of_part:
            label = lines.pop() if _is_label(lines[-1], of_part[0]) else None
            text = f"{label.text} {of_part[0].text}" if label else of_part[0].text
            of_part[0] = replace(of_part[0], text=text, begins=True)
        lines += of_part
    return lines


def _parts_of_page(
    letters: list[Letter], tables: Sequence[Grid]
) -> Iterator[tuple[list[Letter], float]]:
    """The letters of a page in parts that are read one after the other: each cell of a ruled table
    that has nothing beside it and through no line of which a rule runs, with its end on the right, and
    what stands between tables."""
    for grid in tables:
        by_cell = dict[int, list[Letter]]()
        within = [letter for letter in letters if grid.spans(letter.y)]
        places = [grid.cell((letter.left + letter.right) / 2, letter.y) for letter in within]
        for letter, cell in zip(within, places, strict=True):
            by_cell.setdefault(cell, []).append(letter)
        cut = any(
            one != two and _are_of_line(*pair)
            for pair, (one, two) in zip(pairwise(within), pairwise(places), strict=True)
        )
        if len(by_cell) > 1 and BESIDE not in by_cell and not cut:
            yield [letter for letter in letters if letter.y >= grid.ys[-1]], 0.0
            for cell, of_cell in sorted(by_cell.items()):
                yield of_cell, grid.ends[cell]
            letters = [letter for letter in letters if letter.y < grid.ys[0]]
    yield letters, 0.0


def _are_of_line(one: Letter, two: Letter) -> bool:
    """Whether two letters that follow one another stand as near on a line as those of a text."""
    size = max(one.size, two.size, 1.0)
    return abs(one.y - two.y) < 0.1 * size and abs(two.left - one.right) < MOST * size


def _is_label(line: Line, following: Line) -> bool:
    """Whether a line is the number of what stands beside it, as of a recommendation."""
    is_beside = line.end <= following.x and abs(line.y - following.y) < following.size
    return is_beside and LABEL.fullmatch(line.text) is not None and following.text[0].isalpha()


def _letters(page: PdfPage, text: PdfTextPage) -> Iterator[Letter]:
    """The letters printed, in the file's order; a space has no width of its own."""
    bottom = page.get_mediabox()[1]
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = c_double(), c_double()
    for at in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, at) == 1 and not raw.FPDFText_IsHyphen(text, at):
            continue
        code = raw.FPDFText_GetUnicode(text, at)
        character = chr(code) if code <= 0x10FFFF else ""
        if not raw.FPDFText_GetLooseCharBox(text, at, box):
            continue
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = raw.FPDFText_GetFontSize(text, at) * (hypot(matrix.c, matrix.d) or 1.0)
        yield Letter(character, box.left, box.right, y.value - bottom, size)


def _printed(letters: Iterable[Letter]) -> Iterator[Letter]:
    """The letters without spaces, which are marked on what they stand before."""
    spaced = False
    for letter in letters:
        if letter.text.isspace() or not letter.text:
            spaced = True
            continue
        letter.spaced, spaced = spaced, False
        yield letter


def _segments(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """Letters that follow one another on a line."""
    held: list[Letter] = []
    base: Letter | None = None
    for letter in letters:
        if base is not None and (_parts(base, held[-1], letter) or _is_initial(held, letter)):
            yield held
            held, base = [], None
        # Where a mark stands first, the line is the larger letters'.
        if base is None or (abs(letter.y - base.y) > 0.1 and letter.size > base.size):
            base = letter
        held.append(letter)
    if held:
        yield held


def _line(letters: Sequence[Letter], *, spaceless: bool) -> Line:
    """Letters of a line as words; `spaceless` where the file has no spaces between them."""
    gaps = [(two.left - one.right) / max(one.size, two.size, 1.0) for one, two in pairwise(letters)]
    inner = sorted(gap for gap, letter in zip(gaps, letters[1:], strict=True) if not letter.spaced)
    # The letter-spacing of the line, if it has any.
    usual = inner[len(inner) // 2] if len(inner) >= 4 else 0.0
    base = usual if usual > SPREAD else 0.0
    spaceless = spaceless or (len(letters) > LONG_WORD and len(inner) == len(gaps))
    bound = _bound(sorted(gaps), base) if spaceless else None
    size = Counter(round(letter.size, 1) for letter in letters).most_common(1)[0][0]
    main = next(letter for letter in letters if round(letter.size, 1) == size)
    held: list[str] = [letters[0].text]
    for gap, letter in zip(gaps, letters[1:], strict=True):
        if gap - base > (bound or (NO_SPACE if letter.spaced else SPACE)):
            held.append(" ")
        # Notes' marks stay apart from the words and figures that they are printed at.
        least = LEAST_RAISED if letter.size < SMALLER * size else FAR_RAISED
        is_raised = letter.y - main.y > least * size
        is_mark = is_raised and letter.left > main.left
        held.append(letter.text.translate(RAISED_DIGITS) if is_mark else letter.text)
    return Line(cleaned("".join(held)), main.y, size, letters[0].left, letters[-1].right)


def cleaned(text: str) -> str:
    """A text in the letters that words are made of, its white space single blanks."""
    text = SWAPPED.sub(lambda mark: "".join(chr(ord(one) >> 8) for one in mark[0]), text)
    return " ".join(text.translate(CLEANED).split())


def _is_initial(held: Sequence[Letter], letter: Letter) -> bool:
    """Whether what is held is a large letter that stands beside the first lines of a text."""
    one = held[0]
    is_large = len(held) == 1 and one.text.isupper() and one.size >= INITIAL * letter.size
    return is_large and letter.y - one.y > letter.size / 2


def _with_initials(segments: list[list[Letter]]) -> list[list[Letter]]:
    """The segments, with a large letter that stands beside the first lines of a text in the first."""
    sizes = Counter(round(letter.size, 1) for segment in segments for letter in segment)
    large = INITIAL * max(sizes, key=sizes.__getitem__, default=0.0)
    alone = [one for one in segments if len(one) == 1 and one[0].size >= large]
    for initial in alone[:MOST_INITIALS]:
        letter = initial[0]
        beside = [
            one
            for one in segments
            if -0.1 < (one[0].left - letter.right) / letter.size < 0.3
            and letter.y - one[0].size / 2 <= one[0].y < letter.y + HEIGHT * letter.size
        ]
        if letter.text.isupper() and len(beside) > 1:
            line = max(beside, key=lambda one: one[0].y)
            first = line[0]
            # As near as letters and words are.
            end = first.left - MOST * first.size * first.spaced
            line.insert(0, replace(letter, y=first.y, size=first.size, right=end))
            segments.remove(initial)
    return segments


def _bound(gaps: Sequence[float], base: float) -> float | None:
    """The gap over `base` that parts words on a line without spaces: the middle of the widest jump
    between gaps by size; None where none is wide enough."""
    jumps = [
        (upper - lower, (upper + lower) / 2 - base)
        for at, (lower, upper) in enumerate(pairwise(gaps), start=1)
        if at >= len(gaps) / 2 and len(gaps) - at >= len(gaps) // LONGEST_WORDS
    ]
    wide = [jump for jump in jumps if jump[0] >= JUMP and LEAST < jump[1] < MOST]
    return max(wide)[1] if wide else None


def _parts(first: Letter, last: Letter, letter: Letter) -> bool:
    """Whether a letter begins another segment."""
    size = max(last.size, letter.size, 1.0)
    gap = (letter.left - last.right) / size
    if gap > APART or gap < -1.0:
        return True
    off = abs(letter.y - first.y) / max(size, first.size)
    return off > (RAISED if letter.size != last.size or letter.size != first.size else 0.25)
