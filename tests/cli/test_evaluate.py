"""`framelens evaluate` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from framelens.cli.main import Exit, run
from framelens.report.methods import SHIPPED_LABELS

ROWS = [
    ("They visited the old prison.", ["look"], "news"),
    ("The talks failed.", ["talk"], "news"),
    ("A fact-finding mission came.", [], "speech"),
    ("We sang all night.", ["talk"], "speech"),
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    lines = (
        json.dumps({"id": str(at), "text": text, "labels": labels, "kind": kind})
        for at, (text, labels, kind) in enumerate(ROWS)
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def command(labelled: Path, small_folder: Path) -> list[str]:
    return ["evaluate", str(labelled), "--rules", str(small_folder), "--rules-only"]


def test_the_table_says_how_far_to_trust(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--by", "kind"]) == Exit.OK
    said = capsys.readouterr().out
    for words in ("reliability", "tier", "calibration error", "by kind", "untested", "alpha"):
        assert words in said


def test_the_shipped_labels_are_said_to_be_those_of_language_models(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, told in ((["evaluate", "--rules-only"], True), (command, False)):
        assert run(arguments) == Exit.OK
        assert (SHIPPED_LABELS in capsys.readouterr().out) == told


def test_coders_are_printed_beside_framelens(
    command: list[str], labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ana", "ben"):
        (tmp_path / f"{name}.jsonl").write_bytes(labelled.read_bytes())
    coders = [
        word for name in ("ana", "ben") for word in ("--coder", str(tmp_path / f"{name}.jsonl"))
    ]
    assert run([*command, *coders]) == Exit.OK
    said = capsys.readouterr().out
    assert "ana – ben" in said
    assert "rules only – ana" in said
    assert "framelens – coder, mean" in said


def test_json_holds_calibration_and_trust(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, "--format", "json"]) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert 0 <= found["calibration_error"]["rules only"] <= 1
    assert len(found["calibration"][0]["bins"]) == 10
    assert found["trust"][0]["tier"] == "-"


def test_a_report_is_written_beside_what_is_printed(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.html"
    assert run([*command, "--report", str(report), "--by", "kind"]) == Exit.OK
    assert "macro F1" in capsys.readouterr().out
    assert "<h2>By kind</h2>" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ["--by", "Kind"],
            "no labelled sentence has the field 'Kind', but 'kind'; there are: kind",
        ),
        (["--by", "colour"], "no labelled sentence has the field 'colour'; there are: kind"),
        (["--coder", "none.jsonl"], "none.jsonl: no such file"),
        (["--report", "/dev/null/report.html"], "/dev/null is no folder"),
    ],
)
def test_what_is_wrong_is_one_line(
    command: list[str], arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, *arguments]) == Exit.BAD_INPUT
    said = capsys.readouterr().err
    assert problem in said
    assert said.count("\n") == 1
