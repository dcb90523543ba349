"""A sentence is read in one way, however it is written, and every place leads back."""

from __future__ import annotations

import re
from time import process_time

import pytest
from framelens.api import classify
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import Passage
from framelens.preprocessing import normalise
from framelens.preprocessing.normalise import flattened, normalised, prepared, without
from framelens.preprocessing.sentences import split
from framelens.preprocessing.spelling import ONE_FOR_ONE
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import classify_passages, visible

VIEWS = [
    # White space and what cannot be seen.
    ("A  double\u00a0space,\ttab\nand line.", "A double space, tab and line."),
    ("mon\u00adi\u00adtor\u200bing \u202athe\u202c prison\ufeff.", "monitoring the prison."),
    # One form each.
    ("“It’s so now, then,” she said.", '"It\'s so now, then," she said.'),
    ("fact‐finding, fact\u2011finding.", "fact-finding, fact-finding."),
    ("The state`s `talks`.", "The state's “talks”."),
    ("ﬁnding the oﬃce ﬂooded.", "finding the office flooded."),
    ("&quot;Talks&quot; of &#39;us&#39; &amp; AT&T.", "“Talks” of “us” & AT&T."),
    # Quotation marks round few words, and round many.
    ('Their "talks" (\'real talks\') on "x y z".', "Their “talks” (“real talks”) on “x y z”."),
    ("“Talks” on ‘China’s debts’—“yes”: «no».", "“Talks” on “China's debts”—“yes”: “no”."),
    ('A "debt of four words", the states\' and parties\' debts, 5" or 6", no " and ".', None),
    ('it failed," he said, "and "so-called" talks', 'it failed," he said, "and “so-called” talks.'),
    # Note marks, and what looks like them.
    ("They were abused.12", "They were abused."),
    ("They were abused.¹ The Committee3 said,4 no.", "They were abused. The Committee said, no."),
    ("They were abused.[12][13]", "They were abused."),
    ("They came to it.(12)", "They came to it."),
    ("They were abused.iv", "They were abused."),
    ("See para.(1) and Rule 5.(2)", "See para.(1) and Rule 5.(2)."),
    ("They ended.2In 2019 it rained.", "They ended. In 2019 it rained."),
    ("Article 9 of A/HRC/37, COVID-19, G20, 1.5, the U.S.", None),
    ("See para.5, No.12, L.36, note 7.", None),
    ("He said Stat[e] and left.", "He said Stat and left."),
    # Words that are written in several ways.
    ("Co-operation, co‑ordination, coöperation.", "Cooperation, coordination, cooperation."),
    ("The Co-Operation Treaty.", "The Cooperation Treaty."),
    ("No CO-operation.", "No COOperation."),
    ("A co - operative aim, co- ordinated.", "A cooperative aim, coordinated."),
    ("CO-\nOPERATION, co-\r\n operation.", "COOPERATION, cooperation."),
    ("Some DON't.", "Some DO not."),
    ("cooper-\nation on fact-\nfinding.", "cooperation on fact-finding."),
    ("> They were\n> refused.", "They were refused."),
    ("They &#10; came&#9;home.", "They came home."),
    ("She isn’t. DON'T! Can’t, won&#39;t.", "She is not. DO NOT! Cannot, will not."),
    ("can'tankerous, 't, rock'n't, couldn&rsquo;t.", "can'tankerous, 't, rock'n't, could not."),
    ("U.N.-led N.G.O.s of the U.K., the U.N.’s", "UN-led NGOs of the UK, the UN's."),
    ("The U.N.The talks failed.", "The U.N.The talks failed."),
    (
        "H.E. Mr. A.B. Frog, Ph.D., of the U.S. at 9 p.m. i.e. late.",
        "H.E. Mr. AB Frog, Ph.D., of the U.S. at 9 p.m. i.e. late.",
    ),
    ("Human-rights groups, human-\nrights law.", "Human rights groups, human rights law."),
    # What others have put in.
    ("“[s]ince 2019”, “[T]he law”.", "“since 2019”, “The law”."),
    ("*Urges* the **State** to_, _comply_ **with **it.**", "Urges the State to, comply with it."),
    (
        "A * b, 5*6, a_name, f**k, @_frog, ____ and ***",
        "A * b, 5*6, a_name, f**k, @_frog, ____ and ***.",
    ),
    (
        "The ``new'' law, ''talks'' and don''t; the « new » law.",
        "The “new” law, “talks” and don''t; the “new” law.",
    ),
    ("« New » law, »new« law.", "“New” law, “new” law."),
    # What points elsewhere, and what is left out.
    (
        "The Committee (A/HRC/37/L.36), in 2018 (see A/72/351, paras. 3–5).",
        "The Committee, in 2018.",
    ),
    (
        "It (UPR) met (2018) on art. 2 [emphasis added] (Frog & Toad, 2018: 12) (art. 12).",
        "It met on art. 2.",
    ),
    (
        "The Committee (hereinafter “the Pond”) and the Frog (“the Old Frog”) met (the pond was dry, 2018).",
        "The Committee and the Frog met (the pond was dry, 2018).",
    ),
    (
        "It came (Smith, Li and Toad, 2018) (Li et al., 2018a) (May 2018) (Nos. 2 and 3) (NGOs).",
        "It came.",
    ),
    ("It was (NOT) seen (NO NGOs), (no UN) (NEVER) (Human Rights Dialogue, 2018).", None),
    ('A banner ("The toad must be tried for it") hung there.', None),
    ("THE UN SAW IT (NO VISITS) IN MAY (2018)", "the un saw it (no visits) in may."),
    (
        "Access [12] was refused[12, 13] to[[12]] them[fn 3]^12 there†.",
        "Access was refused to them there.",
    ),
    (
        "They came. . . and […] went … home. They ate. . . . They slept...",
        "They came and went home. They ate. . . . They slept.",
    ),
    (
        "He said [the State] and [a long aside, all of it] left.",
        "He said the State and [a long aside, all of it left.",
    ),
    (
        "The [[Frog (animal)|frog]] <b>is</b><br/>[here](https://a.b/c) 🐸 now.",
        "The frog is here now.",
    ),
    (
        "The [recommendations] of (some) sections (articles).",
        "The recommendations of (some) sections (articles).",
    ),
    # What comes before a sentence.
    ("1. Urges them.", "Urges them."),
    ("(iv) Ratify it.", "Ratify it."),
    ("iv) Ratify it.", "Ratify it."),
    ("128.45 Ratify it.", "Ratify it."),
    ("• Ratify it.", "Ratify it."),
    ("12.The keepers came.", "The keepers came."),
    ("1.1 million, 12 States.", None),
    ("(2018) a year.", None),
    # Posts and papers.
    (
        "#HumanRights w/ or w/o #justice, 𝗯𝗼𝗹𝗱， Ｆｕｌｌ.",
        "Human Rights with or without justice, bold, Full.",
    ),
    ("The HumanRights law.", "The Human Rights law."),
    (
        "A ﬁ nding of moni- toring, mid- to long-term, court- martialed.",
        "A finding of monitoring, mid- to long-term, court-martialed.",
    ),
    ("The pond- they say, it- isn't.", "The pond- they say, it- is not."),
    ("The govern- ment's pond- w/o frogs.", "The government's pond- without frogs."),
    (
        "Talks- frogs came, it failed- toads left; melting- pot; evidence-\ngathering.",
        "Talks-frogs came, it failed-toads left; melting-pot; evidence-gathering.",
    ),
    # What decoders and fonts of PDFs make of letters and marks.
    ("Theyâ€™re â€œreadyâ€\x9d â€“ at last.", "They're “ready” – at last."),
    ("Theyâ\x80\x99re readyÂ\u00a0now,Â  Ã¢â‚¬Ëœhereâ€™.", "They're ready now, “here”."),
    ("NicuÈ™or and Ð’ÐµÐ»Ð¸ of PERÚ’S “Spaß“.", "Nicușor and Beли of PERÚ'S “Spaß”."),
    ("Did he?They did, O?Brien said.", "Did he?They did, O'Brien said."),
    ("A â€œquoteâ€ and a â€œnameâ€\ufffd of JosÃ©.", "A “quote” and a “name” of José."),
    ("JosÃ©, à\x80\x80, Ã, â.", "José, à\x80\x80, Ã, â."),
    ("They\x92re \x93ready\x94 \x96 now.", "They're “ready” – now."),
    (
        "O\ufffdBrien: they\ufffdre \ufffdready\ufffd, isn\ufffdt it?",
        "O'Brien: they're “ready”, is not it?",
    ),
    ("The State?s reply isn?t ready? Why?", "The State's reply is not ready? Why?"),
    (
        "Read pond.example/a?s=frog or pond.example/a?t=1.",
        "Read pond.example/a?s=frog or pond.example/a?t=1.",
    ),
    ("O\ufffdces \ufffdnally opened: \ufffd", "O\ue000ces \ue000nally opened: \ufffd."),
    (
        "CooperaƟon aŌer the commiƩee\U0010019fs aƫtude",
        "Cooperation after the committeetis attitude.",
    ),
    ("The Ōsaka Ɵ.", None),
    ("Нuman rіghts, ΝΑΤΟ.", "Human rights, NATO."),
    (
        "(@UN asked @HRW; they left;she a@b.org stayed.",
        "(UN asked HRW; they left; she a@b.org stayed.",
    ),
    # The end.
    ("They talked;.", "They talked."),
    ("Talks on fisheries", "Talks on fisheries."),
    ("Talks on fisheries…", "Talks on fisheries."),
    ("Talks on fisheries:", "Talks on fisheries."),
    ("Did they talk?", None),
    ("He said “no.”", "He said “no.”"),
]


