"""Words and pairs of words of a sentence, counted for many sentences at once.

A word is a token with a letter in it, in lower case, or `#` for a token with a digit; a pair
is two words in a row, whatever punctuation stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

from framelens.core.arrays import Ints
from framelens.preprocessing.spelling import known_form

MAX_WORDS = 200_000


def word(lower: str) -> str | None:
    """The word that a token in lower case counts as, or None where it is punctuation."""
    if any(map(str.isalpha, lower)):
        return known_form(lower)
    return "#" if any(map(str.isdigit, lower)) else None


def terms(doc: Doc) -> Iterator[str]:
    """The words of a sentence, then its pairs: `"quiet"`, `"diplomacy"`, `"quiet diplomacy"`.

    What training counts; `TermIndex` finds the same, faster, for the terms a model knows.
    """
    words = [found for token in doc if (found := word(token.lower_)) is not None]
    yield from words
    yield from map(" ".join, pairwise(words))


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of terms in a block: the sentence, the term, the first and last token of each."""

    sentence: Ints
    term: Ints
    first: Ints
    last: Ints

    def of(self, wanted: NDArray[np.bool_]) -> Occurrences:
        """Those of the terms that are wanted, by sentence and then by place."""
        kept = np.flatnonzero(wanted[self.term])
        first, last, sentence = self.first[kept], self.last[kept], self.sentence[kept]
        order = kept[np.lexsort((last, first, sentence))]
        return Occurrences(
            *(part[order] for part in (self.sentence, self.term, self.first, self.last))
        )


class TermIndex:
    """Finds a fixed list of terms in blocks of tokens."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        split = [term.split(" ") for term in vocabulary]
        self.words: dict[str, int] = {}
        for part in (part for parts in split for part in parts):
            self.words.setdefault(part, len(self.words))
        self._single = np.full(len(self.words), -1, dtype=np.int64)
        pairs: list[tuple[int, int]] = []
        for number, parts in enumerate(split):
            if len(parts) == 1:
                self._single[self.words[parts[0]]] = number
            else:
                pairs.append((self._pair(*(self.words[part] for part in parts)), number))
        pairs.sort()
        self._pair_keys = np.array([key for key, _ in pairs], dtype=np.int64)
        self._pair_terms = np.array([term for _, term in pairs], dtype=np.int64)

    def _pair(self, left: int, right: int) -> int:
        return left * len(self.words) + right

    def number(self, lower: str) -> int:
        """A token's word as a number: −1 for a word of no term, −2 for punctuation."""
        found = word(lower)
        return -2 if found is None else self.words.get(found, -1)

    def find(self, words: Ints, sentences: Ints) -> Occurrences:
        """The terms among tokens given as word numbers, with each token's sentence."""
        tokens = np.flatnonzero(words > -2)
        words, sentences = words[tokens], sentences[tokens]
        known = words >= 0
        single = np.where(known, self._single[words], -1) if len(self._single) else words * 0 - 1
        ones = np.flatnonzero(single >= 0)
        twos, pair_terms = self._find_pairs(words, sentences, known)
        return Occurrences(
            np.concatenate([sentences[ones], sentences[twos]]),
            np.concatenate([single[ones], pair_terms]),
            np.concatenate([tokens[ones], tokens[twos]]),
            np.concatenate([tokens[ones], tokens[twos + 1]]),
        )

    def _find_pairs(
        self, words: Ints, sentences: Ints, known: NDArray[np.bool_]
    ) -> tuple[Ints, Ints]:
        if not len(self._pair_keys) or len(words) < 2:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        twos = np.flatnonzero(known[:-1] & known[1:] & (sentences[:-1] == sentences[1:]))
        keys = words[twos] * len(self.words) + words[twos + 1]
        places = np.minimum(np.searchsorted(self._pair_keys, keys), len(self._pair_keys) - 1)
        present = self._pair_keys[places] == keys
        return twos[present], self._pair_terms[places[present]]


class WordNumbers(dict[int, int]):
    """The number of a token's word in an index, by the token's ORTH key, found once a word."""

    def __init__(self, vocab: Vocab, index: TermIndex) -> None:
        super().__init__()
        self.vocab, self.index = vocab, index

    def __missing__(self, orth: int) -> int:
        if len(self) >= MAX_WORDS:
            self.clear()
        self[orth] = self.index.number(self.vocab[orth].lower_)
        return self[orth]
