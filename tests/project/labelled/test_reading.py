"""The corpus that ships, and the loader that checks any corpus."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import CHECKOUT
from framelens.project.adjudication import known_ids
from framelens.project.folds import alike_pairs, shingles
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import read_labelled, read_many
from framelens.project.labelled.sentence import fingerprint, normal_form
from framelens.rules.rule_files import RuleSet

CORPUS = CHECKOUT / "corpus"
FRAMES = ("look", "talk")
RUN = 8


def runs(text: str) -> set[str]:
    words = normal_form(text).split()
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def test_the_evaluation_set_covers_both_documents(shipped_rules: RuleSet) -> None:
    rows = read_labelled(CORPUS / "evaluation.jsonl", shipped_rules.scheme.names)
    for path in sorted((CORPUS / "documents").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        inside = set()
        for row in rows:
            if row.document == path.name:
                assert row.start is not None
                assert row.end is not None
                inside |= set(range(row.start, row.end))
        left = "".join(char for at, char in enumerate(text) if at not in inside)
        assert not left.strip(), path.name


def test_the_training_set_is_large_varied_and_half_without_frame(shipped_rules: RuleSet) -> None:
    rows = read_labelled(CORPUS / "training.jsonl", shipped_rules.scheme.names)
    assert len(rows) >= 3000
    assert 0.4 < sum(not row.labels for row in rows) / len(rows) < 0.55
    assert len({row.meta["genre"] for row in rows}) >= 10
    assert all((row.primary is not None) == bool(row.labels) for row in rows)


def test_no_training_sentence_shares_a_run_of_words_with_the_documents(
    shipped_rules: RuleSet,
) -> None:
    theirs: set[str] = set()
    for path in sorted((CORPUS / "documents").glob("*.txt")):
        theirs |= runs(path.read_text(encoding="utf-8"))
    known = {
        normal_form(row.text)
        for row in read_labelled(CORPUS / "evaluation.jsonl", shipped_rules.scheme.names)
    }
    for row in read_labelled(CORPUS / "training.jsonl", shipped_rules.scheme.names):
        assert normal_form(row.text) not in known, row.id
        assert not runs(row.text) & theirs, row.id


def test_no_rule_example_shares_a_run_of_words_with_the_documents(shipped_rules: RuleSet) -> None:
    theirs: set[str] = set()
    for path in sorted((CORPUS / "documents").glob("*.txt")):
        theirs |= runs(path.read_text(encoding="utf-8"))
    for item in shipped_rules.items:
        for text in (*item.matches, *item.skips):
            assert not runs(text) & theirs, (item.id, text)


def test_the_training_set_holds_no_near_duplicates_but_minimal_pairs(
    shipped_rules: RuleSet,
) -> None:
    rows = read_labelled(CORPUS / "training.jsonl", shipped_rules.scheme.names)
    for block in alike_pairs([shingles(row.text) for row in rows], lambda: np.arange(len(rows))):
        for one, other in block:
            assert rows[one].meta.get("pair") == rows[other].meta.get("pair") is not None


def write(folder: Path, *lines: str, name: str = "x.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


GOOD = '{"id": "1", "text": "A visit.", "labels": ["look"], "primary": "look", "genre": "made"}'


def test_a_good_file(tmp_path: Path) -> None:
    (row,) = read_labelled(write(tmp_path, GOOD, ""), FRAMES)
    assert (row.id, row.labels, row.primary, row.meta) == (
        "1",
        ("look",),
        "look",
        {"genre": "made"},
    )


def test_labels_come_in_the_order_of_the_frames(tmp_path: Path) -> None:
    line = '{"text": "x", "labels": ["talk", "look"]}'
    (row,) = read_labelled(write(tmp_path, line), FRAMES)
    assert row.labels == FRAMES
    assert row.id == "x-1"


def test_csv(tmp_path: Path) -> None:
    path = write(tmp_path, "text,labels", '"A visit, then talks",look|talk', "rain,", name="x.csv")
    rows = read_labelled(path, FRAMES)
    assert [row.labels for row in rows] == [("look", "talk"), ()]


@pytest.mark.parametrize(
    ("lines", "place", "reason"),
    [
        ([GOOD, "{"], ":2: ", "not JSON"),
        ([GOOD, "3"], ":2: ", "expected an object"),
        (['{"labels": []}'], ": ", "no column 'text'; found labels; name it with text_column="),
        (['{"text": "x"}'], ": ", "no column 'labels'; found text; name it with label_column="),
        ([GOOD, '{"labels": []}'], ":2: ", "text is missing"),
        ([GOOD, '{"text": "x"}'], ":2: ", "labels is missing"),
        (['{"text": "x", "labels": ["smell"]}'], ":1: ", "unknown label 'smell'"),
        (['{"text": "x", "labels": [["look"]]}'], ":1: ", "unknown label"),
        (['{"text": "x", "labels": [], "primary": "look"}'], ":1: ", "not among the labels"),
        (
            [GOOD, GOOD],
            ":2: ",
            "is on line 1 already; expected a row a sentence, with all its labels",
        ),
        (['{"text": "x", "labels": [], "start": 3, "end": 1}'], ":1: ", "are not offsets"),
        (['{"text": "x", "labels": [], "id": []}'], ":1: ", "expected a string"),
        ([""], ": ", "no labelled sentences"),
        (["[" * 100_000], ":1: ", "not JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, lines: list[str], place: str, reason: str) -> None:
    with pytest.raises(FramelensError) as caught:
        read_labelled(write(tmp_path, *lines), FRAMES)
    assert f"x.jsonl{place}" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["text", "x"], "no column 'labels'"),
        (["text,labels", "x,look,more"], "expected 2 cells"),
        (["text,labels", "x"], "expected 2 cells"),
        (["text,labels", '"x,look'], "not CSV"),
    ],
)
def test_a_bad_csv_is_named(tmp_path: Path, lines: list[str], reason: str) -> None:
    with pytest.raises(FramelensError, match=reason):
        read_labelled(write(tmp_path, *lines, name="x.csv"), FRAMES)


def test_offsets_are_held_to_the_document(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    write(tmp_path / "documents", "Rain. A visit.", name="d.txt")
    row = {"text": "A visit.", "labels": ["look"], "document": "d.txt", "start": 6, "end": 14}
    assert read_labelled(write(tmp_path, json.dumps(row)), FRAMES)
    with pytest.raises(FramelensError, match=r"x\.jsonl:1: the text is not what d\.txt has"):
        read_labelled(write(tmp_path, json.dumps({**row, "start": 5, "end": 13})), FRAMES)


def test_a_document_s_name_does_not_reach_out_of_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "secret", name="secret.txt")
    row = {"text": "x", "labels": [], "document": "../secret.txt", "start": 0, "end": 1}
    assert read_labelled(write(tmp_path, json.dumps(row)), FRAMES)[0].text == "x"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"caf\xe9", "is not UTF-8; name the encoding with encoding="), (None, "no such file")],
)
def test_unreadable_files(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "x.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FramelensError, match=reason):
        read_labelled(path, FRAMES)


@pytest.mark.parametrize(
    ("encoding", "asked"),
    [("utf-8", "cp1252"), ("utf-8-sig", "cp1252"), ("utf-16", "cp1252"), ("cp1252", "cp1252"),
     ("utf-16-le", "utf-16-le")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
@pytest.mark.parametrize("text", ["L’été.", "Tea."])
def test_a_table_in_utf_8_is_read_so_beside_those_in_another_encoding(
    tmp_path: Path, text: str, name: str, encoding: str, asked: str
) -> None:
    """As a sample is beside the tables of a project."""
    rows = {
        "t.csv": f"text,labels\n{text},look\n",
        "t.jsonl": f'{{"text": "{text}", "labels": ["look"]}}',
    }
    path = tmp_path / name
    path.write_bytes(rows[name].encode(encoding))
    (row,) = read_labelled(path, ("look",), LabelForm(encoding=asked))
    assert row.text == text


def test_files_are_joined_and_ids_are_unique(tmp_path: Path) -> None:
    one = write(tmp_path, GOOD, name="one.jsonl")
    two = write(tmp_path, '{"text": "Rain.", "labels": []}', name="two.jsonl")
    assert len(read_many([one, two], FRAMES)) == 2
    with pytest.raises(FramelensError, match=r"'1' is in .*one\.jsonl already"):
        read_many([one, write(tmp_path, GOOD, name="three.jsonl")], FRAMES)


def test_fingerprints_see_through_case_and_punctuation() -> None:
    assert fingerprint("A  Visit!") == fingerprint("a visit")
    assert fingerprint("A visit") != fingerprint("A visitor")


def test_blank_labels_that_count_as_none_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    path = tmp_path / "t.csv"
    path.write_text("text,labels\nOne thing.,look\nAnother thing.,\nA third.,\n", encoding="utf-8")
    rows = read_labelled(path, ("look",), note=told.append)
    assert [row.labels for row in rows] == [("look",), (), ()]
    assert "2 rows without labels, from line 3 on: taken to have none of them" in told[0]


@pytest.mark.parametrize(
    ("rows", "labels", "noted"),
    [
        ("1,0\n0,0\n,\n", [("look",), ()], ["left out 1 row without labels"]),
        ("1,0\n,\n", [("look",)], ["left out 1 row without labels"]),
        (
            "1,no\n,no\n1,\n",
            [("look",), (), ("look",)],
            ["2 rows with some cells of labels blank, from line 3 on: taken for 0"],
        ),
        ("x,\n,x\n,\n", [("look",), ("talk",), ()], []),
    ],
)
def test_a_blank_beside_0_says_nothing(
    tmp_path: Path, rows: str, labels: list[tuple[str, ...]], noted: list[str]
) -> None:
    told: list[str] = []
    path = tmp_path / "t.csv"
    lines = [f"Text {at},{row}" for at, row in enumerate(rows.splitlines())]
    path.write_text("\n".join(["text,look,talk", *lines]), encoding="utf-8")
    found = read_labelled(path, ("look", "talk"), note=told.append)
    assert [row.labels for row in found] == labels
    assert told == [f"{path}: {note}" for note in noted]


@pytest.mark.parametrize(
    ("files", "called"),
    [
        ([["a"], ["a "], [" a"]], ["a"]),
        ([["a "], ["a"]], ["a "]),
        ([["a", "a "], ["a "]], ["a "]),
        ([["a ", "a"], ["a"]], ["a"]),
        ([["b"], ["a ", " a"]], ["a ", " a"]),
    ],
)
def test_ids_are_those_of_files_before_but_for_blanks(
    files: list[list[str]], called: list[str]
) -> None:
    known: dict[str, str] = {}
    assert [[*known_ids(ids, known).values()] for ids in files][-1] == called
