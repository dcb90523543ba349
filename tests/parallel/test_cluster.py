"""Shards on a cluster: a scheduler and two workers, processes of their own on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from framelens.cli.main import Exit, run
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings, Tables
from framelens.parallel import plan, workers
from framelens.parallel.run import classify_to_folder
from framelens.parallel.stream import Tally

from tests.parallel.conftest import Reference, entries, joined


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **options) as found:  # type: ignore[no-untyped-call]
        yield found


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD", 400)


def test_a_worker_killed_on_the_way_does_not_show(
    cluster: LocalCluster, inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    victims = [worker.pid for worker in cluster.workers.values()][:1]

    def kill(tally: Tally) -> None:
        if victims and tally.done == 3:
            os.kill(victims.pop(), signal.SIGKILL)

    out = tmp_path / "out"
    tally = classify_to_folder(
        inputs, task, out, backend="dask", scheduler=cluster.scheduler_address, progress=kill
    )
    assert not victims
    assert joined(out, inputs) == reference(inputs, task)
    assert tally.done == tally.shards == len(entries(out)) > 30
    assert {path.name for path in out.iterdir()} == {*entries(out), "manifest.json"}


def _noted(number: int, folder: Path) -> int:
    with (folder / str(number)).open("a", encoding="utf-8") as out:
        out.write("done\n")
    return number


def test_what_has_come_is_not_done_again_where_its_worker_is_lost(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    rows = [(number, tmp_path) for number in range(20)]
    with workers.open_workers("dask", 2, cluster.scheduler_address) as opened:
        results = opened.results(_noted, rows)
        first = {next(results) for _ in range(16)}
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        assert first | set(results) == set(range(20))
        # Time to do them again: the lost worker is replaced before anything is asked of it.
        cluster.wait_for_workers(2)
    times = {number: (tmp_path / str(number)).read_text().count("done") for number in first}
    assert set(times.values()) == {1}


def test_the_command_and_a_rerun(
    cluster: LocalCluster,
    inputs: list[Path],
    small_folder: Path,
    tmp_path: Path,
    reference: Reference,
    task: Settings,
) -> None:
    command = ["classify", *map(str, inputs), "--output", f"{tmp_path}/out/", "--rules-only"]
    command += ["--rules", str(small_folder), "--backend", "dask"]
    command += ["--scheduler", cluster.scheduler_address]
    assert run(command) == Exit.OK
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert joined(tmp_path / "out", inputs) == reference(inputs, task)
    assert run(command) == Exit.OK
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    manifest = tmp_path / "out" / "manifest.json"
    assert {**before, manifest: 0} == {**after, manifest: 0}


def test_workers_hold_their_rules_to_those_of_the_run(
    cluster: LocalCluster, inputs: list[Path], task: Settings, tmp_path: Path, small_folder: Path
) -> None:
    def change(tally: Tally) -> None:
        if not tally.done:
            (small_folder / "talk.toml").write_text("# Changed.\n", encoding="utf-8")

    with pytest.raises(FramelensError, match="not the rules that the run began with"):
        classify_to_folder(
            inputs,
            task,
            tmp_path / "out",
            backend="dask",
            scheduler=cluster.scheduler_address,
            progress=change,
        )


@pytest.mark.parametrize(
    ("scheduler", "reason"),
    [(None, "expected scheduler="), ("tcp://127.0.0.1:9", "no dask scheduler answers")],
)
def test_no_cluster(
    scheduler: str | None,
    reason: str,
    inputs: list[Path],
    task: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "CONNECT", 0.5)
    with pytest.raises(FramelensError, match=reason):
        classify_to_folder(inputs, task, tmp_path / "out", backend="dask", scheduler=scheduler)


def test_options_on_what_is_read_and_taken_reach_the_workers(
    cluster: LocalCluster, task: Settings, tmp_path: Path
) -> None:
    folder, table = tmp_path / "in", tmp_path / "meta.csv"
    folder.mkdir()
    for name in ("Togo_2019", "Chad_2020"):
        (folder / f"{name}.txt").write_text("Findings\n\nThe two sides held talks. They met.")
    (folder / "a.csv").write_text("Id;speech;Date\n1;They visited the prison.;18/01/2024\n")
    table.write_text("file;region\nTogo_2019.txt;West\n")
    tables = Tables(
        names="{country}_{year}.txt",
        metadata=str(table),
        text_column="speech",
        day_first=True,
    )
    options = replace(task, form="csv", only=("prose",), min_words=3, tables=tables)
    ways: list[dict[str, Any]] = [
        {"backend": "dask", "scheduler": cluster.scheduler_address},
        {"jobs": 1},
    ]
    found = []
    for number, way in enumerate(ways):
        out = tmp_path / str(number)
        tally = classify_to_folder([folder], options, out, **way)
        found.append((tally.notes, {path.name: path.read_bytes() for path in out.glob("*.csv")}))
    assert found[0] == found[1]
    assert len(found[0][1]) == 3
    text = b"".join(found[0][1].values()).decode()
    assert all(part in text for part in ("Togo,2019", "West", "2024-01-18"))
    assert "They met." not in text
    assert "2 sentences of the kind heading were left out" in found[0][0]
