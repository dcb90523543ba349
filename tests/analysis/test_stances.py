"""Sentences with a frame, split by how they treat it."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest
from framelens.analysis.summary import summarize
from framelens.analysis.tables import as_json, write_csv
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, FrameStance
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import plain_values

from .test_summary import FRAMES, row

STANCES = ("for", "against")


def treated(doc: str, stances: dict[str, str], **meta: object) -> Classified:
    found = row(doc, "".join(name[0] for name in stances), None, **meta)
    told = {name: FrameStance(stance, {}) for name, stance in stances.items() if stance}
    return replace(found, frames=replace(found.frames, stances=told))


ROWS = [
    treated("a", {"look": "for"}, speaker="Ana", year=2001),
    treated("a", {"look": "for", "talk": "against"}, speaker="Ben", year=2001),
    treated("b", {"look": "against"}, speaker="Ana", year=2002),
    treated("b", {}, speaker="Cleo", year=2002),
]


def test_shares_are_of_the_sentences_that_carry_the_frame() -> None:
    found = summarize(ROWS, FRAMES, by=["speaker"], over="year", stances=STANCES)
    look, talk = (found.stances[name] for name in FRAMES)
    assert (look.whole.sentences, look.whole.documents) == (3, 2)
    assert [(share.frame, share.given) for share in look.whole.shares] == [
        ("for", 2),
        ("against", 1),
        (None, 0),
    ]
    assert talk.whole.shares[1].share == 1.0
    # Groups in the order that all sentences have them in; Cleo has no such sentence.
    assert [(group.value, group.sentences) for group in look.by["speaker"]] == [
        ("Ana", 2),
        ("Ben", 1),
    ]
    everyone = look.crosses[0].lines[0]
    assert [group.shares[0].share if group else None for group in everyone.cells] == [1.0, 0.0]
    # What is said of frames is not touched.
    plain = summarize(ROWS, FRAMES, by=["speaker"], over="year")
    assert plain_values(replace(found, stances={})) == plain_values(plain)


def test_the_table_has_a_column_for_stances() -> None:
    out = StringIO()
    write_csv(summarize(ROWS, FRAMES, by=["speaker"], stances=STANCES), out)
    rows = list(csv.DictReader(StringIO(out.getvalue())))
    shares = {(r["value"], r["frame"], r["stance"]): (r["sentences"], r["share"]) for r in rows}
    assert shares["", "look", ""] == ("4", "0.75")
    assert shares["", "look", "against"] == ("3", "0.3333")
    assert shares["Ben", "talk", "against"] == ("1", "1.0")
    assert ("", "look", "none") not in shares
    assert "stance" not in write_plain().splitlines()[0]
    inner = as_json(summarize(ROWS, FRAMES, stances=STANCES))["stances"]["talk"]
    assert inner["all"]["shares"][1]["frame"] == "against"


def write_plain() -> str:
    out = StringIO()
    write_csv(summarize(ROWS, FRAMES), out)
    return out.getvalue()


@pytest.mark.parametrize("stances", [STANCES, ()])
def test_stances_that_nobody_told_are_refused(stances: tuple[str, ...]) -> None:
    with pytest.raises(FramelensError, match="no sentence has a stance; expected a codebook"):
        summarize([row("a", "l")], FRAMES, stances=stances)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.dictionaries(st.sampled_from(FRAMES), st.sampled_from(["", *STANCES])),
            st.sampled_from(["Ana", "Ben", "Cleo", ""]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 3),
)
def test_stances_of_a_frame_add_up_to_it(
    rows: list[tuple[str, dict[str, str], str]], top: int
) -> None:
    told = treated("z", {"talk": "for"}, speaker="Ana")
    sentences = [told, *(treated(doc, given, speaker=who) for doc, given, who in rows)]
    found = summarize(sentences, FRAMES, by=["speaker"], top=top, stances=STANCES)
    for number, frame in enumerate(FRAMES):
        carriers = {group.value: group.shares[number].given for group in found.by["speaker"]}
        inner = found.stances.get(frame)
        split = {group.value: group for group in inner.by["speaker"]} if inner else {}
        assert {value: group.sentences for value, group in split.items()} == {
            value: count for value, count in carriers.items() if count
        }
        for group in split.values():
            assert sum(share.given for share in group.shares) == group.sentences
