"""Classified sentences as CSV: a header, then a row a sentence.

After the fields of a record that come first there is a column a frame for its score and one for the
evidence, with `explain` three more a frame (`look bias`, `look threshold` and, told as the evidence
is, the `look reasons` of its stance); then the fields of a sentence's place, a column for each field
of the input's own that was known at the start, and `meta` for any others, an object in JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from framelens.core.types import Classified, Unit, storable
from framelens.writers.records import COLUMNS, EXPLAINED, LIMITS, record

PLACE = ("kind", "paragraph", "part", "speaker")
"""The fields that are found of a sentence's place."""

REST = "meta"

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of cells that spreadsheets take for formulas."""


class CsvTable:
    """The columns of a table, and how a sentence fills them.

    Cells that a spreadsheet would run as formulas get a leading apostrophe, unless
    `keep_formulas`. A field of the input's own that is called as a column is has `meta.` before it.
    """

    def __init__(
        self,
        frames: Sequence[str],
        *,
        unit: Unit,
        explain: bool = False,
        columns: Sequence[str] = (),
        keep_formulas: bool = False,
    ) -> None:
        self.frames, self.unit, self.explain = tuple(frames), unit, explain
        self.keep_formulas = keep_formulas
        names = EXPLAINED.values() if explain else ()
        explained = (f"{frame} {name}" for name in names for frame in frames)
        self.given = (*COLUMNS, *frames, "about", "stances", "evidence", *explained)
        self.fields = tuple(dict.fromkeys((*PLACE, *columns)))

    def header(self) -> str:
        """The first line."""
        taken = {*self.given, REST}
        names = (f"meta.{name}" if name in taken else name for name in self.fields)
        return self._line([*self.given, *names, REST])

    def lines(self, rows: Iterable[Classified]) -> Iterator[str]:
        """A line a sentence, each with its end."""
        for row in rows:
            fields = record(row, unit=self.unit, explain=self.explain)
            meta = dict(fields.get("meta", {}))
            own = [_cell(meta.pop(name, None)) for name in self.fields]
            rest = json.dumps(meta, ensure_ascii=False) if meta else None
            yield self._line([*self._given_cells(fields), *own, rest])

    def _given_cells(self, fields: Mapping[str, Any]) -> Iterator[object]:
        for column in COLUMNS:
            value = fields[column]
            yield "|".join(value) if isinstance(value, list) else value
        yield from (f"{fields['scores'][frame]:.4f}" for frame in self.frames)
        yield fields.get("about")
        yield "|".join(f"{frame}:{stance}" for frame, stance in fields.get("stances", {}).items())
        yield "; ".join(
            f"{item['frame']}: {item['name']} “{item['text']}” {item['weight']:+.2f}"
            for item in fields["evidence"]
        )
        for name in LIMITS if self.explain else ():
            yield from (round(fields[name][frame], 4) for frame in self.frames)
        for frame in self.frames if self.explain else ():
            reasons = fields.get("reasons", {}).get(frame, ())
            yield "; ".join(f"{reason['words']} {reason['weight']:+.2f}" for reason in reasons)

    def _line(self, cells: Iterable[object]) -> str:
        return csv_line(cells, keep_formulas=self.keep_formulas)


def _cell(value: object) -> object:
    """A field's value as a cell: what is no text or number as JSON."""
    if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool)):
        return value
    return json.dumps(value, ensure_ascii=False)


def csv_line(cells: Iterable[object], *, keep_formulas: bool = False) -> str:
    """Cells as a line of CSV, which can be written in UTF-8."""
    line = StringIO()
    # Python up to 3.12 quotes only cells that hold a character of the terminator: so take both.
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow(cells if keep_formulas else [harmless(cell) for cell in cells])
    return storable(line.getvalue().removesuffix("\r\n")) + "\n"


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
