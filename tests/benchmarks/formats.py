"""How many pages a second are read, and classified, by format, and what a second process costs.

    python -m tests.benchmarks.formats [--reports N] [--files N]

The reports are made by chance, as in `documents`; a page is 400 words. What counts is processor time,
that of a whole command less its start.
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

from framelens.readers import read

from tests.benchmarks.finding import Finding, table
from tests.benchmarks.made_documents import FORMS, made_report

PAGE = 400
"""Words of a page."""
TIMED = ("pdf", "html", "docx")


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


def by_processes(files: int, folder: Path) -> list[Finding]:
    """What two processes cost for many HTML files, as a multiple of what one does."""
    many, one = folder / "many", folder / "one"
    for into, size in ((many, files), (one, 1)):
        into.mkdir()
        for at in range(size):
            (into / f"{at}.html").write_bytes(FORMS["html"](made_report(Random(at))))
    start = _cost(one, folder, 1)
    alone, both = (_cost(many, folder, jobs) for jobs in (1, 2))
    return [
        Finding(f"classifying {files:,} HTML files, start aside", alone - start, None, "s"),
        Finding("with two processes, two starts aside", (both - 2 * start) / (alone - start), 1.15),
    ]


def _cost(path: Path, folder: Path, jobs: int) -> float:
    command = [sys.executable, "-m", "framelens", "classify", str(path), "--format", "jsonl"]
    command += ["--output", str(folder / "out.jsonl"), "--jobs", str(jobs)]
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.formats")
    parser.add_argument("--reports", type=int, default=20, help="of each format [20]")
    parser.add_argument("--files", type=int, default=1000, help="HTML files to classify [1000]")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as name:
        folder = Path(name)
        print(table([*by_format(options.reports, folder), *by_processes(options.files, folder)]))


if __name__ == "__main__":
    main()
