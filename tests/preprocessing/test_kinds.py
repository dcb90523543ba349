"""What kind of line a sentence is."""

from __future__ import annotations

import pytest
from framelens.core.types import KINDS, Kind
from framelens.preprocessing.kinds import Kinds
from hypothesis import given
from hypothesis import strategies as st

LINES = [
    ("prose", "The minister met the keepers of the pond."),
    ("prose", "Recalling its resolution 12/3 of 1 October 2009,"),
    ("prose", "(a) To let observers visit the ponds"),
    ("prose", "* The 12 keepers met the minister."),
    ("prose", "He said this.12"),
    ("prose", "He said this to them.(12)"),
    ("prose", "He said this to them.iv"),
    ("prose", "Mr. Frog said that the keepers were held."),
    ("prose", "Mr. Frog, the minister, was not there."),
    ("prose", "Ms. Li Frog remains under house arrest."),
    ("prose", "Mr. Frog, a keeper, faces life in prison."),
    ("prose", "Mr. Li (Pondland): We support cooperation with the keepers."),
    ("prose", "Mr. Frog (Pondland) supports the visit, Madam."),
    ("prose", "Ratify the Pond Convention (Latvia)"),
    ("prose", "Table 2 shows how many keepers there are."),
    ("prose", "went on without a stop"),
    ("prose", "In 2019, 12 of 340 keepers were freed."),
    ("prose", "The President: I open."),
    ("prose", "The keepers of the northern pond were held for a year and have not been told why"),
    ("prose", "Further strengthen the protection of keepers in the north"),
    ("prose", "Step up efforts to open the ponds"),
    ("prose", "All rights reserved for the keepers of the ponds must be respected."),
    ("prose", "Source: the keepers have told the court of it, as the union had before."),
    ("prose", "They went to the pond. https://t.co/abc #Ponds @frogs 🐸🐸"),
    ("prose", "They want all keepers to be freed now! https://t.co/abc 2/3"),
    ("prose", "\uf0b7 Open the ponds of the north"),
    ("prose", "Investigate without delay all\n   complaints of the keepers"),
    ("table", "| State  | Recommendation |\n|---|---|"),
    ("table", "| Togo  | Supported |"),
    ("prose", "| Togo  | The State should open all ponds. |"),
    ("heading", "Frogs of the pond #Ponds https://t.co/abc"),
    ("prose", "Topics: the union and the ministry have spoken of food and water."),
    ("heading", "Keepers freed after a hundred days in the prison of the northern pond"),
    ("heading", "II. Recommendations that were made by the union and have been accepted so far"),
    ("heading", "Support to keepers of ponds in the north"),
    ("heading", "Why The Keepers Of The Northern Pond Have Not Been Told What They Did"),
    ("heading", "II. Findings"),
    ("heading", "Access to ponds and other waters"),
    ("heading", "RIGHT TO WATER"),
    ("heading", "Recommendations:"),
    ("note", "12 See A/POND/34/2, para. 4."),
    ("note", "¹ Ibid."),
    ("note", "Ibid., p. 3."),
    ("note", "[^pond]: The letter of the keepers, which is lost."),
    ("note", "* The 12th Meeting was not covered."),
    ("note", "[3] https://frogs.example/report"),
    ("contents", "I. Introduction ........................ 3"),
    ("contents", "A. Access to ponds . . . . . . . . 12"),
    ("names", "Ms. Ada Frog, Minister of Ponds, Head of Delegation;"),
    ("names", "Mr. Li Frog (Pondland), member of the delegation"),
    ("names", "Mr. Li Frog"),
    ("names", "• H.E. Mr. Li Pond, Ambassador, Permanent Representative"),
    ("names", "Ada van Frog, Deputy Director, Ministry of Ponds"),
    ("names", "Albania, Algeria, Angola, Côte d’Ivoire, Togo and Spain"),
    ("names", "In favour: Albania, Algeria, Angola, Togo, Viet Nam."),
    ("caption", "Figure 1. Keepers held, by year"),
    ("caption", "Table 3: Ponds"),
    ("caption", "Source: Ministry of Ponds, 2019."),
    ("table", "2018 12 34.5 6%"),
    ("table", "North\t12\topen"),
    ("table", "Pond    Keepers    Frogs"),
    ("menu", "Subscribe"),
    ("menu", "© 2024 Frog Rights Watch. All rights reserved."),
    ("menu", "All rights reserved by Frog Rights Watch."),
    ("menu", "Original: English"),
    ("menu", "S/PV.8213"),
    ("menu", "CEDAW/C/POND/CO/7-8"),
    ("menu", "Held at the Palais of Ponds, Geneva, on Tuesday, 8 March 2016, at 3 p.m."),
    ("note", "This record is subject to correction."),
    ("note", "* Adopted by the Committee at its 125th session."),
    ("note", "** The annex is circulated in English only."),
    (
        "note",
        "*The experts: Ada Frog, Special Rapporteur on ponds; Li Toad, Working Group on newts.",
    ),
    ("prose", "* Frogs have called for dialogue with keepers."),
    ("note", "[Adopted by a recorded vote of 21 to 12, with 14 abstentions."),
    ("note", "The voting was as follows:"),
    ("heading", "46/99. Situation of frogs in Pondland"),
    ("prose", "Mr. Chairman,"),
    ("prose", "Madam President,"),
    ("names", "Present: Ms. Frog (chair), Mr. Toad, Ms. de Newt"),
    ("prose", "Present: Mr. Toad said that he was there."),
    ("prose", "On Pond Day, as President of the Pond Assembly, I call on all keepers to listen."),
    ("menu", "General Assembly Distr.: General"),
    ("menu", "18 January 2019"),
    ("menu", "Monday, 23 February 2015, 10 a.m."),
    ("menu", "President: Mr. Pond (Lowland)"),
    ("menu", "Chairperson:Mr. Pond (Vice-Chairperson)"),
    ("menu", "07.05.2014"),
    ("menu", "18-Jan-24"),
    ("menu", "Updated 3 May 2020"),
    ("menu", "First published on Mon 3 May 2020 10.05 BST"),
    ("menu", "Published 3 May 2020, last updated: 05/05/2020 by the Ministry of Frogs"),
    ("heading", "Updated Guidelines on Ponds"),
    ("menu", "— Frog Rights Watch (@frogs) March 3, 2021"),
    ("menu", "You received this message because you are in the group of keepers."),
    ("prose", "You received this message of the keepers with surprise."),
    ("prose", "You received this message as a party to the treaty on ponds."),
    ("menu", "We use cookies to make this page better."),
]


