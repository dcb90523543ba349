"""`LEMMA` stands for every form of a word, however irregular."""

from __future__ import annotations

import pytest
from framelens.rules.compiling import IRREGULAR_FILE, forms

from tests.rules.lexicon import COMPOUNDS, file_text, lexicon


@pytest.mark.parametrize(
    ("lemma", "others"),
    [
        # regular
        ("breach", "breaches breached breaching"),
        ("release", "releases released releasing"),
        ("agree", "agrees agreed agreeing"),
        ("die", "dies died dying"),
        ("comply", "complies complied complying"),
        ("survey", "surveys surveyed surveying"),
        ("veto", "vetoes vetos vetoed vetoing"),
        # irregular
        ("be", "am is are was were been being"),
        ("know", "knows knew known knowing"),
        ("leave", "leaves left leaving"),
        ("strike", "strikes struck stricken striking"),
        ("put", "puts putting"),
        # irregular, with a prefix
        ("undergo", "undergoes underwent undergone undergoing"),
        ("understand", "understands understood understanding"),
        ("withdraw", "withdraws withdrew withdrawn withdrawing"),
        ("withhold", "withholds withheld withholding"),
        ("uphold", "upholds upheld upholding"),
        ("oversee", "oversees oversaw overseen overseeing"),
        ("overcome", "overcomes overcame overcoming"),
        ("forbid", "forbids forbade forbidden forbidding"),
        ("forego", "foregoes forewent foregone foregoing"),
        ("undertake", "undertakes undertook undertaken undertaking"),
        ("mislead", "misleads misled misleading"),
        ("rewrite", "rewrites rewrote rewritten rewriting"),
        ("mishear", "mishears misheard mishearing"),
        # doubled consonants
        ("stop", "stops stopped stopping"),
        ("permit", "permits permitted permitting"),
        ("refer", "refers referred referring"),
        ("equip", "equips equipped equipping"),
        ("quit", "quits quitting"),
        ("label", "labels labelled labeled labelling labeling"),
        ("traffic", "traffics trafficked trafficking"),
        # nouns
        ("crisis", "crises"),
        ("child", "children"),
        ("country", "countries"),
        ("memorandum", "memoranda memorandums"),
        ("spokeswoman", "spokeswomen"),
    ],
)
def test_forms(lemma: str, others: str) -> None:
    assert {lemma, *others.split()} <= set(forms(lemma))


@pytest.mark.parametrize(
    ("lemma", "wrong"),
    [
        ("visit", "visitted visitting"),
        ("monitor", "monitorred monitorring"),
        ("permit", "permited permiting"),
        ("plan", "planed planing"),
        ("understand", "understanded"),
        ("undergo", "undergoed"),
        ("be", "bed bes bing"),
    ],
)
def test_what_is_no_form_is_not_listed(lemma: str, wrong: str) -> None:
    assert not set(wrong.split()) & set(forms(lemma))


def test_the_file_is_the_one_that_the_lexicon_gives() -> None:
    assert IRREGULAR_FILE.read_text(encoding="utf-8") == file_text()


def test_every_form_in_the_lexicon_is_known() -> None:
    known = lexicon()
    assert len(known) > 15_000
    lacking = {
        word: set(texts) - set(forms(word))
        for word, texts in known.items()
        if not set(texts) <= set(forms(word))
    }
    assert lacking == {"program": {"programed", "programing"}, "stay": {"staid", "staves"}}


def test_the_lemma_comes_first_and_no_form_twice() -> None:
    for lemma in (*lexicon(), *COMPOUNDS.replace("-", "").split()):
        found = forms(lemma)
        assert found[0] == lemma
        assert len(found) == len(set(found))
