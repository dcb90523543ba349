"""No command writes over what it reads, under whatever name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from framelens.cli.main import Exit, run


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