@pytest.mark.parametrize(("text", "expected"), VIEWS)
def test_views(text: str, expected: str | None) -> None:
    assert normalised(text).text == (text if expected is None else expected)


@pytest.mark.parametrize(
    "unit", ["/'a", "['aaa", "('a b", '("a', " 'a b", "[[", "viola ons " * 5, "q x z k v " * 5]
)
def test_marks_are_paired_in_time_that_grows_with_the_text(unit: str) -> None:
    begun = process_time()
    normalised(unit * 20_000 + "b")
    assert process_time() - begun < 2


def test_a_view_without_some_characters_leads_back() -> None:
    text = "“No  pro secu\ntion” (U.N.)."
    view = normalised(text)
    assert without(view, []) is view
    less = without(view, [at for at, char in enumerate(view.text) if char == " "][1:3])
    assert less.text == '"No prosecution" (UN).'
    at = less.text.index("prosecution")
    assert text[less.start(at) : less.end(at + 11)] == "pro secu\ntion"
    assert less.start(len(less.text)) == len(text)


def test_a_clean_text_is_its_own_view() -> None:
    assert normalised("The talks failed.").offsets is None


ODD = st.lists(
    st.sampled_from(
        [*"ab .,;:!?", "  ", "\n", "\t", "\u00a0", "\u00ad", "\u200b", "\u202e", "\ufeff", "ﬁ", "ö",
         "coöperation", "co-operation", "abc.1", "abc3", "[12]", "²", "&amp;", "&#39;", "&x;", "> ",
         "abc-\nabc", "“", "’", "\r\n", "1.5", "…", "é", "😀", "U.N.", "A.B.C.", "n't", "won&#39;t",
         "CAN'T", "[T]he", "*", "__", "human-rights", "human-\nrights", "Human-  Rights",
         "co - operation", "co-\noperation", " (2018)", " [see", "para. 5]", " (UPR) ", "[...]",
         " ... ", "…a", "a. . . a", "[12, 13]", "-[12]", "[[", "]](https://a.b)", "<b>", "<br/>",
         "<sup>1</sup>", "^1", "†", "''", "w/o ", "« a »", "(a) ", "iv) ", "• ", "#a",
         "humanRights", "- a", "¬\n", "ﬁ a",
         "&amp;nbsp;", "\\n", "Ａ", "𝗯", "‹", "â€™", "Â\u00a0", "â€", "Ã", "\x92", "\ufffd", "Ɵ",
         " @a", "a;a", "о", "viola", " ons", " jus tice", "?s", "à\x80\x80", "ƒ"]
    )
).map("".join)  # fmt: skip


