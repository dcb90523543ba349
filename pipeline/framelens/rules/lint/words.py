"""Tells which words can be tokens of normalised text at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.strings import get_string_id
from spacy.tokenizer import Tokenizer

from framelens.preprocessing.normalise import flattened, with_short_quotes
from framelens.rules.rule_files import MAX_RUN
from framelens.rules.search import SKIPPED, form_of

IN_LOWER_CASE = {"LOWER", "LEMMA", "NORM"}
"""Attributes whose values hold no capital letters."""


RARE_CAPITALS = {
    "i\u0307": "\u0130", "θ": "\u03f4", "ß": "\u1e9e", "ω": "\u2126", "k": "\u212a", "å": "\u212b",
}  # fmt: skip
"""Letters with a second capital letter, which no change of case gives."""


def cases(word: str) -> tuple[str, ...]:
    """A lower-case word as most texts write it, the usual case last."""
    return word.upper(), word.capitalize(), word


def variants(word: str) -> tuple[str, ...]:
    """A lower-case word as texts write it."""
    forms = [*cases(word), word.title()]
    forms += [word.replace(*row) for row in RARE_CAPITALS.items() if row[0] in word]
    return tuple(dict.fromkeys(forms))


class WordBook:
    """Tells which words can be tokens, given how texts are normalised and tokenized.

    That is of words between white space; between signs that split a word, as in "1©dr.©2", anything can
    be a token.
    """

    def __init__(self, tokenizer: Tokenizer, *, skipped: frozenset[int] = SKIPPED) -> None:
        self.tokenizer, self._skipped = tokenizer, skipped
        self._reasons: dict[tuple[str, str], str | None] = {}

    @cached_property
    def _pieces(self) -> Mapping[str, set[str]]:
        # The tokens of the tokenizer's special cases, such as "I've", may be no tokens elsewhere.
        pieces = self.tokens(" the ".join(self.tokenizer.rules))
        forms = {
            name: {token_form(name, piece) for piece in pieces}
            for name in ("LOWER", "NORM", "ORTH")
        }
        forms["NORM"].update(BASE_NORMS.values())
        return forms

    def tokens(self, text: str) -> list[str]:
        """The tokens of a text within a sentence, as patterns see them."""
        read = self.tokenizer(with_short_quotes(flattened(f"the {text} the")).text)
        return [token.text for token in read if token.orth not in self._skipped][1:-1]

    def never(self, word: str, attribute: str) -> str | None:
        """Why no token has this word as an attribute; None if one may."""
        if attribute in IN_LOWER_CASE and word != word.lower():
            return f"{word!r} has capital letters, which {attribute} never has"
        if attribute == "SHAPE":
            return None
        name = {"LEMMA": "LOWER", "TEXT": "ORTH"}.get(attribute, attribute)
        if (word, name) not in self._reasons:
            self._reasons[word, name] = self._never(word, name)
        return self._reasons[word, name]

    def _never(self, word: str, name: str) -> str | None:
        if not word:
            return "'' is no word"
        if len(word) > MAX_RUN:
            return f"{word[:20]!r}… is longer than any word"
        if word.isalpha() and get_string_id(word) in self._skipped:
            return "the scheme says that matching passes over it"
        if word.isascii() and word.isalpha() and word not in self.tokenizer.rules:
            return None  # the tokenizer would say the same
        if (form := form_of(name, word)) in self._pieces[name]:
            return None
        tokens: list[str] = []
        for text in cases(word) if name in IN_LOWER_CASE else (word,):
            tokens = self.tokens(text)
            if any(token_form(name, token) == form for token in tokens):
                return None
        if not tokens:
            return f"nothing is left of {word!r} where a text is read"
        if len(tokens) == 1:
            return f"{word!r} is read as {tokens[0]!r}; write that"
        read = " ".join(map(repr, tokens[:9]))
        return f"{word!r} is {len(tokens)} tokens: {read}; write a token for each"


def token_form(name: str, token: str) -> str:
    """The form of a token that a test by some attribute compares."""
    return form_of(name, token.lower() if name in IN_LOWER_CASE else token)
