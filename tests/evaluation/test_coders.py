"""Coders' files, matched to the sentences under test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.evaluation.coders import codes_of, read_coders
from framelens.evaluation.evaluate import evaluate
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.sentence import LabelledSentence

FRAMES = ("look", "talk")
SENTENCES = [LabelledSentence(str(at), f"Sentence {at}.", ()) for at in range(4)]


def coder(path: Path, rows: dict[str, list[str]], text: str = "Sentence {}.") -> Path:
    lines = (
        json.dumps({"id": name, "text": text.format(name), "labels": labels})
        for name, labels in rows.items()
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_coders_are_matched_by_id(tmp_path: Path) -> None:
    file = coder(tmp_path / "ana.jsonl", {"2": ["talk"], "0": ["look", "talk"], "other": []})
    compared, found = read_coders([file], SENTENCES, FRAMES)
    assert compared == SENTENCES
    assert found["ana"].tolist() == [[1, 1], [-1, -1], [0, 1], [-1, -1]]


def test_coders_files_are_read_as_the_labelled_one(tmp_path: Path) -> None:
    file = tmp_path / "ana.csv"
    file.write_text("id;words;said\n0;Sentence 0.;look+talk\n1;Sentence 1.;none\n2;Sentence 2.;\n")
    form = LabelForm(text_column="words", label_column=("said",), separator="+")
    told: list[str] = []
    _, found = read_coders([file], SENTENCES, FRAMES, form, told.append)
    assert found["ana"].tolist() == [[1, 1], [0, 0], [-1, -1], [-1, -1]]
    assert told == [f"{file}: left out 1 row without labels"]


def test_labels_that_a_model_was_trained_without_may_be_in_coders_files(tmp_path: Path) -> None:
    file = coder(tmp_path / "ana.jsonl", {"0": ["talk", "rare"], "1": ["rare"]})
    _, found = read_coders([file], SENTENCES[:2], FRAMES, skipped=["rare"])
    assert found["ana"].tolist() == [[0, 1], [0, 0]]


def test_an_id_is_known_in_capitals_too_as_texts_and_labels_are(tmp_path: Path) -> None:
    file = tmp_path / "ana.csv"
    file.write_text("ID,Text,Labels\n1,Sentence 1.,talk\n", encoding="utf-8")
    _, found = read_coders([file], SENTENCES[:2], FRAMES)
    assert found["ana"].tolist() == [[-1, -1], [0, 1]]


def test_blanks_at_the_ends_of_ids_do_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "ana.csv"
    file.write_text("id,text,labels\n1 ,Sentence 1.,talk\n 2,Sentence 2.,look\n")
    _, found = read_coders([file], SENTENCES[:3], FRAMES)
    assert found["ana"].tolist() == [[-1, -1], [0, 1], [1, 0]]


def test_coders_of_one_name_keep_their_folders(tmp_path: Path) -> None:
    files = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        files.append(coder(tmp_path / folder / "ana.jsonl", {"0": []}))
    assert list(read_coders(files, SENTENCES, FRAMES)[1]) == [str(file) for file in files]


def test_coders_are_compared_on_what_they_disagree_on_though_it_has_no_gold(
    tmp_path: Path, rules_folder: Path
) -> None:
    """Or they would agree on all, as gold holds what is not settled blank."""
    ana = coder(tmp_path / "ana.jsonl", {"0": ["talk"], "1": [], "2": ["talk"], "3": ["look"]})
    ben = coder(tmp_path / "ben.jsonl", {"0": ["talk"], "1": [], "2": [], "9": []})
    compared, found = read_coders([ana, ben], SENTENCES[:2], FRAMES)
    assert [row.id for row in compared] == ["0", "1", "2"]
    assert found["ana"].tolist() == [[0, 1], [0, 0], [0, 1]]
    told: list[str] = []
    measured = evaluate(
        SENTENCES[:2], coders=[ana, ben], rules=rules_folder, modes=["rules"], note=told.append
    )
    coders, *with_framelens = [row for row in measured.agreement if row.frame == "talk"]
    assert (coders.sentences, coders.observed) == (3, 2 / 3)
    assert {row.sentences for row in with_framelens} == {2}
    assert "1 sentence that two coders have labelled" in told[-1]


@pytest.mark.parametrize(
    ("rows", "text", "problem"),
    [
        ({"9": []}, "Sentence {}.", "has none of the ids of the labelled file"),
        ({"1": []}, "Another {}.", "the text of '1' is not the one in the labelled file"),
        ({"1": ["look"], "2": ["gaze"]}, "Sentence {}.", "unknown label 'gaze'"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, rows: dict[str, list[str]], text: str, problem: str
) -> None:
    file = coder(tmp_path / "ana.jsonl", rows, text)
    with pytest.raises(FramelensError, match=problem):
        read_coders([file], SENTENCES, FRAMES)


def test_labels_become_codes() -> None:
    rows = [LabelledSentence("a", "A.", ("talk",)), None]
    assert codes_of(rows, FRAMES).tolist() == [[0, 1], [-1, -1]]
