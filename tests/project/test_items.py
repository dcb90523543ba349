"""Files of sentences to label."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize
from zipfile import ZipFile

import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import LARGEST
from framelens.project.items import Item, check_unlabelled, item_of, read_items, write_items
from framelens.project.labelled.reading import read_labelled
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.helpers import Put

FRAMES = ("look", "talk")
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
labels = st.sampled_from([None, (), ("look",), ("talk",), ("look", "talk")])

ITEMS: Any = st.lists(
    st.builds(
        Item,
        id=words.filter(bool),
        text=words.filter(str.strip),
        document=words.filter(bool),
        start=st.integers(0, 10**6),
        end=st.integers(0, 10**6),
        before=words,
        after=words,
        labels=labels,
        proposed=labels,
        probability=st.none() | st.floats(1e-9, 1),
        stratum=words,
        coder=words,
        unsure=st.booleans(),
        note=words,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda item: item.id,
)


@given(ITEMS, st.sampled_from(["items.csv", "items.jsonl"]))
def test_nothing_is_lost(tmp_path_factory: Any, items: list[Item], name: str) -> None:
    path: Path = tmp_path_factory.mktemp("items") / name
    write_items(items, path)
    assert read_items(path, FRAMES) == items


def test_none_is_a_label_and_a_blank_cell_is_not(put: Put) -> None:
    path = put("a.csv", "id,text,labels\n1,One.,none\n2,Two.,\n3,Three.,talk|look\n")
    assert [item.labels for item in read_items(path, FRAMES)] == [(), None, ("look", "talk")]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffid,text,labels,probability\n1,One.,look|talk,0.5\n2,Two.,none,0.5\n",
        "labels,probability,text,id\nlook|talk,0.5,One.,1\nnone,0.5,Two.,2\n",
        "id;text;labels;probability\n1;One.;look|talk;0,5\n2;Two.;none;0,5\n",
        "ID,Text,Labels,Probability\n1,One.,Look | TALK,0.5\n2,Two.,None,0.5\n",
        "id,text,labels,probability\n1,One.,talk|look|,0.5\n2,Two., none ,0.5\n,,,\n,,,\n",
    ],
)
def test_what_spreadsheets_and_people_make_of_a_table_is_read(put: Put, content: str) -> None:
    found = read_items(put("a.csv", content), FRAMES)
    assert [(it.id, it.text, it.labels, it.probability) for it in found] == [
        ("1", "One.", ("look", "talk"), 0.5),
        ("2", "Two.", (), 0.5),
    ]


LABELLED = "id,text,labels,note\n1,One.,look,café\n"


@pytest.mark.parametrize(
    ("content", "encoding", "problem"),
    [
        (LABELLED, "utf-8", "has labels in 1 row;"),
        (LABELLED, "latin-1", "has labels in 1 row;"),
        (LABELLED, "utf-16", "has labels in 1 row;"),
        (LABELLED.replace("labels", " Labels"), "utf-8", "has labels in 1 row;"),
        (LABELLED.replace(",", ";"), "utf-8", "has labels in 1 row;"),
        (
            LABELLED + '2,"Two.',
            "utf-8",
            "not CSV: unexpected end of data; it would be written over",
        ),
        (LABELLED.replace("look", ""), "latin-1", None),
    ],
)
def test_no_labels_are_written_over_however_a_table_was_saved(
    tmp_path: Path, content: str, encoding: str, problem: str | None
) -> None:
    path = tmp_path / "to-label.csv"
    path.write_bytes(content.encode(encoding))
    if problem is None:
        check_unlabelled(path)
        return
    with pytest.raises(FramelensError, match=problem):
        check_unlabelled(path)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx"])
def test_a_file_without_anything_in_it_is_written_over(put: Put, name: str) -> None:
    check_unlabelled(put(name, ""))


def test_labels_that_only_capitals_tell_apart_are_taken_as_they_are(put: Put) -> None:
    path = put("a.csv", "id,text,labels\n1,One.,Look\n")
    assert read_items(path, ("look", "Look"))[0].labels == ("Look",)
    with pytest.raises(FramelensError, match="unknown label 'LOOK'"):
        read_items(put("b.csv", "id,text,labels\n1,One.,LOOK\n"), ("look", "Look"))


@pytest.mark.parametrize("label", ["Présence", "présence"])
def test_a_label_is_one_in_whatever_form_of_unicode(put: Put, label: str) -> None:
    path = put("a.csv", f"id,text,labels\n1,One.,{normalize('NFD', label)}\n")
    assert read_items(path, ("Présence",))[0].labels == ("Présence",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("text,labels,probability\nOne.,look,0.5\n", "a.csv:1: no column 'id', by which drawn"),
        ("id,text,labels\n1,One.,|\n", "a.csv:2: unknown label ''"),
        ("id,text,labels\n1,One.,shout\n", "a.csv:2: unknown label 'shout'; expected one of look"),
        ("id,text,labels\n1,One.,none|look\n", "a.csv:2: 'none' beside others; expected one of"),
        ("id,text\n1,One.\n1,Two.\n", "a.csv:3: the id '1' is on line 2 already"),
        ("id,text,probability\n1,One.,2\n", "a.csv:2: probability is '2'"),
        ("id,text,start\n1,One.,x\n", "a.csv:2: start is 'x'; expected a number"),
        ("id,text\n1, \n", "a.csv:2: text is missing"),
        ("id,words\n1,One.\n", "a.csv:1: no column 'text'"),
        ("id,text\n", "no sentences"),
        (
            "id,text,labels,primary,start,evidence\n1,One.,look,look,0,\n",
            "labels that framelens gave",
        ),
    ],
)
def test_bad_files_are_told_by_line(put: Put, content: str, problem: str) -> None:
    with pytest.raises(FramelensError) as caught:
        read_items(put("a.csv", content), FRAMES)
    assert problem in str(caught.value)


SHEETS: list[tuple[list[list[Any]], str]] = [
    (
        [["id", "text", "labels", "labels"], ["a", "One.", "look", "talk"]],
        "column 'labels' 2 times",
    ),
    ([["id", "text"], ["a", "One."], ["a", "Two."]], "a.xlsx:3: the id 'a' is on line 2 already"),
]


@pytest.mark.parametrize(("rows", "problem"), SHEETS)
def test_bad_workbooks_are_told_by_line(
    tmp_path: Path, rows: list[list[Any]], problem: str
) -> None:
    with pytest.raises(FramelensError) as caught:
        read_items(_workbook(tmp_path / "a.xlsx", rows), FRAMES)
    assert problem in str(caught.value)


TABLE: list[list[Any]] = [["id", "text", "labels"], ["a", "One.", "look"], ["b", "Two.", "talk"]]


@pytest.mark.parametrize(
    "sheets",
    [
        {"Codes": [["Wave 1", None], *TABLE]},
        {"Cover": [["A study of texts"]], "Codes": TABLE, "Notes": [["x", "y"], [1, 2]]},
        {"Codes": [*TABLE, [None, None, " "], [" ", " "]]},
        {
            "Codes": TABLE,
            "Columns": [
                ["column", "is"],
                ["id", "a name"],
                ["text", "a sentence"],
                ["labels", "2"],
            ],
        },
        {"Columns": [["columns"], ["id"], ["text"], ["labels"]], "Codes": TABLE},
        {"Blank": TABLE[:1], "Codes": TABLE},
    ],
)
def test_the_sheet_with_texts_is_read(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    path = _sheets(tmp_path / "a.xlsx", sheets)
    assert [(item.id, item.labels) for item in read_items(path, FRAMES)] == [
        ("a", ("look",)), ("b", ("talk",)),
    ]  # fmt: skip
    assert [row.labels for row in read_labelled(path, FRAMES)] == [("look",), ("talk",)]


def test_of_several_sheets_with_texts_none_is_left_out_unsaid(tmp_path: Path) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"Ana": TABLE, "Ben": TABLE})
    for read in (read_items, read_labelled):
        with pytest.raises(FramelensError, match="the sheets Ana, Ben have a column 'text' each"):
            read(path, FRAMES)


def test_a_row_of_a_sheet_without_text_is_named(tmp_path: Path) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"Codes": [*TABLE, ["Total: 2"]]})
    with pytest.raises(FramelensError, match=r"a\.xlsx:4: text is missing or empty"):
        read_items(path, FRAMES)


def _sheets(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_that_hold_blanks_alone_are_blank(put: Put) -> None:
    path = put(
        "a.csv",
        "id,text,labels,start,end,probability,unsure\n"
        "1,One., ,12.0,16.0, ,Yes \n,\u00a0, ,,, ,\n2,Two.,\u00a0,,,,\n",
    )
    one, two = read_items(path, FRAMES)
    assert (one.labels, one.start, one.end, one.probability) == (None, 12, 16, None)
    assert (one.unsure, two.labels, two.unsure) == (True, None, False)


def test_numbers_and_files_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FramelensError, match="start is inf; expected a number"):
        item_of({"id": "1", "text": "One.", "start": float("inf")}, FRAMES, tmp_path, 1)
    large = tmp_path / "large.csv"
    large.touch()
    os.truncate(large, LARGEST + 1)
    with pytest.raises(FramelensError, match=r"large\.csv: larger than 256 MB"):
        read_items(large, FRAMES)


def test_labels_that_are_asked_for_are_in_a_column_of_that_name(put: Put) -> None:
    path = put("a.csv", "id,text,labls\na,One.,talk\n")
    assert read_items(path, FRAMES)[0].labels is None
    with pytest.raises(FramelensError, match=r"a column 'labels', found id, text, labls$"):
        read_items(path, FRAMES, labelled=True)


def test_a_column_without_a_name_shifts_no_other(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", None, "text", "labels"], ["a", "noted", "One.", "talk"]]
    (item,) = read_items(_workbook(tmp_path / "a.xlsx", rows), FRAMES)
    assert (item.id, item.text, item.labels) == ("a", "One.", ("talk",))


def test_a_workbook_does_not_say_when_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_items([Item(id="a", text="One.")], path)
    with ZipFile(path) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    said = load_workbook(path).properties
    assert said.created == said.modified == datetime(1980, 1, 1)


def test_a_workbook_is_written_through_no_link_beside_it(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    (tmp_path / ".a.xlsx.partial").symlink_to(mine)
    write_items([Item(id="a", text="One.")], tmp_path / "a.xlsx")
    assert mine.read_text() == "mine"
    assert [item.text for item in read_items(tmp_path / "a.xlsx", FRAMES)] == ["One."]


def _workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("written", ["utf-8", "latin-1"])
def test_a_table_that_is_not_utf_8_is_read_as_told(tmp_path: Path, written: str) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("id,text,labels\n1,Des élections libres.,look\n".encode(written))
    (item,) = read_items(path, ("look",), "latin-1")
    assert item.text == "Des élections libres."
