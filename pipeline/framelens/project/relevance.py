"""Sentences that are relevant to a codebook's subject, by words near them or by the model.

A speech of twenty minutes may give two to the subject of a codebook; shares of all its sentences
then say more of what else it spoke of. Two things tell, and either can choose sentences. One is no
measure of meaning: a sentence is taken for relevant where it, or the sentence before or after it in
its document, holds one of some words. The other is the probability, which the model gives by the
words of the sentence alone, that it is about the codebook's subject at all (`SentenceFrames.about`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from framelens.core.errors import FramelensError
from framelens.core.types import Classified

FIELD = "relevant"
YES, NO = "yes", "no"
"""The field that says whether a sentence is relevant, and its values."""


def words_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """The expression for some words or phrases, whole, in any case of letters and with any white space
    between; `right*` stands for all words that begin so. Raise FramelensError for one without a letter."""
    patterns = []
    for word in words:
        parts = word.rstrip("*").split()
        if not any(char.isalnum() for char in word):
            raise FramelensError(
                f"--about {word!r}: expected a word or phrase, such as 'human rights'"
            )
        end = r"\w*" if word.endswith("*") else ""
        patterns.append(r"\s+".join(map(re.escape, parts)) + end)
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def with_relevance(rows: Iterable[Classified], words: Sequence[str]) -> Iterator[Classified]:
    """The sentences, each with the field `relevant`: yes if it, the one before it or the one after it
    holds one of the words."""
    pattern = words_pattern(words)
    last, last_holds, before_holds = None, False, False
    for row in rows:
        holds = pattern.search(row.frames.text) is not None
        if last is not None:
            same = last.sentence.doc == row.sentence.doc
            yield _marked(last, relevant=before_holds or last_holds or (same and holds))
            before_holds = same and last_holds
        last, last_holds = row, holds
    if last is not None:
        yield _marked(last, relevant=before_holds or last_holds)


def _marked(row: Classified, *, relevant: bool) -> Classified:
    fields = {**row.sentence.fields, FIELD: YES if relevant else NO}
    return replace(row, sentence=replace(row.sentence, fields=fields))


@dataclass(slots=True)
class Relevant:
    """Lets relevant sentences pass and counts the others. Relevant are those near `words`, if any, that
    are about the codebook's subject with a probability of at least `least`."""

    words: Sequence[str] = ()
    least: float = 0.0
    kept: int = 0
    left_out: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.least <= 1:
            raise FramelensError(f"--min-about {self.least}: expected a probability from 0 to 1")

    @property
    def chooses(self) -> bool:
        """Whether it can leave any sentence out."""
        return bool(self.words or self.least)

    def of(self, rows: Iterable[Classified]) -> Iterator[Classified]:
        """The relevant sentences; raise FramelensError where the model does not tell a probability that
        is needed, and where no sentence is relevant."""
        for row in rows:
            if self.least and row.frames.about is None:
                raise FramelensError(
                    f"{row.sentence.doc}: nothing says how probably its sentences are about the "
                    "codebook's subject; --min-about goes with a model that does"
                )
            is_near = not self.words or row.sentence.fields.get(FIELD) == YES
            if not is_near or (row.frames.about or 0.0) < self.least:
                self.left_out += 1
            else:
                self.kept += 1
                yield row
        if self.left_out and not self.kept:
            raise FramelensError(f"no sentence is left of {self.left_out:,}: none {self._which()}")

    def _which(self) -> str:
        """What relevant sentences have in common, with the options that ask for it."""
        which = []
        if self.words:
            named = " or ".join(map(repr, self.words))
            which.append(f"names {named}, or stands beside one that does (--about)")
        if self.least:
            probable = f"with a probability of {self.least:g} or more (--min-about)"
            which.append(f"is about the codebook's subject {probable}")
        return ", and ".join(which)

    def message(self) -> str:
        """A sentence on what was left out, or nothing."""
        if not self.chooses:
            return ""
        which = []
        if self.words:
            named = ", ".join(f"“{word}”" for word in self.words)
            which.append(f"name {named}, or stand beside one that does")
        if self.least:
            probable = f"with a probability of {self.least:g} or more"
            which.append(f"are about the codebook’s subject {probable}")
        whole = self.kept + self.left_out
        return f"Only sentences that {', and '.join(which)} were taken: {self.kept:,} of {whole:,}."
