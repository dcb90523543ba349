"""What extracted documents say of themselves: titles that are none, dates that are only the file's."""

from __future__ import annotations

import logging

import pytest
from framelens.readers.extracted import (
    MADE_ON,
    Block,
    Extracted,
    given_name,
    passages,
    quiet,
)
from framelens.readers.source import Reading, Source


@pytest.mark.parametrize(
    "name",
    [
        "(anonymous)", "anonymous", "untitled", "(Untitled)", "Untitled Document", "unspecified",
        "Untitled-1", "Microsoft Word - stmt_v3_FINAL.doc", "pond.indd", "pond_report", " ", "New Page 1",
    ],
)  # fmt: skip
def test_what_programs_put_for_a_name_is_none(name: str) -> None:
    assert given_name(name) == ""


@pytest.mark.parametrize("name", ["Pond report", "Untitled ponds", "Pond report 2014", "Ana Frog"])
def test_a_name_is_a_name(name: str) -> None:
    assert given_name(name) == name


def meta(found: Extracted) -> tuple[dict[str, object], list[str]]:
    reading = Reading("utf-8", "document")
    passage = next(passages(found, Source("a", None), reading))
    return dict(passage.meta), reading.notes.messages()


def test_the_first_heading_is_the_title_of_what_has_none() -> None:
    blocks: list[Block] = [("By Ana Frog", None), ("On\nponds", "heading"), ("Ponds", "heading")]
    for title in ("", "untitled"):
        found = Extracted(blocks, meta={"title": title, "author": "(anonymous)"})
        assert meta(found) == ({"title": "On ponds"}, [])
    assert meta(Extracted(blocks, meta={"title": "Frogs"})) == ({"title": "Frogs"}, [])


LINES = [
    "The keepers of the pond have asked the court to",
    "free all who were held in the north, and the law",
    "says that it must do so. It has not. Nobody will",
    "say why, and the union, which had written to the",
    "minister in May, waits.",
    "They met.",
]


def test_paragraphs_that_are_lines_are_put_together() -> None:
    def read(texts: list[str]) -> list[str]:
        found = Extracted([("A list", "heading"), *((text, None) for text in texts)])
        reading = Reading("utf-8", "document")
        return [one.text for one in passages(found, Source("a", None), reading)][1:]

    assert read(LINES) == [" ".join(LINES[:5]), LINES[5]]
    items = [
        "visit the ponds",
        "free all who were held in the north",
        "let them in",
        "pay",
        "ask why",
    ]
    phrases = [
        "talks with the keepers",
        "visits of all ponds",
        "a law for all frogs",
        "a seat for each",
    ]
    for texts in (items * 3, phrases, [f"{line}." for line in LINES], [*LINES, "Pond " * 30 + "."]):
        assert read(texts) == [text.strip() for text in texts]


def test_a_date_that_is_only_the_files_is_counted() -> None:
    assert meta(Extracted([("Ponds.", None)], meta={"date": "2014-05-07"}, made="2019-01-01")) == (
        {"date": "2014-05-07"},
        [],
    )
    about, notes = meta(Extracted([("Ponds.", None)], made="2019-01-01"))
    assert about == {"date": "2019-01-01"}
    assert notes == [f"1 {MADE_ON.format(s='', have='has')}, such as 'a: 2019-01-01'"]
    for year, is_taken in (("2018", True), ("2017", False)):
        about, notes = meta(Extracted([(f"The ponds of {year}.", None)], made="2019-01-01"))
        assert about == ({"date": "2019-01-01"} if is_taken else {})
        assert len(notes) == 1


def test_loggers_get_their_levels_back_though_threads_overlap() -> None:
    logger, first, second = logging.getLogger("frogs"), quiet("frogs"), quiet("frogs")
    logger.setLevel(logging.INFO)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not logger.isEnabledFor(logging.CRITICAL)
    second.__exit__(None, None, None)
    assert logger.level == logging.INFO
