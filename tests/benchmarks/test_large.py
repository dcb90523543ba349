"""Inputs of unusual size: memory does not grow with them, and time only in proportion.

Run with `pytest -m slow tests/benchmarks/test_large.py`; FRAMELENS_LARGE, from 0 to 1, scales them
down, which leaves the bounds on memory as they are.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import pytest

from tests.benchmarks.recombined import recombined

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]
SCALE = float(os.environ.get("FRAMELENS_LARGE", "1"))
MEMORY = 1200
"""Megabytes that a run may take at most: the model, its caches, and a block of sentences."""

RUN = """
import json, resource, sys, time
from pathlib import Path
from framelens.core.settings import Settings
from framelens.parallel.run import classify_to_file
begun = time.process_time()
found = classify_to_file([sys.argv[1]], Settings(), Path(sys.argv[2]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([found.sentences, peak, time.process_time() - begun]))
"""


def one_line(out: TextIO) -> None:
    """50 MB of prose without a line break."""
    size = 0
    for sentence in recombined(10**9):
        size += out.write(f"{sentence} ")
        if size > 50e6 * SCALE:
            return


def one_word(out: TextIO) -> None:
    """50 MB of brackets."""
    for _ in range(int(50 * SCALE)):
        out.write("(" * 10**6)


def letters(out: TextIO) -> None:
    """Ten million lines of one letter."""
    for _ in range(int(1000 * SCALE)):
        out.write("a\n" * 10_000)


def paragraphs(out: TextIO) -> None:
    """A document of a million sentences, twenty a paragraph."""
    for number, sentence in enumerate(recombined(int(1e6 * SCALE)), start=1):
        out.write(sentence[0].upper() + sentence[1:] + (" " if number % 20 else "\n\n"))


def records(out: TextIO) -> None:
    """A million sentences, a record each."""
    for number, sentence in enumerate(recombined(int(1e6 * SCALE))):
        out.write(json.dumps({"id": number, "text": sentence}) + "\n")


@pytest.mark.parametrize(
    ("write", "suffix", "rate"),
    [
        (one_line, "txt", 30e3),
        (one_word, "txt", 10e3),
        (letters, "txt", 10e3),
        (paragraphs, "txt", 30e3),
        (records, "jsonl", 30e3),
    ],
)
def test_memory_is_bounded_and_time_is_linear(
    tmp_path: Path, write: Callable[[TextIO], None], suffix: str, rate: float
) -> None:
    """`rate` is the least number of bytes a second of processor time."""
    path = tmp_path / f"large.{suffix}"
    with path.open("w", encoding="utf-8") as out:
        write(out)
    begun = time.monotonic()
    command = [sys.executable, "-c", RUN, str(path), str(tmp_path / "out.jsonl")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    sentences, peak, seconds = json.loads(done.stdout)
    size = path.stat().st_size
    print(f"\n{write.__name__}: {size / 1e6:.0f} MB, {sentences:,} sentences, {peak} MB of memory,")
    print(f"{seconds:.0f} s of processor time, {time.monotonic() - begun:.0f} s in all")
    assert peak < MEMORY
    assert seconds < 10 + size / rate
    _check_whole(path, tmp_path / "out.jsonl", sentences)


def _check_whole(path: Path, written: Path, sentences: int) -> None:
    """As many characters stand in the sentences as in the input, but for white space."""
    count = held = 0
    with written.open(encoding="utf-8") as lines:
        for line in lines:
            held += len("".join(json.loads(line)["text"].split()))
            count += 1
    assert count == sentences
    if path.suffix == ".txt":
        with path.open(encoding="utf-8") as chunks:
            given = sum(len("".join(part.split())) for part in iter(lambda: chunks.read(2**20), ""))
        assert held == given
