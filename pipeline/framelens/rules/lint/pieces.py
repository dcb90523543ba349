"""Finds tokens in a row that spell a word as the tokenizer would cut it, but not as views have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from framelens.preprocessing.normalise import flattened, with_short_quotes
from framelens.preprocessing.spelling import ONE_FOR_ONE
from framelens.rules.compiling import PlainPattern, PlainToken, counts
from framelens.rules.lint.finding import Findings
from framelens.rules.lint.patterns import Written
from framelens.rules.lint.tokens import candidates
from framelens.rules.lint.words import IN_LOWER_CASE, WordBook, cases, token_form
from framelens.rules.search import form_of

MAX_PIECES = 5
"""Most tokens in a row that are tried: three words in quotation marks."""

MAX_CHOSEN = 5000
"""Most choices of words that are tried for some tokens."""

MAX_LOOKED = 500_000
"""Most choices tried in all, which bounds the time."""

Choices = tuple[tuple[str, str], ...]
"""The words that a token may be, each with the attribute that asks for it."""


class Cut(NamedTuple):
    """A word, and its tokens in normalised text."""

    word: str
    tokens: list[str]


def find_pieces(written: Iterable[Written], book: WordBook, findings: Findings) -> None:
    """Find tokens in a row that never match the word that they spell."""
    cuts: dict[tuple[Choices, ...], list[Cut]] = {}
    left = MAX_LOOKED
    for row in written:
        reported: set[int] = set()
        for first, choices in _rows(row.plain):
            if choices not in cuts:
                chosen = list(islice(product(*choices), min(left, MAX_CHOSEN)))
                cuts[choices] = list(_cuts(chosen, book))
                left -= len(chosen)
            numbers = range(first, first + len(choices))
            for word, tokens in () if reported.intersection(numbers) else cuts[choices]:
                place = f"{row.name}, tokens {numbers[0]} to {numbers[-1]}"
                read = " ".join(map(repr, tokens))
                message = f"{place} find nothing in {word!r}, which is read as {read}; write that"
                findings.warning(row.item, "never", message)
            reported.update(numbers if cuts[choices] else ())


def _rows(pattern: PlainPattern) -> Iterator[tuple[int, tuple[Choices, ...]]]:
    """Runs of tokens that each list words and occur once, with the number of the first; a word of a run
    has a sign, without which normalisation changes nothing."""
    named = [_choices(token) for token in pattern]
    signs = [any(not word.isalnum() for _, word in row) for row in named]
    for size, first in product(range(2, MAX_PIECES + 1), range(len(named))):
        row = named[first : first + size]
        if len(row) == size and all(row) and any(signs[first : first + size]):
            yield first + 1, tuple(row)


def _choices(token: PlainToken) -> Choices:
    if token.get("OP") == "!" or counts(token.get("OP")) != (1, 1):
        return ()
    return tuple(candidates(token) or ())


def _cuts(chosen: Sequence[Choices], book: WordBook) -> Iterator[Cut]:
    words = [_together([word.translate(ONE_FOR_ONE) for _, word in row]) for row in chosen]
    together = f"the {' the '.join(words)} the"
    if with_short_quotes(flattened(together)).text != together:
        cuts = (_cut(word, row, book) for word, row in zip(words, chosen, strict=True))
        yield from filter(None, cuts)


def _together(pieces: Sequence[str]) -> str:
    """Pieces joined, with spaces between words."""
    joined = ""
    for piece in pieces:
        joined += f" {piece}" if joined[-1:].isalnum() and piece.isalnum() else piece
    return joined


def _cut(word: str, pieces: Choices, book: WordBook) -> Cut | None:
    """The tokens of a word in normalised text, if the tokenizer alone would cut it into the pieces; None
    if not, or if the pieces are among these tokens all the same."""
    cut = None
    wanted = [form_of(name, piece) for name, piece in pieces]
    lower = all(name in IN_LOWER_CASE for name, _ in pieces)
    for text in cases(word) if lower else (word,):
        if _forms([token.text for token in book.tokenizer(text)], pieces) != wanted:
            continue
        tokens = book.tokens(text)
        if any(_forms(tokens[at:], pieces) == wanted for at in range(len(tokens))):
            return None
        cut = Cut(text, tokens)
    return cut


def _forms(tokens: Sequence[str], pieces: Choices) -> list[str]:
    """The forms of the first tokens that the tests of some pieces compare."""
    return [token_form(name, token) for token, (name, _) in zip(tokens, pieces, strict=False)]
