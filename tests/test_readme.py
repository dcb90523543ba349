"""What the documentation shows is run: Python as it stands, commands against a copy of the corpus.

To keep the training command short, that copy holds a part of the training sentences.
"""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from framelens.api import check_rules, classify_files, evaluate
from framelens.cli.main import Exit, run
from framelens.core.files import CHECKOUT
from framelens.project.labelled.sentence import LabelledSentence

from tests.benchmarks.picture import PICTURE, picture
from tests.training.test_train import corpus as topics

PART = 12
"""One training sentence in so many is kept."""


def blocks(page: str, kind: str) -> list[str]:
    """The code blocks of one kind on a page."""
    text = (CHECKOUT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


README = "README.md"
PYTHON = blocks(README, "python")
COMMANDS = [line for text in blocks(README, "sh") for line in text.splitlines()]
ON_RULES = "rules/README.md"
COMMANDS += [line for text in blocks(ON_RULES, "sh") for line in text.splitlines()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(CHECKOUT / "corpus", folder / "corpus")
    (folder / "models").mkdir()
    training = folder / "corpus" / "training.jsonl"
    rows = training.read_text(encoding="utf-8").splitlines(keepends=True)
    training.write_text("".join(rows[::PART]), encoding="utf-8")
    for name, kept in (("tweets.csv", True), ("held-out.csv", False)):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["tweet", "topic"])
            table.writerows(
                [row.text, row.labels[0]]
                for row in topics()
                if row.labels and held_out(row) != kept
            )
    return folder


def held_out(row: LabelledSentence) -> bool:
    """Whether a sentence is one to measure on."""
    return "sailors" in row.text


def test_there_is_something_to_run() -> None:
    assert len(PYTHON) >= 1
    assert len(COMMANDS) >= 5


def test_the_page_is_short() -> None:
    assert len((CHECKOUT / README).read_text(encoding="utf-8").splitlines()) <= 130


@pytest.mark.parametrize("code", PYTHON)
def test_python(code: str, place: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_commands_one_after_the_other(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    for line in COMMANDS:
        name, *arguments = shlex.split(line, comments=True)
        assert name == "framelens"
        code, (out, err) = run(arguments), capsys.readouterr()
        assert code == Exit.OK, f"{line}: {err}"
        assert out or "--output" in line, line


def test_the_line_of_json_is_as_shown(tmp_path: Path) -> None:
    (shown,) = map(json.loads, blocks(README, "json"))
    (tmp_path / shown["doc"]).write_text(shown["text"], encoding="utf-8")
    found = classify_files(tmp_path / shown["doc"])
    (row,) = found
    assert list(row) == list(shown)
    assert set(row["scores"]) == set(shown["scores"])
    values = ("id", "doc", "index", "start", "end", "text", "labels", "primary")
    assert {name: row[name] for name in values} == {name: shown[name] for name in values}
    assert list(row["evidence"][0]) == list(shown["evidence"][0])
    assert rounded(row) == shown


def rounded(value: Any) -> Any:
    """The same with two digits after the point."""
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 2) if isinstance(value, float) else value


def test_the_figures_are_those_that_evaluate_prints() -> None:
    found = evaluate().systems
    names = {
        "framelens, and its rules alone": ("framelens", "rules only"),
        "model without rules": ("model only",),
        "keyword list": ("keyword list",),
    }
    lines = (CHECKOUT / README).read_text(encoding="utf-8").splitlines()
    for title, systems in names.items():
        (line,) = [line for line in lines if line.startswith(f"| {title} |")]
        for system in systems:
            row = found[system]
            figures = (row.macro_f1, row.micro_f1, row.exact, row.primary)
            told = [f"{one.value:.2f} ({one.low:.2f}–{one.high:.2f})" for one in figures if one]
            assert line == f"| {title} | {' | '.join(told)} |"


def test_the_figures_of_stances_are_those_that_evaluate_prints() -> None:
    found = evaluate().stances
    assert found is not None
    assert found.figures.exact
    assert found.baseline.exact
    own, usual = found.figures.exact, found.baseline.exact
    told = f"in {own.value:.2f} ({own.low:.2f}–{own.high:.2f}) here"
    baseline = f"(commonest of the frame: {usual.value:.2f})"
    assert f"{told} {baseline}" in (CHECKOUT / README).read_text(encoding="utf-8")


def test_the_rule_shown_is_one_whose_examples_hold(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "rules" / "scheme.toml", tmp_path)
    (shown,) = blocks(ON_RULES, "toml")
    (tmp_path / "monitoring.toml").write_text(shown, encoding="utf-8")
    assert check_rules(tmp_path) == []


def test_the_picture_of_the_documents_is_what_the_code_draws() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture()
    assert str(PICTURE.relative_to(CHECKOUT)) in (CHECKOUT / README).read_text(encoding="utf-8")
