"""Labelled data as people have them: many forms of one table, and what is said of odd ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pandas as pd
import pytest
from framelens.core.errors import FramelensError
from framelens.project.labelled.consistency import check_consistent
from framelens.project.labelled.forms import LabelForm, labels_in
from framelens.project.labelled.reading import labelled_from, read_labelled
from framelens.project.labelled.sentence import stances_in

from tests.helpers import Put

FRAMES = ("Économie & Finance", "Sci/Tech", "talk")
ROWS: list[dict[str, Any]] = [
    {"tweet": "The bank fell.", "topic": "Économie & Finance"},
    {"tweet": "A probe, then talks", "topic": "Sci/Tech;talk"},
    {"tweet": "Rain.", "topic": "none"},
    {"tweet": "Nobody read this.", "topic": None},
]
FORM = LabelForm(text_column="Tweet", label_column=("topic",), separator=";")
EXPECTED = [("Économie & Finance",), ("Sci/Tech", "talk"), ()]


def written(folder: Path, suffix: str, rows: list[dict[str, Any]]) -> Path:
    """The rows as a file of some format."""
    path, frame = folder / f"labels{suffix}", pd.DataFrame(rows)
    match suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".tsv":
            frame.to_csv(path, index=False, sep="\t")
        case ".parquet":
            frame.to_parquet(path)
        case ".xlsx":
            frame.to_excel(path, index=False)
        case _:
            frame.to_json(path, orient="records", lines=True)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx"])
def test_one_table_is_read_alike_in_all_formats(tmp_path: Path, suffix: str) -> None:
    told: list[str] = []
    rows = read_labelled(written(tmp_path, suffix, ROWS), FRAMES, FORM, note=told.append)
    assert [row.labels for row in rows] == EXPECTED
    assert [row.text for row in rows] == [row["tweet"] for row in ROWS[:3]]
    (note,) = told
    assert "left out 1 row without labels" in note


@pytest.mark.parametrize("frames", [FRAMES, None])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", "text,labels\nA,Économie & Finance\n"),
        ("x.csv", "text,labels\nA,['Économie & Finance']\n"),
        ("x.csv", "text,labels,primary\nA,Économie & Finance,Économie & Finance\n"),
        ("x.csv", "text,labels,stances\nA,Économie & Finance,Économie & Finance:demanded\n"),
        ("x.csv", "text,Économie & Finance,talk,Sci/Tech\nA,1,0,0\n"),
        ("x.jsonl", '{"text": "A", "labels": ["Économie & Finance"]}\n'),
    ],
)
def test_a_label_is_one_in_whatever_form_of_unicode(
    put: Put, name: str, content: str, frames: tuple[str, ...] | None
) -> None:
    columns = FRAMES if "Sci/Tech" in content and frames is None else ()
    form = LabelForm(label_column=tuple(normalize("NFD", name) for name in columns))
    (row,) = read_labelled(put(name, normalize("NFD", content)), frames, form)
    assert row.labels == FRAMES[:1]
    assert set(stances_in(row)) <= set(FRAMES)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_a_column_a_label(tmp_path: Path, suffix: str) -> None:
    columns = dict.fromkeys(FRAMES, 0)
    rows: list[dict[str, Any]] = [{"text": "A", **columns, "talk": 1}, {"text": "B", **columns}]
    path = written(tmp_path, suffix, rows)
    # As they are called like the labels, nothing need be said of them.
    for form in (
        LabelForm(),
        LabelForm(label_column=FRAMES),
        LabelForm(label_column=("[!t]*", "talk")),
    ):
        assert [row.labels for row in read_labelled(path, FRAMES, form)] == [("talk",), ()]
    rows = [{"text": "A", "topic_x": True, "topic_y": "no", "Topic_z": 1}]
    for pattern in ("topic_*", "Topic_[X-Z]"):
        form = LabelForm(label_column=(pattern,))
        (found,) = read_labelled(written(tmp_path, ".jsonl", rows), None, form)
        assert found.labels == ("topic_x", "Topic_z")


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("a|b", ("a", "b")), (" a | ", ("a",)), ("none", ()), ("None", ()), ("", None), (None, None),
        (float("nan"), None), (3, ("3",)), (3.0, ("3",)), (["a", 2], ("a", "2")), ([], ()),
        ("['a', 'b']", ("a", "b")), ('["a"]', ("a",)), ("[]", ()), ("[sic] a", ("[sic] a",)),
        ("a|b|c", ("a|b|c",)),
    ],
)  # fmt: skip
def test_what_a_cell_says(cell: object, labels: tuple[str, ...] | None) -> None:
    assert labels_in(cell, ("a", "b", "a|b|c"), "|") == labels


@pytest.mark.parametrize("cell", ["none|", " None | none", ["none"], "['None']"])
def test_none_is_no_label_however_it_is_listed(cell: object) -> None:
    assert labels_in(cell, ("a", "b"), "|") == labels_in(cell, None, "|") == ()
    assert (
        labels_in(cell, ("a", "NONE"), "|") != ()
    )  # there a label in other letters, to be refused


@pytest.mark.parametrize("cell", ["none|a", ["a", "None"], "a|NONE|b"])
def test_none_beside_labels_is_refused(cell: object) -> None:
    for frames in (("a", "b"), None):
        with pytest.raises(
            FramelensError, match=r"'none' beside other labels, .*; expected one or"
        ):
            labels_in(cell, frames, "|")


@pytest.mark.parametrize("header", ["text,a,A,b", "text,A,a,b"])
def test_a_column_that_is_called_as_a_label_is_taken_before_others(put: Put, header: str) -> None:
    row = ",".join("1" if name == "a" else "0" for name in header.split(",")[1:])
    path = put("x.csv", f"{header}\nFrogs sang.,{row}\n")
    assert [sentence.labels for sentence in read_labelled(path, ("a", "b"))] == [("a",)]


def test_labels_are_found_in_the_order_of_the_file(put: Put) -> None:
    path = put("x.csv", "text,label\nA,Sport\nB,Économie\nC,Sport\n")
    assert [row.labels for row in read_labelled(path, None)] == [
        ("Sport",),
        ("Économie",),
        ("Sport",),
    ]


def test_odd_characters_are_read_as_classify_reads_them(put: Put) -> None:
    long = "word " * 30_000
    path = put("x.csv", f'text,labels\n"A\u2028line\x0cfeed",talk\n"{long}",talk\n')
    one, other = read_labelled(path, FRAMES)
    assert (one.text, len(other.text)) == ("A\u2028line\x0cfeed", len(long))
    record = {"text": "A\u2028line\x0cfeed", "labels": []}
    path = put("x.jsonl", json.dumps(record, ensure_ascii=False) + "\n")
    assert read_labelled(path, FRAMES)[0].text == record["text"]
    path = put("l.csv", "text;labels\nDéjà vu;talk\n".encode("latin-1"))
    assert read_labelled(path, FRAMES, LabelForm(encoding="latin-1"))[0].text == "Déjà vu"


def test_a_list_in_json_and_a_workbook_by_another_name(tmp_path: Path, put: Put) -> None:
    path = put("x.json", '[{"text": "A", "label": "talk"}, {"text": "B", "label": null}]')
    assert [row.labels for row in read_labelled(path, FRAMES)] == [("talk",), ()]
    path = put("x.json", '{"text": "A", "label": "talk"}\n{"text": "B", "label": "none"}\n')
    assert [row.labels for row in read_labelled(path, FRAMES)] == [("talk",), ()]
    book = written(tmp_path, ".xlsx", ROWS).rename(tmp_path / "labels.csv")
    with pytest.raises(FramelensError, match="a workbook or an archive by what is in it"):
        read_labelled(book, FRAMES)


def test_rows_of_a_data_frame_are_read_as_a_file_of_them_is() -> None:
    rows = pd.DataFrame(ROWS).to_dict("records")
    assert [row.labels for row in labelled_from(rows, FRAMES, FORM)] == EXPECTED
    with pytest.raises(FramelensError, match="labelled: no column 'text'; found tweet, topic"):
        labelled_from(rows, FRAMES)


def test_a_column_of_a_label_may_be_blank_all_the_way() -> None:
    rows: list[dict[str, object]] = [
        {"text": "A", "talk": True, "look": None},
        {"text": "B", "talk": None, "look": None},
    ]
    found = labelled_from(rows, ("talk", "look"))
    assert [row.labels for row in found] == [("talk",), ()]


@pytest.mark.parametrize("asked", [(), ("talk", "Look"), ("*k",)])
def test_a_column_is_for_the_label_it_names_in_any_letters(asked: tuple[str, ...]) -> None:
    rows: list[dict[str, object]] = [
        {"text": "A", "TALK ": 1, "look": 0},
        {"text": "B", "TALK ": None, "look": None},
        {"text": "C", "TALK ": "no", "look": "yes"},
    ]
    if asked == ("*k",):
        rows = [{name.lower(): cell for name, cell in row.items()} for row in rows]
    found = labelled_from(rows, ("talk", "Look"), LabelForm(label_column=asked or ()))
    assert [(row.text, row.labels) for row in found] == [("A", ("talk",)), ("C", ("Look",))]


def test_a_group_is_a_document_whatever_its_kind(put: Put) -> None:
    def documents(names: str, rows: str, **form: Any) -> list[str | None]:
        path = put("x.csv", f"text,labels,{names}\n{rows}")
        return [row.document for row in read_labelled(path, FRAMES, LabelForm(**form))]

    assert documents("speech", "A,talk,7\nB,,7\nC,, \n", group="speech") == ["7", "7", None]
    assert documents("doc", "A,talk,1\nB,,\n") == ["1", None]
    path = put("x.jsonl", '{"text": "A", "labels": [], "document": 3}\n')
    assert read_labelled(path, FRAMES)[0].document == "3"


OWN = {
    "id": "a#0", "doc": "a.txt", "index": 0, "start": "0", "end": "20.0", "text": "'=Talks.",
    "labels": "talk", "primary": "Sci/Tech", "Sci/Tech": 0.9, "talk": 0.1, "evidence": "x",
}  # fmt: skip


def test_own_predictions_are_no_gold_unless_people_corrected_them(tmp_path: Path) -> None:
    path = written(tmp_path, ".csv", [OWN])
    with pytest.raises(
        FramelensError, match=r"as framelens gives them itself; .* predictions=True"
    ):
        read_labelled(path, FRAMES)
    (row,) = read_labelled(path, FRAMES, LabelForm(predictions=True))
    assert (row.text, row.labels, row.primary) == ("=Talks.", ("talk",), "talk")
    assert (row.document, row.start, row.end) == ("a.txt", 0, 20)
    record = {"text": "x", "labels": ["talk"], "scores": {"talk": 0.9}, "evidence": []}
    with pytest.raises(FramelensError, match="predictions=True"):
        read_labelled(written(tmp_path, ".jsonl", [record]), FRAMES)


def test_in_a_sample_a_blank_is_not_labelled_yet(tmp_path: Path) -> None:
    sampled = {"proposed": None, "probability": 0.5, "stratum": ""}
    rows = [{"text": "A", "labels": "talk", **sampled}, {"text": "B", "labels": None, **sampled}]
    assert len(read_labelled(written(tmp_path, ".csv", rows), FRAMES)) == 1


@pytest.mark.parametrize(("group", "document"), [("speaker", "A."), ("author", "1")])
def test_a_sample_has_its_own_columns_among_tables_of_others(
    tmp_path: Path, group: str, document: str
) -> None:
    """So that what coders say of it is learned from beside the first table of a project."""
    sampled = {"proposed": None, "probability": 0.5, "stratum": ""}
    row = {"id": "1#0", "document": "1", "text": "Both.", "labels": "talk|look", "Speaker": "A."}
    form = LabelForm(text_column="tweet", label_column=("topic",), separator=";", group=group)
    (found,) = read_labelled(written(tmp_path, ".csv", [row | sampled]), ("look", "talk"), form)
    assert (found.text, found.labels, found.document) == ("Both.", ("look", "talk"), document)


@pytest.mark.parametrize(("of_others", "label"), [(True, "talk"), (False, "look")])
def test_other_columns_of_a_sample_are_read_if_asked_for(
    tmp_path: Path, of_others: bool, label: str
) -> None:
    sampled = {"proposed": None, "probability": 0.5, "stratum": ""}
    row = {"text": "Both.", "labels": "talk", "mine": "look", **sampled}
    form = LabelForm(label_column=("mine",), of_others=of_others)
    (found,) = read_labelled(written(tmp_path, ".csv", [row]), ("look", "talk"), form)
    assert found.labels == (label,)


SAMPLE = "text,labels,topic,proposed,probability,stratum\nCafé.,talk,look,,0.5,\n"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        ("tweet;topic\nCafé.;talk\n", "latin-1", ""),  # such as the other tables are
        (SAMPLE, "utf-8", ""),
        (SAMPLE.replace(",", "\t"), "utf-8", ""),
        (SAMPLE.replace(",", ";"), "latin-1", ""),  # as a spreadsheet may save it
        ("text;labels\nCafé.;talk\n", "latin-1", "its own columns, text, labels"),
        ("text,labels\nCafé.,talk\n", "latin-1", "its own columns, text, labels"),
        ("tweet\ttopic\nCafé.\ttalk\n", "latin-1", ""),
        ("text;topic;labels\nCafé.;talk;look\n", "latin-1", "its own columns, text, topic"),
        ("tweet;text;labels\nCafé.;Tea.;talk\n", "latin-1", "its own columns, tweet, labels"),
        ("text;talk;look\nCafé.;1;0\n", "latin-1", "its own columns, text, talk, look"),
    ],
)
def test_a_table_is_read_by_its_own_columns_where_a_form_is_of_others(
    tmp_path: Path, content: str, encoding: str, said: str
) -> None:
    path, told, frames = tmp_path / "x.csv", list[str](), ("talk", "look")
    path.write_text(content, encoding=encoding)
    form = LabelForm(
        text_column="tweet", label_column=("topic",), encoding="latin-1", delimiter=";"
    )
    others = replace(form, of_others=True)
    (found,) = read_labelled(path, frames, others, note=told.append)
    assert (found.text, found.labels) == ("Café.", ("talk",))
    assert [note.partition(" by ")[2] for note in told] == [said] * bool(said)
    if said:
        with pytest.raises(FramelensError, match=r"no column '(tweet|topic)'"):
            read_labelled(path, frames, form)


def test_a_group_is_taken_where_it_is_there_if_a_table_will_do_without(put: Put) -> None:
    tables = (("text,labels\nA,talk\n", None), ("text,labels,User\nA,talk,ann\n", "ann"))
    for content, group in tables:
        told: list[str] = []
        for name, expected in (("user", group), ("none", None)):
            form = LabelForm(group=name, group_if_there=True)
            (found,) = read_labelled(put("x.csv", content), ("talk",), form, note=told.append)
            assert found.document == expected
        said = [note.partition(" own ")[2] for note in told]
        assert said == ([] if group else ["columns, text, labels, without 'user'"])


def test_a_form_of_other_tables_fits_no_table_without_labels(put: Put) -> None:
    form = LabelForm(text_column="tweet", of_others=True)
    with pytest.raises(FramelensError, match="no column 'tweet'; found text, topics"):
        read_labelled(put("x.csv", "text,topics\nA,B\n"), FRAMES, form)


@pytest.mark.parametrize(
    ("content", "form", "problem"),
    [
        (
            "title,body\nA,B\n",
            {},
            "x.csv: no column 'text'; found title, body; name it with text_column=",
        ),
        ("text,tag\nA,B\n", {}, "no column 'labels'; found text, tag; name it with label_column="),
        ("text,labels\nA,B\n", {"group": "speaker"}, "no column 'speaker'; found text, labels"),
        ("text,labels\nA,talk;Sci/Tech\n", {}, "say separator=';'"),
        ("text,labels\nA,Talk\n", {}, "x.csv:2: unknown label 'Talk'; expected one of Économie"),
        ("text,talk\nA,2\n", {"label_column": ("talk",)}, "x.csv:2: '2' in the column of a label"),
        ("text,text,labels\nA,B,talk\n", {}, "x.csv:1: the header has the column 'text' 2 times"),
        ("text,labels\n", {}, "no labelled sentences"),
        ("text,labels\n,talk\n", {}, "no labelled sentences"),
    ],
)
def test_what_is_missing_is_named(
    put: Put, content: str, form: Mapping[str, Any], problem: str
) -> None:
    with pytest.raises(FramelensError) as caught:
        read_labelled(put("x.csv", content), FRAMES, LabelForm(**form))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        ("sport; health", ";"), ("sport;sport, health;sport;health", ","), ("a, b;c", None),
        ("sport|health", None),
    ],
)  # fmt: skip
def test_where_any_name_is_a_label_several_in_one_are_noted(
    put: Put, cells: str, mark: str | None
) -> None:
    told: list[str] = []
    rows = cells.split(";") if mark != ";" else [cells]
    read_labelled(
        put("x.csv", "text\tlabels\n" + "".join(f"A\t{c}\n" for c in rows)), None, note=told.append
    )
    assert [line[-3:] for line in told] == ([f"'{mark}'"] if mark else [])


def test_of_many_labels_the_nearest_is_named(put: Put) -> None:
    frames = [f"label {number}" for number in range(200)]
    with pytest.raises(FramelensError, match="unknown label 'lable 17'; the nearest is 'label 17'"):
        read_labelled(put("x.csv", "text,labels\nA,lable 17\n"), frames)


def test_conflicting_duplicates_are_listed(put: Put) -> None:
    text = "text,labels\nWe talk.,talk\nRain.,\nwe  talk,\nWE TALK!,talk\nRain.,\n"
    rows = read_labelled(put("x.csv", text), FRAMES)
    with pytest.raises(FramelensError) as caught:
        check_consistent(rows)
    assert "one text is labelled in different ways: 'We talk.' (x-2 talk, x-4 none)" in str(
        caught.value
    )
    check_consistent(row for row in rows if row.labels == ())
