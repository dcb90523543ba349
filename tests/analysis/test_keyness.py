"""What sets groups apart, counted in small texts."""

from __future__ import annotations

from framelens.analysis.keyness import Presence, content_terms, distinctive, without_parts
from spacy.language import Language

OURS = [
    "impunity prevails",
    "end impunity",
    "impunity now",
    "impunity",
    "impunity impunity",
    "talks",
]
THEIRS = ["talks and talks", "talks", "more talks", "talks go on", "talks", "talks again"]
TEXTS = [*OURS * 3, *THEIRS * 3]
GROUP = [True] * 18 + [False] * 18


def test_terms_are_counted_once_a_sentence_and_ordered_by_certainty() -> None:
    presence = Presence(text.split() for text in TEXTS)
    rows = distinctive(presence, GROUP)
    assert rows[0].item == "impunity"
    assert (rows[0].here, rows[0].elsewhere) == (15, 0)
    assert rows[-1].item == "talks"
    assert (rows[-1].here, rows[-1].elsewhere) == (3, 18)
    assert rows[0].z > 1.96
    assert rows[-1].z < -1.96
    assert presence.holders("prevails") == [0, 6, 12]


def test_the_other_side_sees_the_same_turned_round() -> None:
    presence = Presence(text.split() for text in TEXTS)
    ours = {row.item: row.z for row in distinctive(presence, GROUP)}
    theirs = {row.item: row.z for row in distinctive(presence, [not inside for inside in GROUP])}
    assert theirs == {item: -z for item, z in ours.items()}


def test_nothing_sets_apart_what_is_all_in_one_group_or_rare() -> None:
    presence = Presence(text.split() for text in TEXTS)
    assert distinctive(presence, [True] * 36) == []
    assert distinctive(presence, [False] * 36) == []
    assert distinctive(presence, GROUP, fewest=40) == []
    assert distinctive(Presence([["a"], ["a"]]), [True, False]) == []
    assert distinctive(Presence([]), []) == []


def test_a_pair_stands_for_its_words() -> None:
    rows = ["impunity prevails"] * 9 + ["the impunity"] * 20 + ["quiet talks"] * 29
    presence = Presence([*row.split(), row] for row in rows)
    shown = [row.item for row in without_parts(distinctive(presence, [True] * 29 + [False] * 29))]
    assert "prevails" not in shown
    assert {"impunity prevails", "impunity"} <= {*shown}
    assert "quiet talks" in shown
    assert not {"quiet", "talks"} & {*shown}


def test_terms_have_neither_numbers_nor_function_words(nlp: Language) -> None:
    text = "The Human Rights Council, in its resolution 37/23, did not welcome the visit."
    assert list(content_terms(text, nlp.tokenizer)) == [
        "human",
        "rights",
        "council",
        "resolution",
        "welcome",
        "visit",
        "human rights",
        "rights council",
    ]
