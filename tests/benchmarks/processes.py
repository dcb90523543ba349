"""The command as a whole process: how long it takes to start, and how much memory it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from framelens.core.errors import FramelensError

from tests.benchmarks.finding import Finding
from tests.benchmarks.recombined import recombined
from tests.benchmarks.throughput import documents
from tests.benchmarks.timing import Maker, in_turns, ratio

COMMAND = (sys.executable, "-m", "framelens")
SPACY = (sys.executable, "-c", "import spacy; spacy.blank('en')")
SENTENCE = "The rapporteur was refused access; they offered dialogue instead."
MB = 1_000_000
TEXT = 5
"""How many times as large the file of records is as the one text."""
AT_A_TIME = 1000
NOT_COMPILED = "PYTHONDONTWRITEBYTECODE"


def start_up(rounds: int) -> list[Finding]:
    """Whole processes as multiples of one that makes a blank spaCy pipeline."""
    makers = {
        "spacy": _starting(SPACY),
        "text": _starting((*COMMAND, "classify", "--text", SENTENCE)),
        "help": _starting((*COMMAND, "--help")),
        "wrong": _starting((*COMMAND, "classify", "--no-such-option")),
    }
    times = in_turns(makers, rounds=rounds)
    return [
        Finding("`classify --text` / blank spaCy", ratio(times, "text", "spacy"), 1.0),
        Finding("`--help` / blank spaCy", ratio(times, "help", "spacy"), 0.15),
        Finding("an argument error / blank spaCy", ratio(times, "wrong", "spacy"), 0.25),
    ]


def memory(megabytes: int) -> list[Finding]:
    """What `classify` needs at its peak over what it needs for one sentence: for a file of records,
    one text of a fifth of its size, and a quarter of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = _filled(folder / "one.jsonl", _records([SENTENCE]), MB)
        loaded = _peak(one, "sentence")
        findings = [Finding("peak of one sentence", loaded / MB, None, "MB")]
        for size in (megabytes / 4, megabytes):
            rows = _filled(folder / "rows.jsonl", _records(_endless()), size * MB)
            over = (_peak(rows, "sentence") - loaded) / MB
            findings.append(Finding(f"peak of {size:g} MB of records, over that", over, 400, "MB"))
            size /= TEXT
            text = _filled(folder / "text.txt", _paragraphs(), size * MB)
            over = (_peak(text, "document") - loaded) / MB
            findings.append(Finding(f"peak of one text of {size:g} MB, over that", over, 400, "MB"))
        return findings


def _starting(command: Sequence[str]) -> Maker:
    # Python keeps its own modules compiled, unless it is told not to: so do users' installations.
    environment = {name: value for name, value in os.environ.items() if name != NOT_COMPILED}
    return lambda _: partial(
        subprocess.run,
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        env=environment,
    )


def _peak(path: Path, unit: str) -> int:
    """The peak memory, in bytes, of classifying a file with the evidence that is usual."""
    command = [*COMMAND, "classify", str(path), "--unit", unit, "--format", "jsonl"]
    measured = [sys.executable, "-m", "tests.benchmarks.peak", *command]
    done = subprocess.run(measured, stdout=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise FramelensError(f"{' '.join(command)} failed")
    return int(done.stdout)


def _filled(path: Path, rows: Iterable[str], size: float) -> Path:
    """A file of about `size` bytes, or of all rows if they are fewer."""
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            size -= stream.write(row)
            if size <= 0:
                break
    return path


def _records(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n"


def _paragraphs() -> Iterator[str]:
    sentences = _endless()
    while True:
        yield from (f"{text}\n\n" for text in documents(list(islice(sentences, AT_A_TIME))))


def _endless() -> Iterator[str]:
    return recombined(sys.maxsize)
