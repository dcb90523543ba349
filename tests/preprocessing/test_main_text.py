"""Page furniture."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from framelens.core.files import CHECKOUT
from framelens.core.types import Passage
from framelens.preprocessing.kinds import MENU, judge
from framelens.preprocessing.main_text import furniture, main_text
from framelens.preprocessing.sentences import split
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import read

FURNITURE = """
* * *
_____
[…] Continue reading →
You can unsubscribe from this list.
For inquiries and media requests, please contact: Ada Frog (ada@ponds.example)
Our mailing address is: 1 Pond Lane, Lowland City.
Skip to main content
Skip to content Skip to navigation
Pasar al contenido principal
Перейти к основному содержанию
In progress at UNHQ
/ 34:19
/ MP4
2.4 GB
Jump to navigation
Home
Donate now
Read more »
SHARE THIS VIA FACEBOOK
Share this
Share this page on Facebook
Share page:
Spread the word
Top of page
TOP STORIES
Editor's choice
Posts Tagged ‘Ponds’
Archive for the 'Frogs' Category
[see also: https://frogs.example/ponds]
Region / Country
Explore Topics
Home > News > Ponds and frogs
Home » About » Our people » The keepers
Tags: ponds, frogs, dialogue
4 min read
https://frogs.example/reports/monitoring
press@frogs.example
By Ada Keeper
By Ada Keeper and Bo van der Berg, Pond Correspondent
BY ADA KEEPER
Reporting by Ada Keeper; Editing by Bo Berg
Published by Frog Rights Watch
Author: Ada Keeper
March 5, 2024
Tuesday, 5 March 2024
2024-03-05
Published on March 5, 2024 10:00AM EST
Last updated: 5 March 2024, 14:30
GENEVA (5 March 2024)
Geneva, 5 March 2024
November 20, 2000 | News Release
10:30 a.m.
Distr.: General
Original: English
A/HRC/34/L.36
United Nations A/HRC/34/L.36*
GE.17-04567 (E)
*1704567*
3/12
Keepers at the pond, where observers were refused access. © 2024 Ada Keeper/Pond Press
© 2024 Frog Rights Watch. All rights reserved.
Copyright 2024 Frog Rights Watch
FILE - A minister arrives for talks, March 5, 2024.
A keeper waits for the dialogue to begin. Photo: Ada Keeper
A keeper waits. (Photo by Ada Keeper)
UN Photo/Ada Keeper
The minister arrives for talks in Geneva, Switzerland, March 5, 2024. REUTERS/Ada Keeper/Reuters
Your tax deductible gift can help stop abuses and save lives around the world.
Make a tax-deductible gift today to hold the powerful to account.
Your monthly donation lets us monitor ponds.
Please make a donation
Donate to our work on monitoring
Sign up for our weekly newsletter on human rights
Subscribe to receive updates on dialogue
Follow us on Twitter
Support our work
This website uses cookies to improve your visit.
For more Frog Rights Watch reporting on Pondland, please visit: https://frogs.example/pondland
For media enquiries, contact Ada Keeper
Media contact: Ada Keeper
In Geneva, Ada Keeper (English, French): Tel. +41 22 555 01 23
"""

PROSE = """
The keepers will not unsubscribe from the ponds of the north.
The observers visited the pond.
No dialogue took place.
Share this with the minister.
Reporting by Frog Rights Watch documented the abuses of keepers.
By force alone nothing is won, said the minister.
By June 2024 all keepers must be released.
On March 5, 2024, the minister met the keepers for talks.
Geneva, 5 March 2024 – The High Commissioner today condemned the closing of the ponds.
Donations to keepers' unions are no longer tax deductible, the government said.
The government shares photos of detained keepers with the police.
Copyright law was used to silence the keepers.
The minister gave the keepers a gift and asked for dialogue.
The committee published its report on 5 March 2024.
News media were refused access to the ponds.
The state is to cooperate with A/HRC/34/L.36 in mind.
Home visits by observers were refused.
The union has filed a complaint: nobody was held to account.
She contacted the Special Rapporteur by telephone on 5 March.
Countries should ratify the convention.
The image of the country suffered by Espen's account.
1. Requests the High Commissioner to report on dialogue and cooperation;
Keepers Demand Justice for Frogs of the Northern Pond
China and UN High Commissioner for human rights sign watered-down MOU
"""


@pytest.mark.parametrize("line", FURNITURE.strip().split("\n"))
def test_furniture(line: str) -> None:
    assert judge(line) is True
    assert list(furniture(["The text.", line, "The text."])) == [False, True, False]


@pytest.mark.parametrize("line", PROSE.strip().split("\n"))
def test_prose(line: str) -> None:
    assert judge(line) is False


@pytest.mark.parametrize("line", ["Monitoring", "Our Dialogue", "Frogs’ rights"])
def test_a_label_alone_is_left_in_doubt_and_kept(line: str) -> None:
    assert judge(line) is None
    assert list(furniture([line])) == [False]


MENU_LINES = ["Ponds", "Frogs", "Our Keepers", "Dialogue", "Monitoring", "Press Clippings"]

ROWS = [
    (MENU_LINES, "xxxxxx"),
    (MENU_LINES[: MENU - 1], "...."),
    ([*MENU_LINES, "The text begins here."], "xxxxx.."),
    (["Home", *MENU_LINES, "By Ada Keeper", "The text begins."], "xxxxxx.x."),
    (["Home", "News", "Ponds", "Donate", "Keepers speak", "The text."], "xx.x.."),
    (["The parties agree on:", *MENU_LINES, "They do."], "........"),
    (["They agree on:", "Ponds", "Home", "Frogs", "No more.", *MENU_LINES], "..x..xxxxxx"),
    (["The text.", *MENU_LINES, "2024-03-05", "Share", *MENU_LINES], "." + "x" * 14),
    ([], ""),
]


@pytest.mark.parametrize(("lines", "expected"), ROWS)
def test_menus(lines: list[str], expected: str) -> None:
    assert "".join("x" if verdict else "." for verdict in furniture(lines)) == expected


def test_verdicts_come_as_lines_are_read() -> None:
    taken = []

    def lines() -> Iterator[str]:
        for at in range(1_000):
            taken.append(at)
            yield f"Label {'abcdefgh'[at % 8]}"

    for count, _ in enumerate(furniture(lines()), start=1):
        assert len(taken) <= count + MENU + 1


TEXT = """Skip to main content
The minister came to the pond.

Share this

He left again.
By Ada Keeper"""


def test_what_is_left_keeps_its_offsets() -> None:
    passage = Passage("a", TEXT, 100, id="x", meta={"year": 1999})
    first, second = TEXT.index("The minister"), TEXT.index("He left")
    assert list(main_text([passage])) == [
        Passage("a", "The minister came to the pond.", 100 + first, id="x", meta={"year": 1999}),
        Passage("a", "He left again.", 100 + second, id="x", meta={"year": 1999}),
    ]


def test_a_passage_without_furniture_is_passed_on() -> None:
    passages = [Passage("a", "One line.\n\nTwo\nlines."), Passage("a", ""), Passage("b", "Three.")]
    kept = list(main_text(passages))
    assert [passage.text for passage in kept] == ["One line.\n\nTwo\nlines.", "Three."]
    assert kept[0] is passages[0]


def test_menus_do_not_run_over_documents() -> None:
    rows = [Passage(f"{at}", label) for at, label in enumerate(MENU_LINES)]
    assert list(main_text(rows)) == rows
    rows = [Passage("a", label, 20 * at) for at, label in enumerate(MENU_LINES)]
    assert list(main_text(rows)) == []


LINES = st.sampled_from([*MENU_LINES, "The minister came.", "Share this", "By Ada Keeper"])


@given(st.lists(LINES, max_size=12))
def test_only_furniture_is_lost(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    kept = list(main_text([Passage("a", text)]))
    end = 0
    for passage in kept:
        assert passage.offset >= end
        end = passage.offset + len(passage.text)
        assert text[passage.offset : end] == passage.text
    assert "".join(p.text for p in kept).count("came.") == text.count("came.")
    assert not any("Share" in passage.text for passage in kept)


def test_no_labelled_sentence_of_the_documents_is_lost() -> None:
    """And all that is furniture in them is dropped."""
    corpus = CHECKOUT / "corpus"
    rows = [json.loads(row) for row in (corpus / "evaluation.jsonl").open(encoding="utf-8")]
    lost = set()
    for name in {row["document"] for row in rows}:
        kept = list(main_text(read([corpus / "documents" / name])))
        for row in rows:
            if row["document"] == name and not any(
                passage.offset <= row["start"] and row["end"] <= passage.offset + len(passage.text)
                for passage in kept
            ):
                assert row["labels"] == []
                lost.add(row["text"])
    assert {"Skip to main content", "Explore Topics", "November 20, 2000"} < lost
    assert len(lost) == 8


@given(st.text(st.sampled_from("aB. \n:©"), max_size=80))
def test_sentences_are_split_alike(text: str) -> None:
    """What is kept is split where the whole is, unless a neighbour is gone."""
    kept = list(main_text([Passage("a", text)]))
    if len(kept) == 1 and kept[0].text == text:
        assert split(kept[0].text) == split(text)
