"""Documents made by code: PDFs, Word files, web pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError, in_python
from framelens.readers.source import SKIP_ADVICE

from tests.helpers import read

Item = tuple[float, float, str]
"""A line on a page: its height over the foot, the size of its letters, and its text."""

HEIGHT = 842
BODY, SMALL = 11.0, 8.0

IMAGE = (
    b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    b"/Length 1>>stream\n\x7f\nendstream"
)


def page(lines: Sequence[str], *, top: float = 720, more: Sequence[Item] = ()) -> list[Item]:
    """Body lines one below the other, an empty one a space, and more items."""
    spaced = [(top - 14 * at, BODY, line) for at, line in enumerate(lines) if line]
    return [*spaced, *more]


def make_pdf(
    pages: Sequence[Sequence[Item]], *, about: Mapping[str, str] | None = None, scan: bool = False
) -> bytes:
    """A PDF of pages with lines, or with an image on each page."""
    first = 5
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    info = "".join(f"/{name}({value})" for name, value in (about or {}).items())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        IMAGE
        if scan
        else b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        f"<<{info}>>".encode("cp1252"),
    ]
    held = "/XObject<</I 3 0 R>>" if scan else "/Font<</F 3 0 R>>"
    for at, items in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 {HEIGHT}]/Resources<<{held}>>"
            f"/Contents {first + 2 * at + 1} 0 R>>".encode()
        )
        drawn = b"q 500 0 0 700 40 40 cm /I Do Q" if scan else b"\n".join(map(_drawn, items))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
    return _file(objects)


def _drawn(item: Item) -> bytes:
    r"""A line; `\0X\0` before its text is how far from the left it begins, and what comes after `\1`
    is drawn as it stands, an array of strings and of shifts in thousandths of their size. After `\2` stands
    what is no text."""
    y, size, text = item
    if text.startswith("\2"):
        return text[1:].encode()
    _, x, text = text.split("\0") if "\0" in text else ("", "72", text)
    if text.startswith("\1"):
        return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm {text[1:]} TJ ET".encode("cp1252")
    shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({shown}) Tj ET".encode("cp1252")


def _file(objects: Sequence[bytes]) -> bytes:
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    made += b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\n" % size
    return bytes(made + b"startxref\n%d\n%%%%EOF" % start)


def text_of(path: Path | str) -> str:
    """The text that the offsets of a document's passages refer to, gaps as line breaks."""
    text = ""
    for passage in read([path]):
        text += "\n" * (passage.offset - len(text)) + passage.text
    return text


def complaint_of(path: Path | str) -> str:
    """The one line that reading fails with, without the path and the way on."""
    with pytest.raises(FramelensError) as caught:
        list(read([path]))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ").removesuffix(f"; {in_python(SKIP_ADVICE)}")
