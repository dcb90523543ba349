"""No command writes over what it reads, under whatever name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import framelens
import pytest
from framelens.api import report
from framelens.cli.main import Exit, run
from framelens.core.errors import FramelensError


def same(source: Path) -> Path:
    return source


def symlink(source: Path) -> Path:
    link = source.with_name("link" + source.suffix)
    link.symlink_to(source)
    return link


def hard_link(source: Path) -> Path:
    link = source.with_name("hard" + source.suffix)
    os.link(source, link)
    return link


def roundabout(source: Path) -> Path:
    return source.parent / ".." / source.parent.name / source.name


COMMANDS = [
    ("s.csv", ["classify", "--format", "csv"]),
    ("s.jsonl", ["classify", "--format", "jsonl"]),
    ("s.jsonl", ["classify", "--format", "jsonl", "--jobs", "2"]),
    ("s.csv", ["classify"]),
    ("s.csv", ["summary", "--format", "csv"]),
    ("s.txt", ["report"]),
]
CONTENT = {
    "s.csv": "id,text,country\na,The talks failed.,Togo\n",
    "s.jsonl": '{"text": "The talks failed.", "country": "Togo"}\n',
    "s.txt": "The talks failed.",
}


@pytest.mark.parametrize("name", [same, symlink, hard_link, roundabout])
@pytest.mark.parametrize(("file", "command"), COMMANDS)
def test_an_input_is_not_written_over(
    name: Callable[[Path], Path],
    file: str,
    command: list[str],
    small_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / file
    source.write_text(CONTENT[file])
    output = name(source)
    verb, *options = command
    rules = ["--rules", str(small_folder), "--rules-only"]
    code = run([verb, str(source), *options, *rules, "--output", str(output)])
    assert code == Exit.BAD_INPUT
    assert "is read, too" in capsys.readouterr().err
    assert source.read_text() == CONTENT[file]


@pytest.mark.parametrize("name", [same, symlink, hard_link])
@pytest.mark.parametrize(
    "command",
    [
        ["classify", "--format", "table"],
        ["classify", "--format", "csv"],
        ["classify", "--format", "parquet"],
        ["summary", "--format", "table"],
        ["report"],
        ["sample", "--n", "1"],
    ],
)
def test_metadata_and_rules_are_not_written_over(
    name: Callable[[Path], Path],
    command: list[str],
    small_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, table = tmp_path / "a.txt", tmp_path / "meta.csv"
    source.write_text("The talks failed.")
    table.write_text("file,country\na.txt,Togo\n")
    verb, *options = command
    words = [verb, str(source), *options, "--metadata", str(table)]
    if verb != "sample":  # rules of one's own come with a model there
        words += ["--rules", str(small_folder), "--rules-only"]
    rule_file = next(small_folder.glob("*.toml"))
    before = rule_file.read_text()
    for output in (name(table), *([] if verb == "sample" else [rule_file])):
        assert run([*words, "--output", str(output)]) == Exit.BAD_INPUT
        assert "is read, too" in capsys.readouterr().err
    assert table.read_text() == "file,country\na.txt,Togo\n"
    assert rule_file.read_text() == before


def test_the_library_writes_no_sample_over_the_texts(tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text(CONTENT["s.csv"])
    for output in (source, hard_link(source), symlink(source)):
        with pytest.raises(FramelensError, match="is read, too"):
            framelens.sample([source], 1, output=output)
    assert source.read_text() == CONTENT["s.csv"]


def test_texts_are_not_saved_over_an_input_through_a_link(
    small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder = tmp_path / "a.txt", tmp_path / "texts"
    source.write_bytes(b"The talks failed.\r\n")
    folder.mkdir()
    (folder / "a.txt").symlink_to(source)
    words = ["classify", str(source), "--rules", str(small_folder), "--rules-only"]
    words += ["--format", "jsonl", "--save-text", str(folder)]
    assert run([*words, "--output", str(tmp_path / "out")]) == Exit.OK
    assert source.read_bytes() == b"The talks failed.\r\n"
    assert not (folder / "a.txt").is_symlink()
    assert run([*words, "--output", str(folder / "a.txt")]) == Exit.BAD_INPUT
    assert "holds a.txt, which is read or written" in capsys.readouterr().err


CODED = "id,text,labels\na,The talks failed.,none\n"


@pytest.fixture
def project(small_folder: Path, tmp_path: Path) -> Path:
    """A project's folder, texts, and what two coders have said of a sentence."""
    folder = tmp_path / "project"
    folder.mkdir()
    small_folder.rename(folder / "rules")
    (folder / "framelens.toml").write_text("")
    (tmp_path / "a.txt").write_text("The talks failed.")
    for name in ("ana", "ben"):
        (tmp_path / f"{name}.csv").write_text(CODED)
    return folder


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("classify a.txt --rules-only --format jsonl -o out.jsonl", "out.jsonl"),
        ("classify --text Talks --rules-only --format csv -o out.csv", "out.csv"),
        (
            "classify a.txt --rules-only --format jsonl -o out.jsonl --save-text texts",
            "texts/a.txt",
        ),
        ("summary a.txt --rules-only -o out.txt", "out.txt"),
        ("report a.txt --rules-only -o out.html", "out.html"),
        ("sample a.txt --rules-only --n 1 -o out.csv", "out.csv"),
        ("correct a.txt --rules-only --labelled ana.csv -o out.txt", "out.txt"),
        ("coders merge ana.csv ben.csv -o out.csv", "out.csv"),
        ("coders merge ana.csv ben.csv -o gold.csv --disagreements out.csv", "out.csv"),
        ("export ana.csv --to csv -o out.csv", "out.csv"),
        ("export ana.csv --to label-studio -o out.json", "out.json"),
        ("export ana.csv --to label-studio -o out.json", "out.config.xml"),
        ("import ana.csv --from csv -o out.csv", "out.csv"),
        ("evaluate ana.csv --rules-only --report out.html", "out.html"),
        ("train ana.csv -o model", "model/MODEL_CARD.md"),
    ],
)
@pytest.mark.parametrize("target", ["framelens.toml", "rules/scheme.toml"])
def test_a_project_is_not_written_over_through_a_link(
    words: str,
    written: str,
    target: str,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(written).parent.mkdir(exist_ok=True)
    Path(written).symlink_to(project / target)
    before = (project / target).read_bytes()
    code = run([*words.split(), "--project", str(project)])
    # A link that nobody named is not followed.
    assert code == Exit.BAD_INPUT or not Path(written).is_symlink()
    assert (project / target).read_bytes() == before


@pytest.mark.parametrize("form", ["jsonl", "parquet", "table"])
@pytest.mark.parametrize("is_link", [False, True])
def test_what_is_in_the_place_of_bad_records_stays(
    form: str, is_link: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, mine = tmp_path / "s.jsonl", tmp_path / "out.rejects.jsonl"
    source.write_text('{"text": "The talks failed."}\nnonsense\n')
    diary = tmp_path / "diary"
    diary.write_text("mine")
    if is_link:
        mine.symlink_to(diary)
    else:
        diary.rename(mine)
    words = ["classify", str(source), "--rules-only", "--format", form, "-o", str(tmp_path / "out")]
    assert run([*words, "--skip-bad"]) == Exit.BAD_INPUT
    assert "in the way of bad records" in capsys.readouterr().err
    source.write_text('{"text": "The talks failed."}')
    assert run(words) == Exit.OK
    assert mine.read_text() == "mine"


def test_a_model_is_not_written_among_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labelled = tmp_path / "l.csv"
    labelled.write_text("text,labels\nThe talks failed.,dialogue\n")
    for name in ("meta.json", "learning_curve.svg", "pipeline.joblib"):
        mine = tmp_path / name
        mine.write_text('{"mine": 1}')
        assert run(["train", str(labelled), "--output", str(tmp_path)]) == Exit.BAD_INPUT
        assert f"{name}: is no model's" in capsys.readouterr().err
        assert mine.read_text() == '{"mine": 1}'
        mine.unlink()


@pytest.mark.skipif(os.name != "posix", reason="redirections of a shell")
@pytest.mark.parametrize("words", ["classify s.csv --format csv", "summary s.csv"])
def test_standard_output_is_no_input(words: str, small_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text(CONTENT["s.csv"])
    with source.open("ab") as end:
        command = [sys.executable, "-m", "framelens", *words.split(), "--rules-only"]
        command += ["--rules", str(small_folder)]
        done = subprocess.run(command, stdout=end, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert (done.returncode, "-: is read, too (as s.csv)" in done.stderr) == (2, True)
    assert source.read_text() == CONTENT["s.csv"]


def test_one_file_under_two_names_is_no_two_coders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coded, other = tmp_path / "ana.csv", tmp_path / "ben.csv"
    coded.write_text("id,text,labels\na,The talks failed.,none\n")
    other.write_text("id,text,labels\na,The talks failed.,none\n")
    gold, again = tmp_path / "gold.csv", tmp_path / "again.csv"
    gold.touch()
    os.link(gold, again)
    words = ["coders", "merge", str(coded)]
    for name in (hard_link, symlink, roundabout):
        assert run([*words, str(name(coded)), "-o", str(gold)]) == Exit.BAD_INPUT
        assert "is given twice" in capsys.readouterr().err
    both = ["-o", str(gold), "--disagreements", str(again)]
    assert run([*words, str(other), *both]) == Exit.BAD_INPUT
    assert "expected two files" in capsys.readouterr().err


def test_an_output_of_before_is_not_read(
    small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("The talks failed.")
    output = folder / "frames.jsonl"
    command = ["classify", str(folder), "--format", "jsonl", "--output", str(output)]
    command += ["--rules", str(small_folder), "--rules-only"]
    assert run(command) == Exit.OK
    before = output.read_bytes()
    assert before.count(b"\n") == 1
    assert run(command) == Exit.BAD_INPUT
    assert "is read, too" in capsys.readouterr().err
    assert output.read_bytes() == before


def test_a_rejects_file_is_no_input(
    small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "out.jsonl.rejects.jsonl"
    source.write_text('{"text": "One."}\nnonsense\n')
    command = ["classify", str(source), "--format", "jsonl", "--skip-bad"]
    command += ["--rules", str(small_folder), "--rules-only", "-o", str(tmp_path / "out.jsonl")]
    assert run(command) == Exit.BAD_INPUT
    assert "is read, too" in capsys.readouterr().err


def test_measures_and_models_are_not_written_over_labelled_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"text": "The talks failed.", "labels": ["dialogue"]}]
    labelled = tmp_path / "l.jsonl"
    labelled.write_text(json.dumps(rows[0]) + "\n")
    model = tmp_path / "model"
    model.mkdir()
    (model / "MODEL_CARD.md").symlink_to(labelled)
    for command in (
        ["evaluate", str(labelled), "--report", str(labelled)],
        ["evaluate", "--coder", str(labelled), "--report", str(labelled)],
        ["train", str(labelled), "--output", str(model)],
    ):
        assert run(command) == Exit.BAD_INPUT
        assert "is read, too" in capsys.readouterr().err
    with pytest.raises(FramelensError, match="is read, too"):
        framelens.assess(labelled, labelled)
    with pytest.raises(FramelensError, match="is read, too"):
        report([labelled], labelled)
    assert json.loads(labelled.read_text()) == rows[0]


@pytest.mark.parametrize(
    "command",
    [["classify", "--format", "parquet"], ["summary", "--format", "csv"], ["report"]],
)
def test_what_was_bad_before_does_not_stay(command: list[str], tmp_path: Path) -> None:
    source, output = tmp_path / "s.jsonl", tmp_path / "out"
    verb, *options = command
    words = [verb, str(source), *options, "--rules-only", "--skip-bad", "--output", str(output)]
    source.write_text('{"text": "The talks failed."}\n{bad\n')
    assert run(words) == Exit.OK
    assert (tmp_path / "out.rejects.jsonl").exists()
    source.write_text('{"text": "The talks failed."}\n')
    left = tmp_path / ".out.0123abcd.partial"
    left.write_text("what a process that was killed left")
    assert run(words) == Exit.OK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "s.jsonl"]


def test_what_was_made_of_a_deleted_file_goes_with_it(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.txt").write_text("The talks failed.")
    words = ["classify", str(folder), "--rules-only", "--format", "jsonl", "--output", f"{output}/"]
    assert run(words) == Exit.OK
    (folder / "b.txt").unlink()
    assert run(words) == Exit.OK
    assert sorted(path.name for path in output.iterdir()) == ["a.txt.00000.jsonl", "manifest.json"]
    assert "b.txt" not in (output / "manifest.json").read_text()
