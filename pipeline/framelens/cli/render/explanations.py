"""Explanations as a person reads them on a terminal, plain in a pipe, or as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from io import StringIO
from typing import TextIO

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from framelens.classification.explanation import Cause, Explanation, FrameExplanation, explain
from framelens.cli.console import CONTROL, console, shown
from framelens.core.codebook import Frame, Scheme
from framelens.core.types import Classified, Unit, storable
from framelens.writers.records import COLUMNS, record, sentence_id

LIGHT = 0.05
"""Contributions lighter than this (log-odds) share a row unless all are asked for."""


def write_explanations(rows: Iterable[Classified], out: TextIO, *, unit: Unit) -> None:
    """A JSON array, an object a sentence."""
    opening = "[\n"
    for row in rows:
        fields = record(row, unit=unit)
        cells = {name: fields[name] for name in COLUMNS}
        cells["frames"] = [asdict(frame) for frame in explain(row.frames).frames]
        out.write(storable(opening + json.dumps(cells, ensure_ascii=False, indent=1)))
        opening = ",\n"
    out.write("[]\n" if opening == "[\n" else "\n]\n")


def print_explanations(
    rows: Iterable[Classified], scheme: Scheme, out: TextIO, *, unit: Unit, full: bool
) -> None:
    """A page a sentence; with `full` the lightest contributions have rows of their own."""
    for row in rows:
        explanation = explain(row.frames)
        name, sentence = sentence_id(row, unit), explanation.sentence
        place = f"{shown(name)}, characters {sentence.start}–{sentence.end}"
        _print([Text(place, style="bold underline"), _marked(explanation, scheme)], out)
        for frame in explanation.frames:
            _print(["", *_page(frame, scheme[frame.frame], full)], out)
        _print([*_notes(explanation), ""], out)


def _print(parts: Sequence[RenderableType], out: TextIO) -> None:
    if out.isatty():
        console(out).print(*parts, sep="\n")
        return
    plain = StringIO()
    console(plain).print(*parts, sep="\n")
    out.write("".join(f"{line.rstrip()}\n" for line in plain.getvalue().splitlines()))


def _marked(explanation: Explanation, scheme: Scheme) -> Text:
    """The sentence with its evidence in brackets, each followed by the letters of its frames."""
    line = Text()
    for part in explanation.stretches():
        text = re.sub(r"\s+", " ", part.text.translate(CONTROL))
        if not part.frames or text == " ":
            line.append(text)
            continue
        letters = "".join(scheme[name].letter for name in part.frames)
        style = f"bold {scheme[part.frames[0]].colour}"
        line.append(" " * text.startswith(" "))
        line.append(f"[{text.strip(' ')}]{letters}", style=style)
        line.append(" " * text.endswith(" "))
    return line


def _page(explanation: FrameExplanation, frame: Frame, full: bool) -> Iterator[RenderableType]:
    verdict = "given" if explanation.given else "not given"
    reaches = "reaches" if explanation.given else "is below"
    heading = Text(f"{frame.letter}  {frame.name}: {verdict}", style=f"bold {frame.colour}")
    heading.append(
        f" (probability {explanation.probability:.3f} {reaches} the threshold {explanation.threshold:.3f})",
        style="not bold default",
    )
    yield heading
    yield _sum(explanation, full)
    yield Text(f"   {_reversal(explanation)}")
    if explanation.stance is not None:
        stance = explanation.stance
        why = "; ".join(shown(reason.words) for reason in stance.reasons)
        probability = stance.probabilities[stance.name]
        yield Text(f"   Stance: {stance.name} ({probability:.2f}): {why}.")


def _sum(explanation: FrameExplanation, full: bool) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    table.add_row(f"{explanation.bias:+.3f}", "bias")
    shown_rows = [row for row in explanation.contributions if full or abs(row.weight) >= LIGHT]
    for row in shown_rows:
        evidence = f"“{shown(row.text)}” {row.start}–{row.end}"
        table.add_row(f"{row.weight:+.3f}", f"{row.kind} {shown(row.name)}", evidence)
    contributions = explanation.contributions
    light = [row.weight for row in contributions if not full and abs(row.weight) < LIGHT]
    if light:
        table.add_row(
            f"{sum(light):+.3f}", f"{len(light)} lighter than {LIGHT}", "(--all lists them)"
        )
    table.add_row(f"{explanation.score:+.3f}", "sum", style="bold")
    return table


def _reversal(explanation: FrameExplanation) -> str:
    """A sentence on what would reverse the decision."""
    if explanation.flip:
        would = "Would not be given" if explanation.given else "Would be given"
        return f"{would} without {_listed(explanation.flip)}."
    if explanation.given:
        return "Given by the threshold alone: the bias passes it without any evidence."
    return "Would not be given whatever is left out."


def _notes(explanation: Explanation) -> Iterator[RenderableType]:
    """The notes of the rules that hit, and of what takes them away, each once."""
    notes = {(row.name, row.note) for row in explanation.sentence.evidence if row.note}
    if not notes:
        return
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", style="dim")
    for name, note in sorted(notes):
        table.add_row(shown(name), shown(note))
    yield from ("", Text("Notes of the rules", style="bold"), table)


def _listed(causes: Sequence[Cause]) -> str:
    names = [f"{cause.kind} {shown(cause.name)}" for cause in causes]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
