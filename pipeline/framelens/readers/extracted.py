"""Documents whose text had to be extracted → passages."""

from __future__ import annotations

import logging
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from threading import Lock
from typing import Any

from framelens.core.types import FOOTNOTE, Kind, Passage, storable
from framelens.preprocessing.printed_dates import YEAR
from framelens.preprocessing.sentences import blocks
from framelens.preprocessing.un_documents import masthead
from framelens.readers.formats.wrapping import are_lines, paragraphs
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, units

GAP = "\n\n"
"""The separator of paragraphs in an extracted text."""
RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits to those that stand apart from the words and figures that marks of notes are printed at."""


Block = tuple[str, Kind | None]
"""A paragraph's text, and what is known of it from how the file is built, None where nothing is."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document as extracted: its paragraphs, its footnotes, and fields about it.

    `meta` may hold `title`, `date` (year, month and day as in 2024-03-05), `author`, `source` and
    `url`, each where it is known; the masthead of a United Nations document stands above it. `made`
    is when the file was made: the date of what shows no other, unless all years at its beginning are
    long over by then.
    """

    blocks: Sequence[Block]
    notes: Sequence[str] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    made: str | None = field(default=None, kw_only=True)


NO_NAME = re.compile(
    r"(?:Microsoft\s(?:Word|PowerPoint)\s?-\s?.*|\(?(?:untitled|anonymous|unspecified|unknown)\)?(?:\s?document)?[\s-]?\d*|"
    r"document\s?\d*|no\stitle|title|new\spage\s?\d*|"
    r".*\.(?:docx?|pdf|rtf|odt|indd|qxd|tex|dvi|ps|wpd|txt|html?)|[A-Z]{0,3}\d{5,}\S*|\S*_\S*|[\W\d_]*)",
    re.IGNORECASE,
)
"""Titles and authors that programs write where their users gave none."""
MADE_ON = "document{s} {have} no date but that on which the file was made"
MADE_LATE = (
    "document{s} {have} no date: the file was made years after all that are named at its beginning"
)
BEGINNING = 3000
"""Characters of a text in which years are looked for."""
HEADINGS = 10
"""Paragraphs from the top of which the first heading is the title of what has no other."""


def given_name(written: str | None) -> str:
    """A title or an author as a file states it, empty for what programs put there (`untitled`)."""
    name = (written or "").strip()
    return "" if NO_NAME.fullmatch(name) else name


def passages(document: Extracted, source: Source, reading: Reading) -> Iterator[Passage]:
    """The blocks of the extracted text, which is the paragraphs and after them the footnotes.

    Offsets are characters of that text. Raise Bad if there is none.
    """
    document = replace(document, blocks=list(_unwrapped(document.blocks)))
    body = storable(GAP.join(text for text, _ in document.blocks))
    notes = storable(GAP.join(document.notes))
    if not (body + notes).strip():
        raise Bad("no text in it")
    about = _about(document, body)
    if not about.get("date") and document.made:
        years = [int(year[0]) for year in YEAR.finditer(body[:BEGINNING])]
        is_late = bool(years) and int(document.made[:4]) > max(years) + 1
        reading.notes.add(MADE_LATE if is_late else MADE_ON, f"{source.name}: {document.made}")
        about |= {} if is_late else {"date": document.made}
    meta = {name: storable(value) for name, value in about.items() if value}
    for begin, end, kind in _runs(document):
        yield from units_of(
            Passage(source.name, body[begin:end], begin, meta=meta, kind=kind), reading
        )
    after = len(body) + len(GAP) if body else 0
    about = {**meta, "part": FOOTNOTE}
    yield from units_of(Passage(source.name, notes, after, meta=about), reading)


def _unwrapped(blocks: Iterable[Block]) -> Iterator[Block]:
    """The paragraphs, put together where each is but a line, as in what was made of a print or a message."""
    for kind, run in groupby(blocks, key=lambda block: block[1]):
        texts = [text for text, _ in run]
        if kind is None and are_lines(texts):
            texts = paragraphs(texts)
        yield from ((text, kind) for text in texts)


def _about(document: Extracted, body: str) -> dict[str, Any]:
    """The fields about a document, its first heading as the title if it states none."""
    named = {name: given_name(document.meta.get(name)) for name in ("title", "author")}
    if not named["title"]:
        top = (text for text, kind in document.blocks[:HEADINGS] if kind == "heading")
        named["title"] = " ".join(next(top, "").split())[:300]
    return {**document.meta, **named, **masthead(body)}


def _runs(document: Extracted) -> Iterator[tuple[int, int, Kind | None]]:
    """The runs of paragraphs of one kind: start and end in the body, and the kind."""
    start = 0
    for kind, run in groupby(document.blocks, key=lambda block: block[1]):
        end = start + sum(len(paragraph) + len(GAP) for paragraph, _ in run)
        yield start, end - len(GAP), kind
        start = end


def units_of(whole: Passage, reading: Reading) -> Iterator[Passage]:
    """The blocks of a passage, or with unit "sentence" its lines."""
    for begin, end in blocks(whole.text):
        for start, unit in units(whole.text[begin:end], reading.unit):
            yield replace(whole, text=unit, offset=whole.offset + begin + start)


_quieted = Counter[str]()
_levels: dict[str, int] = {}
"""How many blocks quiet each logger, and its own level: blocks of several threads overlap."""
_lock = Lock()


@contextmanager
def quiet(*names: str) -> Iterator[None]:
    """Keep what some packages log about a document to themselves while it is read."""
    with _lock:
        for logger in map(logging.getLogger, names):
            _quieted[logger.name] += 1
            if _quieted[logger.name] == 1:
                _levels[logger.name] = logger.level
                logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        with _lock:
            for logger in map(logging.getLogger, names):
                _quieted[logger.name] -= 1
                if not _quieted[logger.name]:
                    logger.setLevel(_levels.pop(logger.name))


@contextmanager
def foreign(what: str) -> Iterator[None]:
    """Turn what a parser of foreign files raises, which may be anything, into Bad."""
    try:
        yield
    except Bad:
        raise
    except Exception as error:
        # What these say is of use to nobody but the parser's authors.
        is_inner = isinstance(error, (LookupError, AssertionError, struct.error))
        words = "" if is_inner else " ".join(str(error).split())
        raise Bad(f"not {what} that can be read: {words[:200] or 'it is damaged'}") from None


def single_spaced(pieces: Iterable[str]) -> str:
    """The pieces of a paragraph as one text, its lines kept, other white space single blanks."""
    return "\n".join(" ".join(line.split()) for line in "".join(pieces).split("\n")).strip()


def day_of(match: re.Match[str] | None) -> str | None:
    """The day whose year, month and number were found in a file; None where there is no such day."""
    with suppress(ValueError):
        return date(*map(int, match.groups())).isoformat() if match else None
    return None
