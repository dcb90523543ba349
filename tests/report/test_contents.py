"""Classified sentences as the columns of a page."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.types import FOOTNOTE, Classified, Follows, Passage, Sentence
from framelens.preprocessing.structure import LeftOut
from framelens.report.corpus.contents import Contents, collect
from framelens.report.corpus.evidence import MOST_TERMS, utf16_offset

from tests.helpers import open_classifier

from .conftest import classified

TALKS = "The calm talks failed."
VISIT = "They visited the old prison."


def collected(classifier: FrameClassifier, *passages: Passage) -> Contents:
    return collect(classified(passages, classifier), classifier.rules.scheme)


def test_documents_follow_each_other(small: FrameClassifier) -> None:
    found = collected(small, Passage("a", f"{VISIT} {TALKS}"), Passage("b", TALKS))
    assert [(row.name, row.first, row.sentences) for row in found.documents] == [
        ("a", 0, 2),
        ("b", 2, 1),
    ]
    assert found.texts_of(found.documents[1]) == [TALKS]
    assert found.values("document") == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("meta", "headings", "title"),
    [
        ({"title": "On ponds", "symbol": "A/POND/3"}, ["Ponds"], "On ponds"),
        ({"symbol": "A/POND/3"}, ["Ponds"], "A/POND/3"),
        ({}, ["Ponds", "Frogs"], "Ponds"),
        ({}, [], None),
    ],
)
def test_a_document_is_called_by_its_fields_or_first_heading(
    meta: dict[str, str], headings: list[str], title: str | None, small: FrameClassifier
) -> None:
    passage = Passage("a", TALKS, meta=meta)
    left_out = LeftOut()
    left_out.kept = {"a": [Sentence(passage, 0, 0, text, kind="heading") for text in headings]}
    rows = [
        replace(row, sentence=replace(row.sentence, index=len(headings)))
        for row in classified([passage], small)
    ]
    assert collect(rows, small.rules.scheme, left_out).documents[0].title == title


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (" ", Follows.SAME_LINE),
        ("\n", Follows.NEW_LINE),
        ("\r\n", Follows.NEW_LINE),
        ("\n\n", Follows.NEW_PARAGRAPH),
        ("\r\n \r\n", Follows.NEW_PARAGRAPH),
    ],
)
def test_how_sentences_follow_is_kept(
    between: str, expected: Follows, small: FrameClassifier
) -> None:
    found = collected(small, Passage("a", f"{VISIT}{between}{TALKS}"))
    assert found.follows == [Follows.NEW_PARAGRAPH, expected]


def test_a_break_in_wrapped_prose_is_no_new_line(small: FrameClassifier) -> None:
    wrapped = "They visited the old\nprison of the capital in the\nspring.\nThe calm talks\nfailed."
    found = collected(small, Passage("a", wrapped))
    assert found.follows == [Follows.NEW_PARAGRAPH, Follows.SAME_LINE]


def test_footnotes_begin_as_notes(small: FrameClassifier) -> None:
    note = Passage("a", f"{VISIT} {TALKS}", offset=99, meta={"part": FOOTNOTE})
    found = collected(small, Passage("a", TALKS), note)
    assert found.follows == [Follows.NEW_PARAGRAPH, Follows.NOTE, Follows.SAME_LINE]


def test_scores_are_those_of_the_classifier(small: FrameClassifier) -> None:
    rows = classified([Passage("a", f"{VISIT} {TALKS} Nobody sang.")], small)
    found = collect(rows, small.rules.scheme)
    for row, scores in zip(rows, found.scores, strict=True):
        chances = [1 / (1 + math.exp(-score / 100)) for score in scores]
        assert chances == pytest.approx(list(row.frames.scores.values()), abs=0.002)


def test_finds_add_up_to_the_scores(small: FrameClassifier) -> None:
    """All but what is too light to be listed, which here is nothing."""
    found = collected(
        small, Passage("a", "They visited the old prison, and the calm talks failed.")
    )
    bias = [round(100 * value) for value in small.weights.bias.tolist()]
    causes = {number for number, _, _ in found.finds[0]}
    for frame, score in enumerate(found.scores[0]):
        listed = sum(found.causes[cause].weights[frame] for cause in causes)
        assert bias[frame] + listed == pytest.approx(score, abs=len(causes))


def test_finds_stand_where_javascript_counts_them(small: FrameClassifier) -> None:
    text = "🕊️🕊️ They visited the old prison."
    found = collected(small, Passage("a", text))
    wide = text.encode("utf-16-le")
    ((cause, first, length),) = found.finds[0]
    assert found.causes[cause].name == "look.visit"
    shown = wide[2 * first : 2 * (first + length)].decode("utf-16-le")
    assert shown.startswith("visited")
    assert utf16_offset("🕊a", 1) == 2


def test_terms_are_listed_up_to_a_number() -> None:
    text = (
        "States should cooperate and support technical assistance and capacity-building of courts."
    )
    found = collected(open_classifier(mode="model"), Passage("a", text))
    terms = {number for number, _, _ in found.finds[0] if found.causes[number].kind == "term"}
    assert 0 < len(terms) <= MOST_TERMS


def test_the_digest_is_that_of_names_and_sentences(small: FrameClassifier) -> None:
    one = collected(small, Passage("a", f"{VISIT} {TALKS}", meta={"x": 1})).digest
    assert one == collected(small, Passage("a", f"{VISIT}\n\n{TALKS}")).digest
    assert one != collected(small, Passage("b", f"{VISIT} {TALKS}")).digest
    assert one != collected(small, Passage("a", VISIT), Passage("a\0", TALKS)).digest


def test_nothing_to_report_on_is_refused(small: FrameClassifier) -> None:
    rows: list[Classified] = []
    with pytest.raises(FramelensError, match="no sentence"):
        collect(rows, small.rules.scheme)


def test_a_field_that_nobody_has_is_refused(small: FrameClassifier) -> None:
    found = collected(small, Passage("a", TALKS, meta={"speaker": "Ana"}))
    assert found.values("speaker") == ["Ana"]
    with pytest.raises(FramelensError, match=r"'genre'; there are: document, kind, speaker"):
        found.values("genre")
