from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import numpy as np
import pytest
from framelens.classification.evidence import NO_CUE
from framelens.classification.model import probability
from framelens.cli.main import Exit, run
from framelens.cli.render.explanations import print_explanations
from framelens.core.types import Classified, Evidence, Passage, Sentence, SentenceFrames
from framelens.rules.rule_files import read_rules

from tests.helpers import classify_passages, open_classifier

SMALL = "They visited the prison; a rapporteur spoke. The talks failed."


def page(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["explain", *arguments]) == Exit.OK
    return capsys.readouterr().out


def small(folder: Path, *more: str) -> list[str]:
    return ["--text", SMALL, "--rules", str(folder), "--rules-only", *more]


def test_a_page_shows_spans_sums_and_what_would_turn_the_decision(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    shown = page(capsys, *small(small_folder))
    lines = shown.splitlines()
    assert lines[:2] == [
        "text#0, characters 0–44",
        "They [visited the prison]L; a rapporteur spoke.",
    ]
    assert "L  look: given (probability 0.900 reaches the threshold 0.500)" in lines
    assert "  -2.197  bias" in lines
    assert "  +4.394  rule look.visit  “visited the prison” 5–23" in lines
    assert "  +2.197  sum" in lines
    assert "   Would not be given without rule look.visit." in lines
    assert "T  talk: not given (probability 0.100 is below the threshold 0.500)" in lines
    assert "   Would not be given whatever is left out." in lines
    assert "  look.visit  A visit looks." in lines
    assert "text#1, characters 45–62" in lines
    assert "\x1b" not in shown
    assert not any(line != line.rstrip() for line in lines)


def test_a_page_says_why_a_rule_was_taken_away(capsys: pytest.CaptureFixture[str]) -> None:
    shown = page(capsys, "--text", "They negotiated all night.", "--rules-only")
    (taken,) = [line for line in shown.splitlines() if "subject dialogue." in line and "“" in line]
    name = taken.split()[2]
    notes = [line for line in shown.splitlines() if line.startswith(f"  {name} ")]
    assert len(notes) == 2
    assert any(line.endswith(NO_CUE) for line in notes)


def test_a_sentence_can_be_explained_unsplit(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    shown = page(capsys, *small(small_folder, "--unit", "sentence"))
    assert "[visited the prison]L; a rapporteur spoke. The [talks]T failed." in shown


def test_the_threshold_alone_is_named(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    shown = page(capsys, *small(small_folder, "--threshold", "talk=0"))
    assert "T  talk: given (probability 0.100 reaches the threshold 0.000)" in shown
    assert "Given by the threshold alone" in shown


def test_light_contributions_share_a_row_unless_all_are_asked_for(small_folder: Path) -> None:
    weights = (1.0, 0.02, -0.03)
    rows = tuple(
        Evidence("look", "term", name, at, at + 1, name, weight)
        for at, (name, weight) in enumerate(zip("abc", weights, strict=True))
    )
    score = float(probability(np.array(sum(weights))))
    sentence = SentenceFrames(
        "abc", 0, 3, ("look",), "look", {"look": score}, rows, {"look": 0.0}, {"look": 0.6}
    )
    shown = [
        printed(
            [Classified(Sentence(Passage("d", "abc"), 0, 0, "abc"), sentence)],
            small_folder,
            full=full,
        )
        for full in (False, True)
    ]
    assert "  -0.010  2 lighter than 0.05  (--all lists them)" in shown[0]
    assert not any("term b" in line for line in shown[0])
    assert "  +0.020  term b  “b” 1–2" in shown[1]
    assert not any("lighter" in line for line in shown[1])


def printed(
    rows: Iterable[Classified], folder: Path, *, full: bool = False, out: TextIO | None = None
) -> list[str]:
    stream = out or io.StringIO()
    scheme = read_rules(folder).scheme
    print_explanations(rows, scheme, stream, unit="document", full=full)
    stream.seek(0)
    return stream.read().splitlines()


def test_json_adds_up(capsys: pytest.CaptureFixture[str], small_folder: Path) -> None:
    first, second = json.loads(page(capsys, *small(small_folder, "--format", "json")))
    assert (first["id"], first["labels"], second["labels"]) == ("text#0", ["look"], ["talk"])
    for sentence in (first, second):
        for frame in sentence["frames"]:
            total = frame["bias"] + sum(row["weight"] for row in frame["contributions"])
            assert total == pytest.approx(frame["score"], abs=1e-9)
            assert frame["given"] == (frame["frame"] in sentence["labels"])
    (look,) = [frame for frame in first["frames"] if frame["frame"] == "look"]
    assert [(cause["kind"], cause["name"]) for cause in look["flip"]] == [("rule", "look.visit")]
    assert look["contributions"][0]["note"] == "A visit looks."


def test_nothing_to_explain_is_an_empty_list(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    options = ["--rules", str(small_folder), "--rules-only", "--text", " ", "--format", "json"]
    assert json.loads(page(capsys, *options)) == []


def test_a_file_is_explained(
    capsys: pytest.CaptureFixture[str], small_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "statement.txt"
    path.write_text(SMALL, encoding="utf-8")
    shown = page(capsys, str(path), "--rules", str(small_folder), "--rules-only")
    assert "statement.txt#1, characters 45–62" in shown


def test_odd_characters_neither_crash_nor_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], small_folder: Path
) -> None:
    options = ["--rules", str(small_folder), "--rules-only"]
    shown = page(capsys, "--text", "\x1b[31m a \udcff visit\x07 talks \x9b2J", *options)
    assert not {"\x1b", "\x07", "\x9b", "\udcff"} & set(shown)
    assert "[talks]T" in shown


def test_a_terminal_gets_colours_beside_the_letters(small_folder: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    classifier = open_classifier(rules=small_folder, mode="rules")
    rows = classify_passages([Passage("text", SMALL)], classifier)
    shown = "\n".join(printed(rows, small_folder, out=Terminal()))
    assert "\x1b[" in shown
    assert "[visited the prison]L" in shown


def test_text_and_path_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--text", "x", "some.txt"]) == Exit.BAD_INPUT
    assert "exclude each other" in capsys.readouterr().err


def test_bad_records_are_passed_over_if_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{bad\n{"text": "The talks failed."}\n')
    assert run(["explain", str(path)]) == Exit.BAD_INPUT
    assert "--skip-bad goes on without it" in capsys.readouterr().err
    assert "a.jsonl:2#0" in page(capsys, str(path), "--skip-bad")
