"""A codebook of one's own on the command line: a model that carries its rules, a project folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from framelens.api import train
from framelens.cli.main import Exit, app_for, run
from framelens.core.errors import FramelensError
from framelens.rules.rule_files import read_rules
from framelens.training.saving import carry_rules
from typer.main import get_command

from tests.cli.test_cli import fails, jsonl
from tests.conftest import SCHEME
from tests.training.test_train import corpus

SENTENCE = "The clerks inspected ruins."


@pytest.fixture(scope="module")
def model(rules_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(corpus(), rules_folder).save(folder)
    return folder


@pytest.fixture
def project(small_folder: Path, model: Path) -> Path:
    """A project with rules and a model of theirs."""
    folder = small_folder.parent
    shutil.copytree(model, folder / "model")
    (folder / "framelens.toml").write_text("")
    return folder


def test_a_model_brings_its_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = jsonl(capsys, "--text", SENTENCE, "--model", project / "model")
    assert row["labels"] == ["look"]
    assert read_rules(project / "model" / "rules").digest == read_rules(project / "rules").digest


@pytest.mark.parametrize("way", ["option", "environment", "current folder"])
def test_a_project_stands_for_rules_and_model(
    way: str, project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | Path] = []
    if way == "option":
        asked = ["--project", project]
    elif way == "environment":
        monkeypatch.setenv("FRAMELENS_PROJECT", str(project))
    else:
        monkeypatch.chdir(project)
    (row,) = jsonl(capsys, "--text", SENTENCE, *asked)
    assert row["labels"] == ["look"]
    assert run(["rules", "list", *map(str, asked)]) == Exit.OK
    assert "look.watcher (weak)" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["evaluate"], ["rules", "stats"]])
def test_the_shipped_sentences_measure_no_other_frames(
    command: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--project", str(project)]) == Exit.BAD_INPUT
    assert "the shipped ones have other frames than look" in capsys.readouterr().err


def test_rules_that_were_edited_since_are_told_with_what_works_until_then(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (project / "rules" / "look.toml").open("a", encoding="utf-8") as file:
        file.write("# One more thought.\n")
    told = fails(["classify", "--text", SENTENCE, "--project", project], capsys)
    assert "train it anew" in told
    assert "(--model alone)" in told
    (row,) = jsonl(capsys, "--text", SENTENCE, "--model", project / "model")
    assert row["labels"] == ["look"]


def test_what_is_given_goes_before_the_project(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = project.rename(project.with_name("other")) / "model"
    (project / "rules").mkdir(parents=True)
    (project / "framelens.toml").write_text("")
    monkeypatch.chdir(project)
    (row,) = jsonl(capsys, "--text", SENTENCE, "--model", carried)
    assert row["labels"] == ["look"]


def test_every_command_that_takes_rules_takes_a_project_and_says_so() -> None:
    def options(command: Any) -> list[dict[str, str]]:
        inner = getattr(command, "commands", {}).values()
        own = {name: getattr(param, "help", "") for param in command.params for name in param.opts}
        return [own, *(row for sub in inner for row in options(sub))]

    taking = [row for row in options(get_command(app_for([]))) if "--rules" in row]
    assert len(taking) >= 12
    assert all("--project" in row for row in taking)
    helps = [row[name] for row in taking for name in ("--rules", "--model") if name in row]
    assert all("[default: the project's" in text for text in helps)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("nothing.toml", "", "no framelens.toml in it; expected a project"),
        ("framelens.toml", "rules = 3", "framelens.toml: rules is 3; expected a text"),
        ("framelens.toml", "ruels = 'x'", "unknown key 'ruels'; expected rules, model"),
        ("framelens.toml", "labelled = 'x'", "labelled is no table"),
        ("framelens.toml", "[labelled]\nfiles = 'x'", "files is no list of names"),
        ("framelens.toml", "rules = ", "not TOML"),
        ("framelens.toml", "[labelled]\nseparator = ''", "labelled: ''; expected a text"),
        ("framelens.toml", "[labelled]\nlabel_column = [3]", "labelled: 3; expected a text"),
        ("framelens.toml", '[labelled]\nfiles = ["a\\u0000"]', "expected a text"),
        ("framelens.toml", "", "rules: no such folder"),
    ],
)
def test_what_is_no_project_is_told(
    name: str, content: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content)
    asked: list[str | Path] = ["--text", "x", "--project", tmp_path]
    assert expected in fails(["classify", *asked], capsys)


def test_a_pipe_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "framelens.toml")
    asked: list[str | Path] = ["classify", "--text", "x", "--project", tmp_path]
    assert "is a pipe or a device; expected a file" in fails(asked, capsys)


def test_where_there_is_no_model_nothing_is_said_of_what_it_was_trained_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / "model")
    (project / "mine.csv").write_text("text,labels\nThe envoy inspected ruins.,look\n")
    (project / "framelens.toml").write_text('[labelled]\nfiles = ["mine.csv"]\n')
    evaluate = ["evaluate", str(project / "mine.csv"), "--project", str(project)]
    assert run([*evaluate, "--rules-only"]) == Exit.OK
    assert capsys.readouterr().err == ""
    told = fails([*evaluate], capsys)
    assert told.count("no such folder; expected a trained model") == 1


def test_errors_say_which_of_rules_and_model_is_missing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules: list[str | Path] = ["classify", "--text", "x", "--rules", project / "rules"]
    assert "give the model that was trained with these (--model)" in fails(rules, capsys)
    (project / "model" / "rules").rename(project / "elsewhere")
    model: list[str | Path] = ["classify", "--text", "x", "--model", project / "model"]
    assert "give the rules it was trained with (--rules)" in fails(model, capsys)
    told = fails(["classify", "--text", "x", "--model", project / "none"], capsys)
    assert "no such folder; expected a trained model" in told
    assert "--output DIR is missing" in fails(["train", project / "mine.csv"], capsys)


def test_a_codebook_without_rules_trains_and_classifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "scheme.toml").write_text(SCHEME)
    train(corpus(), tmp_path).save(tmp_path / "model")
    own: list[str | Path] = ["--model", tmp_path / "model"]
    (row,) = jsonl(capsys, "--text", SENTENCE, *own)
    assert row["labels"] == ["look"]
    told = fails(["evaluate", *own], capsys)
    assert "the shipped ones have other frames than look, talk; give a labelled file" in told


def test_rules_that_are_not_a_model_s_are_not_written_over(
    project: Path, small_folder: Path
) -> None:
    folder = project / "model"
    sources = dict(read_rules(small_folder).sources)
    kept = folder / "rules" / "talk.toml"
    fewer = {name: text for name, text in sources.items() if name != kept.name}
    carry_rules(folder, fewer)
    assert not kept.exists()
    with pytest.raises(FramelensError, match="rules of another making"):
        carry_rules(folder, sources)
