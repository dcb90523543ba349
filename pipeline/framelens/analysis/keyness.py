"""Keyness: the terms and rules that a group of sentences has more or less of than the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokenizer import Tokenizer

from framelens.classification.model import terms
from framelens.core.types import Bools, Ints
from framelens.preprocessing.tokenizer import tokenized
from framelens.statistics.log_odds import informative_prior, log_odds

FEWEST = 5
"""Sentences that must hold an item for it to be compared."""

CERTAIN = 1.96
"""The z from which a difference is shown: 95%, for each item by itself."""

COVERED = 0.8
"""Share of a word's sentences from which a pair of words that holds it says enough."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """An item that a group has more of than the other sentences, or (z below 0) less.

    `here` and `elsewhere` are sentences that hold it, in the group and outside; `delta` and `z` are
    as in `LogOdds`.
    """

    item: str
    here: int
    elsewhere: int
    delta: float
    z: float


class Presence:
    """The items (terms or rules) of each sentence, each counted once a sentence."""

    def __init__(self, sentences: Iterable[Iterable[str]]) -> None:
        numbers: dict[str, int] = {}
        by_sentence = [
            sorted({numbers.setdefault(item, len(numbers)) for item in items})
            for items in sentences
        ]
        self.items = tuple(numbers)
        self._numbers = numbers
        self._item = np.array(list(chain.from_iterable(by_sentence)), dtype=np.int64)
        self._sentence = np.repeat(np.arange(len(by_sentence)), list(map(len, by_sentence)))

    def holders(self, item: str) -> list[int]:
        """The sentences, by number, that hold an item."""
        sentences: list[int] = self._sentence[self._item == self._numbers[item]].tolist()
        return sentences

    def counts(self, inside: Bools) -> Ints:
        """For each item, how many of the sentences marked in `inside` hold it."""
        kept = inside[self._sentence]
        return np.bincount(self._item[kept], minlength=len(self.items))


def distinctive(
    presence: Presence, group: Sequence[bool], *, fewest: int = FEWEST
) -> list[Distinct]:
    """The items in which a group differs surely enough from the other sentences, those that it has
    more of first.

    `group` says of each sentence whether it is in the group; an item that fewer than `fewest`
    sentences hold is left out.
    """
    inside = np.array(group, dtype=bool)
    here, elsewhere = presence.counts(inside), presence.counts(~inside)
    if len(presence.items) < 2 or not here.any() or not elsewhere.any():
        return []
    compared = log_odds(here, elsewhere, informative_prior(here + elsewhere))
    kept = np.flatnonzero((here + elsewhere >= fewest) & (np.abs(compared.z) >= CERTAIN))
    distinct = [
        Distinct(presence.items[at], int(here[at]), int(elsewhere[at]), float(d), float(z))
        for at, d, z in zip(kept.tolist(), compared.delta[kept], compared.z[kept], strict=True)
    ]
    return sorted(distinct, key=lambda one: (-one.z, one.item))


def without_parts(distinct: Sequence[Distinct]) -> list[Distinct]:
    """The rows without single words that say little beside a pair of words which holds them."""
    pairs = [(set(one.item.split(" ")), one.here, one.z > 0) for one in distinct if " " in one.item]
    return [
        one
        for one in distinct
        if " " in one.item
        or not any(
            one.item in words and (one.z > 0) == more and here >= COVERED * one.here
            for words, here, more in pairs
        )
    ]


def content_terms(text: str, tokenizer: Tokenizer) -> Iterator[str]:
    """The words of a sentence and its pairs of words, without numbers and function words."""
    for term in terms(tokenized(text, tokenizer)):
        words = term.split(" ")
        if not any(word == "#" or word in STOP_WORDS or len(word) < 2 for word in words):
            yield term
