"""Classified sentences → JSON Lines, CSV, Parquet, plain text; one list of fields for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    unit, explain = settings.unit, settings.evidence is True
    if settings.form == "parquet":
        return write_parquet(sentences, out.buffer, unit=unit, frames=frames, explain=explain)
    if settings.form == "jsonl":
        lines = json_lines(sentences, unit=unit, explain=explain)
    else:
        columns, keep_formulas = settings.columns, settings.keep_formulas
        table = CsvTable(
            frames, unit=unit, explain=explain, columns=columns, keep_formulas=keep_formulas
        )
        if header:
            out.write(table.header())
        lines = table.lines(sentences)
    count = 0
    for line in lines:
        out.write(line)
        count += 1
    return count
