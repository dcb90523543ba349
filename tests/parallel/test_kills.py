"""Runs that are killed at random moments, and go on: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.parallel import plan, workers
from framelens.parallel.run import classify_to_folder
from framelens.parallel.stream import Tally

from tests.parallel.conftest import Reference, joined

KILLS = 100
CLUSTER_KILLS = 10
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(os.name != "posix", reason="signals"),
]


def _command(source: Path, output: str, form: str, jobs: int, *more: str) -> list[str]:
    words = [sys.executable, "-m", "framelens", "classify", str(source), "--format", form]
    return [*words, "--output", output, "--jobs", str(jobs), *more]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def _killed(command: list[str], after: float, name: str) -> int:
    """Run and end a command from outside; 0 where it was done before."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(getattr(signal, name))
        return process.wait(60)


def _source(folder: Path, form: str) -> Path:
    """A file of several parts, or a folder of files."""
    words = ["The talks failed.", "They visited the prison.", "Those responsible must be tried."]
    chance = random.Random(0)
    path = folder / "in.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for at in range(8_000):
            text = " ".join(chance.choices(words, k=8))
            row: dict[str, Any] = {"id": f"r{at}", "text": text, "note": "x" * 700, "form": form}
            out.write(json.dumps(row) + "\n")
    return path


def _contents(place: Path) -> dict[str, bytes]:
    """What a run has written, by name; what a run that was killed has left besides fails."""
    if place.is_file():
        beside = [path.name for path in place.parent.iterdir() if path.name.startswith("out")]
        assert beside == [place.name]
        return {"": place.read_bytes()}
    files = {str(path.relative_to(place)): path for path in place.rglob("*") if path.is_file()}
    assert not [name for name in files if "partial" in name or "journal" in name]
    return {name: path.read_bytes() for name, path in files.items() if name != "manifest.json"}


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a whole run takes here."""
    folder = tmp_path_factory.mktemp("whole")
    source, begun = _source(folder, "jsonl"), time.monotonic()
    _run(_command(source, str(folder / "out.jsonl"), "jsonl", 1))
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("form", "jobs", "kind"), list(product(("jsonl", "csv"), (1, 2), ("file", "folder")))
)
def test_a_run_that_is_killed_again_and_again_ends_as_one_that_is_not(
    tmp_path: Path, seconds: float, form: str, jobs: int, kind: str
) -> None:
    source = _source(tmp_path, form)
    ending, resume = (f".{form}", ["--resume"]) if kind == "file" else ("/", [])
    expected = tmp_path / "whole" / f"out{ending}"
    expected.parent.mkdir()
    _run(_command(source, f"{expected}{'/' if kind == 'folder' else ''}", form, jobs))
    whole = _contents(expected)
    chance = random.Random(f"{form}{jobs}{kind}")
    ended = total = 0
    while ended < KILLS / 8 and total < KILLS:
        folder = tmp_path / f"run{total}"
        folder.mkdir()
        output = folder / f"out{ending}"
        name = f"{output}{'/' if kind == 'folder' else ''}"
        command = _command(source, name, form, jobs)
        for number in range(3):
            kill = SIGNALS[total % 3]
            total += 1
            code = _killed([*command, *(resume if number else [])], chance.random() * seconds, kill)
            ended += code != 0
            if code == 0:
                break
            if kind == "file" and output.exists():  # it was ended when all was done
                assert output.read_bytes() == whole[""], kill
                break
        _run([*command, *resume] if kind == "folder" or not output.exists() else command)
        assert _contents(output) == whole, f"after {kill} {total}"
    print(f"{form} {jobs} {kind}: {ended} of {total} ended before their end")
    assert ended >= KILLS / 8


def test_workers_of_a_cluster_that_are_killed_ten_times_do_not_show(
    inputs: list[Path],
    task: Settings,
    reference: Reference,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan, "SHARD", 400)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    killed: list[int] = []
    with LocalCluster(host="127.0.0.1", **options) as cluster:  # type: ignore[no-untyped-call]

        def kill(_: Tally) -> None:
            # One that is ended while it starts takes the cluster's own watchman of it along.
            if len(cluster.scheduler.workers) < 2:
                return
            pids = [worker.pid for worker in cluster.workers.values() if worker.pid]
            if len(killed) < CLUSTER_KILLS and (new := set(pids) - set(killed)):
                killed.append(min(new))
                os.kill(killed[-1], signal.SIGKILL)

        for number in range(3 * CLUSTER_KILLS):
            # A busy machine starts those that were ended anew after the next run is over.
            cluster.wait_for_workers(2, timeout=120)
            out = tmp_path / f"out{number}"
            address = cluster.scheduler_address
            with suppress(FramelensError):  # a shard may have had too many workers that were ended
                classify_to_folder(
                    inputs, task, out, backend="dask", scheduler=address, progress=kill
                )
            classify_to_folder(inputs, task, out, backend="dask", scheduler=address)
            assert joined(out, inputs) == reference(inputs, task)
            if len(killed) == CLUSTER_KILLS:
                break
    assert len(killed) == CLUSTER_KILLS


def test_a_call_that_ends_every_worker_of_a_cluster_is_told() -> None:
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **options) as cluster:  # type: ignore[no-untyped-call]
        with (
            pytest.raises(FramelensError, match="a shard ended every worker"),
            workers.open_workers("dask", 1, cluster.scheduler_address) as found,
        ):
            list(found.results(os._exit, [(1,)]))
        # It cannot be closed while they start anew.
        cluster.wait_for_workers(2, timeout=60)
        time.sleep(2)
