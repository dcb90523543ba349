"""Pages of a PDF → lines in reading order, through pypdfium2.

Words are told by where their letters stand: spaces in a file may be missing, and in older ones
stand within words. Lines side by side are cells where rules part them, else columns if they hold text
enough, else cells of a row.
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
from statistics import median_high

from pypdfium2 import PdfPage, PdfTextPage, raw

from framelens.readers.extracted import RAISED_DIGITS
from framelens.readers.formats.pdf.lines import ENDED, Letter, Line, differ
from framelens.readers.formats.pdf.margin import LineNumbers
from framelens.readers.formats.pdf.ruled import BESIDE, Grid, grids
from framelens.readers.formats.pdf.tables import cells, find_table, is_labelled, labelled_text

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
LEVEL = 0.7
"""How far lines side by side may be off one another to be of one row, likewise."""
COLUMN_LINES = 5
"""The fewest lines of a column,"""
COLUMN_WIDTH = 14
"""and the fewest characters that its median line has: cells of tables are shorter."""
SHORT = 0.75
"""A line of a column is at least this long, in shares of it, but for its paragraphs' last;"""
INDENT = 2.5
"""and begins at most this far from where most do, in shares of the letters' size."""
NEAR = 1.6
"""How far below another one a line of the same column is at most, in shares of the letters' size."""
BESIDE_LINES = 4
"""The fewest lines of a text that something stands beside."""
MOST_ROWS = 200
"""Rows up to which a box is looked for beside a text; a page of print has some hundred."""
INITIAL = 1.8
"""How large a letter that begins a text over more than one line is at least, in shares of its others."""
HEIGHT = 0.8
"""How high over its foot lines beside it stand at most, in shares of its size."""
MOST_INITIALS = 10
NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,6}")
LED = re.compile(r"(?:\.\s?){4}\d{1,4}$")
"""The page at the end of an entry of contents, in a segment of its own, or behind a row of dots."""
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
        of_part = [replace(line, edge=edge) for line in _in_order(_rows(segments)) if line.text]
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


def _rows(segments: Sequence[Line]) -> list[list[Line]]:
    """Segments by rows from the top, each from the left."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda line: -line.y):
        if rows and abs(rows[-1][0].y - segment.y) <= 0.25 * max(segment.size, 1.0):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda line: line.x) for row in rows]


def _level(rows: Iterable[Sequence[Line]]) -> Iterator[Sequence[Line]]:
    """The rows from the top, those that stand side by side in one, though they are not level."""
    held: Sequence[Line] = ()
    first = Line("", 0.0, 0.0)
    for row in rows:
        if held and first.y - row[0].y <= LEVEL * min(first.size, row[0].size):
            both = sorted((*held, *row), key=lambda line: line.x)
            if all(one.end <= two.x for one, two in pairwise(both)):
                held = both
                continue
        if held:
            yield held
        held, first = row, row[0]
    if held:
        yield held


def _in_order(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """The lines of rows, column by column between lines that run over all of them."""
    if (table := find_table(rows)) is not None:
        yield from _in_order(rows[: table.begin])
        yield from cells(rows[table.begin : table.end], table.starts)
        for at, line in enumerate(_in_order(rows[table.end :])):
            yield replace(line, begins=True) if at == 0 else line
        return
    # Lines of columns seldom stand level, those of a table's rows do.
    rows = list(_level(rows))
    if (gutter := _gutter(rows)) is not None:
        yield from _by_column(rows, gutter)
    elif (apart := _flowing(rows)) is not None and not _is_around(rows, *apart):
        begin, end, gutter = apart
        yield from _in_order(rows[:begin])
        yield from _by_column(rows[begin:end], gutter)
        yield from _in_order(rows[end:])
    elif apart is None and (labelled := _labelled(rows)) is not None:
        begin, end, gutter = labelled
        yield from _in_order(rows[:begin])
        yield from labelled_text(rows[begin:end], gutter)
        for at, line in enumerate(_in_order(rows[end:])):
            yield replace(line, begins=True) if at == 0 else line
    elif (apart := apart or _boxed(rows)) is not None:
        begin, end, gutter = apart
        yield from _in_order(rows[:begin])
        for part in reversed(_sides(rows[begin:end], gutter)):
            for at, line in enumerate(_in_order(_rows(part))):
                yield replace(line, begins=True) if at == 0 else line
        yield from _in_order(rows[end:])
    else:
        yield from _row_by_row(rows)


def _row_by_row(rows: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Rows in one line each; entries of contents, and what follows on them, are pieces of their own."""
    filled = [row for row in rows if row]
    entries = [_is_entry(row) for row in filled]
    # A number behind words on one row alone may be that of the page.
    listed = [
        is_entry and any((*entries[max(0, at - 1) : at], *entries[at + 1 : at + 2]))
        for at, is_entry in enumerate(entries)
    ]
    for at, row in enumerate(filled):
        line = _joined(row)
        yield replace(line, begins=True) if any(listed[max(0, at - 1) : at + 1]) else line


