"""What a second process brings: at least 1.8 times the speed, and the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.benchmarks.recombined import write_sentences

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores"),
]

SENTENCES = 200_000
ROUNDS = 4
"""Of many short ones, in turns, the fastest counts: what slows a run down is somebody else's work."""


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("jobs") / "sentences.jsonl"
    write_sentences(path, SENTENCES)
    yield path
    path.unlink()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_two_processes_are_nearly_twice_as_fast(form: str, sentences: Path, tmp_path: Path) -> None:
    rounds = [[measure(sentences, tmp_path, form, jobs) for jobs in (1, 2)] for _ in range(ROUNDS)]
    assert len({digest for row in rounds for _, digest in row}) == 1
    one, two = (min(row[at][0] for row in rounds) for at in range(2))
    print(f"\n{form}: {SENTENCES / one:,.0f} and {SENTENCES / two:,.0f} sentences/s")
    print(f"one process {one:.1f} s, two {two:.1f} s: {one / two:.2f} times")
    assert one / two >= 1.8


def measure(path: Path, folder: Path, form: str, jobs: int) -> tuple[float, str]:
    """Seconds that the whole command takes, and the digest of its output."""
    out = folder / f"out.{jobs}"
    command = [sys.executable, "-m", "framelens", "classify", str(path), "--unit", "sentence"]
    command += ["--format", form, "--output", str(out), "--jobs", str(jobs)]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - begun
    digest = sha256(out.read_bytes()).hexdigest()
    out.unlink()
    return seconds, digest
