"""Lines as printed → paragraphs."""

from __future__ import annotations

import pytest
from framelens.readers.formats.wrapping import mended, paragraphs, respaced
from hypothesis import given
from hypothesis import strategies as st

PARTED = [
    (["of viola-", "tions there"], ["of violations", "there"]),
    (["of viola-", "tions, too"], ["of violations,", "too"]),
    (["of viola-", "tions"], ["of violations"]),
    (["viola\u00ad", "tions"], ["violations"]),
    (["viola‐", "tions"], ["violations"]),
    (["a non-", "governmental body"], ["a non-governmental", "body"]),
    (["nongovernmental, non-", "governmental"], ["nongovernmental, nongovernmental"]),
    (["a co-", "operation; co-operation"], ["a co-operation;", "co-operation"]),
    (["legally-", "mandated, ever-", "growing"], ["legally-mandated,", "ever-growing"]),
    (["inter-", "national under-", "standing"], ["international", "understanding"]),
    (["follow-", "ing the follow-", "up"], ["following", "the follow-up"]),
    (["forty-", "two of the twenty-", "first"], ["forty-two", "of the twenty-first"]),
    (["fact-", "finding is ill-", "treatment"], ["fact-finding", "is ill-treatment"]),
    (["fact-find-", "ing by state-of-the-", "art means"], ["fact-finding", "by state-of-the-art", "means"]),
    (["human-rights-", "based work"], ["human-rights-based", "work"]),
    (["the Asia-", "Pacific region"], ["the Asia-Pacific", "region"]),
    (["2017-", "2018 and A/HRC/", "34/12"], ["2017-2018", "and A/HRC/", "34/12"]),
    (["A/HRC/34/-", "12 came"], ["A/HRC/34/-12", "came"]),
    (["it was –", "as ever – late"], ["it was –", "as ever – late"]),
    (["he was -", "well"], ["he was -", "well"]),
    (["pre- and", "post-war"], ["pre- and", "post-war"]),
    (["viola-", "", "tions"], ["viola-", "", "tions"]),
    (["a-", "b-", "c"], ["abc"]),
    ([], []),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), PARTED)
def test_mended(lines: list[str], expected: list[str]) -> None:
    assert mended(lines) == expected


def test_paragraphs_come_in_one_line() -> None:
    lines = [
        "Pond report", "",
        "The minister met the keepers of the northern pond on Mon-",
        "day, and promised them that he would look at what they had",
        "written to him. He did not say when.",
        "12. The keepers went home, where they waited for an answer to",
        "the letters they had sent.",
    ]  # fmt: skip
    assert paragraphs(lines) == [
        "Pond report",
        "The minister met the keepers of the northern pond on Monday, and promised them that he "
        "would look at what they had written to him. He did not say when.",
        "12. The keepers went home, where they waited for an answer to the letters they had sent.",
    ]


KERNED = [
    (["The participa tion was good.", "No participation."],
     ["The participation was good.", "No participation."]),
    (["He came in formation.", "Information in formation; in it."],
     ["He came in formation.", "Information in formation; in it."]),
    (["The participa tion was good."], ["The participa tion was good."]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), KERNED)
def test_respaced(texts: list[str], expected: list[str]) -> None:
    assert respaced(texts) == expected


LINES = st.lists(st.text("abC -\u00ad.,1/", max_size=12).map(lambda line: " ".join(line.split())))


@given(LINES)
def test_only_hyphens_and_white_space_change(lines: list[str]) -> None:
    def kept(parts: list[str]) -> str:
        return "".join(char for part in parts for char in part if char not in " -\u00ad\n")

    assert kept(mended(lines)) == kept(lines)
    assert kept(paragraphs(lines)) == kept(lines)
