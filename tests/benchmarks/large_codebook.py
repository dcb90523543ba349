"""How long `framelens train` takes, and in how much memory, on tables of one's own of any size.

    python -m tests.benchmarks.large_codebook [--sentences 50000 200] [--table FILE.md]

The sentences are recombined from clauses of the training sentences. Side by side they have the frames
of the sentences that their clauses come from; as an exclusive codebook the genre of the first, the
commonest ten. Time is that of the command as a whole, with all that it compares and writes; memory is
its peak. A machine that others use makes the first longer: the processor's time stands beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.codebooks import scheme_of
from tests.benchmarks.recombined import clauses_of, training_rows, varied
from tests.benchmarks.tables import markdown, write

MOST_GENRES = 10
CHANGED = 0.12
STRANGERS = 0.05


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on tables of each size, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large_codebook")
    parser.add_argument("--sentences", nargs="+", type=int, default=[50_000, 200])
    parser.add_argument("--table", type=Path, help="write the table here (Markdown)")
    options = parser.parse_args(arguments)
    rows = [
        measured(size, exclusive=exclusive)
        for size in options.sentences
        for exclusive in (False, True)
    ]
    heading = ["labels", "seconds", "of the processor", "peak memory", "macro F1"]
    text = markdown(["", *heading], rows) + "\n"
    print(text, end="")
    write(options.table, text)


def measured(size: int, *, exclusive: bool) -> list[str]:
    """A row: what training on so many sentences takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = list(labelled(size, exclusive=exclusive))
        names = sorted({label for _, labels in made for label in labels})
        table = folder / "labelled.jsonl"
        with table.open("w", encoding="utf-8") as out:
            for text, labels in made:
                out.write(json.dumps({"text": text, "labels": labels}) + "\n")
        (folder / "rules").mkdir()
        source = scheme_of(names, exclusive=exclusive).sources["scheme.toml"]
        (folder / "rules" / "scheme.toml").write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "framelens", "train", str(table), "--allow-conflicts"]
        command += ["--rules", str(folder / "rules"), "--output", str(folder / "model")]
        command += ["--skip-rare"]
        before, begun = _processor(), time.perf_counter()
        peak = int(_output([sys.executable, "-m", "tests.benchmarks.peak", *command]).split()[-1])
        seconds, worked = time.perf_counter() - begun, _processor() - before
        meta = json.loads((folder / "model" / "meta.json").read_text(encoding="utf-8"))
    kind = "exclusive" if exclusive else "side by side"
    return [
        f"{size:,} sentences, {kind}",
        str(len(names)),
        f"{seconds:.0f}",
        f"{worked:.0f}",
        f"{peak / 1e6:,.0f} MB",
        f"{meta['cross_validation']['macro_f1']['value']:.3f}",
    ]


def labelled(size: int, *, exclusive: bool, seed: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Texts with their labels."""
    rows = training_rows()
    genres = {name for name, _ in Counter(row["genre"] for row in rows).most_common(MOST_GENRES)}
    kept = [row for row in rows if not exclusive or row["genre"] in genres]
    clauses = [(clause, row) for row in kept for clause in clauses_of(row["text"])]
    words = sorted({word for clause, _ in clauses for word in clause})
    chance = random.Random(seed)
    for _ in range(size):
        parts = [chance.choice(clauses) for _ in range(chance.choice((1, 2, 2, 3)))]
        shares = (STRANGERS, CHANGED)
        text = ", ".join(" ".join(varied(clause, words, shares, chance)) for clause, _ in parts)
        labels = {parts[0][1]["genre"]} if exclusive else {n for _, r in parts for n in r["labels"]}
        yield text + ".", sorted(labels)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
