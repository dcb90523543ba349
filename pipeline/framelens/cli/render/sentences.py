"""Sentences with their frames as a person reads them on a terminal, or plain in a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.text import Text

from framelens.cli.console import console, shown
from framelens.core.codebook import Frame, Scheme
from framelens.core.types import Classified, Evidence, SentenceFrames

MOST_PLACES = 12
"""Frames that have a place each before a sentence."""


def print_sentences(
    rows: Iterable[Classified], scheme: Scheme, out: TextIO, *, explain: bool
) -> None:
    """Each sentence with its frames, a heading a document; with `explain` what speaks for each."""
    screen, doc = console(out), None
    for row in rows:
        if row.sentence.doc != doc:
            doc = row.sentence.doc
            screen.print(Text(shown(doc), style="bold underline"))
        screen.print(_line(row.frames, scheme))
        if explain:
            for line in _reasons(row.frames, scheme):
                screen.print(line)


def _line(frames: SentenceFrames, scheme: Scheme) -> Text:
    """The letters of the frames, the primary one marked, and the sentence."""
    line = Text()
    # Of many frames a place for each would fill the line.
    places = scheme.frames if len(scheme.frames) <= MOST_PLACES else _given(frames, scheme)
    for frame in places:
        given = frame.name in frames.labels
        style = f"bold {frame.colour}" if given else "dim"
        line.append(frame.letter if given else "·", style=style)
    line.append("  ")
    line.append(shown(frames.text), style=None if frames.labels else "dim")
    names = [
        f"{name}*" if name == frames.primary and len(frames.labels) > 1 else name
        for name in frames.labels
    ]
    if names:
        line.append("  [" + ", ".join(names) + "]", style="bold")
    return line


def _given(frames: SentenceFrames, scheme: Scheme) -> tuple[Frame, ...]:
    """The frames given, or where there are none the first, for its place."""
    return tuple(frame for frame in scheme if frame.name in frames.labels) or scheme.frames[:1]


def _reasons(frames: SentenceFrames, scheme: Scheme) -> Iterable[Text]:
    for name in frames.labels:
        limit = f"(threshold {frames.thresholds[name]:.2f})"
        yield Text(f"      {name} {frames.scores[name]:.2f} {limit}", style=scheme[name].colour)
        yield Text(f"        {frames.bias[name]:+.2f}  bias", style="dim")
        for item in (row for row in frames.evidence if row.frame == name):
            yield Text(f"        {_reason(item)}", style="dim")


def _reason(item: Evidence) -> str:
    return f"{item.weight:+.2f}  {item.kind} {shown(item.name)}: “{shown(item.text)}”"
