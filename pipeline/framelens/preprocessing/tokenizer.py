"""Text → tokens, for any text, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, groupby
from types import SimpleNamespace
from typing import Any

import spacy
from spacy.lang.en import English
from spacy.language import Language, create_tokenizer
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab, create_vocab

from framelens.core.memory import PerWord
from framelens.core.types import storable
from framelens.preprocessing.normalise import normalised

LONGEST = 256
"""Characters in a row without white space that are tokenized together."""

CACHE = 200_000
"""Words whose tokens the tokenizer remembers; with spaCy's 10,000 it is three times slower."""

Edges = list[tuple[int, int]]
"""Where each token begins and ends."""

_RUNS = re.compile(rf"\S{{{LONGEST}}}(?=\S)")


def english() -> Language:
    """Blank English with that tokenizer's cache, where a pipeline is wanted."""
    nlp = spacy.blank("en")
    tokenizer: Any = nlp.tokenizer  # which spaCy types as any function
    tokenizer.max_cache_size = CACHE
    return nlp


def english_tokenizer() -> Tokenizer:
    """The tokenizer of blank English, with room for a large vocabulary in its cache.

    `spacy.blank("en")` would make the same one in half as much time again, with a pipeline around
    it.
    """
    # All that spaCy's own maker of tokenizers asks of a pipeline.
    words = English.Defaults
    nlp: Any = SimpleNamespace(Defaults=words, vocab=create_vocab(English.lang, words))
    tokenizer: Any = create_tokenizer()(nlp)
    tokenizer.max_cache_size = CACHE
    return tokenizer


def sentence_tokens(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a sentence as it is read (see `framelens.preprocessing.normalise`)."""
    return tokenized(normalised(text).text, tokenizer)


def tokenized(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a text, which the Doc holds with U+FFFD for each lone surrogate.

    A run without white space is cut into stretches of LONGEST characters, for a tokenizer takes
    time with the square of it where it is all brackets, say.
    """
    text = storable(text)
    if len(text) <= LONGEST or len(max(text.split(), key=len, default="")) <= LONGEST:
        return _doc(text, tokenizer)
    parts = [_doc(part, tokenizer) for part in _stretches(text)]
    whole = Doc.from_docs(parts, ensure_whitespace=False)
    assert whole is not None
    return whole


class TokenKeys(dict[str, list[int]]):
    """The ORTH keys of the tokens of each stretch between spaces, found once a stretch.

    A tokenizer cuts each such stretch by itself, and most stand in many texts: to look them up here takes
    a third of the time that a Doc of the text does. Of many stretches all are forgotten, now and then.
    """

    def __init__(self, tokenizer: Tokenizer, vocab: Vocab) -> None:
        super().__init__()
        self._tokenizer, self._vocab = tokenizer, vocab
        self._lengths = PerWord(vocab, lambda word: len(word.orth_))

    def __missing__(self, stretch: str) -> list[int]:
        words = [token.text for token in tokenized(stretch, self._tokenizer)]
        keys = list(map(self._vocab.strings.add, words))
        # What a vocabulary lets go again must not be known here for longer.
        if len(stretch) <= LONGEST and not self._vocab.in_memory_zone:  # type: ignore[attr-defined]
            if len(self) >= CACHE:
                self.clear()
            self[stretch] = keys
        return keys

    @contextmanager
    def together(self, texts: Iterable[str]) -> Iterator[None]:
        """Find those of all texts at once, for the block: a Doc takes as long to make as ten tokens in it."""
        new: dict[str, list[int]] = {}
        if type(self._tokenizer) is Tokenizer:  # others may cut elsewhere than at white space
            stretches = set(" ".join(texts).split(" ")).difference(self)
            lines = sorted(one for one in stretches if one.split() == [one] and len(one) <= LONGEST)
            new = dict(zip(lines, self._of_lines(lines), strict=True))
            if len(self) + len(new) > CACHE:
                self.clear()
            self.update(new)
        try:
            yield
        finally:
            if self._vocab.in_memory_zone:  # type: ignore[attr-defined]
                for stretch in new:
                    self.pop(stretch, None)

    def _of_lines(self, lines: Sequence[str]) -> Iterator[list[int]]:
        """The keys of each line's tokens: tokens of two lines do not touch, and do not change each other."""
        doc = _doc(storable("\n".join(lines)), self._tokenizer)
        add = self._vocab.strings.add
        for is_end, own in groupby([token.text for token in doc], "\n".__eq__):
            if not is_end:
                yield list(map(add, own))

    def of(self, text: str) -> list[int]:
        """Those of a text with single spaces and no other white space: of a view's."""
        return list(chain.from_iterable(map(self.__getitem__, text.split(" "))))

    def edges(self, text: str, keys: Sequence[int]) -> Edges:
        """Where each token of a text begins and ends, given their keys."""
        found: Edges = []
        add, at = found.append, 0
        for length in map(self._lengths.__getitem__, keys):
            if text[at] == " ":
                at += 1
            add((at, at := at + length))
        return found


def _doc(text: str, tokenizer: Tokenizer) -> Doc:
    found: Doc = tokenizer(text)
    return found


def _stretches(text: str) -> Iterator[str]:
    start = 0
    for run in _RUNS.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]
