"""What a second process brings: nine tenths of what a second core can, and the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.recombined import write_sentences

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores"),
]

SENTENCES = 600_000
ROUNDS = 2


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, ...]]:
    """The whole file, and its two halves."""
    folder = tmp_path_factory.mktemp("jobs")
    whole, *halves = (folder / f"{name}.jsonl" for name in ("whole", "first", "second"))
    write_sentences(whole, SENTENCES)
    lines = whole.read_bytes().splitlines(keepends=True)
    halves[0].write_bytes(b"".join(lines[: SENTENCES // 2]))
    halves[1].write_bytes(b"".join(lines[SENTENCES // 2 :]))
    yield whole, *halves
    for path in (whole, *halves):
        path.unlink()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_two_processes_are_nearly_twice_as_fast(
    form: str, sentences: tuple[Path, ...], tmp_path: Path
) -> None:
    """What two cores can bring is what two commands at once on half of the file each bring, which is
    less than twice where cores share their memory: of that, the work that a run shares out may lose a
    tenth. Taken in turns, and the median counts, since a shared machine's pace moves."""
    whole, *halves = sentences
    gains, kept = [], []
    for _ in range(ROUNDS):
        one, alone = measure([whole], tmp_path, form, jobs=1)
        split, _ = measure(halves, tmp_path, form, jobs=1)
        two, shared = measure([whole], tmp_path, form, jobs=2)
        assert shared == alone
        gains.append(one / two)
        kept.append(split / two)
        print(
            f"\n{form}: {one:.1f} s; halves at once {split:.1f} s, {one / split:.2f} times; ",
            end="",
        )
        print(f"two processes {two:.1f} s, {one / two:.2f} times, {split / two:.2f} of it", end="")
    print(
        f"\n{form}: median {median(gains):.2f} times, {median(kept):.2f} of what the cores can bring"
    )
    assert median(kept) >= 0.9


def measure(
    paths: Sequence[Path], folder: Path, form: str, *, jobs: int
) -> tuple[float, list[str]]:
    """Seconds that commands started at once take, each on a file of its own, and the digests of what
    they write."""
    outputs = [folder / f"out.{number}" for number in range(len(paths))]
    options = ["--unit", "sentence", "--format", form, "--jobs", str(jobs), "--output"]
    begun = time.perf_counter()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "framelens", "classify", str(path), *options, str(output)]
        )
        for path, output in zip(paths, outputs, strict=True)
    ]
    codes = [process.wait() for process in running]
    seconds = time.perf_counter() - begun
    assert not any(codes)
    digests = [sha256(output.read_bytes()).hexdigest() for output in outputs]
    for output in outputs:
        output.unlink()
    return seconds, digests
