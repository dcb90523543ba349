"""What framelens wrote, read again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from framelens.analysis.summary import fields_of
from framelens.api import classify_files, report, summarize
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Classified
from framelens.project.project import Project
from framelens.project.recorded import sentences_from
from framelens.readers import Rejects, find, reading_of
from framelens.readers.columns import peeked

from tests.helpers import Put, plain_values

TABLE = """id,text,country,year
a,"The envoy visited the camp. They met twice.

It was agreed to cooperate, =1.",Togo,2019
b,"The two delegations held talks.",Chad,2020
"""


def read(path: Path) -> list[Classified]:
    project = Project.open(Settings())
    sources = [peeked(source) for source in find([path])]
    return list(sentences_from(sources, reading_of(Settings(), Rejects(None)), project))


@pytest.fixture
def raw(put: Put) -> Path:
    return put("raw.csv", TABLE)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("evidence", ["labels", True])
def test_sentences_come_back_as_they_were(
    form: Any, evidence: Any, raw: Path, tmp_path: Path
) -> None:
    written = tmp_path / f"out.{form}"
    classify_files(raw, written, form=form, evidence=evidence)
    before, after = read(raw), read(written)
    assert len(before) == len(after) == 4
    for one, other in zip(before, after, strict=True):
        assert other.frames.labels == one.frames.labels
        assert other.frames.primary == one.frames.primary
        assert other.frames.scores == pytest.approx(dict(one.frames.scores), abs=1e-4)
        assert (other.frames.start, other.frames.end) == (one.frames.start, one.frames.end)
        assert (other.sentence.doc, other.sentence.index) == (one.sentence.doc, one.sentence.index)
        assert other.sentence.follows == one.sentence.follows
        assert {name: str(value) for name, value in other.sentence.meta.items()} == {
            name: str(value) for name, value in one.sentence.meta.items()
        }
        assert other.frames.text == one.frames.text
        assert other.frames.about == pytest.approx(one.frames.about, abs=1e-4)
        assert [(frame, row.name) for frame, row in other.frames.stances.items()] == [
            (frame, row.name) for frame, row in one.frames.stances.items()
        ]
        # CSV tells reasons, as evidence, in words.
        told = evidence is True and form != "csv"
        assert all(bool(row.reasons) == told for row in other.frames.stances.values())


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_shares_and_pages_are_those_of_the_texts(form: Any, raw: Path, tmp_path: Path) -> None:
    written = tmp_path / f"out.{form}"
    classify_files(raw, written, form=form)
    shares, of_texts = (summarize(path, by=["country"]) for path in (written, raw))
    assert plain_values(shares) == plain_values(of_texts)
    report(written, tmp_path / "page.html", by=["country"])
    assert "By country" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_lists_and_yes_and_no_make_the_same_groups_in_every_form(
    form: Any, put: Put, tmp_path: Path
) -> None:
    given = {
        "yes": True, "no": False, "several": ["a", 2, None], "inner": [["a"], True], "empty": [],
        "words": "[sic]", "marks": "[" * 200,
    }  # fmt: skip
    groups = {
        "yes": "true", "no": "false", "several": "a, 2", "inner": "a, true",
        "words": "[sic]", "marks": "[" * 200,
    }  # fmt: skip
    raw = put("raw.jsonl", json.dumps({"text": "They met.", **given}))
    written = tmp_path / f"out.{form}"
    classify_files(raw, written, form=form)
    for path in (raw, written):
        (row,) = read(path)
        fields = fields_of(row)
        assert {name: fields[name] for name in given if name in fields} == groups


def test_nothing_is_classified(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "out.jsonl"
    classify_files(raw, written)

    def never(*_: object, **__: object) -> Iterable[object]:
        raise AssertionError

    monkeypatch.setattr(FrameClassifier, "classify", never)
    assert summarize(written).whole.sentences == 4


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"thresholds": {"monitoring": 0.99}, "mode": "rules"}, 'thresholds=, mode="rules"'),
        ({"mode": "model"}, 'mode="model"'),
        ({"main_text": True}, "main_text=True"),
    ],
)
def test_options_that_change_no_labels_of_what_was_classified_are_told(
    options: Any, told: str, raw: Path, tmp_path: Path
) -> None:
    written = tmp_path / "out.jsonl"
    classify_files(raw, written)
    message = (
        f"1 file was taken with the labels that framelens wrote there, whatever {told} may say"
    )
    with pytest.warns(UserWarning, match=message):
        summarize(written, **options)


@pytest.mark.parametrize("model", [None, "none-yet"])
def test_rules_without_a_model_decide_alone_without_a_word(
    model: str | None, raw: Path, tmp_path: Path, small_folder: Path, recwarn: Any
) -> None:
    given: Any = {"rules": small_folder, "mode": "rules", "model": model and tmp_path / model}
    classify_files(raw, tmp_path / "out.jsonl", **given)
    assert summarize(tmp_path / "out.jsonl", **given).whole.sentences == 4
    assert not recwarn.list


def test_labels_in_the_input_are_no_predictions(put: Put) -> None:
    path = put("a.jsonl", '{"text": "They met twice.", "labels": ["nothing"], "doc": "x"}')
    (row,) = read(path)
    assert row.frames.labels != ("nothing",)
    assert row.sentence.meta["labels"] == ["nothing"]


def test_frames_of_another_codebook_are_refused(raw: Path, tmp_path: Path) -> None:
    written = tmp_path / "out.jsonl"
    classify_files(raw, written)
    rows = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    rows[0]["labels"] = ["colour"]
    written.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(FramelensError, match=r"a#0: was written with the frames colour; expected"):
        summarize(written)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_fields_of_ones_own_may_be_called_as_those_of_a_record(
    form: Any, put: Put, tmp_path: Path
) -> None:
    own = {"bias": "none", "reasons": "as it is so", "scores": "3", "thresholds": "low"}
    cells = ",".join(["The envoy visited the camp.", *own.values()])
    written = tmp_path / f"out.{form}"
    classify_files(put("own.csv", f"text,{','.join(own)}\n{cells}\n"), written, form=form)
    (row,) = read(written)
    assert {name: str(row.sentence.meta[name]) for name in own} == own
    assert row.frames.scores["monitoring"] > 0.5


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_fields_called_as_those_that_choose_sentences_choose_none(
    form: Any, put: Put, tmp_path: Path
) -> None:
    rows = (
        "heading,French,The envoy visited the camp.",
        "speech,en,They met twice.",
        ",,It rained.",
    )
    raw, written = (
        put("own.csv", "\n".join(["kind,language,text", *rows])),
        tmp_path / f"out.{form}",
    )
    classify_files(raw, written, form=form)
    for by in ("kind", "language", "found_kind"):
        shares, of_texts = (summarize(path, by=[by]) for path in (written, raw))
        assert plain_values(shares) == plain_values(of_texts)
    assert summarize(written).whole.sentences == 3


@pytest.mark.parametrize(
    ("written", "damaged"),
    [
        ('"start": 0', '"start": "x"'),
        ('"reasons": {', '"reasons": 3, "rest": {'),
        ('"reasons": {', '"reasons": {"monitoring": [{"text": "x"}]}, "rest": {'),
    ],
)
def test_what_was_damaged_is_refused(written: str, damaged: str, raw: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    classify_files(raw, path, evidence=True)
    content = path.read_text("utf-8")
    path.write_text(content.replace(written, damaged, 1))
    with pytest.raises(FramelensError, match=r"a#\d: not as framelens writes it: "):
        summarize(path)
