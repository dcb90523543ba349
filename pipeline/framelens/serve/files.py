"""A file that is dropped on the page → its text and passages, as `framelens classify` would read it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.settings import Settings, Tables
from framelens.core.types import Passage
from framelens.readers import READERS, Source, look_ahead, read_sources
from framelens.readers.rejects import Notes
from framelens.readers.source import Reading, require


def passages_of(name: str, content: bytes) -> tuple[str, list[Passage]]:
    """The text of a file, put together from its passages, and these, with their offsets in it.

    Raise FramelensError for a type that is not read, a package that is not installed, a damaged file.
    """
    path = Path(Path(name).name)
    if path.suffix.lower() not in READERS:
        raise FramelensError(f"{path}: expected a file ending in {', '.join(sorted(READERS))}")
    require(path.suffix.lower(), path)
    source = Source(path.name, path, unpack=partial(BytesIO, content))
    document, text = None, ""
    passages: list[Passage] = []
    # Documents by line, as two records with one id would become one text.
    sources, _ = look_ahead([source], Settings(), Notes())
    for passage in read_sources(sources, Reading("utf-8", "document", tables=Tables(ids=False))):
        if passage.doc != document:
            document, before = passage.doc, f"{text}\n\n" if text else ""
            text, begin = before, len(before)
        text += "\n" * (begin + passage.offset - len(text)) + passage.text
        passages.append(replace(passage, offset=begin + passage.offset))
    return text, passages


ADVICE = {
    "--encoding": "save it as UTF-8",
    "--text-column": "call the column of texts “text”",
    "--skip-bad": "mend it, or take it out",
}
"""Advice for people at the page, by the option that is advised at the command line."""

OPTION = re.compile(r"; [^;]*?(--[a-z-]+)[^;]*")


def for_page(problem: str) -> str:
    """An error with advice on options replaced by that for people at the page, where there is some."""
    advised = [ADVICE[option] for option in OPTION.findall(problem) if option in ADVICE]
    return "; ".join([OPTION.sub("", problem), *advised[:1]])