@pytest.mark.parametrize(("kind", "line"), LINES)
def test_a_line_by_itself(kind: str, line: str) -> None:
    assert Kinds().read(line, None, opens=True, alone=True) == kind


HINTED: list[tuple[Kind, Kind, str]] = [
    ("table", "prose", "Ratify the Optional Protocol to the Pond Convention"),
    ("table", "prose", "Continue to cooperate with the observers of the ponds"),
    ("table", "table", "Respect for the rights of keepers in ponds"),
    ("table", "table", "Right to physical and moral integrity"),
    ("table", "table", "Affected persons: - general"),
    ("table", "table", "Supported."),
    ("table", "prose", "He said this to them.12"),
    ("table", "prose", "He said this to them.(1)"),
    ("table", "table", "Share of all the ponds: 3.5"),
    ("table", "menu", "You are receiving this email because you signed up for it."),
    ("table", "menu", "© 2024 Frog Rights Watch. All rights are reserved by the union of frogs."),
    ("table", "prose", "Open the ponds (Latvia)"),
    ("table", "prose", "186.1. Ratify the convention on ponds"),
    ("table", "prose", "The keepers of the northern pond were held for a year."),
    ("table", "names", "Ms. Ada Frog, Minister of Ponds"),
    ("heading", "heading", "Who guards the keepers?"),
    ("heading", "prose", "The keepers of the northern pond were held for a year."),
    ("prose", "prose", "Open the ponds"),
    ("note", "note", "The keepers of the northern pond were held for a year."),
    ("caption", "caption", "The keepers at their pond."),
]


