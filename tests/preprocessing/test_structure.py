"""Classified sentences with their places in documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import FOOTNOTE, Classified, Passage
from framelens.preprocessing.structure import sentences_of
from framelens.rules.rule_files import RuleSet
from framelens.writers.records import record
from spacy.language import Language

from tests.helpers import classify_passages

TEXT = "1. One talks. Two.\n\n2. Three.\n\nFour."


@pytest.fixture
def small(small_rules: RuleSet, nlp: Language) -> FrameClassifier:
    return FrameClassifier(small_rules, None, tokenizer=nlp.tokenizer, mode="rules")


def located(passages: Iterable[Passage], small: FrameClassifier) -> Iterator[Classified]:
    return classify_passages(passages, small)


def paragraphs(rows: Iterable[Classified]) -> list[str | None]:
    return [row.sentence.fields.get("paragraph") for row in rows]


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("\n\n", "\n \n")])
def test_a_passage_of_several_paragraphs(small: FrameClassifier, text: str) -> None:
    assert paragraphs(located([Passage("a", text, 7)], small)) == ["1", "1", "2", None]


def test_passages_are_paragraphs(small: FrameClassifier) -> None:
    rows = located([Passage("a", "1. One."), Passage("a", "Two.", 9)], small)
    assert paragraphs(rows) == ["1", None]


def test_lines_of_a_paragraph_are_none(small: FrameClassifier) -> None:
    assert paragraphs(located([Passage("a", "1. One.\nTwo.")], small)) == ["1", "1"]


def test_documents_are_read_from_their_start(small: FrameClassifier) -> None:
    rows = located([Passage("a", "1. One."), Passage("b", "“Two.”"), Passage("a", "7. No.")], small)
    assert paragraphs(rows) == ["1", None, "7"]


def test_the_language_is_told_of_each_sentence(small: FrameClassifier) -> None:
    english = "The keepers of the pond condemn the arrests that were made."
    french = "Les gardiens condamnent les arrestations dans la capitale."
    for first, second in ((english, french), (french, english)):
        rows = located([Passage("a", f"{first} {second}\n\n" * 3)], small)
        found = [(row.sentence.text, row.sentence.fields.get("language")) for row in rows]
        assert found == [(first, None if first == english else "fr"),
                         (second, None if second == english else "fr")] * 3  # fmt: skip


def test_footnotes_are_left_out(small: FrameClassifier) -> None:
    note = Passage("a", "2. Ibid.", 9, meta={"part": FOOTNOTE})
    assert paragraphs(located([Passage("a", "1. One."), note], small)) == ["1", None]


RECORDS: list[tuple[Mapping[str, str], Mapping[str, str]]] = [
    ({}, {"kind": "prose", "paragraph": "1"}),
    ({"year": "1999"}, {"kind": "prose", "paragraph": "1", "year": "1999"}),
    ({"paragraph": "mine"}, {"kind": "prose", "paragraph": "mine"}),
    ({"kind": "mine"}, {"kind": "mine", "paragraph": "1", "found_kind": "prose"}),
]


@pytest.mark.parametrize(("meta", "expected"), RECORDS)
def test_fields_go_into_the_record(
    small: FrameClassifier, meta: Mapping[str, str], expected: Mapping[str, str]
) -> None:
    (row,) = located([Passage("a", "1. One.", meta=meta)], small)
    assert record(row, unit="document")["meta"] == expected


def test_only_the_kind_is_told_where_nothing_else_is_found(small: FrameClassifier) -> None:
    (row,) = located([Passage("a", "One.")], small)
    assert row.sentence.fields == {}
    assert record(row, unit="document")["meta"] == {"kind": "prose"}


def test_rows_come_as_they_are_classified(small: FrameClassifier) -> None:
    taken = []

    def passages() -> Iterator[Passage]:
        for at in range(100_000):
            taken.append(at)
            yield Passage("a", f"{at}. One.", 20 * at)

    rows = located(passages(), small)
    next(rows)
    assert len(taken) < 2_000


MASTHEAD = """United Nations A/POND/40/12

General Assembly Distr.: General
18 January 2019

Original: English

Pond Council
Fortieth session

I. Keepers

The minister met the keepers of the northern pond."""


def test_the_masthead_tells_of_the_whole_document(small: FrameClassifier) -> None:
    passages = [Passage("a", text) for text in MASTHEAD.split("\n\n")]
    rows = list(located([*passages, Passage("b", "Another document.")], small))
    about = {"symbol": "A/POND/40/12", "session": "Fortieth session", "date": "2019-01-18"}
    assert [row.sentence.fields for row in rows] == [about] * (len(rows) - 1) + [{}]
    assert rows[-2].sentence.kind == "prose"


KINDS = [
    ("Free the keepers", ["prose"]),
    ("Pond report\n\nThe minister met the keepers.", ["heading", "prose"]),
    ("Home\n\nNews\n\nPonds\n\nFrogs\n\nEels\n\nKeepers speak\n\nThe minister came.",
     ["menu"] * 5 + ["heading", "prose"]),
    ("One came.\n\nPonds\n\nTwo came.", ["prose", "heading", "prose"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_kinds_depend_on_what_stands_around(
    small: FrameClassifier, text: str, expected: list[str]
) -> None:
    assert [row.sentence.kind for row in located([Passage("a", text)], small)] == expected


def test_a_record_that_is_one_sentence_is_prose(small: FrameClassifier) -> None:
    rows = classify_passages(
        [Passage("a", "Free them"), Passage("a", "Now")], small, unit="sentence"
    )
    assert [row.sentence.kind for row in rows] == ["prose", "prose"]


@pytest.mark.parametrize(("meta", "expected"), [({}, "2014-05-07"), ({"title": "Ponds"}, None)])
def test_the_date_of_plain_text(meta: dict[str, str], expected: str | None) -> None:
    passage = Passage("a.txt", "Ponds\n\nWednesday, 7 May 2014\n\nThe minister came.", meta=meta)
    dates = {one.fields.get("date") for one in sentences_of([passage], "document")}
    assert dates == {expected}
