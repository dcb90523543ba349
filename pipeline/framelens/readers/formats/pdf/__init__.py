"""PDF files → passages, through pypdfium2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from pypdfium2 import PdfDocument, PdfiumError, raw

from framelens.core.types import Passage, counted
from framelens.preprocessing.printed_dates import printed_date
from framelens.preprocessing.un_documents import DISTRIBUTED
from framelens.readers.extracted import Extracted, day_of, foreign, given_name, passages
from framelens.readers.formats.pdf.heads import without_heads
from framelens.readers.formats.pdf.letters import page_lines
from framelens.readers.formats.pdf.lines import Line, Page
from framelens.readers.formats.pdf.margin import LineNumbers
from framelens.readers.formats.pdf.pages import running_text
from framelens.readers.formats.wrapping import mended, paragraphs
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

LARGER = 1.15
"""A title's letters are at least this large, in shares of the text's."""
LETTERS, LETTERS_A_BYTE = 2_000_000, 20
"""Letters of a file up to which it does not matter how long that is, and how many it may print for each
of its bytes: packed text has some five. Two million take a quarter of a minute."""
CREATED = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def read_pdf(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a PDF: without running heads and page numbers, footnotes last.

    Raise Bad if the file cannot be read, needs a password, or holds no text (a scan).
    """
    with source.seekable() as stream, foreign("a PDF"):
        document = _extracted(stream)
    return passages(document, source, reading)


def _extracted(stream: BinaryIO) -> Extracted:
    try:
        content = stream.read()
        with PdfDocument(content) as document:
            pages: list[Page] = []
            numbers = LineNumbers()
            left = most = max(LETTERS, LETTERS_A_BYTE * len(content))
            for page in document:
                # A small file may draw one page a thousand times, or unpack to a large one.
                text = page.get_textpage()
                left -= text.count_chars()
                if left < 0:
                    raise Bad(f"prints over {most:,} letters, and is but {len(content):,} bytes")
                pages.append(Page(page_lines(page, text, numbers), float(page.get_height())))
                text.close()
            if not any(page.lines for page in pages):
                raise Bad(_textless(document))
            printed = running_text(pages)
            joined = [" ".join(mended(note.split("\n"))) for note in printed.notes]
            body = [(text, None) for text in paragraphs(printed.lines, printed.goes_on)]
            about = document.get_metadata_dict(skip_empty=True)
            times = (CREATED.match(about.get(name, "")) for name in ("CreationDate", "ModDate"))
            made = next(filter(None, map(day_of, times)), None)
            return Extracted(body, joined, _meta(about, pages, printed.size, made), made=made)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise Bad("needs a password; expected a PDF that opens without one") from None
        raise


def _textless(document: PdfDocument) -> str:
    pages = counted(len(document), "page")
    if any(True for page in document for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])):
        return f"no text in it, only images on {pages} (a scan); recognise its text (OCR) first"
    return f"no text in it ({pages})"


def _meta(
    about: dict[str, str], pages: Sequence[Page], usual: float, made: str | None
) -> dict[str, Any]:
    first = without_heads(pages)[0].lines
    return {
        "title": given_name(about.get("Title")) or printed_title(first, usual),
        "date": printed_date((line.text for line in first), made),
        "author": about.get("Author"),
    }


def printed_title(lines: Sequence[Line], usual: float) -> str | None:
    """The title on a first page: the lines in its largest letters, if they are larger than usual.

    What stands in a masthead of the United Nations, up to its `Distr.`, is none.
    """
    above = [at for at, line in enumerate(lines) if DISTRIBUTED.search(line.text)]
    below = lines[above[-1] + 1 :] if above else lines
    worded = [line for line in below if sum(char.isalpha() for char in line.text) > 3]
    size = max((line.size for line in worded), default=0.0)
    if size < LARGER * usual:
        return None
    at = next(at for at, line in enumerate(worded) if line.size == size)
    title: list[str] = []
    for line in worded[at:]:
        if line.size < 0.98 * size:
            break
        title.append(line.text)
    return " ".join(title)[:300]
