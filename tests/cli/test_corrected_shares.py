"""From texts to corrected shares on the command line: sample, label, correct, and the ways out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from framelens.cli.main import run
from framelens.core.files import CHECKOUT

DOCUMENTS = str(CHECKOUT / "corpus" / "documents")
GOLD = CHECKOUT / "corpus" / "evaluation.jsonl"


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Forty sentences of the two documents, drawn and labelled as in the evaluation set."""
    drawn, done = tmp_path / "drawn.csv", tmp_path / "labelled.csv"
    assert run(["sample", DOCUMENTS, "--n", "40", "--output", str(drawn)]) == 0
    gold = {row["text"]: row["labels"] for row in map(json.loads, GOLD.read_text().splitlines())}
    with drawn.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["labels"] = "|".join(gold[row["text"]]) or "none"
    with done.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return done


def test_shares_are_corrected(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled)]) == 0
    out = capsys.readouterr().out
    assert "corrected" in out
    assert "Shares are of 72 sentences of 2 documents" in out


@pytest.mark.parametrize("tool", ["label-studio", "doccano", "prodigy", "csv", "xlsx"])
def test_a_sample_goes_out(labelled: Path, tool: str) -> None:
    suffix = {"csv": "csv", "xlsx": "xlsx", "label-studio": "json"}.get(tool, "jsonl")
    out = labelled.with_name(f"out.{suffix}")
    assert run(["export", str(labelled), "--to", tool, "--output", str(out)]) == 0
    assert out.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sample", DOCUMENTS, "--n", "5000"], "there are only 72 sentences to draw from"),
        (["sample", "nowhere", "--n", "3"], "nowhere: no such file or folder"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--output", str(tmp_path / "x.csv")]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert expected in line
    assert not (tmp_path / "x.csv").exists()
