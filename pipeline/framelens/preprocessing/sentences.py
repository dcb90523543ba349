"""Where sentences begin and end: text → blocks → pieces → sentences.

A blank line ends a block; boundaries.py says which line breaks end a piece, and
which full stops end a sentence within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from framelens.preprocessing.boundaries import BREAKS, pieces, sentences_at_stops
from framelens.preprocessing.normalise import prepared

MAX_BLOCK = 100_000
MAX_SENTENCE = 10_000

Span = tuple[int, int]

_BLANK_LINE = re.compile(rf"[{BREAKS}](?:(?<=\r)\n)?+[^\S{BREAKS}]*+[{BREAKS}]")
_BLANK_LINE_OF_LF = re.compile(r"\n[^\S\n]*+\n")
_NON_SPACE = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")


def blocks(text: str) -> Iterator[Span]:
    """The stretches between blank lines, as offsets without the white space around them.

    One over MAX_BLOCK characters is cut after its last line break before that, else at white
    space, else hard. A block depends on the text from its start on only, and all but the last stay
    as they are when text is appended: a reader may take blocks from a buffer, hold back the last,
    read more, and go on.
    """
    # The regex engine finds one character ten times as fast as one of five.
    only_lf = all(char not in text for char in BREAKS if char != "\n")
    blank_line = _BLANK_LINE_OF_LF if only_lf else _BLANK_LINE
    found = _NON_SPACE.search(text)
    while found:
        start = found.start()
        end = _block_end(text, start, blank_line)
        yield start, _trimmed(text, start, end)
        found = _NON_SPACE.search(text, end)


def split(text: str) -> list[Span]:
    """The sentences of a text: (start, end) offsets in order, trimmed of white space.

    Every character that can be seen is in exactly one. They begin and end at white space, except
    where one without any would be longer than MAX_SENTENCE characters, and after a note mark that
    is glued to the next sentence.
    """
    view = prepared(text)
    found = _split(view.text)
    if view.offsets is None:
        return found
    return [(view.start(start), view.start(end)) for start, end in found]


def _split(text: str) -> list[Span]:
    sentences: list[Span] = []
    for start, end in blocks(text):
        found = sentences_at_stops(text, pieces(text, start, end))
        if not all(_has_word(text, span) for span in found):
            found = _join_wordless(text, found)
        if end - start > MAX_SENTENCE:
            found = [part for span in found for part in _cut(text, *span)]
        sentences += found
    return sentences


def set_sentences(doc: Doc) -> None:
    """Set `is_sent_start` of every token of a Doc by `split`.

    White space at the start is part of the first sentence, any other of the sentence before it.
    """
    if not len(doc):
        return
    later_starts = [start for start, _ in split(doc.text)[1:]]
    tokens = np.searchsorted(doc.to_array(["IDX"]).ravel(), later_starts)
    marks = np.full((len(doc), 1), -1, dtype=np.int64)
    marks[tokens[tokens < len(doc)]] = 1
    marks[0] = 1
    doc.from_array(["SENT_START"], marks.view(np.uint64))  # type: ignore[arg-type]  # stub: int


class SentenceSplitter:
    """The spaCy component `framelens_sentences`."""

    def __call__(self, doc: Doc) -> Doc:
        set_sentences(doc)
        return doc


@Language.factory("framelens_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_sentences(nlp: Language, name: str) -> SentenceSplitter:  # noqa: ARG001
    """Make the component; it has no settings."""
    return SentenceSplitter()


def _block_end(text: str, start: int, blank_line: re.Pattern[str]) -> int:
    cap = start + MAX_BLOCK
    if blank := blank_line.search(text, start, cap):
        return blank.start()
    if not _NON_SPACE.search(text, cap):
        return len(text)
    line_break = max(text.rfind(char, start, cap) for char in BREAKS)
    return line_break if line_break > start else _last_space(text, start, cap)


def _last_space(text: str, start: int, cap: int) -> int:
    """Where the last word before `cap` begins, if `cap` cuts a word that is not the only one."""
    if text[cap - 1].isspace() or text[cap].isspace():
        return cap
    words = text[start:cap].rsplit(None, 1)
    return cap - len(words[1]) if len(words) == 2 else cap


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a stretch without the white space there."""
    return start + len(text[start:end].rstrip()) if text[end - 1].isspace() else end


def _has_word(text: str, span: Span) -> bool:
    return text[span[0]].isalnum() or _WORD.search(text, *span) is not None


def _join_wordless(text: str, sentences: Iterable[Span]) -> list[Span]:
    """Join what holds no letter or digit to the sentence before, or the first to the one after."""
    joined: list[Span] = []
    worded = False
    for span in sentences:
        has_word = _has_word(text, span)
        if joined and not (has_word and worded):
            joined[-1] = joined[-1][0], span[1]
        else:
            joined.append(span)
        worded = has_word or (worded and len(joined) > 0)
    return joined


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence in parts of at most MAX_SENTENCE characters."""
    while end - start > MAX_SENTENCE:
        cut = _last_space(text, start, start + MAX_SENTENCE)
        yield start, _trimmed(text, start, cut)
        rest = _NON_SPACE.search(text, cut)
        start = rest.start() if rest else end
    yield start, end