@pytest.mark.parametrize(("hint", "kind", "line"), HINTED)
def test_what_the_reader_knows(hint: Kind, kind: Kind, line: str) -> None:
    assert Kinds().read(line, hint, opens=True, alone=True) == kind


def read_all(*lines: str) -> list[str]:
    kinds = Kinds()
    return [kinds.read(line, None, opens=True, alone=True) for line in lines]


def test_what_stands_in_the_contents_is_a_heading() -> None:
    kinds = Kinds()
    title = "What the keepers of the northern pond have said to the union of toads"
    lines = ["Contents", f"1. {title} ....... 5", "The keepers were held for a year.", title]
    found = [kinds.read(line, None, opens=True, alone=True) for line in lines]
    assert found == ["contents", "contents", "prose", "heading"]


def test_contents_end_where_the_first_heading_comes_again() -> None:
    lines = ["Contents", "Paragraphs Page", "I. Introduction 1–4 3", "II. Findings 5–9 4"]
    found = read_all(*lines, "I. Introduction", "The minister met the keepers.")
    assert found == ["contents"] * 4 + ["heading", "prose"]


def test_contents_of_a_page_of_the_web_have_no_page_numbers() -> None:
    lines = ["Table of contents", "- Update on the ponds", "- Talks of the keeper with the heron"]
    found = read_all(
        *lines, "Update on the ponds", "The keepers met.", "- They asked for more water."
    )
    assert found == ["contents"] * 3 + ["heading", "prose", "prose"]


@pytest.mark.parametrize(
    ("place", "kind"), [("New York", "menu"), ("It was cold in there.", "prose")]
)
def test_the_place_behind_when_a_meeting_was_held(place: str, kind: Kind) -> None:
    kinds = Kinds()
    assert kinds.read("Monday, 26 March 2018, 10 a.m.", None, opens=True, alone=False) == "menu"
    assert kinds.read(place, None, opens=False, alone=False) == kind


def test_a_cell_of_sentences() -> None:
    kinds = Kinds()
    lines = "The ministry has thanked the keepers.", "It left.", "Supported"
    read = [kinds.read(line, "table", opens=line[0] != "I", alone=False) for line in lines]
    assert read == ["prose", "prose", "table"]


def test_notes_go_on_to_the_annex() -> None:
    found = read_all(
        "Notes", "1 Frog, On Ponds.", "2 Letter of the minister, on file.", "Annex", "It is so."
    )
    assert found == ["heading", "note", "note", "heading", "prose"]


def test_prose_below_a_heading_that_is_called_notes() -> None:
    assert read_all("Notes", "The minister met them.") == ["heading", "prose"]


def test_a_note_goes_on_with_its_line() -> None:
    kinds = Kinds()
    assert kinds.read("1 See A/POND/3.", None, opens=True, alone=False) == "note"
    assert (
        kinds.read("The keepers denied all of it later on.", None, opens=False, alone=False)
        == "note"
    )
    assert (
        kinds.read("The keepers denied all of it later on.", None, opens=True, alone=True)
        == "prose"
    )


def test_items_of_a_list_are_no_headings() -> None:
    assert read_all("The union asks the State to:", "Open the ponds") == ["prose", "prose"]
    items = ["two keepers", "Three toads of the pond in the north", "The keeper of it all"]
    below = ["II. What the keepers of the pond said", "Keepers Win the Vote in the North", "Ponds"]
    found = read_all("Those who were held last year:", *items, *below)
    assert found == ["prose"] * 4 + ["heading"] * 3


@pytest.mark.parametrize(
    "item", ["12.1. Ratify the Pond Convention (Latvia);", "(a) Open the ponds;"]
)
def test_what_has_no_number_is_not_of_a_numbered_list(item: str) -> None:
    assert read_all(item, item, "Right to water") == ["prose", "prose", "heading"]
    assert read_all("Open the ponds to all;", "Free the keepers") == ["prose", "prose"]


@given(st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip())), st.booleans())
def test_any_text_has_a_kind(text: str, opens: bool) -> None:
    assert Kinds().read(text.strip(), None, opens=opens, alone=opens) in KINDS