def _is_entry(row: Sequence[Line]) -> bool:
    """Whether a row is an entry of contents or the like: words, and a number by itself at its end."""
    is_apart = len(row) > 1 and NUMBER.fullmatch(row[-1].text) and row[0].text[0].isalpha()
    return bool(is_apart or LED.search(row[-1].text))


def _by_column(rows: Sequence[Sequence[Line]], gutter: float) -> Iterator[Line]:
    begin, end = _columns(rows, gutter)
    yield from map(_joined, rows[:begin])
    left: list[list[Line]] = []
    right: list[list[Line]] = []
    for row in rows[begin:end]:
        if any(line.x < gutter < line.end for line in row):
            yield from _in_order(left)
            yield from _in_order(right)
            left, right = [], []
            yield _joined(row)
            continue
        left += [within] if (within := [line for line in row if line.end <= gutter]) else []
        right += [within] if (within := [line for line in row if line.x >= gutter]) else []
    yield from _in_order(left)
    yield from _in_order(right)
    yield from map(_joined, rows[end:])


def _columns(rows: Sequence[Sequence[Line]], gutter: float) -> tuple[int, int]:
    """The rows, from one to before another, that two columns take: what stands over them, as a
    masthead or a running head, and under them has short parts on the left, and on the right parts
    that begin elsewhere than the column's lines."""
    lines = [line for row in rows for line in row]
    edge = Counter(round(line.x) for line in lines if line.x >= gutter).most_common()
    left = [line.x for line in lines if line.end <= gutter]
    if not edge or not left:
        return 0, len(rows)
    short = SHORT * (gutter - min(left))
    # Lists are indented, so that a column's lines begin at more places than one.
    edges = [x for at, (x, count) in enumerate(edge) if at == 0 or count >= COLUMN_LINES]

    def outside(ordered: Iterable[Sequence[Line]]) -> int:
        count = 0
        for at, row in enumerate(ordered, start=1):
            beside = [line for line in row if line.x >= gutter]
            if any(abs(line.x - x) <= INDENT * line.size for line in beside for x in edges):
                break
            if any(line.end - line.x > short for line in row if line.x < gutter):
                break
            count = at if beside else count
        return count

    above = outside(rows)
    return above, len(rows) - outside(reversed(rows[above:]))


