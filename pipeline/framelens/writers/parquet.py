"""Classified sentences as a Parquet file, through pyarrow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Unit, storable
from framelens.writers.records import LIMITS, record

if TYPE_CHECKING:
    from pyarrow import Schema

ROWS = 8192
"""Sentences in a row group, which is held in memory."""
MAY_LACK = {"primary", "about", "stances", "reasons", "meta"}
"""Fields that a sentence may be without."""


def write_parquet(
    rows: Iterable[Classified],
    out: BinaryIO,
    *,
    unit: Unit,
    frames: Sequence[str],
    explain: bool = False,
) -> int:
    """Write a row a sentence, with the fields that JSON Lines has (see `framelens.writers.records`),
    and return how many there were.

    `labels` is a list, `scores` (and with `explain` `bias` and `thresholds`) a struct with a number
    a frame, `evidence` a list of structs, `reasons` a struct with such a list a frame, and `meta`,
    whose fields differ from source to source, an object in JSON. Raise FramelensError where pyarrow
    is not installed.
    """
    check_installed()
    from pyarrow import Table
    from pyarrow.parquet import ParquetWriter

    made, count = schema(frames, explain=explain), 0
    cells = (_cells(row, unit, explain) for row in rows)
    with ParquetWriter(out, made, compression="zstd") as writer:
        while batch := list(islice(cells, ROWS)):
            writer.write_table(Table.from_pylist(batch, schema=made))
            count += len(batch)
    return count


def check_installed() -> None:
    """Raise FramelensError, naming the extra, where pyarrow cannot be imported."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        advice = "install it with: pip install 'framelens[parquet]'"
        raise FramelensError(f"writing Parquet needs pyarrow; {advice}") from None


def schema(frames: Sequence[str], *, explain: bool = False) -> Schema:
    """The columns and their types."""
    import pyarrow as pa

    text, whole, real = pa.string(), pa.int64(), pa.float64()
    scores = pa.struct([(frame, real) for frame in frames])
    note = [("note", text)] if explain else []
    place = [("start", whole), ("end", whole), ("text", text), ("weight", real)]
    evidence = pa.struct([("frame", text), ("kind", text), ("name", text), *place, *note])
    reasons = pa.list_(pa.struct([*place, ("words", text)]))
    explained = {
        **dict.fromkeys(LIMITS, scores),
        "reasons": pa.struct([(frame, reasons) for frame in frames]),
    }
    types = {
        "id": text, "doc": text, "index": whole, "start": whole, "end": whole, "text": text,
        "labels": pa.list_(text), "primary": text, "scores": scores, "about": real, "stances": text,
        "evidence": pa.list_(evidence), **(explained if explain else {}), "meta": text,
    }  # fmt: skip
    return pa.schema([pa.field(name, of, nullable=name in MAY_LACK) for name, of in types.items()])


def _cells(row: Classified, unit: Unit, explain: bool) -> dict[str, Any]:
    fields = record(row, unit=unit, explain=explain)
    for name in ("meta", "stances"):
        if name in fields:
            fields[name] = json.dumps(fields[name], ensure_ascii=False)
    cells: dict[str, Any] = _storable(fields)
    return cells


def _storable(value: Any) -> Any:
    """A value whose texts can be written in UTF-8."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(part) for part in value]
    if isinstance(value, dict):
        return {name: _storable(part) for name, part in value.items()}
    return value
