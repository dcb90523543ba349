"""Small rules, small inputs, and what the plain way makes of them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from framelens.core.settings import Settings
from framelens.parallel import plan
from framelens.readers import find, look_ahead
from framelens.readers.columns import columns_of
from framelens.readers.rejects import Notes

from tests.helpers import classify_passages, open_classifier, read, write_csv, write_jsonl

Reference = Callable[[Sequence[Path], Settings], bytes]

WORDS = [
    *("the", "a", "talks", "dialogue", "failed", "began", "observer", "rapporteur", "visited"),
    *("visit", "old", "prison", "camp", "shop", "and", "who", "said", "no", "Élan", "😀", "in"),
    *("Geneva,", "today;", "“quietly”", "Mr.", "Smith;", "again:", "friends"),
]


def sentence(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randrange(3, 15))
    return " ".join(words).capitalize() + chance.choice(".?!")


def paragraphs(chance: random.Random, count: int) -> str:
    return "\n\n".join(
        " ".join(sentence(chance) for _ in range(chance.randrange(1, 6))) for _ in range(count)
    )


@pytest.fixture
def task(small_folder: Path) -> Settings:
    return Settings(rules=str(small_folder), mode="rules")


@pytest.fixture
def reference(small_folder: Path) -> Reference:
    """One classifier, one reader, one writer: what every other way must equal."""
    classifier = open_classifier(rules=small_folder, mode="rules")

    def output(paths: Sequence[Path], task: Settings) -> bytes:
        found = find(paths)
        passages = read(paths, unit=task.unit)
        rows = classify_passages(passages, classifier, unit=task.unit, evidence=task.evidence)
        out = io.StringIO()
        if task.form == "csv":
            write_csv(
                rows,
                out,
                unit=task.unit,
                frames=classifier.frames,
                explain=task.evidence is True,
                columns=columns_of(*look_ahead(found, task, Notes())),
            )
        else:
            write_jsonl(rows, out, unit=task.unit, explain=task.evidence is True)
        return out.getvalue().encode()

    return output


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inputs of some kilobytes are cut as those of many megabytes are."""
    monkeypatch.setattr(plan, "PART", 600)


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    """A text longer than a part, records with and without ids and with ids again, a table, and
    many small texts."""
    chance = random.Random(7)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "long.txt").write_text(paragraphs(chance, 60), encoding="utf-8")
    (folder / "named.jsonl").write_bytes(records(chance, 60, named=True))
    (folder / "nameless.jsonl").write_bytes(records(chance, 60, named=False))
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "year"])
        writer.writerows([n // 2, paragraphs(chance, 2), 1990 + n] for n in range(30))
    for number in range(8):
        (folder / f"small{number}.txt").write_text(paragraphs(chance, 2), encoding="utf-8")
    return sorted(folder.iterdir())


def records(chance: random.Random, count: int, *, named: bool) -> bytes:
    rows, name = [], 0
    for number in range(count):
        name += chance.random() < 0.6
        fields = {"id": f"r{name}"} if named else {}
        rows.append(json.dumps({**fields, "text": paragraphs(chance, 1), "year": number}))
        rows.extend([" "] * (chance.random() < 0.1))
    return ("\n".join(rows) + "\n").encode()


def joined(folder: Path, inputs: Sequence[Path]) -> bytes:
    """What a folder of output holds, in the order of the inputs."""
    parts = (path for name in inputs for path in sorted(folder.glob(f"{name.name}.*.jsonl")))
    return b"".join(path.read_bytes() for path in parts)


def entries(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of a folder's manifest, by output."""
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    return {row["output"]: row for row in found["shards"]}
