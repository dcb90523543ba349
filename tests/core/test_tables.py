from __future__ import annotations

import math
import pickle
from dataclasses import replace

import pytest
from framelens.classification.explanation import explain
from framelens.core.tables import html_table, text_table
from framelens.core.types import (
    Classified,
    Evidence,
    FrameStance,
    Passage,
    Sentence,
    SentenceFrames,
)
from framelens.project.adjudication import Merged
from framelens.project.folder import Codebook, Label
from framelens.project.items import Item
from framelens.project.labelled.sentence import LabelledSentence


def test_columns_are_lined_up() -> None:
    assert text_table(["system", "F1"], [["a", "0.5"], ["rules only", "1"]]) == (
        "system       F1\na           0.5\nrules only    1"
    )
    assert text_table(["system", "F1"], []) == "system  F1"


def test_cells_and_caption_are_escaped() -> None:
    assert html_table(["<"], [["&"]], caption='"') == (
        "<table><caption>&quot;</caption><tr><th>&lt;</th></tr><tr><td>&amp;</td></tr></table>"
    )


LONG = "very " * 1000
SENTENCE = SentenceFrames(
    text=LONG,
    start=0,
    end=5000,
    labels=("dialogue",),
    primary="dialogue",
    scores={"dialogue": 1 / 3},
    evidence=(Evidence("dialogue", "rule", "dialogue.talks", 0, 9, LONG, 1 / 7, LONG),) * 50,
    bias={"dialogue": -0.1},
    thresholds={"dialogue": 0.5},
    stances={"dialogue": FrameStance("affirmed", {"affirmed": 1.0}, (("bias", 0.1),) * 50)},
)
ITEM = Item(id="a#0", text=LONG, before=LONG, labels=(), meta={"country": LONG})


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (SENTENCE, ("labels=('dialogue',)", "0.3333}", "FrameStance(name='affirmed')")),
        (Classified(Sentence(Passage("a", LONG), 0, 0, LONG), SENTENCE), ("doc='a'",)),
        (SENTENCE.evidence[0], ("name='dialogue.talks'", "weight=0.1429")),
        (ITEM, ("id='a#0'", "labels=()")),
        (LabelledSentence("1", LONG, ("dialogue",)), ("id='1'", "labels=('dialogue',)")),
        (Merged(gold=(ITEM,) * 500, disputed=(), each={2: 500}), ("{2: 500}",)),
        (
            Codebook(title=LONG, labels=(Label(name="talk", examples=(LONG,) * 9),)),
            ("name='talk'",),
        ),
    ],
    ids=lambda one: type(one).__name__,
)
def test_objects_are_shown_on_a_short_line(shown: object, said: tuple[str, ...]) -> None:
    line = repr(shown)
    assert line.startswith(f"{type(shown).__name__}(")
    assert "\n" not in line
    assert len(line) < 800
    assert [one for one in said if one not in line] == []
    assert pickle.loads(pickle.dumps(shown)) == shown


def test_an_explanation_is_shown_as_a_table_of_frames() -> None:
    found = replace(SENTENCE, evidence=(), bias={"dialogue": math.log(0.5)})
    title, heading, row = repr(explain(found)).splitlines()
    assert len(title) < 100
    assert heading.split() == ["frame", "given", "probability", "threshold"]
    assert row.split() == ["dialogue", "yes", "0.33", "0.50"]
    assert explain(found)._repr_html_().startswith("<table><caption>&#x27;very ")
