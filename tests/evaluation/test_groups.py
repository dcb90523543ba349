from __future__ import annotations

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import MOST_GROUPS, NOTHING
from framelens.evaluation.groups import documents_of, figures_by, usual_fields, values_of
from framelens.project.labelled.sentence import LabelledSentence
from framelens.statistics.proportions import FEWEST_DOCUMENTS


def sentence(at: int, document: str | None = None, **meta: object) -> LabelledSentence:
    return LabelledSentence(str(at), f"Sentence {at}.", (), document=document, meta=meta)


def test_figures_are_those_of_each_group() -> None:
    rows = [sentence(at, genre="news" if at < 3 else "speech") for at in range(5)]
    gold = np.array([[True], [True], [False], [True], [True]])
    guess = np.array([[True], [True], [False], [False], [True]])
    news, speech = figures_by("genre", rows, ["look"], gold, guess)
    assert (news.value, news.sentences, news.figures.micro_f1.value) == ("news", 3, 1.0)
    assert (speech.value, speech.sentences) == ("speech", 2)
    assert speech.figures.micro_f1.value == pytest.approx(2 / 3)


def test_groups_come_as_their_values_are_listed() -> None:
    years = (2021, 2019, 2019, None, None, None)
    rows = [sentence(at, year=year) for at, year in enumerate(years)]
    labels = np.array([[True]] * len(years))
    found = figures_by("year", rows, ["look"], labels, labels)
    assert [(group.value, group.sentences) for group in found] == [
        ("2019", 2), ("2021", 1), (NOTHING, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("in_json", "in_csv", "expected"),
    [(True, "true", "true"), (["a", 2], '["a", 2]', "a, 2"), ([], "[]", NOTHING)],
)
def test_lists_and_yes_and_no_make_the_same_groups_in_every_form(
    in_json: object, in_csv: str, expected: str
) -> None:
    for value in (in_json, in_csv):
        assert values_of("x", [sentence(1, x=value), sentence(2, x="b")]) == [expected, "b"]


def test_values_are_text_and_rare_ones_go_together() -> None:
    rows = [sentence(at, year=2000 + at % 40) for at in range(80)]
    values = values_of("year", rows)
    assert len(set(values)) == MOST_GROUPS + 1
    assert "(10 other values)" in values
    assert values_of("x", [sentence(1, x=3), sentence(2), sentence(3, x="")]) == [
        "3", NOTHING, NOTHING,
    ]  # fmt: skip


def test_a_field_that_is_not_there_is_told() -> None:
    rows = [sentence(1, "a.txt", genre="news", speaker=None)]
    with pytest.raises(FramelensError, match=r"'speaker'; there are: document, genre$"):
        values_of("speaker", rows)
    assert values_of("document", rows) == ["a.txt"]
    assert usual_fields(rows) == ("genre",)
    assert usual_fields([sentence(1)]) == ()


def test_documents_are_drawn_only_where_there_are_enough() -> None:
    few = [sentence(at, f"{at}.txt") for at in range(FEWEST_DOCUMENTS - 1)]
    assert documents_of(few) is None
    groups = documents_of([*few, sentence(98, "98.txt"), sentence(99, "98.txt"), sentence(100)])
    assert groups is not None
    assert groups[-3] == groups[-2] != groups[-1]


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan")])
def test_a_blank_document_is_a_document_of_its_own(blank: str | None) -> None:
    named = [sentence(at, f"{at}.txt") for at in range(FEWEST_DOCUMENTS)]
    groups = documents_of([*named, sentence(98, blank), sentence(99, blank)])
    assert groups is not None
    assert len(set(groups)) == FEWEST_DOCUMENTS + 2
    assert documents_of([*named[1:], sentence(98, blank)]) is None
    assert values_of("x", [sentence(1, x=3), sentence(2, x=blank)]) == ["3", NOTHING]
