"""spaCy's vocabulary, kept from growing with every text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spacy.vocab import Vocab

MOST_WORDS = 150_000
"""Words that are kept, about a kilobyte each: of those that come later most are rare."""


@contextmanager
def bounded(vocab: Vocab) -> Iterator[None]:
    """Let the words that the block adds to a large vocabulary go again at its end.

    What spaCy made in the block is not to be used after it.
    """
    if len(vocab) < MOST_WORDS or vocab.in_memory_zone:  # type: ignore[attr-defined]
        yield
        return
    with vocab.memory_zone():
        yield
