"""Lines as printed → paragraphs: words put together that a line's end had parted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, zip_longest

from framelens.preprocessing.sentences import UNWRAPPED, blocks, pieces
from framelens.preprocessing.words import CARRIES_ON, keeps_hyphen

PARTED = re.compile(r"(?<![^\W\d_])(?<![’'-])((?:[^\W\d_]|[’'-])*[^\W\d_])([-‐\u00ad])$")
GOES_ON = re.compile(r"([^\W\d_]+)((?:[^\W_]|[’'])*)\S*")
NUMBER_ENDS = re.compile(r"\d[-–/]$|/-$")
WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
PLAIN = re.compile(r"[^\W\d_]+")
HALVES = re.compile(r"(?<![\w’'-])([^\W\d_]{2,}) (?=([a-z]{2,})(?![\w’'-]))")
SOFT = "\u00ad"
LAST = 60
"""Characters of a text that are looked at, at least, for the word that its last line parts."""
FULL, FEWEST_FULL = 0.8, 3
"""The share of the longest line from which a line, with the next word, is full; and how many such lines
there are, at least, in wrapped prose."""
PARTING = 4
"""One in so many full lines, at least, ends in wrapped prose with a word such as `the`."""


def are_lines(texts: Sequence[str]) -> bool:
    """Whether paragraphs are lines of wrapped prose, not items of a list: none is long, many a one is full
    and goes on in the next, in small letters, and some of these end where no sentence can."""
    width = max(map(len, texts))
    if width > UNWRAPPED:
        return False
    full = [
        before.rsplit(None, 1)[-1].lower() in CARRIES_ON
        for before, after in pairwise(texts)
        if before[-1:].isalnum()
        and after[:1].islower()
        and len(before) + len(after.split(None, 1)[0]) >= FULL * width
    ]
    return len(full) >= max(FEWEST_FULL, len(texts) / 4) and PARTING * sum(full) >= len(full)


def paragraphs(lines: Sequence[str], goes_on: Sequence[bool] = ()) -> list[str]:
    """The paragraphs of printed lines (an empty one is a space), each in one line.

    Hyphens that only parted a word at a line's end are gone: see `mended`. `goes_on` says of each
    line whether it certainly goes on the one before it.
    """
    text = "\n".join(mended(lines, goes_on))
    texts = [
        " ".join(text[start:end].split())
        for block in blocks(text)
        for start, end in pieces(text, *block)
    ]
    return respaced(texts)


def mended(lines: Sequence[str], goes_on: Sequence[bool] = ()) -> list[str]:
    """The lines, with words parted at a line's end put together on the line they begin on.

    Whether the hyphen belongs to the word is told by how the rest of the text writes it. A line that
    `goes_on` the one before is put on that.
    """
    words = _words(lines)
    # Each as parts of which the last is short, as a paragraph may have a million lines.
    whole: list[list[str]] = []
    for line, certain in zip_longest(lines, goes_on, fillvalue=False):
        assert isinstance(line, str)
        if whole and line and (joined := _joined(whole[-1][-1], line, words)):
            upper, line = joined
            whole[-1][-1:] = [upper[:-LAST], upper[-LAST:]] if len(upper) > 2 * LAST else [upper]
            if not line:
                continue
        if certain and whole and whole[-1] != [""]:
            whole[-1].append(f" {line}")
        else:
            whole.append([line])
    return ["".join(parts) for parts in whole]


def respaced(texts: Sequence[str]) -> list[str]:
    """The texts without the spaces that bad kerning put into words: `participa tion`.

    Two halves are one word if the texts have that elsewhere, and one half at least nowhere else.
    """
    words = Counter(word for text in texts for word in PLAIN.findall(text.lower()))

    def mend(match: re.Match[str]) -> str:
        left, right = match[1].lower(), match[2]
        pair, known = pairs[left, right], words.get(left + right, 0)
        strange = min(words[left], words[right]) <= pair
        # "in formation" is more likely two words than "participa tion".
        enough = pair if CARRIES_ON.intersection((left, right)) else 0
        return match[1] if strange and known > enough else match[0]

    pairs = Counter(
        (left.lower(), right.lower())
        for text in texts
        for left, right in zip(*(PLAIN.findall(text)[at:] for at in (0, 1)), strict=False)
    )
    return [HALVES.sub(mend, text) for text in texts]


def _words(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands in the lines, parted ones left out."""
    return Counter(
        match[0].lower().replace("‐", "-")
        for line in lines
        for match in WORD.finditer(PARTED.sub("", line))
    )


def _joined(upper: str, lower: str, words: Mapping[str, int]) -> tuple[str, str] | None:
    """Two lines with the parted word between them put together; None if there is none."""
    head, _, tail = lower.partition(" ")
    if NUMBER_ENDS.search(upper) and head[:1].isalnum():
        return upper + head, tail.lstrip()
    left, right = PARTED.search(upper), GOES_ON.match(head)
    if left is None or right is None:
        return None
    hyphen = _hyphen(left[1], left[2], right[1] + right[2], words)
    return upper[: left.start(2)] + hyphen + head, tail.lstrip()


def _hyphen(left: str, mark: str, right: str, words: Mapping[str, int]) -> str:
    """The hyphen that belongs between two halves of a word, or nothing."""
    left, whole = left.lower(), (left + right).lower()
    if mark == SOFT:
        return ""
    if right[0].isupper():
        return "-"
    compound, plain = words.get(f"{left}-{right.lower()}", 0), words.get(whole, 0)
    if compound or plain:
        return "-" if compound > plain else ""
    *before, last = left.split("-")
    # `state-of-` goes on as a compound, `fact-find-` as its last word.
    keeps = keeps_hyphen(last, right) or (before and (last in CARRIES_ON or right == "old"))
    return "-" if keeps else ""
