"""Which sentences stand near words that say what a text is about.

A speech of twenty minutes may give two to the subject of a codebook; shares of all its sentences
then say more of what else it spoke of. This is no measure of meaning: a sentence is taken for
relevant where it, or the sentence before or after it in its document, holds one of some words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from framelens.core.errors import FramelensError
from framelens.core.types import Classified

FIELD = "relevant"
YES, NO = "yes", "no"
"""The field that tells it, and what it holds."""


def words_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """What finds one of some words or phrases, whole, in any case of letters and across any white
    space; `right*` finds all that begins so. Raise FramelensError for one without a letter."""
    found = []
    for word in words:
        parts = word.rstrip("*").split()
        if not any(char.isalnum() for char in word):
            raise FramelensError(
                f"--about {word!r}: expected a word or phrase, such as 'human rights'"
            )
        end = r"\w*" if word.endswith("*") else ""
        found.append(r"\s+".join(map(re.escape, parts)) + end)
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


def with_relevance(rows: Iterable[Classified], words: Sequence[str]) -> Iterator[Classified]:
    """The sentences, each with the field `relevant`; one is held back till the next is there."""
    pattern = words_pattern(words)
    before, held, named = False, None, False
    for row in rows:
        names = pattern.search(row.frames.text) is not None
        if held is not None:
            follows = held.sentence.doc == row.sentence.doc
            yield _marked(held, relevant=before or named or (follows and names))
            before = follows and named
        held, named = row, names
    if held is not None:
        yield _marked(held, relevant=before or named)


def _marked(row: Classified, *, relevant: bool) -> Classified:
    fields = {**row.sentence.fields, FIELD: YES if relevant else NO}
    return replace(row, sentence=replace(row.sentence, fields=fields))


@dataclass(slots=True)
class Relevant:
    """Lets relevant sentences pass and counts the others."""

    words: Sequence[str]
    kept: int = 0
    left_out: int = 0

    def of(self, rows: Iterable[Classified]) -> Iterator[Classified]:
        """The relevant sentences; all of them where no words were given."""
        for row in rows:
            if self.words and row.sentence.fields.get(FIELD) != YES:
                self.left_out += 1
            else:
                self.kept += 1
                yield row

    def told(self) -> str:
        """A sentence on what was left out, or nothing."""
        if not self.words:
            return ""
        named = ", ".join(f"“{word}”" for word in self.words)
        whole = self.kept + self.left_out
        return (
            f"Only sentences that name {named}, or stand beside one that does, were taken: "
            f"{self.kept:,} of {whole:,}."
        )
