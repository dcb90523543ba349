"""Sentences with their frames as a person reads them on a terminal, or plain in a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from framelens.cli.console import Line, print_line, shown
from framelens.core.codebook import Frame, Scheme
from framelens.core.types import Classified, Evidence, SentenceFrames

MOST_PLACES = 12
"""Frames that have a place each before a sentence."""


def print_sentences(
    rows: Iterable[Classified], scheme: Scheme, out: TextIO, *, explain: bool
) -> None:
    """Each sentence with its frames, a heading a document; with `explain` what speaks for each."""
    doc = None
    for row in rows:
        if row.sentence.doc != doc:
            doc = row.sentence.doc
            print_line([(shown(doc), "bold underline")], out)
        print_line(_line(row.frames, scheme), out)
        if explain:
            for line in _reasons(row.frames, scheme):
                print_line([line], out)


def _line(frames: SentenceFrames, scheme: Scheme) -> Line:
    """The letters of the frames, the sentence, and its frames, the primary one marked, with stances."""
    line: list[tuple[str, str]] = []
    # Of many frames a place for each would fill the line.
    places = scheme.frames if len(scheme.frames) <= MOST_PLACES else _given(frames, scheme)
    for frame in places:
        is_given = frame.name in frames.labels
        style = f"bold {frame.colour}" if is_given else "dim"
        line.append((frame.letter if is_given else "·", style))
    line.append(("  ", ""))
    line.append((shown(frames.text), "" if frames.labels else "dim"))
    names = [_named(name, frames) for name in frames.labels]
    if names:
        line.append(("  [" + ", ".join(names) + "]", "bold"))
    return line


def _named(name: str, frames: SentenceFrames) -> str:
    mark = "*" if name == frames.primary and len(frames.labels) > 1 else ""
    return f"{name}{mark} {frames.stances[name].name}" if name in frames.stances else name + mark


def _given(frames: SentenceFrames, scheme: Scheme) -> tuple[Frame, ...]:
    """The frames given, or where there are none the first, for its place."""
    return tuple(frame for frame in scheme if frame.name in frames.labels) or scheme.frames[:1]


def _reasons(frames: SentenceFrames, scheme: Scheme) -> Line:
    lines: list[tuple[str, str]] = []
    for name in frames.labels:
        limit = _limit(frames, name, scheme)
        lines.append((f"      {name} {frames.scores[name]:.2f} {limit}", scheme[name].colour))
        lines.append((f"        {frames.bias[name]:+.2f}  bias", "dim"))
        evidence = (row for row in frames.evidence if row.frame == name)
        lines += [(f"        {_reason(item)}", "dim") for item in evidence]
    return lines


def _limit(frames: SentenceFrames, name: str, scheme: Scheme) -> str:
    """What the probability of a given frame is compared with: its threshold, or where frames exclude one
    another the next likeliest, which may be none of them."""
    if not scheme.exclusive:
        return f"(threshold {frames.thresholds[name]:.2f})"
    others = {other: score for other, score in frames.scores.items() if other != name}
    if scheme.none:
        others["none"] = 1 - sum(frames.scores.values())
    other = max(others, key=others.__getitem__)
    return f"(next {other} {others[other]:.2f})"


def _reason(item: Evidence) -> str:
    return f"{item.weight:+.2f}  {item.kind} {shown(item.name)}: “{shown(item.text)}”"
