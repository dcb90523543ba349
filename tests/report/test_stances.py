"""What a page of documents says of stances, and where its numbers lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.types import FrameStance, Passage, StanceReason
from framelens.report.corpus.contents import collect
from framelens.report.corpus.findings import Findings, Grouping, find_out
from framelens.report.corpus.page import documents_page

from tests.helpers import read_payload

from .conftest import HOSTILE, classified

STANCES = ("for", f"against {HOSTILE}")
PASSAGES = [
    Passage("a", "They visited the old prison. A dialogue began.", meta={"date": "2018"}),
    Passage(
        "b", "Nobody visited the prison, and the talks failed. We sang.", meta={"date": "2019"}
    ),
]


@pytest.fixture
def treating(small: FrameClassifier) -> FrameClassifier:
    scheme = replace(small.rules.scheme, stances=STANCES)
    small.rules = replace(small.rules, scheme=scheme)
    return small


def treated(passages: Sequence[Passage], treating: FrameClassifier) -> Findings:
    rows = classified(passages, treating)
    told = [
        replace(row, frames=replace(row.frames, stances=dict.fromkeys(row.frames.labels, stance)))
        for row in rows
        for why in [StanceReason("visited", 5, 12, "“visited” within", 1.0)]
        for stance in [FrameStance(STANCES[row.sentence.doc == "b"], {}, reasons=(why,))]
    ]
    contents = collect(told, treating.rules.scheme)
    return find_out(contents, treating.tokenizer, grouping=Grouping(by=["document"]))


@pytest.fixture
def found(treating: FrameClassifier) -> Findings:
    """Document a is for its frames, document b against them."""
    return treated(PASSAGES, treating)


@pytest.mark.parametrize(
    ("sentences", "number", "of"), [(19, "19", "of 19"), (20, "100", "% of 20")]
)
def test_stances_of_few_sentences_are_counted(
    sentences: int, number: str, of: str, treating: FrameClassifier
) -> None:
    passages = [Passage("a", "They visited the old prison.")] * sentences
    page = documents_page(treated(passages, treating), treating)
    told = page.split('<table class="figures by stacked stances">')[1].split("</table>")[0]
    assert f">{number}</a>" in told
    assert f'<span class="bounds">{of}</span>' in told


def test_there_is_a_table_of_all_of_each_field_and_of_time(found: Findings) -> None:
    assert found.stances is not None
    whole, documents, time = found.stances.tables
    look = whole.rows[0].frames["look"]
    assert [(share.frame, share.given) for share in look.shares[:-1]] == [
        (STANCES[0], 1),
        (STANCES[1], 1),
    ]
    assert [(row.value, row.frames["look"].shares[0].share) for row in documents.rows] == [
        ("a", 1.0),
        ("b", 0.0),
    ]
    assert [row.value for row in time.rows] == ["2018", "2019"]
    assert [row.code for row in time.rows] == [
        found.facets[time.facet or 0].values.index(row.value) for row in time.rows
    ]


def test_the_page_holds_stances_as_text_and_links(
    found: Findings, treating: FrameClassifier
) -> None:
    page = documents_page(found, treating)
    assert HOSTILE not in page
    data = read_payload(page)
    stances = data["stances"]
    assert stances["names"] == list(STANCES)
    assert stances["given"] == [[0], [0], [1, 1], []]
    assert stances["reasons"][0] == [[0, 5, 7]]
    assert stances["phrases"] == [" within"]
    heads, *rows = data["tables"]["stances"]
    assert [heads[4], heads[5], heads[8]] == ["frame", "stance", "given"]
    assert ["", "", "", "", "look", STANCES[1], 2, 2, 1] in [row[:9] for row in rows]
    facet = found.fields[0].facet
    links = re.findall(r'href="(#find\?[^"]*st=[^"]*)"', page)
    assert "#find?f=0&amp;st=1" in links
    assert f"#find?f=1&amp;st=1&amp;g={facet}.1" in links
    assert 'id="choose-stance"' in page
    told = f"{STANCES[0]}: 1 of 1 sentence with talk (95% interval 20.7–100.0%)"
    assert {f'title="{told}"', f'aria-label="{told}"'} <= set(re.findall(r'[a-z-]+="[^"]*"', page))
    bars = re.findall(r'aria-label="(\w+: [^"]* with [^"]*)">(\d+)</a>', page)
    assert bars
    assert all(re.search(rf": {number}%? of", name) for name, number in bars)
    assert not re.search(r"<th[^>]*></th>", page)


def test_a_page_without_stances_has_nothing_of_them(small: FrameClassifier) -> None:
    contents = collect(classified(PASSAGES, small), small.rules.scheme)
    page = documents_page(find_out(contents, small.tokenizer), small)
    assert 'id="stances"' not in page
    assert "choose-stance" not in page.split("<script", 1)[0]
    assert not any(read_payload(page)["stances"].values())
