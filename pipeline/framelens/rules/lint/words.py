"""Which words can be tokens of a text at all."""

from __future__ import annotations

from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.rules.rule_files import MAX_RUN

IN_LOWER_CASE = {"LOWER", "LEMMA", "NORM"}
"""Attributes whose values hold no capital letters."""


RARE_CAPITALS = {
    "i\u0307": "\u0130", "θ": "\u03f4", "ß": "\u1e9e", "ω": "\u2126", "k": "\u212a", "å": "\u212b",
}  # fmt: skip
"""Letters with a second capital letter, which no change of case gives."""


def variants(word: str) -> tuple[str, ...]:
    """A lower-case word as texts write it."""
    found = [word, word.capitalize(), word.upper(), word.title()]
    found += [word.replace(*row) for row in RARE_CAPITALS.items() if row[0] in word]
    return tuple(dict.fromkeys(found))


class WordBook:
    """Tells words that can be tokens from words that cannot, by the tokenizer.

    It speaks of words between white space. What stands between signs that split such a word, as
    in "1©dr.©2", the tokenizer takes as it is.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        cases = (case for row in tokenizer.rules.values() for case in row)
        # Of a word such as "I've" that the tokenizer knows, a piece need be no token by itself.
        exact = frozenset(case[ORTH] for case in cases)
        self._pieces = {False: exact, True: frozenset(piece.lower() for piece in exact)}
        self._known: dict[tuple[str, bool], str | None] = {}

    def never(self, word: str, attribute: str) -> str | None:
        """Why no token has this word as an attribute (None where one may)."""
        lower = attribute in IN_LOWER_CASE
        if lower and word != word.lower():
            return f"{word!r} has capital letters, which {attribute} never has"
        if attribute == "NORM":
            return None
        if (word, lower) not in self._known:
            self._known[word, lower] = self._never(word, lower)
        return self._known[word, lower]

    def _never(self, word: str, lower: bool) -> str | None:
        if not word:
            return "'' is no word"
        if len(word) > MAX_RUN:
            return f"{word[:20]!r}… is longer than any word"
        if word in self._pieces[lower]:
            return None
        tokens: list[str] = []
        for text in reversed(variants(word) if lower else (word,)):
            tokens = [token.text for token in self.tokenizer(text)]
            if len(tokens) == 1:
                return None
        return f"{word!r} is {len(tokens)} tokens: {' '.join(map(repr, tokens[:9]))}"
