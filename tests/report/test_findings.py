"""What a page says: groups, time, frames together, versions of one text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.report.corpus.contents import collect
from framelens.report.corpus.facets import MOST_VALUES, facet
from framelens.report.corpus.findings import Findings, Grouping, find_out

from .conftest import classified

LOOKS = "They visited the old prison."
TALKS = "A dialogue began."
BOTH = "They visited the old prison, and a dialogue began."
NOTHING = "We sang all night."


def find(
    classifier: FrameClassifier,
    passages: Sequence[Passage],
    by: list[str] | None = None,
    compare: Sequence[str] = (),
    over: str | None = None,
) -> Findings:
    contents = collect(classified(passages, classifier), classifier.rules.scheme)
    grouping = Grouping(by=by, over=over)
    return find_out(contents, classifier.tokenizer, compare=compare, grouping=grouping)


def record(name: str, text: str, **meta: object) -> Passage:
    return Passage(name, text, meta=meta)


def test_shares_and_frames_together(small: FrameClassifier) -> None:
    found = find(small, [record("a", f"{LOOKS} {TALKS} {BOTH} {NOTHING}")])
    assert [share.given for share in found.overall.shares] == [2, 2, 1]
    assert [[cell.both for cell in row] for row in found.together] == [[2, 1], [1, 2]]
    assert found.together[0][1].expected == 1.0
    assert found.fields == ()
    assert found.pairs == ()


def test_groups_are_known_by_their_number_in_the_facet(small: FrameClassifier) -> None:
    rows = [record(f"d{at}", LOOKS, country=f"c{at % 40:02}") for at in range(120)]
    found = find(
        small, [*rows, record("x", TALKS, country="c07"), record("y", TALKS)], by=["country"]
    )
    (field,) = found.fields
    facet = found.facets[field.facet]
    for part in field.groups:
        if part.group.kind == "value":
            assert facet.values[part.code or 0] == part.group.value
            assert facet.codes.count(part.code or 0) == part.group.sentences
    assert [part.code for part in field.groups][-2:] == [None, -1]
    assert [part.group.kind for part in field.groups][-2:] == ["rest", "missing"]
    assert sum(part.group.sentences for part in field.groups) == 122


def test_documents_stand_in_their_order_and_dates_in_theirs(small: FrameClassifier) -> None:
    rows = [
        record("z", f"{LOOKS}", date="2019-04-02"),
        record("a", f"{LOOKS} {LOOKS}", date="2018-04-02"),
    ]
    found = find(small, rows, by=["document", "date"])
    named = [[part.group.value for part in field.groups] for field in found.fields]
    assert named == [["z", "a"], ["2018-04-02", "2019-04-02"]]


@pytest.mark.parametrize("by", [["bloc", "speaker"], ["speaker", "bloc"]])
def test_fields_and_what_they_are_crossed_with_stand_as_asked(
    small: FrameClassifier, by: list[str]
) -> None:
    rows = [record(f"d{at}", LOOKS, speaker=str(at), bloc="x", date="2020") for at in range(2)]
    found = find(small, rows, by=by, over="year")
    assert [field.name for field in found.fields] == by
    assert [crossed.field for crossed in found.crosses] == by


def test_time_has_its_gaps(small: FrameClassifier) -> None:
    rows = [record(f"d{year}", LOOKS, date=str(year)) for year in (2015, 2016, 2018)]
    found = find(small, [*rows, record("x", TALKS, date="soon")])
    assert found.time_line is not None
    assert found.time_line.facet.name == "date, by year"
    assert found.time_line.periods == ("2015", "2016", "2017", "2018")
    assert [part and part.group.sentences for part in found.over_time] == [1, 1, None, 1]
    assert find(small, [record("a", LOOKS, date="2015")]).time_line is None


def test_what_is_compared_unasked(small: FrameClassifier) -> None:
    rows = [
        record("a", LOOKS, speaker="Ana", genre="news", url="x"),
        record("b", TALKS, speaker="Ben", genre="news", url="y"),
    ]
    assert [field.name for field in find(small, rows).fields] == ["speaker", "document"]
    assert [field.name for field in find(small, rows, by=["url"]).fields] == ["url"]


def test_fields_of_too_many_values_are_left_out_unless_asked_for(small: FrameClassifier) -> None:
    rows = [record(f"d{at}", NOTHING, number=at, kind="k") for at in range(MOST_VALUES + 1)]
    found = find(small, rows, by=[])
    assert found.left_out == ("number",)
    assert [facet.name for facet in found.facets] == ["kind", "found_kind"]
    assert find(small, rows, by=["number"]).left_out == ()


def test_what_sets_groups_apart(small: FrameClassifier) -> None:
    rows = [record(f"o{at}", f"{LOOKS} The impunity persists.", side="ours") for at in range(15)]
    rows += [record(f"t{at}", f"{TALKS} The weather is mild.", side="theirs") for at in range(15)]
    (field,) = find(small, rows, by=["side"]).fields
    assert [field.groups[row.code].group.value for row in field.keyness] == ["ours", "theirs"]
    ours = field.keyness[0]
    assert {"impunity persists", "prison"} <= {row.item for row in ours.terms if row.z > 0} | {
        part for row in ours.terms if row.z > 0 for part in row.item.split()
    }
    assert [(row.item, row.here, row.elsewhere) for row in ours.rules if row.z > 0] == [
        ("look.visit", 15, 0)
    ]
    assert [row.item for row in ours.rules if row.z < 0] == ["talk.talks"]


def test_every_term_shown_has_its_sentences(small: FrameClassifier) -> None:
    rows = [record(f"o{at}", "The impunity persists.", side="ours") for at in range(30)]
    rows += [record(f"t{at}", "The weather is mild.", side="theirs") for at in range(30)]
    found = find(small, rows, by=["side"])
    for part in found.fields[0].keyness:
        for row in part.terms:
            assert len(found.sentences_with[row.item]) == row.here + row.elsewhere


def test_two_documents_lie_side_by_side(small: FrameClassifier) -> None:
    found = find(
        small, [record("draft", f"{LOOKS} {TALKS}"), record("final", f"{LOOKS} {NOTHING}")]
    )
    (pair,) = found.pairs
    assert (pair.first, pair.second) == (0, 1)
    assert (pair.rows[0].first, pair.rows[0].second) == (0, 0)
    assert find(small, [record("a", LOOKS), record("b", TALKS)]).pairs == ()


def test_documents_asked_for_lie_side_by_side(small: FrameClassifier) -> None:
    rows = [record(f"{at}/text.txt", LOOKS) for at in range(2)] + [record("c", TALKS)]
    pairs = find(small, rows, compare=["0/text.txt", "c", "1/text.txt"]).pairs
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 2), (0, 1), (2, 1)]
    for names, problem in (
        (["c", "d"], "no such document; there are: 0/text.txt, 1/text.txt, c"),
        (["c", "text.txt"], "found 2 such documents"),
        (["c", "c"], "expected two or more"),
    ):
        with pytest.raises(FramelensError, match=problem):
            find(small, rows, compare=names)


def test_versions_are_found_among_many(small: FrameClassifier) -> None:
    shared = " ".join(
        f"The Council notes the {word} report of the team." for word in ("first", "next", "last")
    )
    rows = [
        record("draft", f"{shared} {TALKS}"),
        record("other", f"{NOTHING} {LOOKS}"),
        record("final", f"{shared} {NOTHING}"),
    ]
    assert [(pair.first, pair.second) for pair in find(small, rows).pairs] == [(0, 2)]


def test_values_are_known_by_their_codes() -> None:
    found = facet("speaker", ["b", "a", None, "a", "a"])
    assert found.values == ("a", "b")
    assert found.codes == [1, 0, -1, 0, 0]


def test_documents_that_share_a_phrase_are_no_versions(small: FrameClassifier) -> None:
    ours = " ".join(f"The {word} prison was visited." for word in ("old", "new", "large", "cold"))
    theirs = " ".join(f"Nobody came to the {word}." for word in ("sea", "lake", "hill", "wood"))
    rows = [record("a", f"{TALKS} {ours} {NOTHING}"), record("b", f"{TALKS} {theirs} We left.")]
    assert find(small, rows).pairs == ()
    assert len(find(small, rows, compare=["a", "b"]).pairs) == 1
