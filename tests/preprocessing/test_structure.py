"""Classified sentences with their places in documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import FOOTNOTE, Classified, Passage
from framelens.rules.rule_files import RuleSet
from framelens.writers.records import record
from spacy.language import Language

from tests.helpers import classify_passages

TEXT = "1. One talks. Two.\n\n2. Three.\n\nFour."


@pytest.fixture
def small(small_rules: RuleSet, nlp: Language) -> FrameClassifier:
    vocab, tokenizer = nlp.vocab, nlp.tokenizer
    return FrameClassifier(small_rules, None, vocab=vocab, tokenizer=tokenizer, mode="rules")


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


def test_footnotes_are_left_out(small: FrameClassifier) -> None:
    note = Passage("a", "2. Ibid.", 9, meta={"part": FOOTNOTE})
    assert paragraphs(located([Passage("a", "1. One."), note], small)) == ["1", None]


RECORDS: list[tuple[Mapping[str, str], Mapping[str, str]]] = [
    ({}, {"paragraph": "1"}),
    ({"year": "1999"}, {"paragraph": "1", "year": "1999"}),
    ({"paragraph": "mine"}, {"paragraph": "mine"}),
]


@pytest.mark.parametrize(("meta", "expected"), RECORDS)
def test_fields_go_into_the_record(
    small: FrameClassifier, meta: Mapping[str, str], expected: Mapping[str, str]
) -> None:
    (row,) = located([Passage("a", "1. One.", meta=meta)], small)
    assert record(row, unit="document")["meta"] == expected


def test_nothing_is_added_where_nothing_is_found(small: FrameClassifier) -> None:
    (row,) = located([Passage("a", "One.")], small)
    assert row.sentence.fields == {}
    assert "meta" not in record(row, unit="document")


def test_rows_come_as_they_are_classified(small: FrameClassifier) -> None:
    taken = []

    def passages() -> Iterator[Passage]:
        for at in range(100_000):
            taken.append(at)
            yield Passage("a", f"{at}. One.", 20 * at)

    rows = located(passages(), small)
    next(rows)
    assert len(taken) < 2_000