@given(ODD | st.text(max_size=40))
def test_places_lead_back_in_order(text: str) -> None:
    for view in (normalised(text), flattened(text), prepared(text)):
        offsets = range(len(text) + 1) if view.offsets is None else view.offsets
        assert len(offsets) == len(view.text) + 1
        assert list(offsets) == sorted(offsets)
        assert all(0 <= at <= len(text) for at in offsets)


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("The U.N. spoke.", "UN", "U.N."),
        ("He left the U.S.S.R.", "USSR", "U.S.S.R."),
        ("Those N.G.O.s left.", "NGOs", "N.G.O.s"),
        ("They can't go.", "cannot", "can't"),
        ("They can&#39;t go.", "cannot", "can&#39;t"),
        ("They don't go.", "not", "n't"),
        ("[T]he talks.", "The", "[T]he"),
        ("Full co - operation.", "cooperation", "co - operation"),
        ("*Urges* talks.", "Urges", "Urges"),
        ("Talks w/o end.", "without", "w/o"),
        ("#HumanRights now.", "Human Rights", "HumanRights"),
        ("(a) No Committee (CAT/C/3) met.", "Committee met", "Committee (CAT/C/3) met"),
        ("A moni- toring body.", "monitoring", "moni- toring"),
        ("â€œSancƟonsâ€\x9d of theirs.", "Sanctions", "SancƟons"),
    ],
)
def test_a_word_is_shown_whole(text: str, word: str, shown: str) -> None:
    view = normalised(text)
    at = view.text.index(word)
    assert text[view.start(at) : view.end(at + len(word))] == shown


