"""Many files into a folder, shard by shard, and again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from framelens.errors import FramelensError
from framelens.shards import plan, shard
from framelens.shards.folder import Tally, classify_to_folder
from framelens.shards.task import Task

from tests.shards.conftest import Reference, entries, joined


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD", 3_000)


@pytest.fixture
def many(inputs: list[Path]) -> list[Path]:
    """The inputs, and tables of Parquet in small row groups."""
    folder = inputs[0].parent
    rows = [
        json.loads(line)
        for line in (folder / "named.jsonl").read_text().split("\n")
        if line.strip()
    ]
    for name, columns in (("a", ["id", "text"]), ("b", ["text"])):
        table = pa.table({column: [row[column] for row in rows] for column in columns})
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=7)
    return sorted(folder.iterdir())


def test_the_shards_together_are_the_output_of_one_process(
    many: list[Path], task: Task, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    tally = classify_to_folder(many, task, out)
    assert joined(out, many) == reference(many, task)
    found = entries(out)
    assert tally.shards == tally.done == len(found)
    assert sum(name.startswith("named.jsonl.") for name in found) > 3
    assert sum(name.startswith("a.parquet.") for name in found) > 1
    assert sum(name.startswith("b.parquet.") for name in found) > 1
    assert {path.name for path in out.iterdir()} == {*found, "manifest.json"}
