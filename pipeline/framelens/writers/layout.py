"""Classified sentences → lines of text, each made of a head that numbers it and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from framelens.classification.stream import Classified
from framelens.core.types import Unit
from framelens.parallel.task import Task
from framelens.writers.records import csv_cells, csv_columns, csv_line, json_text, record


class Layout(Protocol):
    """How a format writes sentences.

    `head` is how the line of sentence `index` of a document begins: with its id, the document's
    name and the number, and with nothing that is known of the sentence itself.
    """

    def header(self) -> str:
        """What stands before the first line."""
        ...

    def line(self, row: Classified) -> str:
        """A sentence, with the line's end."""
        ...

    def head(self, doc: str, index: int) -> str:
        """The beginning of a line."""
        ...


def layout_for(task: Task) -> Layout:
    """The layout of a sealed task's format."""
    if task.form == "csv":
        return Csv(task.frames, task.unit, explain=task.explain, keep_formulas=task.keep_formulas)
    return JsonLines(task.unit, explain=task.explain)


class JsonLines:
    """One JSON object a line."""

    def __init__(self, unit: Unit, *, explain: bool) -> None:
        self.unit, self.explain = unit, explain

    def header(self) -> str:
        return ""

    def line(self, row: Classified) -> str:
        found = record(row, unit=self.unit, explain=self.explain)
        return json_text(found) + "\n"

    def head(self, doc: str, index: int) -> str:
        names = {"id": f"{doc}#{index}", "doc": doc, "index": index}
        return json_text(names).removesuffix("}")


class Csv:
    """A row a sentence."""

    def __init__(
        self, frames: Sequence[str], unit: Unit, *, explain: bool, keep_formulas: bool
    ) -> None:
        self.frames, self.unit = frames, unit
        self.explain, self.keep_formulas = explain, keep_formulas

    def header(self) -> str:
        return self._text(csv_columns(self.frames, explain=self.explain))

    def line(self, row: Classified) -> str:
        found = record(row, unit=self.unit, explain=self.explain)
        return self._text(csv_cells(found, self.frames))

    def head(self, doc: str, index: int) -> str:
        return self._text([f"{doc}#{index}", doc, index]).removesuffix("\n")

    def _text(self, cells: Sequence[object]) -> str:
        return csv_line(cells, keep_formulas=self.keep_formulas)