@given(ODD | st.text(max_size=40))
def test_nothing_odd_is_passed_over(text: str) -> None:
    for parts in (normalise._REWRITTEN, normalise._REWRITTEN_IN_DOCUMENTS):
        every = [(match.lastgroup, match.span()) for match in re.compile(parts).finditer(text)]
        assert [
            (match.lastgroup, match.span()) for match in normalise._matches(text, parts)
        ] == every


@given(ODD)
@settings(deadline=None, max_examples=50)
def test_evidence_and_sentences_are_slices_of_the_text(shipped: FrameClassifier, text: str) -> None:
    text = f"{text} The rapporteur was refu\u00adsed  access.3 {text}"
    for row in classify_passages([Passage("a", text)], shipped):
        sentence = row.frames
        assert text[sentence.start : sentence.end] == sentence.text
        for item in sentence.evidence:
            assert text[item.start : item.end] == item.text


def test_evidence_is_found_in_what_was_given() -> None:
    text = "The experts found torture.12 The rappor\u00adteur was\u00a0refused\n\u200baccess.2They left."
    sentences = next(classify([text], mode="rules"))
    assert [sentence.text for sentence in sentences] == [
        "The experts found torture.12",
        "The rappor\u00adteur was\u00a0refused\n\u200baccess.2",
        "They left.",
    ]
    found = [item.text for item in sentences[1].evidence]
    assert "rappor\u00adteur was\u00a0refused\n\u200baccess" in found


@given(ODD)
def test_what_is_rewritten_is_suspected(text: str) -> None:
    plain = text.replace("«", "").translate(ONE_FOR_ONE)
    read = normalise.flattened(plain).text
    rewritten = normalise._rewritten(plain, normalise._REPLACE).text
    assert " ".join(read.split()) == " ".join(rewritten.split())


@given(ODD)
def test_what_can_be_seen_is_in_one_sentence(text: str) -> None:
    reached = 0
    for start, end in split(text):
        assert reached <= start < end
        assert set(visible(text[reached:start].replace("&", ""))) <= {"²"}
        reached = end
