"""Documents with the very text of another: copies, whose sentences are no more evidence than those of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby

from framelens.core.types import Classified, counted

FEWEST_SENTENCES = 3
"""Sentences of a document from which it is no chance, nor a set phrase, that another says the same."""


@dataclass(slots=True)
class Repeats:
    """Looks for copies among the documents of classified sentences as these go by.

    `first` is the first document with each text, by its digest; `copies` are how many others there are,
    and `example` is the first of them with the one that it repeats.
    """

    first: dict[bytes, str] = field(default_factory=dict)
    copies: int = 0
    example: tuple[str, str] | None = None

    def of(self, rows: Iterable[Classified]) -> Iterator[Classified]:
        """The sentences, each document looked at."""
        for document, sentences in groupby(rows, key=lambda row: row.sentence.doc):
            text, count = blake2b(digest_size=16), 0
            for row in sentences:
                text.update(row.frames.text.encode(errors="surrogatepass") + b"\n")
                count += 1
                yield row
            if count >= FEWEST_SENTENCES:
                self._add(document, text.digest())

    def _add(self, document: str, digest: bytes) -> None:
        first = self.first.setdefault(digest, document)
        if first != document:
            self.copies += 1
            self.example = self.example or (document, first)

    def message(self) -> str:
        """A warning on the copies, or nothing."""
        if self.example is None:
            return ""
        copy, original = self.example
        return (
            f"{counted(self.copies, 'document')} with the very sentences of another, such as {copy!r} with "
            f"those of {original!r}: each counts by itself, so that intervals are too narrow if they are one"
        )
