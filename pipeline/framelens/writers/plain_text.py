"""Passages → text files that their offsets refer to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterable
from hashlib import sha256
from itertools import groupby
from os.path import realpath
from pathlib import Path
from unicodedata import normalize

from framelens.core.errors import at
from framelens.core.files import check_writable, clear_away, make_folder, open_whole
from framelens.core.types import Passage

TEXT = ".txt"
LONGEST = 160
"""The longest name that stays as it is, in bytes; file systems take 255."""

UNSAFE = re.compile(r"[^\w.-]+|^[.-]+")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices."""


def save_texts(
    passages: Iterable[Passage],
    folder: Path,
    *,
    inputs: Iterable[Path] = (),
    others: Iterable[Path] = (),
) -> Generator[Passage, None, None]:
    """The passages, each document's text written to a file of its own as they go by.

    A file is in place once its document has been passed on whole, else removed on `close`. Offsets
    of passages are characters of it; the white space between two passages is written as line
    breaks. The folder is made if there is none. Raise FramelensError at once if it cannot be
    written to, or if one of the `inputs` lies in it, or is to, or a text of `others` that are read or
    written: they might be overwritten. No link in it is followed.
    """
    make_folder(folder)
    check_writable(folder / "text.txt")
    place = Path(realpath(folder))
    for path in (*inputs, *(path for path in others if path.suffix.lower() == TEXT)):
        if place in (Path(realpath(path)).parent, Path(realpath(path.parent))):
            problem = f"holds {path.name}, which is read or written, too; expected another folder"
            raise at(folder, None, problem)
    return _saved(passages, folder)


class FileNames:
    """Gives each document a file name of its own, even where case does not count.

    Letters, digits, dots and hyphens stay, other characters become `_`; a long name is cut and gets
    a digest, a second one of a name `-2`.
    """

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()

    def name(self, document: str) -> str:
        """The name for the next document, ending in `.txt`."""
        stem = _safe(document)
        while self._times[stem.casefold()]:
            self._times[stem.casefold()] += 1
            stem = f"{stem}-{self._times[stem.casefold()]}"
        self._times[stem.casefold()] = 1
        return f"{stem}{TEXT}"


def _saved(passages: Iterable[Passage], folder: Path) -> Generator[Passage, None, None]:
    names = FileNames()
    clear_away(folder.glob(".*.partial"))
    for document, group in groupby(passages, key=lambda passage: passage.doc):
        end = 0
        with open_whole(folder / names.name(document), follow=False) as out:
            for passage in group:
                out.write("\n" * (passage.offset - end) + passage.text)
                end = passage.offset + len(passage.text)
                yield passage


def _safe(document: str) -> str:
    name = UNSAFE.sub("_", normalize("NFC", document)).removesuffix(TEXT).rstrip(".") or "_"
    if RESERVED.match(name):
        name = f"_{name}"
    if len(name.encode()) > LONGEST:
        cut = name.encode()[:LONGEST].decode("utf-8", "ignore")
        name = f"{cut}-{sha256(document.encode()).hexdigest()[:8]}"
    return name
