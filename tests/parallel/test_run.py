"""One output file, however the work is cut up and by however many it is done."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from framelens.core.errors import FramelensError
from framelens.parallel import pool
from framelens.parallel.pieces import Piece, pieces
from framelens.parallel.run import Outcome, classify_files, classify_text
from framelens.parallel.task import Task
from framelens.readers import find

from tests.parallel.conftest import Reference

TASKS: list[dict[str, Any]] = [
    {},
    {"unit": "sentence"},
    {"explain": True},
    {"form": "csv"},
    {"form": "csv", "unit": "sentence", "explain": True},
]


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("options", TASKS)
def test_the_output_does_not_show_where_the_input_was_cut(
    options: dict[str, Any], inputs: list[Path], task: Task, reference: Reference, tmp_path: Path
) -> None:
    task = replace(task, **options)
    out = tmp_path / "out"
    outcome = classify_files(inputs, task, out)
    assert out.read_bytes() == reference(inputs, task)
    assert outcome == Outcome(outcome.sentences, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out", "rules"]


@pytest.mark.usefixtures("small_pieces")
def test_pieces_are_many_and_hold_whole_documents(inputs: list[Path], task: Task) -> None:
    found = list(pieces(find(inputs), task))
    assert len(found) > 30
    parts = [piece for piece in found if piece.continues]
    assert parts
    assert {passage.doc for piece in parts for passage in piece.passages} == {"long.txt"}


@pytest.mark.usefixtures("small_pieces")
def test_workers_write_the_same_bytes_in_the_same_order(
    inputs: list[Path], task: Task, tmp_path: Path
) -> None:
    task = replace(task, skip_bad=True)
    inputs.insert(3, bad_records(tmp_path))
    for jobs in (1, 2):
        with pool.open_pool(jobs) as workers:
            outcome = classify_files(inputs, task, tmp_path / f"{jobs}", pool=workers)
        assert outcome.rejected == 3
    for end in ("", ".rejects.jsonl"):
        assert (tmp_path / f"1{end}").read_bytes() == (tmp_path / f"2{end}").read_bytes()


@pytest.mark.usefixtures("small_pieces")
def test_only_so_many_pieces_are_under_way_and_large_ones_stay_here(
    inputs: list[Path], task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "LARGE", 1_600)
    taken = 0

    def counted() -> Iterator[Piece]:
        nonlocal taken
        for taken, piece in enumerate(pieces(find(inputs), task), start=1):  # noqa: B007
            yield piece

    here = 0
    with pool.open_pool(2) as workers:
        found = workers.run(counted(), workers.seal(task))
        for number, (piece, results) in enumerate(found, start=1):
            assert taken <= number + 2 * pool.UNDER_WAY
            assert isinstance(results, list) != (piece.size >= pool.LARGE)
            here += not isinstance(results, list)
            if number == 25:
                break
    assert 0 < here < 20


def test_a_worker_that_is_killed_is_told_of(
    inputs: list[Path], task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_work", kill)
    with (
        pytest.raises(FramelensError, match="ended from outside"),
        pool.open_pool(2) as workers,
    ):
        classify_files(inputs, task, tmp_path / "out", pool=workers)
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def kill(piece: Piece, task: Task) -> None:  # noqa: ARG001
    os.kill(os.getpid(), 9)


def bad_records(folder: Path) -> Path:
    rows = [json.dumps({"text": f"The talks number {n} failed."}) for n in range(60)]
    rows[20], rows[21], rows[50] = "nonsense", "{}", '"text"'
    path = folder / "bad.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.usefixtures("small_pieces")
def test_bad_records_are_passed_over_in_order(task: Task, tmp_path: Path) -> None:
    path, out = bad_records(tmp_path), tmp_path / "out.jsonl"
    outcome = classify_files([path], replace(task, skip_bad=True), out)
    rejects = tmp_path / "out.jsonl.rejects.jsonl"
    assert outcome == Outcome(57, 3, rejects)
    rows = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [row["line"] for row in rows] == [21, 22, 51]
    assert rows[0] == {
        "file": str(path), "line": 21, "raw": "nonsense\n",
        "reason": "not JSON: Expecting value, column 1; expected one object a line",
    }  # fmt: skip


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_bad_record_ends_the_run(
    jobs: int, task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bad_records(tmp_path)
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    with (
        pytest.raises(FramelensError, match=r"bad.jsonl:21: not JSON"),
        pool.open_pool(jobs) as workers,
    ):
        classify_files([path], task, None, pool=workers)
    assert len(out.buffer.getvalue().splitlines()) <= 20


def test_an_error_of_reading_ends_the_run_after_what_came_before(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = b"The talks failed.\n\n", b"caf\xe9 talks"
    for content in (b"{" + good, good + bad):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(FramelensError, match="stdin"):
            classify_files(["-"], task, tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_a_text(task: Task, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert classify_text("The talks failed. He left.", task, out) == Outcome(2, 0)
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["text#0", "text#1"]
