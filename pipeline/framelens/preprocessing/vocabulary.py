"""spaCy's vocabulary, kept from growing with every text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spacy.attrs import NAMES
from spacy.vocab import Vocab

MOST_WORDS = 150_000
"""Words that are kept, about a kilobyte each: of those that come later most are rare."""


@contextmanager
def bounded(vocab: Vocab) -> Iterator[None]:
    """Let the words that the block adds to a large vocabulary go again at its end.

    What spaCy made in the block is not to be used after it.
    """
    if len(vocab) < MOST_WORDS:
        yield
        return
    with forgetting(vocab):
        yield


@contextmanager
def forgetting(vocab: Vocab) -> Iterator[None]:
    """Let the words that the block adds go again at its end, unless a block around it does."""
    if vocab.in_memory_zone:  # type: ignore[attr-defined]
        yield
        return
    # A word that is called as one of spaCy's own attributes (IS_ALPHA) is lost when it is first met
    # in a zone, and looking it up again fails.
    for name in NAMES:
        if name:
            vocab[name]
    with vocab.memory_zone():
        yield
