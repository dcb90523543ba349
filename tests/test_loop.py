"""The loop: sample, label, correct, train with the labels, a second wave, correct again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from framelens.cli.main import run
from framelens.project.items import read_items, write_items

from tests.conftest import SOURCES

FRAMES = ("look", "talk")
CLAUSES = {
    ("talk",): ("the talks on {} went on", "they spoke at length of {}", "both sides discussed {}"),
    ("look",): ("they visited the prison near {}", "monitors watched the trial in {}"),
    (): ("it rained on {}", "nobody came to {}", "the price of {} rose", "{} is far away"),
}
PLACES = (
    "Arvania",
    "Belmora",
    "Cassia",
    "Dorvia",
    "Elland",
    "Farland",
    "Gorm",
    "Harl",
    "Isk",
    "Jura",
)
Truth = dict[str, tuple[str, ...]]


@pytest.fixture
def truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Truth:
    """Forty documents of ten sentences in which rules alone find one way of talking in three."""
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("rules").mkdir()
    for name, source in SOURCES.items():
        Path("rules", name).write_text(source, encoding="utf-8")
    chance, found = Random(0), {}
    for number in range(40):
        lines = []
        for _ in range(10):
            labels = chance.choice(list(CLAUSES))
            clause = chance.choice(CLAUSES[labels]).format(chance.choice(PLACES))
            text = f"In {chance.choice(['spring', 'summer', 'autumn', 'winter'])} {clause} again."
            found[text] = labels
            lines.append(text)
        Path("texts", f"doc{number:02}.txt").write_text(" ".join(lines), encoding="utf-8")
    return found


def labelled(drawn: str, truth: Truth) -> None:
    """Have somebody label what was drawn."""
    items = read_items(Path(drawn), FRAMES)
    write_items([replace(item, labels=truth[item.text]) for item in items], Path(drawn))


def shares(*arguments: str) -> dict[str, dict[str, float]]:
    """What correct says of each frame."""
    assert (
        run(["correct", "texts", "--target", "texts", *arguments, "--output", "shares.json"]) == 0
    )
    return {row["frame"]: row for row in json.loads(Path("shares.json").read_text())["shares"]}


def test_labels_correct_shares_teach_a_model_and_correct_its_shares(
    truth: Truth, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = ["--rules", "rules"]
    by_rules = [*rules, "--rules-only"]
    assert run(["sample", "texts", *by_rules, "--n", "60", "--output", "first.csv"]) == 0
    labelled("first.csv", truth)
    before = shares(*by_rules, "--labelled", "first.csv")
    assert before["talk"]["counted"] < 0.6 * before["talk"]["corrected"]

    assert run(["train", "first.csv", *rules, "--output", "model"]) == 0
    model = ["--model", "model"]
    capsys.readouterr()
    assert run(["correct", "texts", *model, "--labelled", "first.csv"]) == 2
    assert "trained on 60 of the labelled sentences" in capsys.readouterr().err

    again = ["--n", "60", "--avoid", "first.csv", "--output", "second.csv"]
    assert run(["sample", "texts", *model, *again]) == 0
    labelled("second.csv", truth)
    first, second = (read_items(Path(name), FRAMES) for name in ("first.csv", "second.csv"))
    assert not {item.id for item in first} & {item.id for item in second}
    seen = [*model, "--trained-on", "first.csv"]
    after = shares(*seen, "--labelled", "first.csv", "--labelled", "second.csv")

    sentences = [line for path in Path("texts").iterdir() for line in path.read_text().split(". ")]
    for frame in FRAMES:
        true = sum(frame in truth[f"{it.rstrip('.')}."] for it in sentences) / len(sentences)
        for found in (before, after):
            assert found[frame]["low"] <= true <= found[frame]["high"]
    assert after["talk"]["labelled"] == 120
    assert width(after["talk"]) < 0.6 * width(before["talk"])


def width(found: dict[str, float]) -> float:
    """That of an interval."""
    return found["high"] - found["low"]