def _flowing(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of two columns that are too short, or stand among
    too many whole lines, for `_gutter`: on both sides text goes on from line to line."""
    for begin, end, gutter in _apart(rows):
        if all(map(_is_text, _sides(rows[begin:end], gutter))):
            return begin, end, gutter
    return None


def _is_around(rows: Sequence[Sequence[Line]], begin: int, end: int, gutter: float) -> bool:
    """Whether the text on the left of some rows goes on below them, as around a box."""
    left, right = _sides(rows[begin:end], gutter)
    goes_on = _is_cut([*rows[:end], left[-1:], *rows[end:]], end + 1)
    goes_on = goes_on and rows[end][0].text[0].islower() and not _is_cut(rows, begin)
    return goes_on and ENDED.search(right[-1].text) is not None


def _boxed(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of a text beside which a box stands."""
    for begin, end, gutter in _apart(rows) if len(rows) <= MOST_ROWS else ():
        if (first := _beside(rows, begin, end, gutter)) is not None:
            return first, end, gutter
    return None


def _beside(rows: Sequence[Sequence[Line]], begin: int, end: int, gutter: float) -> int | None:
    """The first of the rows of a text beside which a box with something else stands, where the text
    begins there: a sentence would be cut otherwise."""
    begin = _first(rows, begin, gutter)
    text, box = _sides(rows[begin:end], gutter)
    if len(text) < BESIDE_LINES or len(box) < 2 or not _is_text(text):
        return None
    above = rows[begin - 1][0] if begin else None
    begins = above is None or ENDED.search(above.text) or differ(above, text[0])
    return begin if begins else None


def _labelled(rows: Sequence[Sequence[Line]]) -> tuple[int, int, float] | None:
    """The first rows, from one to before another, of a text with short cells beside it, and the place of the
    space between the two."""
    for first, end, gutter in _apart(rows) if len(rows) <= MOST_ROWS else ():
        begin = _first(rows, first, gutter)
        is_cut = _is_cut(rows, begin) or _is_cut(rows, end)
        if not is_cut and is_labelled(rows[begin:end], gutter):
            return begin, end, gutter
    return None


def _is_cut(rows: Sequence[Sequence[Line]], at: int) -> bool:
    """Whether a sentence may go on from the row before one."""
    if not 0 < at < len(rows) or not _are_near(rows[at - 1], rows[at]):
        return False
    has_ended = any(ENDED.search(line.text) for line in rows[at - 1])
    return not has_ended and not differ(rows[at - 1][0], rows[at][0])


def _apart(rows: Sequence[Sequence[Line]]) -> Iterator[tuple[int, int, float]]:
    """Rows, from one to before another, that a space parts, and where that is."""
    for begin, row in enumerate(rows):
        for one, two in pairwise(row):
            gutter = (one.end + two.x) / 2
            end = begin + 1
            while end < len(rows) and _goes_on(rows[end - 1], rows[end], gutter):
                end += 1
            yield begin, end, gutter


def _goes_on(upper: Sequence[Line], lower: Sequence[Line], gutter: float) -> bool:
    """Whether a row is near the one above it, or has lines on both sides of the space between columns,
    and none that runs over that."""
    return (_are_near(upper, lower) or _is_parted(lower, gutter)) and not _runs_over(lower, gutter)


def _runs_over(row: Sequence[Line], gutter: float) -> bool:
    return any(line.x < gutter < line.end for line in row)


def _are_near(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    return upper[0].y - lower[0].y <= NEAR * max(upper[0].size, lower[0].size)


def _is_parted(row: Sequence[Line], gutter: float) -> bool:
    return row[0].end <= gutter <= row[-1].x


def _first(rows: Sequence[Sequence[Line]], at: int, gutter: float) -> int:
    """The first of the rows that go on one another, with a space between columns, down to one."""
    while at and not _runs_over(rows[at - 1], gutter):
        are_parted = _is_parted(rows[at - 1], gutter) and _is_parted(rows[at], gutter)
        if not (are_parted or _are_near(rows[at - 1], rows[at])):
            break
        at -= 1
    return at


def _sides(rows: Iterable[Sequence[Line]], gutter: float) -> tuple[list[Line], list[Line]]:
    """The lines left and right of the space between two columns."""
    lines = [line for row in rows for line in row]
    left = [line for line in lines if line.end <= gutter]
    return left, [line for line in lines if line.x >= gutter]


def _is_wide(lines: Sequence[Line]) -> bool:
    return median_high(len(line.text) for line in lines) >= COLUMN_WIDTH


def _is_text(lines: Sequence[Line]) -> bool:
    """Whether the lines of a column are those of a text: most begin within a sentence."""
    if len(lines) < 2 or not _is_wide(lines):
        return False
    return 2 * sum(line.text[0].islower() for line in lines[1:]) >= len(lines) - 1


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """The place of the space between two columns, None if there are no two."""
    pairs = [(one, two) for row in rows for one, two in pairwise(row)]
    if len(pairs) < COLUMN_LINES:
        return None
    most, gutter = 0, 0.0
    lines = [line for row in rows for line in row]
    for x in sorted({round((one.end + two.x) / 2) for one, two in pairs}):
        beside = sum(one.end <= x <= two.x for one, two in pairs)
        crossing = sum(line.x < x < line.end for line in lines)
        if beside >= COLUMN_LINES and beside - crossing > most:
            most, gutter = beside - crossing, float(x)
    return gutter if most and all(map(_is_wide, _sides(rows, gutter))) else None


def _joined(row: Sequence[Line]) -> Line:
    """A row in one line, at the place of its longest part."""
    if len(row) == 1:
        return row[0]
    main = max(row, key=lambda line: len(line.text))
    text = " ".join(line.text for line in row if line.text)
    return Line(text, main.y, main.size, row[0].x, row[-1].end)
