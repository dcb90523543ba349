"""Files of every kind that is read, whole, odd and damaged."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks import made_documents, nasty_documents
from tests.benchmarks.made_documents import Block, Report
from tests.fuzz import strange
from tests.readers.conftest import BODY, HEIGHT, make_pdf

ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-16", "latin-1", "cp1252", "utf-7", "shift_jis", "hz")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
KINDS = ("heading", "prose", "prose", "names", "caption")
Maker = Callable[[Report], bytes]


def _odd_report(chance: Random) -> Report:
    def odd(most: int) -> str:
        return NO_XML.sub("", strange.storable_text(chance, most=most))

    blocks = tuple(
        Block(chance.choice(KINDS), (odd(3),), in_table=chance.random() < 0.2)
        for _ in range(chance.randrange(8))
    )
    heads = (*chance.choice(nasty_documents.NASTY).masthead[:2], odd(1))
    return Report(heads, blocks, (odd(1),), "2014-05-07")


def _report(plain: Maker, nasty: Maker) -> Callable[[Random], bytes]:
    """Odd texts in a plain file, or plain texts in one as programs write them."""

    def made(chance: Random) -> bytes:
        if chance.random() < 0.5:
            return nasty(chance.choice(nasty_documents.NASTY))
        return plain(_odd_report(chance))

    return made


def _packed(make: Callable[[Random], bytes]) -> Callable[[Random], bytes]:
    """An archive of XML, half the time with a part changed, beyond the checksums of the whole."""

    def made(chance: Random) -> bytes:
        data = make(chance)
        if chance.random() < 0.5:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            changed = chance.sample(old.namelist(), k=min(3, len(old.namelist())))
            for info in old.infolist():
                is_odd = info.filename in changed or info.filename in BODIES
                part = old.read(info)
                new.writestr(info.filename, strange.mutated(part, chance) if is_odd else part)
        return out.getvalue()

    return made


BODIES = {"word/document.xml", "content.xml", "xl/worksheets/sheet1.xml"}


@cache
def _pdf() -> bytes:
    lines = [
        (HEIGHT - 100.0 - 14 * at, BODY, line) for at, line in enumerate(strange.sentences()[:20])
    ]
    clean = [
        (y, size, text.encode("cp1252", "replace").decode("cp1252")) for y, size, text in lines
    ]
    return make_pdf([clean, clean[:5]], about={"Title": "A title", "Author": "Someone"})


def _any_pdf(chance: Random) -> bytes:
    if chance.random() < 0.7:
        return _pdf()
    return nasty_documents.as_pdf(chance.choice(nasty_documents.NASTY))


def _parquet(chance: Random) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    rows = [strange.storable_text(chance, most=2) for _ in range(chance.randrange(5))]
    kinds: list[Any] = [
        pa.array(rows),
        pa.array(rows, pa.large_string()),
        pa.array(range(len(rows))),
    ]
    columns = {"text": chance.choice((*kinds, kinds[0], kinds[0])), "id": chance.choice(kinds)}
    parquet.write_table(
        pa.table(columns), out, compression=chance.choice(("none", "snappy", "gzip"))
    )
    return out.getvalue()


def _workbook(chance: Random) -> bytes:
    from openpyxl import Workbook

    out, book = io.BytesIO(), Workbook()
    for number in range(chance.randrange(1, 3)):
        sheet = book.worksheets[0] if not number else book.create_sheet()
        names = ["text", "id", strange.storable_text(chance, most=1), "date"]
        rows = [chance.sample(names, k=chance.randrange(1, 5))]
        for _ in range(chance.randrange(6)):
            odd: tuple[Any, ...] = (None, 7, -1.5, True, strange.storable_text(chance, most=2))
            rows.append([chance.choice(odd) for _ in range(chance.randrange(1, 5))])
        for row in rows:
            # A workbook holds no control characters, nor cells of more than 32,767 of any.
            sheet.append(
                [
                    re.sub("[\0-\x08\x0b\x0c\x0e-\x1f]", "", NO_XML.sub("", cell))[:32_000]
                    if isinstance(cell, str)
                    else cell
                    for cell in row
                ]
            )
    book.save(out)
    return out.getvalue()


POND = Path(__file__).parents[1] / "data" / "pond"
"""A file of each type that only LibreOffice writes, without the end of its name."""


def _saved(suffix: str) -> Callable[[Random], bytes]:
    return lambda _: POND.with_suffix(suffix).read_bytes()


FILES: Mapping[str, Callable[[Random], bytes]] = {
    ".txt": lambda chance: strange.text(chance).encode(chance.choice(ENCODINGS[:5]), "replace"),
    ".md": lambda chance: strange.text(chance).encode("utf-8", "replace"),
    ".vtt": strange.subtitles,
    ".jsonl": strange.json_lines,
    ".csv": strange.table,
    ".tsv": lambda chance: strange.table(chance, "\t"),
    ".html": strange.web_page,
    ".pdf": _any_pdf,
    ".docx": _packed(_report(made_documents.as_docx, nasty_documents.as_docx)),
    **{end: _saved(end) for end in (".doc", ".xls", ".ods")},
    ".odt": _packed(_report(made_documents.as_odt, nasty_documents.as_odt)),
    ".rtf": _report(made_documents.as_rtf, nasty_documents.as_rtf),
    ".xlsx": _packed(_workbook),
    ".eml": _report(made_documents.as_eml, nasty_documents.as_eml),
    ".mhtml": _report(made_documents.as_mhtml, nasty_documents.as_mhtml),
    ".parquet": _parquet,
}


def _file(chance: Random) -> tuple[str, bytes]:
    suffix = chance.choice(tuple(FILES))
    return suffix, strange.mutated(FILES[suffix](chance), chance)


def any_file(chance: Random) -> tuple[str, bytes]:
    """A file's suffix, which may be wrong, and its bytes."""
    if chance.random() < 0.15:
        return ".zip", strange.mutated(strange.archive(chance, _file), chance)
    suffix, data = _file(chance)
    return (suffix if chance.random() < 0.95 else chance.choice(tuple(FILES))), data
