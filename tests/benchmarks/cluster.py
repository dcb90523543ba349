"""How much more two Dask workers cost than two processes without Dask.

    python -m tests.benchmarks.cluster [--sentences N] [--rounds N]

Both write the same folder of shards from sixteen files of sentences, in turns. What counts is the
processor time of all processes that take part, less that of a run over next to nothing, in the
cheapest round: starting does not count, nor does other work on the machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from shutil import rmtree
from tempfile import TemporaryDirectory

from framelens.core.errors import FramelensError
from psutil import Process  # type: ignore[import-untyped]

from tests.benchmarks.finding import Finding, table
from tests.benchmarks.recombined import recombined

PORT = 8799
FILES = 16
"""Each is a shard."""
FEW = 10
"""Sentences a file that are next to nothing."""


def cluster(count: int, rounds: int) -> list[Finding]:
    """The cost of two Dask workers as a multiple of that of two processes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        big, small = _filled(folder / "big", count // FILES), _filled(folder / "small", FEW)
        with _dask(folder) as workers:
            dask = ("--backend", "dask", "--scheduler", f"tcp://127.0.0.1:{PORT}")
            _cost(small, dask, workers)
            ways = {"dask": (dask, workers), "processes": (("--jobs", "2"), ())}
            costs = {
                way: min(_cost(big, *more) - _cost(small, *more) for _ in range(rounds))
                for way, more in ways.items()
            }
    seconds = costs["processes"]
    return [
        Finding(f"two processes, {count:,} sentences", seconds, None, "s of processor time"),
        Finding("two Dask workers / two processes", costs["dask"] / seconds, 1.15),
    ]


def _filled(folder: Path, size: int) -> Path:
    folder.mkdir()
    rows = recombined(size * FILES)
    for number in range(FILES):
        lines = (f"{next(rows)}\n" for _ in range(size))
        (folder / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _cost(path: Path, more: Sequence[str], workers: Sequence[Process]) -> float:
    """Seconds of processor time that a run takes, those of workers that are there already among
    them."""
    out = path.with_name("out")
    command = [sys.executable, "-m", "framelens", "classify", str(path), "--format", "jsonl"]
    before = _used(workers)
    subprocess.run([*command, "--output", f"{out}/", *more], check=True, stdout=subprocess.DEVNULL)
    rmtree(out)
    return _used(workers) - before


def _used(workers: Sequence[Process]) -> float:
    ended = getrusage(RUSAGE_CHILDREN)
    running = (worker.cpu_times() for worker in workers)
    own = sum(float(times.user + times.system) for times in running)
    return ended.ru_utime + ended.ru_stime + own


@contextmanager
def _dask(folder: Path) -> Iterator[list[Process]]:
    """A scheduler and two workers, a thread each."""
    place = f"tcp://127.0.0.1:{PORT}"
    head = ["scheduler", "--port", str(PORT)]
    worker = ["worker", place, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]
    with ExitStack() as stack:
        running = []
        for command in (head, worker, worker):
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{command[0]}", *command[1:]],
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            running.append(Process(process.pid))
        time.sleep(5)
        if not all(one.is_running() for one in running):
            raise FramelensError("scheduler or workers did not start")
        yield running


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster")
    parser.add_argument("--sentences", type=int, default=100_000, help="[100000]")
    parser.add_argument("--rounds", type=int, default=3, help="[3]")
    options = parser.parse_args(arguments)
    print(table(cluster(options.sentences, options.rounds)))


if __name__ == "__main__":
    main()
