"""Shares by group: what is counted, how wide the intervals are, what the CSV says."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from framelens.analysis.corrected.shares import OVER as CORRECTED
from framelens.analysis.shares import Tally
from framelens.analysis.summary import (
    OVER,
    check_known,
    fields_of,
    summarize,
)
from framelens.analysis.tables import as_json, write_csv
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage, Sentence, SentenceFrames
from framelens.statistics.proportions import wilson
from hypothesis import given
from hypothesis import strategies as st

FRAMES = ("look", "talk")
T9 = 2.2621572
"""The 97.5% quantile of t with nine degrees of freedom."""


def row(
    doc: str, labels: str = "", found: dict[str, str] | None = None, **meta: object
) -> Classified:
    names = tuple(name for name in FRAMES if name[0] in labels)
    frames = SentenceFrames("Text.", 0, 5, names, None, {})
    passage = Passage(doc, "Text.", meta=meta)
    return Classified(Sentence(passage, 0, 0, "Text.", fields=found or {}), frames)


def test_sentences_are_counted_by_field() -> None:
    rows = [
        row("a", "l", speaker="Ana"),
        row("a", "lt", speaker="Ben"),
        row("b", "", speaker="Ana"),
        row("b", "t"),
    ]
    found = summarize(rows, FRAMES, by=["speaker", "document"])
    assert [(share.frame, share.given) for share in found.whole.shares] == [
        ("look", 2),
        ("talk", 2),
        (None, 1),
    ]
    by = {group.value: group for group in found.by["speaker"]}
    assert list(by) == ["Ana", "Ben", "(not given)"]
    assert (by["Ana"].sentences, by["Ana"].documents) == (2, 2)
    assert [share.share for share in by["Ana"].shares] == [0.5, 0.0, 0.5]
    assert [group.value for group in found.by["document"]] == ["a", "b"]


def test_rare_values_are_put_together() -> None:
    rows = [row(str(at), "l", field=f"value {at}") for at in range(40)] + [
        row("x", field="usual")
    ] * 2
    groups = summarize(rows, FRAMES, by=["field"]).by["field"]
    assert groups[0].value == "usual"
    assert (groups[-1].value, groups[-1].sentences) == ("(11 other values)", 11)
    assert len(groups) == 31


def test_a_field_that_nobody_has_is_refused() -> None:
    with pytest.raises(FramelensError, match=r"'spaeker'; there are: document, kind, speaker"):
        summarize([row("a", speaker="Ana")], FRAMES, by=["spaeker"])
    with pytest.raises(FramelensError, match=r"no sentence has the field ''; there are: document"):
        summarize([row("a", speaker="Ana")], FRAMES, by=[""])


@pytest.mark.parametrize(
    ("known", "advice", "said"),
    [
        (["date", "kind"], OVER, "'year'; over='year' takes it from the date; there are: date"),
        (["date", "kind"], CORRECTED, "'year'; over= with the field of dates gives"),
        (["date", "kind"], "", "'year'; there are: date, kind"),  # a sample is drawn over no time
        (["kind"], OVER, "'year'; there are: kind"),
    ],
)
def test_a_period_that_is_no_field_is_taken_from_the_date(
    known: list[str], advice: str, said: str
) -> None:
    with pytest.raises(FramelensError, match=said):
        check_known("year", known, advice)


def test_what_was_found_of_a_place_is_a_field_and_the_record_overrules_it() -> None:
    found = fields_of(
        row("a", "", {"speaker": "Ben", "part": "operative"}, speaker="Ana", tags=["x", 2, {}])
    )
    assert found == {
        "kind": "prose", "speaker": "Ana", "part": "operative", "tags": "x, 2", "document": "a",
    }  # fmt: skip


def test_nothing_at_all_is_a_share_of_nothing() -> None:
    whole = Tally(FRAMES).group("all")
    assert {(share.share, share.low, share.high) for share in whole.shares} == {(0.0, 0.0, 1.0)}


def test_a_summary_of_nothing_is_refused_as_a_report_of_nothing_is() -> None:
    with pytest.raises(
        FramelensError, match="no sentence in what was read; expected texts to count"
    ):
        summarize([], FRAMES)


def test_one_document_is_taken_as_independent_sentences() -> None:
    assert tally([(100, 30)])[1:] == pytest.approx(wilson(30, 100))


def test_from_two_documents_on_they_are_clusters() -> None:
    """Two documents of a kind inside say as much as one sentence would, with t of one degree."""
    assert tally([(100, 100), (100, 0)])[1:] == pytest.approx(wilson(0.5, 1, 12.7062047))


def test_alike_sentences_within_documents_widen_the_interval() -> None:
    """Ten documents that are all of a kind inside say no more than about ten sentences would."""
    share, low, high = tally([(100, 100), (100, 0)] * 5)
    assert share == 0.5
    assert (low, high) == pytest.approx(wilson(4.5, 9, T9), abs=1e-6)


def test_effective_size_by_hand() -> None:
    """Ten documents of ten sentences, 2 to 6 of them with the frame: the squares about the mean add
    up to 20, so that the variance of the share is 10/9 · 20 / 100² and the effective size 0.24 by
    that, 108, held to the 100 sentences that there are."""
    alike = [2, 3, 4, 5, 6] * 2
    assert tally([(10, x) for x in alike])[1:] == pytest.approx(wilson(40, 100, T9))
    wider = [0, 0, 4, 8, 8] * 2
    size = 0.24 / (10 / 9 * 2 * (16 + 16 + 16 + 16) / 100**2)
    assert tally([(10, x) for x in wider])[1:] == pytest.approx(wilson(0.4 * size, size, T9))


def tally(documents: list[tuple[int, int]]) -> tuple[float, float, float]:
    found = Tally(["look"])
    for sentences, count in documents:
        found.add(sentences, np.array([count, sentences - count], dtype=np.float64))
    share = found.group("all").shares[0]
    return share.share, share.low, share.high


@given(st.lists(st.tuples(st.integers(1, 30), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_interval_holds_the_share(documents: list[tuple[int, float]]) -> None:
    share, low, high = tally([(size, round(size * part)) for size, part in documents])
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_csv_has_a_row_a_frame_and_no_formulas() -> None:
    out = StringIO()
    found = summarize([row("=1+1", "l"), row("b", "")], FRAMES, by=["document"])
    write_csv(found, out)
    rows = list(csv.DictReader(StringIO(out.getvalue())))
    assert [(line["field"], line["value"], line["frame"], line["given"]) for line in rows[:4]] == [
        ("", "", "look", "1"),
        ("", "", "talk", "0"),
        ("", "", "none", "1"),
        ("document", "'=1+1", "look", "1"),
    ]
    assert rows[0] | {"share": "0.5", "sentences": "2", "documents": "2"} == rows[0]


def test_the_share_that_is_about_the_subject() -> None:
    rows = [row("a", "l", country="Togo"), row("a", "", country="Chad"), row("b", country="Togo")]
    probable = [
        replace(it, frames=replace(it.frames, about=about))
        for it, about in zip(rows, (0.5, 0.49, 0.9), strict=True)
    ]
    found = summarize(probable, FRAMES, by=["country"])
    assert found.about is not None
    assert [found.about.whole.shares[0].given, found.about.whole.sentences] == [2, 3]
    out = StringIO()
    write_csv(found, out)
    table = list(csv.DictReader(StringIO(out.getvalue())))
    assert [(it["value"], it["given"]) for it in table if it["frame"] == "(about)"] == [
        ("", "2"),
        ("Togo", "2"),
        ("Chad", "0"),
    ]
    assert as_json(found)["about"]["all"]["shares"][0]["given"] == 2
    assert summarize(rows, FRAMES).about is None
