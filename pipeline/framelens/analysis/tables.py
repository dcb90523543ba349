"""A summary as a table with a row a frame in each group, or as one object in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any, Literal, TextIO

from framelens.analysis.comparison import Cross
from framelens.analysis.shares import Group
from framelens.analysis.stances import ABOUT
from framelens.analysis.summary import Summary
from framelens.core.files import Writer
from framelens.core.types import storable
from framelens.statistics.clustered import Difference
from framelens.writers.csv_table import csv_line
from framelens.writers.parquet import check_installed

COLUMNS = (
    "field", "value", "over", "period", "frame", "sentences", "documents", "given", "share", "low",
    "high", "difference", "difference_low", "difference_high", "p", "p_holm",
)  # fmt: skip
"""The columns of the table: `difference` is from all other groups (in that period).

Below all others stand the rows of `(about)`: sentences that are about the codebook's subject at all,
where the model tells.

Where stances were counted, `stance` stands after `frame`: rows with one are of the sentences that
carry the frame, and their shares are shares of those.
"""
STANCE = "stance"
ABOUT_ROW = "(about)"

Form = Literal["csv", "json", "parquet"]


def write_summary(summary: Summary, out: TextIO, *, form: Form = "csv") -> None:
    """Write a summary: as a table (see `COLUMNS`), or with the tests as an object of JSON."""
    if form == "json":
        out.write(storable(json.dumps(as_json(summary), ensure_ascii=False, indent=1)) + "\n")
    elif form == "parquet":
        _write_parquet(summary, out)
    else:
        write_csv(summary, out)


def write_csv(summary: Summary, out: Writer) -> None:
    """A CSV row for each frame in each group, the first ones those of all sentences."""
    out.write(csv_line(columns(summary)))
    for cells in table(summary):
        out.write(csv_line(cells))


def _write_parquet(summary: Summary, out: TextIO) -> None:
    check_installed()
    import pyarrow as pa
    from pyarrow.parquet import write_table

    names = columns(summary)
    kinds = [pa.string()] * (len(names) - 11) + [pa.int64()] * 3 + [pa.float64()] * 8
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    rows = [dict(zip(names, cells, strict=True)) for cells in table(summary)]
    write_table(pa.Table.from_pylist(rows, schema=schema), out.buffer)


def as_json(summary: Summary) -> dict[str, Any]:
    """A summary with its tests as JSON can hold it; null for what is no number."""
    by_field = {
        name: {
            "groups": [asdict(group) for group in groups],
            "comparison": asdict(summary.comparisons[name]),
        }
        for name, groups in summary.by.items()
    }
    whole: dict[str, Any] = {
        "frames": list(summary.frames),
        "cluster": summary.cluster,
        "all": asdict(summary.whole),
        "by": by_field,
        "over": [asdict(one) for one in summary.crosses],
    }
    if summary.stances:
        whole[f"{STANCE}s"] = {name: as_json(inner) for name, inner in summary.stances.items()}
    if summary.about is not None:
        whole[ABOUT] = as_json(summary.about)
    cleaned: dict[str, Any] = _numbers(whole)
    return cleaned


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_numbers(part) for part in value]
    if isinstance(value, float):
        return None if value != value else round(value, 6) + 0.0
    return value


def columns(summary: Summary) -> tuple[str, ...]:
    """The columns of a summary's table."""
    at = COLUMNS.index("frame") + 1
    return (*COLUMNS[:at], STANCE, *COLUMNS[at:]) if summary.stances else COLUMNS


def table(summary: Summary) -> Iterator[tuple[object, ...]]:
    """The rows under `columns`; no field and no value stand for all sentences, no period for all
    of them together, no stance for all sentences that carry a frame."""
    at = COLUMNS.index("frame")
    about = _table(summary.about) if summary.about is not None else iter(())
    of_subject = ((*row[:at], ABOUT_ROW, *row[at + 1 :]) for row in about if row[at] == ABOUT)
    if not summary.stances:
        yield from chain(_table(summary), of_subject)
        return
    for row in chain(_table(summary), of_subject):
        yield (*row[: at + 1], "", *row[at + 1 :])
    given = COLUMNS.index("given")
    for name, inner in summary.stances.items():
        for row in _table(inner):
            # Sentences without a stance are listed only if there are any.
            if row[at] != "none" or row[given]:
                yield (*row[:at], name, *row[at:])


def _table(summary: Summary) -> Iterator[tuple[object, ...]]:
    yield from group_rows(("", "", "", ""), summary.whole, None)
    for name, groups in summary.by.items():
        compared = iter(summary.comparisons[name].differences)
        for group in groups:
            differences = next(compared) if group.kind != "missing" else None
            yield from group_rows((name, group.value, "", ""), group, differences)
    yield from chain.from_iterable(map(cross_rows, summary.crosses))


def cross_rows(cross: Cross) -> Iterator[tuple[object, ...]]:
    """The rows of a field crossed with another."""
    for line in cross.lines:
        name = "" if line.kind == "all" else cross.field
        for column, group, differences in zip(
            cross.columns, line.cells, line.differences, strict=True
        ):
            about = (name, line.value if name else "", cross.over, column)
            if group is not None:
                yield from group_rows(about, group, differences)
            elif cross.in_time:
                # A period without sentences is listed, without shares.
                for share in line.shares:
                    yield (*about, share.frame or "none", 0, 0, 0, *[None] * 8)


def group_rows(
    about: tuple[str, ...], group: Group, differences: Sequence[Difference] | None
) -> Iterator[tuple[object, ...]]:
    """A row a frame of a group, after what it is `about`: the columns from `frame` on."""
    for number, share in enumerate(group.shares):
        counts = (group.sentences, group.documents, share.given)
        figures = (share.share, share.low, share.high)
        compared: tuple[float | None, ...] = (None,) * 5
        if differences:
            it = differences[number]
            compared = (it.difference, it.low, it.high, it.p, it.adjusted)
        cells = (None if value is None else rounded(value) for value in (*figures, *compared))
        yield (*about, share.frame or "none", *counts, *cells)


def rounded(value: float) -> float | None:
    """Four decimals, nothing for what is no number; 0 has no sign."""
    return None if value != value else round(value, 4) + 0.0
