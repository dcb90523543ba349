"""The text of a document without its page furniture (menus, bylines, appeals), as `--main-text` asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, tee
from typing import NamedTuple

from framelens.core.types import Passage
from framelens.preprocessing.kinds import MENU, judge
from framelens.preprocessing.sentences import BREAKS, blocks, pieces, sentences_at_stops


class Part(NamedTuple):
    """A line, or several that prose was wrapped over: `start` to `end` of a passage's text."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text in one line."""
        return " ".join(self.passage.text[self.start : self.end].split())


def main_text(
    passages: Iterable[Passage], tell: Callable[[int], None] | None = None
) -> Iterator[Passage]:
    """The passages without page furniture; the rest keeps its offsets.

    A passage with furniture becomes several, or none; `tell` gets the number of lines dropped.
    """
    for _, document in groupby(passages, key=lambda passage: passage.doc):
        parts, copies = tee(_parts(document))
        verdicts = zip(parts, furniture(part.text for part in copies), strict=True)
        for _, of_passage in groupby(verdicts, key=lambda pair: id(pair[0].passage)):
            rows = list(of_passage)
            if tell is not None and (count := sum(dropped for _, dropped in rows)):
                tell(count)
            yield from _remaining(rows)


def furniture(lines: Iterable[str]) -> Iterator[bool]:
    """Whether each line, or sentence, of a document is page furniture.

    Lines are read ahead. Of a menu above text, the last label is the text's heading; labels below a line
    that ends with a colon are no menu.
    """
    row: list[bool | None] = []
    labels, is_list = 0, False
    for line in lines:
        verdict = judge(line)
        if verdict is None and is_list:
            verdict = False
        else:
            is_list = line.rstrip().endswith(":")
        if verdict is False:
            yield from _of_row(row, is_menu=labels >= MENU, heads=True)
            yield False
            row, labels = [], 0
            continue
        row.append(verdict)
        labels += verdict is None
        if labels == 0 or (labels > MENU and verdict is None):
            # All before the latest label is decided.
            yield from [True] * (len(row) - 1)
            row = [verdict]
    yield from _of_row(row, is_menu=labels >= MENU, heads=False)


def _of_row(row: Sequence[bool | None], *, is_menu: bool, heads: bool) -> list[bool]:
    """Whether each line of a complete row of labels and furniture is furniture; if the row `heads` a text,
    its last label is not."""
    labels = [at for at, verdict in enumerate(row) if verdict is None]
    spared = labels[-1:] if heads else []
    return [verdict is True or (is_menu and at not in spared) for at, verdict in enumerate(row)]


def _parts(passages: Iterable[Passage]) -> Iterator[Part]:
    for passage in passages:
        text = passage.text
        for block in blocks(text):
            for piece in pieces(text, *block):
                yield from (Part(passage, *part) for part in _lines(text, piece))


def _lines(text: str, piece: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The parts of a piece: cut where a line and a sentence end together."""
    first, *sentences = sentences_at_stops(text, [piece])
    start, end = first
    for begins, ends in sentences:
        if any(text.find(char, end, begins) >= 0 for char in BREAKS):
            yield start, end
            start = begins
        end = ends
    yield start, end


def _remaining(parts: list[tuple[Part, bool]]) -> Iterator[Passage]:
    """The passages that remain of one, given all its parts and whether each is dropped."""
    passage = parts[0][0].passage
    if not any(dropped for _, dropped in parts):
        yield passage
        return
    for dropped, run in groupby(parts, key=lambda pair: pair[1]):
        if not dropped:
            kept = [part for part, _ in run]
            start, end = kept[0].start, kept[-1].end
            yield replace(passage, text=passage.text[start:end], offset=passage.offset + start)
