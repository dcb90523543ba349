from __future__ import annotations

import json
from pathlib import Path

import pytest
from framelens.cli.main import Exit, run
from framelens.rules.examples import failed_examples
from framelens.rules.rule_files import parse_rules
from spacy.language import Language

from tests.conftest import LOOK, SOURCES


def spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "look.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_good_rules(capsys: pytest.CaptureFixture[str], small_folder: Path) -> None:
    assert run(["rules", "lint", "--rules", str(small_folder)]) == Exit.OK
    assert capsys.readouterr().out == "0 errors, 0 warnings\n"
    assert run(["rules", "lint", "--rules", str(small_folder), "--format", "json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == []


def test_warnings_do_not_fail(capsys: pytest.CaptureFixture[str], small_folder: Path) -> None:
    spoil(small_folder, 'note = "A visit looks."', "")
    assert run(["rules", "lint", "--rules", str(small_folder)]) == Exit.OK
    assert capsys.readouterr().out == (
        "look.toml: look.visit: warning: no note says why the rule is there\n0 errors, 1 warning\n"
    )


def test_warnings_of_one_kind_about_a_rule_share_a_line(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    spoil(small_folder, '{OP = "{0,3}"}', '{LOWER = {IN = ["a", "so-called", "so-so"]}}')
    assert run(["rules", "lint", "--rules", str(small_folder)]) == Exit.OK
    line, last = capsys.readouterr().out.splitlines()
    assert line.startswith("look.toml: look.visit: warning: pattern 1, token 2: 'so-called' is 3")
    assert line.endswith("(and 1 more; see --format json)")
    assert last == "0 errors, 2 warnings"


def test_errors_do(capsys: pytest.CaptureFixture[str], small_folder: Path) -> None:
    spoil(small_folder, '{OP = "{0,3}"}', '{POS = "DET"}')
    assert run(["rules", "lint", "--rules", str(small_folder)]) == Exit.FAILED
    line, last = capsys.readouterr().out.splitlines()
    assert line.startswith(
        "look.toml: look.visit: error: pattern 1, token 2: unknown token attribute 'POS'; expected"
    )
    assert last == "1 error, 0 warnings"
    assert run(["rules", "lint", "--rules", str(small_folder), "--format", "json"]) == Exit.FAILED
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["file"], row["rule"]) == ("look.toml", "look.visit")
    assert (row["severity"], row["check"]) == ("error", "token")


def test_no_folder_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "lint", "--rules", "nowhere"]) == Exit.BAD_INPUT
    assert "expected a rules folder" in capsys.readouterr().err


def test_what_a_file_says_does_not_drive_the_terminal(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    spoil(small_folder, 'id = "look.visit"', 'id = "look.\\u001b[31m\\nvisit"')
    assert run(["rules", "lint", "--rules", str(small_folder)]) == Exit.FAILED
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 2


def test_a_failing_example_names_the_exclusion_that_took_the_hit(nlp: Language) -> None:
    broken = LOOK.replace('"They visited the old prison."', '"They visited the prison shop."')
    (failed,) = failed_examples(parse_rules({**SOURCES, "look.toml": broken}), nlp.tokenizer)
    assert (failed.rule, failed.fired) == ("look.visit", ("not.camp-shop",))
