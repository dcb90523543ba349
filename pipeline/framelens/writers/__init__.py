"""Classified sentences → JSON Lines, CSV, Parquet, plain text; one list of fields for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from framelens.core.settings import Settings
from framelens.core.types import Classified
from framelens.writers.csv_table import CsvTable
from framelens.writers.parquet import write_parquet
from framelens.writers.records import json_lines


def write_sentences(
    sentences: Iterable[Classified],
    out: TextIO,
    settings: Settings,
    frames: Sequence[str],
    *,
    header: bool = True,
) -> int:
    """Write sentences in the format of the settings and return how many there were.

    `header` says whether a table of CSV has one. Raise FramelensError for Parquet without pyarrow.
    """
    rows = _Counted(sentences)
    if settings.form == "parquet":
        write_parquet(
            rows, out.buffer, unit=settings.unit, frames=frames, explain=settings.evidence is True
        )
    else:
        for line in _text_lines(rows, settings, frames, header):
            out.write(line)
    return rows.count


def _text_lines(
    rows: Iterable[Classified], settings: Settings, frames: Sequence[str], header: bool
) -> Iterator[str]:
    """Sentences as lines of JSON or CSV, each with its end."""
    if settings.form == "jsonl":
        yield from json_lines(rows, unit=settings.unit, explain=settings.evidence is True)
        return
    table = CsvTable(
        frames,
        unit=settings.unit,
        explain=settings.evidence is True,
        columns=settings.columns,
        keep_formulas=settings.keep_formulas,
    )
    if header:
        yield table.header()
    yield from table.lines(rows)


class _Counted:
    """Sentences that are counted as they go by; `count` is how many there were."""

    def __init__(self, rows: Iterable[Classified]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Classified]:
        for row in self._rows:
            self.count += 1
            yield row
