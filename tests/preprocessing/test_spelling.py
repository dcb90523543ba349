"""Words are compared in one spelling, and misspelt ones as what they were meant to be."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from framelens.api import classify
from framelens.preprocessing.spelling import (
    _frequencies,
    _is_broken,
    known_form,
    may_be_piece,
    meant,
    run_together,
    spaces_within_words,
)
from hypothesis import given
from hypothesis import strategies as st

SPELLINGS = [
    ("organisation", "organization"), ("criticised", "criticized"), ("advise", "advise"),
    ("exercise", "exercise"), ("promised", "promised"), ("labour", "labor"), ("our", "our"),
    ("neighbouring", "neighboring"), ("labelled", "labeled"), ("travelling", "traveling"),
    ("programmes", "programs"), ("judgement", "judgment"), ("dialog", "dialogue"),
    ("centre", "center"), ("defence", "defense"), ("practising", "practicing"),
    ("u.n.", "un"), ("n't", "not"), ("u.s.", "u.s."),
    ("fulfil", "fulfill"), ("enquiry", "inquiry"), ("analysed", "analyzed"), ("hour", "hour"),
    ("raise", "raise"), ("expertise", "expertise"), ("supervised", "supervised"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), SPELLINGS)
def test_spellings(word: str, expected: str) -> None:
    assert known_form(word) == expected
    assert known_form(expected) == expected


ENGLISH = frozenset(map(known_form, _frequencies()))


SLIPS = [
    # Slips of writers: a letter too few, too many, wrong; two that have changed places.
    ("goverment", ["government"]), ("accountabilty", ["accountability"]), ("visitt", ["visit"]),
    ("dialouge", ["dialogue"]), ("independant", ["independent"]), ("recieved", ["received"]),
    ("organisatoin", ["organization"]), ("huamn", ["human"]),
    # Of programs that read scans.
    ("govemment", ["government"]), ("mernber", ["member"]), ("hberty", ["liberty"]),
    ("accountabi1ity", ["accountability"]), ("c0uncil", ["council"]),
    # Of those that read PDFs.
    ("sancons", ["sanctions"]), ("rafy", ["ratify"]), ("negoaon", ["negotiation"]),
    ("ocial", ["official", "social"]), ("commiee", ["committee", "commie", "commies"]),
    ("con\ue000ict", ["conflict", "convict"]), ("sanc\ue123ons", ["sanctions"]),
    ("viola\0ons", ["violations"]), ("\ue000nally", ["finally", "anally"]),
    ("nego\ue000a\ue000on", ["negotiation"]),
    # Like several: the likeliest first, and none that is far less so.
    ("traiing", ["training", "trading"]), ("cooporation", ["corporation", "cooperation"]),
    # English, short, long, or like none.
    *((word, []) for word in ("defunded", "defunding", "demined", "kettling", "recommenders")),
    *((word, []) for word in ("defund", "fracking", "repost", "tribals")),
    *((word, []) for word in ("violas", "programme", "teh", "xqzvwkj", "", "covid-19", "2010", "a" * 30)),
]  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), SLIPS)
def test_slips(word: str, expected: list[str]) -> None:
    assert list(meant(word)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mannar", []), ("zinder", []), ("goverment", ["government"]), ("rafy", ["ratify"])],
)
def test_short_words_with_a_capital_may_be_names(name: str, expected: list[str]) -> None:
    assert list(meant(name, is_name=True)) == expected


PIECES = [
    ("Viola ons, par cipa on in nego a ons, a commi ee.", "Violaons, parcipaon in negoaons, a commiee."),
    ('(Sanc ons) and "viola ons', '(Sancons) and "violaons'),
    ("Focus on it, based on a visit by Khan on torture.", None),
    ("The viola on was a viola on stage, no on-off.", "The violaon was a violaon stage, no on-off."),
    # Where no letter is lost.
    ("Th e special rap porteur's jus tice", "The special rapporteur's justice"),
    ("The inves tiga tion (prose cutions), too.", "The investigation (prosecutions), too."),
    ("An occas ion in vain.", "An occasion in vain."),
    ("In vestigations, V ictims, a ll.", "Investigations, Victims, all."),
    # Names and signs, and pieces that are all words.
    ("Mr. Anders on of Dar in, Category C all, a se a day at UN rest.", None),
    ("A stand by, be ready, under standing.", None),
    ("", None),
]  # fmt: skip


def _spaces(text: str) -> list[int]:
    stretches = text.split(" ")
    return spaces_within_words(stretches, {*filter(may_be_piece, stretches)})


@pytest.mark.parametrize(("text", "expected"), PIECES)
def test_spaces_within_words(text: str, expected: str | None) -> None:
    spaces = _spaces(text)
    read = "".join(char for at, char in enumerate(text) if at not in spaces)
    assert read == (text if expected is None else expected)


@pytest.mark.parametrize("unit", ["viola ons ", "q x z k v ", "qxzkv"])
def test_each_piece_is_tried_with_few_others(unit: str) -> None:
    text = unit * 10_000
    before = _is_broken.cache_info()
    _spaces(text)
    after = _is_broken.cache_info()
    tried = after.hits + after.misses - before.hits - before.misses
    assert tried <= 5 * len(text.split(" "))


@given(
    st.text("abeonti S.")
    | st.lists(st.sampled_from(["jus", "tice", "viola", "on", "ons"])).map(" ".join)
)
def test_only_spaces_are_taken_out(text: str) -> None:
    spaces = _spaces(text)
    assert all(text[at] == " " for at in spaces)
    assert spaces == sorted(set(spaces))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("groundsin", [("grounds", "in")]), ("specialrapporteur", [("special", "rapporteur")]),
        ("theofficerswere", [("the", "officers", "were")]), ("notable", []), ("rapporteur", []),
        ("Ofthe", []), ("of the", []), ("", []), ("theof" * 9, []), ("ofthebytheofthe", []),
    ],
)  # fmt: skip
def test_words_that_ran_together(word: str, expected: list[tuple[str, ...]]) -> None:
    assert run_together(word) == expected


@given(st.text("thegovrnmi", max_size=45))
def test_words_that_ran_together_are_english_and_all_there(word: str) -> None:
    for words in run_together(word):
        assert "".join(words) == word
        assert set(words) <= _frequencies().keys()


@given(st.text(ascii_lowercase + "01é\ue000\0", max_size=26))
def test_what_is_meant_is_english(word: str) -> None:
    assert ENGLISH.issuperset(meant(word))


def test_rules_find_what_is_meant_and_show_what_stands_there() -> None:
    shown = {
        "The rapporteur was refused acess to the prisons.": "refused acess",
        "They imposed sanc ons on them.": "sanc ons",
        "The rapporteur was refused ac  cess to the prisons.": "refused ac  cess",
        "(The Rapporteurwas refusedaccess to the prisons)": "refusedaccess",
        "Officers must be broughtto jus tice.": "broughtto jus tice",
    }
    for text, rows in zip(shown, classify([*shown], mode="rules"), strict=True):
        found = rows[0].evidence
        assert any(shown[text] in item.text for item in found), text
        assert all(text[item.start : item.end] == item.text for item in found)


@pytest.mark.parametrize(
    ("who", "stance"), [("They dont cooperate", "lacking"), ("The NT cooperates", "affirmed")]
)
def test_a_negation_needs_no_apostrophe(who: str, stance: str) -> None:
    (rows,) = classify([f"{who} with the Special Rapporteur."], evidence=False)
    assert {name: found.name for name, found in rows[0].stances.items()} == {"cooperation": stance}
