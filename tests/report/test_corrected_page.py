"""The page of documents with corrected shares beside those counted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from framelens.analysis.corrected.shares import Corrector
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage
from framelens.project.items import Item
from framelens.project.sampling import Sampler, items_of
from framelens.report.corpus.contents import collect
from framelens.report.corpus.corrected import with_corrections
from framelens.report.corpus.findings import Findings, Grouping, find_out
from framelens.report.corpus.page import documents_page
from framelens.report.corpus.tables import tables

from .conftest import classified

TEXTS = ("The calm talks failed.", "They spoke at length.", "Nobody came.", "It rained.")
TRUTH = {TEXTS[0]: ("talk",), TEXTS[1]: ("talk",), TEXTS[2]: (), TEXTS[3]: ()}
PASSAGES = [
    Passage(
        f"doc{number}",
        f"{TEXTS[number % 2]} {TEXTS[number % 4]}",
        meta={"bloc": "east" if number % 3 else "west", "date": str(2018 + number // 60)},
    )
    for number in range(120)
]


def drawn(rows: list[Classified], n: int) -> list[Item]:
    sampler = Sampler(n)
    for item in items_of([(row, "") for row in rows], unit="document"):
        sampler.add(item)
    return [replace(item, labels=TRUTH[item.text]) for item in sampler.drawn()]


def found(classifier: FrameClassifier, n: int, *, unsaid: str = "") -> Findings:
    """What a page says on a sample, of whose labels one frame may be missing."""
    rows = classified(PASSAGES, classifier)
    sample = [
        replace(item, labels=tuple(name for name in item.labels or () if name != unsaid))
        for item in drawn(rows, n)
    ]
    corrector = Corrector(classifier.frames, [sample])
    contents = collect(corrector.watching(rows), classifier.rules.scheme)
    findings = find_out(contents, classifier.tokenizer, grouping=Grouping(by=["bloc"]))
    return with_corrections(findings, corrector)


@pytest.fixture
def findings(small: FrameClassifier) -> Findings:
    return found(small, 120)


def test_what_is_missed_is_put_back_in_the_whole_in_groups_and_over_time(
    findings: Findings,
) -> None:
    (field,) = findings.fields
    rows = [(findings.overall, findings.overall_corrected)]
    rows += [(row.group, row.corrected) for row in (*field.groups, *findings.over_time) if row]
    assert len(rows) == 5
    for counted, corrected in rows:
        assert corrected is not None
        share = corrected.shares[1]
        assert counted.shares[1].share < share.low < share.share < share.high
        assert corrected.sentences == counted.sentences
    assert [row.labelled for row in field.groups] == [
        pytest.approx(80, abs=12),
        pytest.approx(40, abs=12),
    ]


def test_a_share_that_cannot_be_has_no_row(findings: Findings, small: FrameClassifier) -> None:
    assert findings.corrected is not None
    whole = findings.corrected.whole
    shares = (*whole.shares[:-1], replace(whole.shares[-1], corrected=None))
    corrected = replace(findings.corrected, whole=replace(whole, shares=shares))
    page = documents_page(replace(findings, corrected=corrected), small)
    section = page.split('<section id="corrected">')[1].split("</section>")[0]
    assert section.count('<tr><th scope="row">') == len(small.frames)


def test_groups_are_compared_with_all_others(findings: Findings) -> None:
    east, west = findings.fields[0].groups
    assert east.corrected is not None
    assert west.corrected is not None
    less = east.corrected_differences[1]
    assert less is not None
    assert less.difference == pytest.approx(
        east.corrected.shares[1].share - west.corrected.shares[1].share
    )
    assert less.low < less.difference < less.high
    assert less.p <= less.adjusted


def test_the_page_has_both_shares_and_a_switch_and_says_how(
    findings: Findings, small: FrameClassifier
) -> None:
    page = documents_page(findings, small)
    shares = (findings.overall, findings.overall_corrected)
    for kind, group in zip(("as-counted", "as-corrected"), shares, strict=True):
        assert group is not None
        assert f'<span class="{kind}">{100 * group.shares[1].share:.1f}%' in page
    for group in (findings.overall, findings.fields[0].groups[0].group):
        counted = f"counted {100 * group.shares[1].share:.1f}%</span>"
        assert f'<span class="bounds as-corrected">{counted}' in page
    assert re.findall(r'type="radio" name="shown" id="([\w-]+)"', page) == [
        "show-corrected",
        "show-counted",
    ]
    assert page.index("<main>") < page.index('class="switch"') < page.index("</main>")
    assert "What is on the subject, stances, frames together" in page
    drawings = re.findall(r' data-drawing="time-[^>]* aria-label="(\w+)[^"]*">(\w+)<', page)
    assert drawings
    assert all(name == seen for name, seen in drawings)
    paragraph = page.split('id="paragraph">')[1].split("</blockquote>")[0]
    for part in (
        "Of the sentences, 120 were drawn",
        "Egami",
        "Angelopoulos",
        "DasGupta",
        "Zou",
        "Holm (1979)",
        "Differences between shares as counted have intervals after Newcombe",
        "with those of all others of a field: differences have intervals put together",
    ):
        assert part in paragraph
    assert page.count("<li>Zou, G. Y., &amp; Donner") == 1
    assert page.count("<li>Egami, N., Hinck") == 1


def test_tables_to_save_have_corrected_columns(findings: Findings) -> None:
    made = tables(findings)
    for name in ("overview", "time", "by-0"):
        heads, *rows = made[name]
        assert {len(row) for row in rows} == {len(heads)}
        at = heads.index("corrected")
        named = heads.index("frame")
        assert {row[named] for row in rows if row[at] is None} == {"look"}  # which nothing carries
        assert all(row[at + 1] <= row[at] <= row[at + 2] for row in rows if row[at] is not None)


def test_groups_with_few_labels_have_no_estimate(small: FrameClassifier) -> None:
    findings = found(small, 36)
    west = findings.fields[0].groups[1]
    assert (west.corrected, west.corrected_differences) == (None, ())
    assert findings.overall_corrected is not None
    assert f"{west.labelled} labelled</span>" in documents_page(findings, small)


def test_a_frame_that_no_label_names_has_no_estimate_anywhere(small: FrameClassifier) -> None:
    findings = found(small, 120, unsaid="talk")
    east = findings.fields[0].groups[0]
    assert findings.overall_corrected is not None
    assert east.corrected is not None
    for group in (findings.overall_corrected, east.corrected):
        assert not any(share.is_known for share in group.shares)
    assert east.corrected_differences == (None, None, None)
    page = documents_page(findings, small)
    assert "talk: none of the 120 labelled sentences carries talk" in page
    assert "nan" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert [row[-3:] for row in tables(findings)["overview"][1:3]] == [[None] * 3] * 2
    # The same words wherever it is missing: in the headline, for groups, and for their differences.
    without = re.findall(r'class="as-corrected">([^<]*)</span>', page)
    assert without.count("no estimate") > 9
    assert not {"–", ""} & {*without}


def test_a_sample_of_other_texts_is_refused(small: FrameClassifier) -> None:
    rows = classified(PASSAGES, small)
    corrector = Corrector(small.frames, [drawn(rows, 120)])
    contents = collect(corrector.watching(rows[:200]), small.rules.scheme)
    findings = find_out(contents, small.tokenizer)
    with pytest.raises(FramelensError, match="not among those of the texts"):
        with_corrections(findings, corrector)
