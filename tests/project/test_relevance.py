"""Sentences near words that say what a text is about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage, Sentence, SentenceFrames
from framelens.project.relevance import FIELD, Relevant, with_relevance, words_pattern


def rows(*texts: str) -> list[Classified]:
    """A letter is a sentence's document, the rest its text."""
    return [
        Classified(
            Sentence(Passage(text[0], text[1:]), at, 0, text[1:], fields={"part": "x"}),
            SentenceFrames(text[1:], 0, len(text) - 1, (), None, {}),
        )
        for at, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["aone", "atwo", "arights", "afour", "afive"], "nyyyn"),
        (["arights"], "y"),
        (["aone"], "n"),
        (["aone", "arights", "btwo", "bthree"], "yynn"),
        (["aone", "brights", "btwo"], "nyy"),
        (["arights", "atwo", "athree", "arights"], "yyyy"),
        ([], ""),
    ],
)
def test_a_sentence_and_its_neighbours(texts: list[str], expected: str) -> None:
    found = list(with_relevance(rows(*texts), ["rights"]))
    assert "".join(row.sentence.meta[FIELD][0] for row in found) == expected
    assert [row.frames.text for row in found] == [text[1:] for text in texts]
    assert all(row.sentence.meta["part"] == "x" for row in found)


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["human rights"], "All Human\n rights count.", True),
        (["human rights"], "Inhuman rights.", False),
        (["right"], "All rights.", False),
        (["right*"], "All rights.", True),
        (["tax", "child*"], "The children came.", True),
        (["a.b"], "axb", False),
        (["C++"], "In C++ too.", True),
    ],
)
def test_words_are_whole(words: list[str], text: str, expected: bool) -> None:
    assert bool(words_pattern(words).search(text)) is expected


@pytest.mark.parametrize("word", ["", " ", "*", "..."])
def test_words_have_letters(word: str) -> None:
    with pytest.raises(FramelensError, match="expected a word or phrase"):
        words_pattern([word])


def test_what_is_left_out_is_counted() -> None:
    relevant = Relevant(["rights"])
    kept = list(relevant.of(with_relevance(rows("aone", "atwo", "arights"), ["rights"])))
    assert [row.frames.text for row in kept] == ["two", "rights"]
    assert relevant.message().endswith("were taken: 2 of 3.")
    assert len(list(Relevant([]).of(rows("aone")))) == 1


def test_a_probability_chooses_too() -> None:
    given = [
        replace(row, frames=replace(row.frames, about=at / 4))
        for at, row in enumerate(rows("aone", "arights", "athree"))
    ]
    relevant = Relevant((), 0.25)
    assert [row.frames.text for row in relevant.of(given)] == ["rights", "three"]
    assert relevant.message().endswith("a probability of 0.25 or more were taken: 2 of 3.")
    both = Relevant(["one"], 0.25)
    assert [row.frames.text for row in both.of(with_relevance(given, ["one"]))] == ["rights"]


@pytest.mark.parametrize("least", [-0.1, 1.01, float("nan")])
def test_probabilities_out_of_range(least: float) -> None:
    with pytest.raises(FramelensError, match="expected a probability from 0 to 1"):
        Relevant((), least)


def test_a_probability_that_nobody_tells() -> None:
    with pytest.raises(FramelensError, match="a: nothing says how probably"):
        list(Relevant((), 0.5).of(rows("aone")))


def test_that_nothing_is_relevant_is_said() -> None:
    found = Relevant(["rights"]).of(with_relevance(rows("aone", "btwo"), ["rights"]))
    with pytest.raises(FramelensError, match="no sentence is left of 2: none names 'rights'"):
        list(found)
    assert list(Relevant(["rights"]).of([])) == []
