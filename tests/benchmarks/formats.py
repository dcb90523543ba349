"""How many pages a second are read, and classified, by format, and what a second process costs.

    python -m tests.benchmarks.formats [--reports N] [--files N] [--clock wall]

The reports are made by chance, as in `documents`; a page is 400 words. What counts is processor time,
that of a whole command less its start; or, of two processes on a machine that nobody else uses, the
time by the clock, starts included, in the faster of some rounds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from tests.benchmarks.finding import Finding, table
from tests.benchmarks.made_documents import FORMS, made_report
from tests.helpers import read

PAGE = 400
"""Words of a page."""
TIMED = ("pdf", "html", "docx")
ROUNDS = 2
"""Of several, the fastest counts: what slows a run down is somebody else's work."""


def by_format(reports: int, folder: Path) -> list[Finding]:
    """Pages a second that are read, by format."""
    rows = []
    for form in TIMED:
        made = [made_report(Random(at)) for at in range(reports)]
        paths = [folder / f"{at}.{form}" for at in range(reports)]
        for path, report in zip(paths, made, strict=True):
            path.write_bytes(FORMS[form](report))
        list(read(paths[:1]))  # what is imported first
        begun = time.process_time()
        words = sum(len(passage.text.split()) for passage in read(paths))
        pages = words / PAGE / (time.process_time() - begun)
        rows.append(Finding(f"reading {form.upper()}", pages, None, "pages/s"))
    return rows


def by_clock(files: int, folder: Path) -> list[Finding]:
    """How many times as long one process takes for many HTML files as two, by the clock."""
    many = _written(folder / "many", files)
    rounds = [[_timed(many, folder, jobs) for jobs in (1, 2)] for _ in range(ROUNDS)]
    alone, both = (min(times) for times in zip(*rounds, strict=True))
    return [
        Finding(f"classifying {files:,} HTML files", alone, None, "s"),
        Finding("with two processes", both, None, "s"),
        Finding("one process beside two", alone / both, 1.7, least=True),
    ]


def by_processes(files: int, folder: Path) -> list[Finding]:
    """What two processes cost for many HTML files, as a multiple of what one does."""
    many, one = _written(folder / "many", files), _written(folder / "one", 1)
    start = _cost(one, folder, 1)
    alone, both = (_cost(many, folder, jobs) for jobs in (1, 2))
    return [
        Finding(f"classifying {files:,} HTML files, start aside", alone - start, None, "s"),
        Finding("with two processes, two starts aside", (both - 2 * start) / (alone - start), 1.15),
    ]


def _written(folder: Path, files: int) -> Path:
    folder.mkdir()
    for at in range(files):
        (folder / f"{at}.html").write_bytes(FORMS["html"](made_report(Random(at))))
    return folder


def _timed(path: Path, folder: Path, jobs: int) -> float:
    begun = time.perf_counter()
    _classify(path, folder, jobs)
    return time.perf_counter() - begun


def _classify(path: Path, folder: Path, jobs: int) -> None:
    command = [sys.executable, "-m", "framelens", "classify", str(path), "--format", "jsonl"]
    command += ["--output", str(folder / "out.jsonl"), "--jobs", str(jobs)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def _cost(path: Path, folder: Path, jobs: int) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    _classify(path, folder, jobs)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.formats")
    parser.add_argument("--reports", type=int, default=20, help="of each format [20]")
    parser.add_argument("--files", type=int, default=1000, help="HTML files to classify [1000]")
    parser.add_argument(
        "--clock",
        choices=("processor", "wall"),
        default="processor",
        help="of two processes; wall: on a quiet machine [processor]",
    )
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as name:
        folder = Path(name)
        processes = by_clock if options.clock == "wall" else by_processes
        print(table([*by_format(options.reports, folder), *processes(options.files, folder)]))


if __name__ == "__main__":
    main()
