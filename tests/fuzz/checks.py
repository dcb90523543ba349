"""What must hold whatever the input is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from math import fsum, log

import numpy as np
from framelens.classification.classifier import FrameClassifier
from framelens.classification.explanation import explain
from framelens.classification.model import probability
from framelens.cli.render.explanations import print_explanations, write_explanations
from framelens.cli.render.sentences import print_sentences
from framelens.core.types import Classified, Passage, SentenceFrames, Unit
from framelens.writers.csv_table import FORMULA

from tests.helpers import classify_passages, visible, write_csv, write_jsonl

UNSEEN = {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))}
"""Characters that a terminal may obey."""


class Broken(AssertionError):
    """An invariant that does not hold."""


def hold(truth: object, what: str) -> None:
    """Raise Broken unless it is true."""
    if not truth:
        raise Broken(what)


def check_sentences(text: str, offset: int, found: Sequence[SentenceFrames]) -> None:
    """Offsets slice back; every character is in one sentence or is white space."""
    reached = 0
    for sentence in found:
        start, end = sentence.start - offset, sentence.end - offset
        hold(reached <= start < end <= len(text), f"offsets {start}–{end} after {reached}")
        hold(text[start:end] == sentence.text, f"the text at {start}–{end} is another")
        hold(not visible(text[reached:start]), f"dropped between {reached} and {start}")
        for row in sentence.evidence:
            hold(sentence.start <= row.start < row.end <= sentence.end, f"evidence outside: {row}")
            hold(text[row.start - offset : row.end - offset] == row.text, f"another text: {row}")
        reached = end
    hold(not visible(text[reached:]), f"dropped after {reached}")


def check_sums(sentence: SentenceFrames, *, evident: bool) -> None:
    """Bias and contributions add up to the score, and labels are those at their thresholds.

    `evident` asks for evidence for each label, which thresholds below the bias do not need.
    """
    for frame, chance in sentence.scores.items():
        rows = [row.weight for row in sentence.evidence if row.frame == frame]
        score = fsum((sentence.bias[frame], *rows))
        hold(
            abs(float(probability(np.array(score))) - chance) <= 1e-9,
            f"{frame}: {score} is not {chance}",
        )
        if 1e-6 < chance < 1 - 1e-6:
            hold(abs(log(chance / (1 - chance)) - score) <= 1e-9, f"{frame}: sum off the score")
        given = frame in sentence.labels
        hold(
            given == (chance >= sentence.thresholds[frame]), f"{frame}: label and threshold differ"
        )
        hold(not given or not evident or any(w > 0 for w in rows), f"{frame} without evidence")
    hold(len(set(sentence.labels)) == len(sentence.labels), "a label twice")
    hold(sentence.primary in (sentence.labels or (None,)), "primary is no label")
    explain(sentence)


def classified(
    passages: Iterable[Passage], classifier: FrameClassifier, unit: Unit
) -> list[Classified]:
    """Classified passages, checked."""
    passages = list(passages)
    rows = list(classify_passages(passages, classifier, unit=unit))
    of: dict[int, list[SentenceFrames]] = {id(passage): [] for passage in passages}
    for row in rows:
        of[id(row.sentence.passage)].append(row.frames)
        check_sums(row.frames, evident=classifier.mode != "rules")
    for passage in passages:
        check_sentences(passage.text, passage.offset, of[id(passage)])
    return rows


def check_outputs(rows: Sequence[Classified], classifier: FrameClassifier, unit: Unit) -> None:
    """Every output can be written as UTF-8 and read again."""
    scheme, frames = classifier.rules.scheme, classifier.frames
    for explained in (False, True):
        out = io.StringIO()
        write_jsonl(rows, out, unit=unit, explain=explained)
        _check_lines(out.getvalue(), rows)
        out = io.StringIO()
        write_csv(rows, out, unit=unit, frames=frames, explain=explained)
        _check_cells(out.getvalue(), rows)
        out = io.StringIO()
        print_sentences(rows, scheme, out, explain=explained)
        check_shown(out.getvalue())
    out = io.StringIO()
    # A page is slow to lay out, in proportion to what is on it.
    rows = [row for row in rows if len(row.frames.evidence) < 3000][:1000]
    print_explanations(rows, scheme, out, unit=unit, full=True)
    check_shown(out.getvalue())
    out = io.StringIO()
    write_explanations(rows, out, unit=unit)
    hold(len(json.loads(out.getvalue().encode())) == len(rows), "explanations are missing")


def _check_lines(written: str, rows: Sequence[Classified]) -> None:
    lines = written.encode().decode().split("\n")
    hold(len(lines) == len(rows) + 1, "lines of JSON and sentences differ in number")
    for line, row in zip(lines, rows, strict=False):
        found = json.loads(line, parse_constant=_no_constant)
        text = row.frames.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        hold(
            len(found["text"]) == len(row.frames.text) or text != row.frames.text, "length differs"
        )


def _no_constant(name: str) -> None:
    raise Broken(f"{name} in JSON")


def _check_cells(written: str, rows: Sequence[Classified]) -> None:
    written.encode()
    csv.field_size_limit(2**31)
    cells = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    hold(len(cells) == len(rows) + 1, "rows of CSV and sentences differ in number")
    hold(len({len(row) for row in cells}) == 1, "rows of CSV differ in length")
    for cell in (cell for row in cells for cell in row):
        number = cell[1:].replace(".", "", 1).isdigit()
        hold(number or not cell.startswith(FORMULA), f"a formula: {cell[:40]!r}")


def check_shown(written: str) -> None:
    """What goes to a terminal holds nothing that it would obey."""
    written.encode()
    hold(not UNSEEN & set(written), f"control characters {sorted(UNSEEN & set(written))!r}")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        hold(tag not in ("img", "iframe", "object", "embed"), f"<{tag}> in a report")
        for name, value in attrs:
            hold(not name.startswith("on"), f"{name} in a report")
            hold(not (value or "").strip().lower().startswith("javascript:"), "a script in a link")


def check_page(page: str, *, scripts: int) -> None:
    """A report holds no element or attribute that a text brought in."""
    page.encode()
    found = _Page()
    found.feed(page)
    found.close()
    hold(found.scripts == scripts, f"{found.scripts} scripts in a report")
