"""Text → tokens, for any text, in time that grows with its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, groupby
from types import SimpleNamespace
from typing import Any

from spacy.lang.en import English
from spacy.language import create_tokenizer
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab, create_vocab

from framelens.core.memory import PerWord
from framelens.core.types import storable
from framelens.preprocessing.normalise import View, normalised, without
from framelens.preprocessing.spelling import known_form, may_be_piece, spaces_within_words

LONGEST = 256
"""Characters without white space that are tokenized together; longer runs are cut."""

CACHE = 200_000
"""Size of the tokenizer's cache; with spaCy's 10,000 it is three times slower."""

Edges = list[tuple[int, int]]
"""Where each token begins and ends."""

_RUNS = re.compile(rf"\S{{{LONGEST}}}(?=\S)")


def english_tokenizer(vocab: Vocab | None = None) -> Tokenizer:
    """The tokenizer of blank English with a larger cache, made without the pipeline, which would take
    half as much time again; `vocab` is by default a new one."""
    # All that spaCy's `create_tokenizer` reads of a pipeline.
    words = English.Defaults
    own = create_vocab(English.lang, words) if vocab is None else vocab
    nlp: Any = SimpleNamespace(Defaults=words, vocab=own)
    tokenizer: Any = create_tokenizer()(nlp)
    tokenizer.max_cache_size = CACHE
    return tokenizer


def sentence_tokens(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a sentence as it is read (see `framelens.preprocessing.normalise`)."""
    view = normalised(text)
    stretches = view.text.split(" ")
    spaces = spaces_within_words(stretches, {*filter(may_be_piece, stretches)})
    return tokenized(without(view, spaces).text, tokenizer)


def word(lower: str) -> str | None:
    """The term of a lower-case token: its known form, "#" for a number, None for punctuation."""
    if any(map(str.isalpha, lower)):
        return known_form(lower)
    return "#" if any(map(str.isdigit, lower)) else None


def tokenized(text: str, tokenizer: Tokenizer) -> Doc:
    """The tokens of a text, with U+FFFD for each lone surrogate.

    Runs without white space are cut every LONGEST characters: the tokenizer's time can grow with the
    square of their length.
    """
    text = storable(text)
    if len(text) <= LONGEST or len(max(text.split(), key=len, default="")) <= LONGEST:
        return _doc(text, tokenizer)
    parts = [_doc(part, tokenizer) for part in _stretches(text)]
    whole = Doc.from_docs(parts, ensure_whitespace=False)
    assert whole is not None
    return whole


class TokenKeys(dict[str, list[int]]):
    """A cache from a stretch of text between spaces to the ORTH keys of its tokens.

    spaCy tokenizes each such stretch by itself, and most occur in many texts: looking them up takes a
    third of the time of making a Doc. The cache is emptied when it is full. `parts` are the words that
    ran together in a token. Which stretches may be pieces of words is kept, too, so that most texts are
    not looked through for spaces within words.
    """

    def __init__(
        self, tokenizer: Tokenizer, parts: Callable[[str], Sequence[str]] = lambda word: (word,)
    ) -> None:
        super().__init__()
        self._parts = parts
        self._pieces = set[str]()
        self._tokenizer, self._vocab = tokenizer, tokenizer.vocab
        self._lengths = PerWord(self._vocab, lambda word: len(word.orth_))

    def __missing__(self, stretch: str) -> list[int]:
        keys = self._keys(token.text for token in tokenized(stretch, self._tokenizer))
        if may_be_piece(stretch):
            self._pieces.add(stretch)
        # Keys that a memory zone will free must not stay in the cache.
        if len(stretch) <= LONGEST and not self._vocab.in_memory_zone:
            if len(self) >= CACHE:
                self.clear()
            self[stretch] = keys
        return keys

    @contextmanager
    def together(self, texts: Iterable[str]) -> Iterator[None]:
        """Fill the cache for some texts, for the block, with one Doc, which costs as much as ten tokens."""
        stretches = set(" ".join(texts).split(" ")).difference(self)
        # What may not be printed, as white space or half a surrogate pair, is left to `__missing__`.
        lines = sorted(
            one for one in stretches if one and one.isprintable() and len(one) <= LONGEST
        )
        new = dict(zip(lines, self._of_lines(lines), strict=True))
        if len(self) + len(new) > CACHE:
            self.clear()
        self.update(new)
        self._pieces.update(filter(may_be_piece, new))
        try:
            yield
        finally:
            if self._vocab.in_memory_zone:
                for stretch in new:
                    self.pop(stretch, None)

    def _of_lines(self, lines: Sequence[str]) -> Iterator[list[int]]:
        """The keys of each line's tokens; a line break always ends a token."""
        doc = _doc("\n".join(lines), self._tokenizer)
        for is_end, own in groupby([token.text for token in doc], "\n".__eq__):
            if not is_end:
                yield self._keys(own)

    def _keys(self, words: Iterable[str]) -> list[int]:
        return list(map(self._vocab.strings.add, chain.from_iterable(map(self._parts, words))))

    def read(self, view: View) -> tuple[View, list[int]]:
        """A view without spaces within words, and the keys of the tokens of its text, in which all white
        space is single spaces."""
        if len(self._pieces) > CACHE:
            self.clear()
            self._pieces.clear()
        stretches = view.text.split(" ")
        keys = self.of(stretches)
        if self._pieces.isdisjoint(stretches):
            return view, keys
        if not (spaces := spaces_within_words(stretches, self._pieces)):
            return view, keys
        view = without(view, spaces)
        return view, self.of(view.text.split(" "))

    def of(self, stretches: Iterable[str]) -> list[int]:
        """The keys of the tokens of stretches of text between spaces."""
        return list(chain.from_iterable(map(self.__getitem__, stretches)))

    def add_edges(self, edges: Edges, text: str, keys: Sequence[int]) -> None:
        """Add where the next tokens of a text begin and end, given their keys, to those before them."""
        add, at = edges.append, edges[-1][1] if edges else 0
        for length in map(self._lengths.__getitem__, keys):
            if text[at] == " ":
                at += 1
            add((at, at := at + length))


def _doc(text: str, tokenizer: Tokenizer) -> Doc:
    doc: Doc = tokenizer(text)
    return doc


def _stretches(text: str) -> Iterator[str]:
    start = 0
    for run in _RUNS.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]
