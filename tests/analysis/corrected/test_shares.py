"""Corrected shares of classified sentences, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from framelens.analysis.corrected.out_of_fold import Folds
from framelens.analysis.corrected.results import Corrected
from framelens.analysis.corrected.shares import correct
from framelens.analysis.corrected.tables import as_object, methods, warnings
from framelens.analysis.corrected.waves import joined_waves
from framelens.cli.render.corrected import print_corrected
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage, Sentence, SentenceFrames
from framelens.project.adjudication import merged
from framelens.project.items import Item
from framelens.project.sampling import Sampler, items_of

SIZE, EACH = 1200, 10


def texts(seed: int = 0) -> tuple[list[Classified], list[bool]]:
    """Sentences of two blocs and three years: 30% talk in the east, 10% in the west; a third of
    those is missed."""
    random = np.random.default_rng(seed)
    rows, truth = [], []
    for number in range(SIZE):
        document = number // EACH
        bloc, year = ("east", "west")[document % 2], str(2017 + document % 3)
        talks = bool(random.random() < {"east": 0.3, "west": 0.1}[bloc])
        seen = talks and random.random() > 1 / 3
        labels = ("talk",) if seen else ()
        text = f"Sentence {number}."
        passage = Passage(f"doc{document}", text, meta={"bloc": bloc, "date": f"{year}-05"})
        frames = SentenceFrames(text, 0, len(text), labels, None, {"talk": 0.9 if seen else 0.1})
        rows.append(Classified(Sentence(passage, number % EACH, 0, text), frames))
        truth.append(talks)
    return rows, truth


ROWS, TRUTH = texts()
SAID = {f"Sentence {number}.": ("talk",) if talks else () for number, talks in enumerate(TRUTH)}


def sample(
    n: int,
    *,
    by: str = "",
    seed: int = 0,
    avoid: Sequence[Item] = (),
    rows: Sequence[Classified] = ROWS,
) -> list[Item]:
    sampler = Sampler(n, f"field {by}" if by else "random", seed, avoid)
    strata = [(row, str(row.sentence.meta[by]) if by else "") for row in rows]
    for item in items_of(strata, unit="document"):
        sampler.add(item)
    return [replace(item, labels=SAID[item.text]) for item in sampler.drawn()]


def corrected(*waves: Sequence[Item], **options: object) -> Corrected:
    return correct(ROWS, ("talk",), waves, **options)  # type: ignore[arg-type]


def test_what_is_missed_is_put_back() -> None:
    true = float(np.mean(TRUTH))
    share = corrected(sample(400)).whole.shares[0]
    assert share.corrected is not None
    assert share.counted.share < 0.75 * true
    assert share.corrected.value == pytest.approx(true, abs=0.03)
    assert share.corrected.low < true < share.corrected.high
    assert share.corrected.worth > 400


@pytest.mark.parametrize("bare", [True, False])
def test_where_each_sentence_has_a_frame_there_is_no_share_without_one(bare: bool) -> None:
    """It would count among the comparisons, and be worth as many labels as there are."""
    rows = [
        replace(row, frames=replace(row.frames, labels=row.frames.labels or ("look",)))
        for row in ROWS
    ]
    drawn = [replace(item, labels=item.labels or ("look",)) for item in sample(400)]
    found = correct(rows, ("look", "talk"), [drawn], by=["bloc"], bare=bare)
    last = found.whole.shares[-1]
    assert (last.frame, last.is_possible, last.corrected is not None) == (None, bare, bare)
    assert {row.frame for row in found.compared} == {"look", "talk"} | ({None} if bare else set())
    assert ("as 400 to" in methods(found)) == bare
    out = StringIO()
    print_corrected(found, out)
    assert ("\nnone " in out.getvalue()) == bare


def test_all_labelled_is_the_truth() -> None:
    found = corrected(sample(SIZE), target="texts").whole.shares[0].corrected
    assert found is not None
    assert found.value == pytest.approx(float(np.mean(TRUTH)))
    assert found.high - found.low < 0.005


def test_groups_periods_and_differences() -> None:
    found = corrected(sample(400, by="bloc"), by=["bloc"], over="date")
    assert [group.value for group in found.by["bloc"]] == ["east", "west"]
    assert (found.whole.documents, found.by["bloc"][0].documents) == (
        SIZE // EACH,
        SIZE // EACH // 2,
    )
    assert [group.value[:4] for group in found.by["date"]] == ["2017", "2018", "2019"]
    (less,) = (row for row in found.compared if row.field == "bloc" and row.frame == "talk")
    assert (less.one, less.other) == ("east", "west")
    assert less.difference.low > 0
    assert less.difference.p < 0.001


def test_sentences_are_alike_within_the_field_that_is_asked_for() -> None:
    # Four documents each are one country's, and say the same.
    rows = [
        with_meta(row, country=f"country{number // (4 * EACH)}") for number, row in enumerate(ROWS)
    ]
    wave = sample(900, rows=rows)
    by_document, by_country = (
        correct(rows, ("talk",), [wave], by=["bloc", "country"], cluster=name)
        for name in ("document", "country")
    )
    assert by_country.whole.shares != by_document.whole.shares
    assert by_country.whole.documents == by_document.whole.documents == SIZE // EACH
    assert {group.refusal for group in by_country.by["bloc"]} == {""}
    one = by_country.by["country"][0]
    assert "of one value of country, which tells nothing of how values of country" in one.refusal
    assert "values of country like these, with values of country as clusters" in methods(by_country)


def test_too_few_values_to_be_alike_in_give_no_estimate() -> None:
    found = corrected(sample(400), by=["date"], cluster="bloc")
    assert found.whole.refusal.startswith("2 values of bloc: too few to tell how they differ")
    assert all(group.refusal == found.whole.refusal for group in found.by["date"])
    assert not corrected(sample(400), cluster="bloc", target="texts").whole.refusal
    with pytest.raises(FramelensError, match="no sentence has the field 'block'"):
        corrected(sample(400), cluster="block")


def test_what_a_notebook_shows_is_a_line_a_group() -> None:
    found = corrected(sample(60), by=["date"])
    header, whole, *groups = repr(found).splitlines()
    assert header.split() == ["labelled", "talk", "none"]
    assert re.search(r"^ +all sentences +60( +\d+\.\d% \(\d+\.\d–\d+\.\d\)){2}$", whole)
    assert len(groups) == 3
    assert groups[-1].split()[0] == "date"
    assert found._repr_html_().startswith("<table>")


def test_dates_come_in_their_order() -> None:
    rows = ROWS[EACH:]  # without the first document, which is of 2017
    found = correct(rows, ("talk",), [sample(60, rows=rows)], by=["date"]).by["date"]
    assert [(group.value, group.sentences) for group in found] == [
        ("2017-05", 390), ("2018-05", 400), ("2019-05", 400),
    ]  # fmt: skip


def test_a_group_with_few_labels_says_so() -> None:
    found = corrected(sample(60), by=["document"])
    group = found.by["document"][0]
    assert group.shares[0].corrected is None
    assert group.refusal.startswith(f"{group.labelled} labelled sentences: no estimate")


def test_a_group_of_one_document_says_nothing_of_documents_like_it() -> None:
    """What its sentences move a share by adds up to nothing, however many are labelled."""
    rows = [
        replace(
            row,
            sentence=replace(
                row.sentence,
                passage=replace(row.sentence.passage, doc=f"long{number // 100}"),
                index=number % 100,
            ),
        )
        for number, row in enumerate(ROWS)
    ]
    wave = sample(600, rows=rows)
    found = correct(rows, ("talk",), [wave], by=["document", "bloc"])
    assert len(found.by["document"]) == 12
    for group in found.by["document"]:
        assert group.refusal.startswith(
            f"all {group.labelled} labelled sentences are of one document"
        )
    assert {row.field for row in found.compared} == {"bloc"}
    texts = correct(rows, ("talk",), [wave], by=["document"], target="texts").by["document"]
    assert all(share.corrected and share.corrected.error for share in texts[0].shares)


def test_sentences_without_labels_count_as_like_the_others() -> None:
    whole = sample(400, by="bloc")
    part = [item if number % 2 else replace(item, labels=None) for number, item in enumerate(whole)]
    found = corrected(part)
    assert (found.drawn, found.unlabelled) == (400, 200)
    share = found.whole.shares[0].corrected
    assert share is not None
    assert share.low < np.mean(TRUTH) < share.high


def test_a_frame_that_no_label_names_has_no_estimate() -> None:
    """Whether nobody sought it or it is rare does not show: 3 of 100 after Poisson is the most."""
    found = corrected([replace(item, labels=()) for item in sample(100)], by=["bloc"])
    (talk, none) = found.whole.shares
    assert talk.corrected is None
    assert talk.refusal.startswith("none of the 100 labelled sentences carries talk (framelens")
    assert talk.refusal.endswith("at most 3.0% (95%)")
    # Nor does whether a sentence that framelens finds it in is without a frame.
    assert none.corrected is None
    assert "whether they carry no frame is not known" in none.refusal
    assert [group.shares[0].corrected for group in found.by["bloc"]] == [None, None]
    assert found.compared == ()
    assert repr(found).count("no estimate") == 6
    shown = StringIO()
    print_corrected(found, shown)
    assert shown.getvalue().count("no estimate  ") == 6
    assert list(warnings(found)) == [f"talk: {talk.refusal}.", f"none: {none.refusal}."]
    remarks = [row["remark"] for row in as_object(found)["shares"] if row["frame"] == "talk"]
    counts = [row.labelled for row in (found.whole, *found.by["bloc"])]
    lacking = [f"none of the {count} labelled sentences carries talk" for count in counts]
    assert [line[: len(want)] for line, want in zip(remarks, lacking, strict=True)] == lacking


def test_a_stance_that_no_label_names_leaves_sentences_without_a_frame_known() -> None:
    rows = [
        replace(row, frames=replace(row.frames, labels=("talk", f"talk: {row.sentence.index % 2}")))
        if row.frames.labels
        else row
        for row in ROWS
    ]
    said = {False: (), True: ("talk", "talk: 1")}
    wave = [replace(item, labels=said[bool(item.labels)]) for item in sample(200)]
    found = correct(rows, ("talk", "talk: 0", "talk: 1"), [wave]).whole
    assert list(found.refusals) == ["talk: 0"]
    assert found.shares[-1].corrected == corrected(sample(200)).whole.shares[-1].corrected


def test_a_group_in_which_no_label_names_a_frame_has_no_estimate_of_it() -> None:
    west = {row.frames.text for row in ROWS if row.sentence.meta["bloc"] == "west"}
    found = corrected(
        [replace(item, labels=()) if item.text in west else item for item in sample(200)],
        by=["bloc"],
    )
    (refused,) = [group for group in found.by["bloc"] if group.shares[0].corrected is None]
    assert refused.value == "west"
    assert refused.refusals["talk"].startswith(f"none of the {refused.labelled} labelled sentences")
    assert found.whole.shares[0].corrected is not None
    # Whether nobody sought it is asked of the whole sample: elsewhere it was found.
    assert refused.shares[1].corrected is not None
    assert [row.frame for row in found.compared] == [None]


def test_blanks_that_stand_for_no_frame_are_no_sample() -> None:
    kept = [item if item.labels else replace(item, labels=None) for item in sample(200)]
    found = corrected(kept, by=["bloc"])
    assert "expected 'none' where coders saw no frame" in found.whole.refusal
    groups = (found.whole, *found.by["bloc"])
    assert all(share.corrected is None for group in groups for share in group.shares)
    assert next(iter(warnings(found))).startswith("Shares of all sentences: none of the ")


@pytest.mark.parametrize(("open_still", "refused"), [(9, False), (10, True)])
def test_what_coders_disagree_on_is_not_like_the_rest(open_still: int, refused: bool) -> None:
    """It is where framelens errs, too: without these sentences shares keep to what is counted."""
    ana = sample(200)
    ben = [
        replace(item, labels=("talk",) if number < open_still and not item.labels else item.labels)
        for number, item in enumerate(sorted(ana, key=lambda item: bool(item.labels)))
    ]
    nobody = replace(ana[-1], labels=None)
    files = {"ana.csv": [*ana[:-1], nobody], "ben.csv": [it for it in ben if it.id != nobody.id]}
    found = corrected(merged(files, ("talk",)), by=["bloc"])
    assert (found.unlabelled, found.disputed) == (open_still + 1, open_still)
    assert bool(found.whole.refusal) == refused
    assert all(bool(group.refusal) == refused for group in found.by["bloc"])
    (line,) = warnings(found)
    assert f"{open_still} of the 200 sentences drawn have no labels for coders disagree" in line
    assert f"though coders disagree on {open_still} of them" in methods(found)
    unsure = [
        replace(it, labels=None, unsure=True) if at < open_still else it
        for at, it in enumerate(ana)
    ]
    alone = corrected(unsure)
    assert (alone.disputed, bool(alone.whole.refusal)) == (open_still, refused)


def test_without_all_labels_of_a_group_the_others_are_estimated_and_not_all_together() -> None:
    east = {row.frames.text for row in ROWS if row.sentence.meta["bloc"] == "east"}
    kept = [item if item.text in east else replace(item, labels=None) for item in sample(200)]
    found = corrected(kept, by=["bloc"], over="date")
    drawn = sum(item.text not in east for item in kept)
    assert (
        f"of the {drawn} sentences drawn whose bloc is west, 0 have labels" in found.whole.refusal
    )
    assert all(share.corrected is None for share in found.whole.shares)
    assert all(group.refusal for group in found.by["date"])
    one, other = found.by["bloc"]
    assert one.shares[0].corrected is not None
    assert other.refusal.startswith("0 labelled sentences")
    assert next(iter(warnings(found))).startswith(
        "Shares of all sentences, and of groups by anything but bloc: of the "
    )


def test_labels_that_are_missing_more_often_in_a_group_are_told() -> None:
    west = {row.frames.text for row in ROWS if row.sentence.meta["bloc"] == "west"}
    kept = [
        replace(item, labels=None) if item.text in west and number % 3 else item
        for number, item in enumerate(sample(200))
    ]
    found = corrected(kept)
    assert not found.whole.refusal
    (line,) = (line for line in warnings(found) if "bloc is west" in line)
    assert line.startswith("Labels are missing unevenly: of the ")
    assert "speaks against" in methods(found)


def test_two_waves_are_one_sample() -> None:
    first = sample(100)
    second = sample(200, seed=5, avoid=first)
    joined = joined_waves([first, second])
    assert [item.probability for item in joined] == pytest.approx([0.25] * 300)
    share = corrected(first, second).whole.shares[0].corrected
    assert share is not None
    assert share.labelled == 300


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"probability": None}, "has no probability: sentences that were picked in an unknown way"),
        ({"probability": 0.9}, "expected one a stratum"),
        ({"id": "elsewhere#1"}, "not among those of the texts, such as 'elsewhere#1'"),
        ({"text": "Other words."}, "the labelled text is not the one there"),
        ({"design": "field bloc"}, "expected one design"),
    ],
)
def test_what_is_no_sample_of_these_texts_is_refused(
    change: dict[str, object], problem: str
) -> None:
    wave = sample(50)
    wave[7] = replace(wave[7], **change)  # type: ignore[arg-type]
    with pytest.raises(FramelensError, match=problem):
        corrected(wave)


def test_a_sample_of_more_or_fewer_sentences_is_refused() -> None:
    whole = sample(48)
    with pytest.raises(FramelensError, match=r"from 1,200 sentences, and there are 1,700 now"):
        correct([*ROWS, *(moved(row) for row in ROWS[:500])], ("talk",), [whole])
    with pytest.raises(FramelensError, match=r"from 900 sentences, and there are 1,200 now"):
        corrected(whole[:36])


@pytest.mark.parametrize("target", ["texts", "documents"])
@pytest.mark.parametrize("agree", [True, False])
def test_a_standard_error_is_that_of_the_interval(agree: bool, target: str) -> None:
    """It is not 0 where all labels happen to agree with framelens, as the interval is not of width 0."""
    given = {row.frames.text: row.frames.labels for row in ROWS}
    wave = [replace(item, labels=given[item.text]) if agree else item for item in sample(60)]
    row = as_object(corrected(wave, target=target))["shares"][0]
    assert row["standard_error"] == pytest.approx((row["high"] - row["low"]) / 4, rel=0.35)


def test_a_row_that_is_missing_is_told() -> None:
    """Two of 200 that carry a frame which 12 carry, taken out, would lower its share by a sixth."""
    whole = sample(200)
    assert not any("rows are missing" in line for line in warnings(corrected(whole)))
    second = sample(100, avoid=whole)
    for waves, which in (([whole[:-1]], "The sample"), ([whole, second[1:]], "Wave 2")):
        (line,) = (told for told in warnings(corrected(*waves)) if "rows are missing" in told)
        assert line.startswith(f"{which} stands for 1,1")


def test_each_wave_is_held_to_the_texts() -> None:
    """Documents that came in after the first wave, and labels of one kind that were taken out of it."""
    first = sample(100)
    with pytest.raises(
        FramelensError, match=r"wave 1 was drawn from \d+ sentences, and there are 1"
    ):
        corrected([item for item in first if item.labels], sample(100, avoid=first))
    early = [replace(item, probability=100 / 400) for item in first]
    with pytest.raises(
        FramelensError, match="wave 1 was drawn from 400 sentences, and there are 1,2"
    ):
        corrected(early, sample(100, avoid=first))


def with_meta(row: Classified, **fields: str) -> Classified:
    passage = replace(row.sentence.passage, meta={**row.sentence.meta, **fields})
    return replace(row, sentence=replace(row.sentence, passage=passage))


def moved(row: Classified) -> Classified:
    passage = replace(row.sentence.passage, doc=f"other {row.sentence.doc}")
    return replace(row, sentence=replace(row.sentence, passage=passage))


def test_labels_are_needed() -> None:
    with pytest.raises(FramelensError, match="no sentence of the sample has labels"):
        corrected([replace(item, labels=None) for item in sample(50)])


def test_fields_are_needed() -> None:
    with pytest.raises(FramelensError, match="no sentence has the field 'country'"):
        corrected(sample(50), by=["country"])
    with pytest.raises(FramelensError, match="no dates"):
        corrected(sample(50), over="bloc")
    with pytest.raises(FramelensError, match="no sentence has the field ''"):
        corrected(sample(50), over="")


def test_the_methods_paragraph_names_design_sample_and_sources() -> None:
    found = corrected(sample(100, by="bloc"), target="texts")
    said = methods(found)
    for part in (
        "100 were drawn",
        "stratified by bloc",
        "Egami",
        "Angelopoulos",
        "these very texts",
    ):
        assert part in said
    assert as_object(found)["methods"] == said


@pytest.mark.parametrize(
    ("options", "said", "unsaid"),
    [
        ({}, ("or from those of one document",), ("each group", "compared", "Holm", "waves")),
        ({"target": "texts", "by": ["bloc"]}, ("each group", "two by two"), ("one document",)),
        ({"by": ["document"]}, ("each group",), ("compared", "Holm")),
        (
            {"target": "texts"},
            ("Shares as counted take", "intervals of corrected shares"),
            ("Their",),
        ),
    ],
)
def test_the_methods_paragraph_says_what_was_done_in_this_run(
    options: dict[str, object], said: Sequence[str], unsaid: Sequence[str]
) -> None:
    """No p-values without differences, nothing on groups without any."""
    paragraph = methods(corrected(sample(100), **options))
    assert [part for part in said if part not in paragraph] == []
    assert [part for part in unsaid if part in paragraph] == []


def test_the_methods_paragraph_counts_waves_and_labels_that_coders_were_unsure_of() -> None:
    first = [replace(item, unsure=number < 7) for number, item in enumerate(sample(100))]
    paragraph = methods(corrected(first, sample(50, avoid=first)))
    drawn = "Of the sentences, 150 were drawn with known probabilities in 2 waves, each with the same chance"
    unsure = "(7 of them as unsure, which count as others do);"
    assert f"{drawn}, and all of them were labelled {unsure}" in paragraph


@pytest.mark.parametrize(
    ("spread", "rarest"), [((20, 4, 30, 20, 20, 6, 20), "2011"), ((15,) * 6 + (30,), "2015")]
)
def test_of_many_periods_the_commonest_are_compared(spread: Sequence[int], rarest: str) -> None:
    """Not the first: the last ones are as worth comparing."""
    years = [2010 + at for at, documents in enumerate(spread) for _ in range(documents)]
    rows = []
    for number, row in enumerate(ROWS):
        dated = {**row.sentence.meta, "date": str(years[number // EACH])}
        passage = replace(row.sentence.passage, meta=dated)
        rows.append(replace(row, sentence=replace(row.sentence, passage=passage)))
    found = correct(rows, ("talk",), [sample(900, rows=rows)], over="date", target="texts")
    assert len([group for group in found.by["date"] if not group.refusal]) == 7
    compared = {row.one for row in found.compared} | {row.other for row in found.compared}
    assert compared == {str(year) for year in years} - {rarest}


def test_what_more_labels_would_bring_is_told_of_all_and_of_groups() -> None:
    wave = sample(200)
    found = corrected(
        [*wave[:150], *(replace(item, labels=None) for item in wave[150:])], by=["bloc"]
    )
    said = as_object(found)["outlook"]
    pattern = r"±([\d.]+) points in place of ±([\d.]+) \(\d+% narrower\)"
    whole, group = re.findall(pattern, said)
    estimates = [share.corrected for share in found.whole.shares if share.corrected]
    assert said.startswith("With 100 more labels")
    widest = max(100 * (it.high - it.low) / 2 for it in estimates)
    assert float(whole[1]) == pytest.approx(widest, abs=0.06)
    # Of how documents differ labels of the same ones say no more.
    assert (150 / 250) ** 0.5 - 0.01 < float(whole[0]) / float(whole[1]) < 0.95
    assert float(group[1]) > float(whole[1])
    assert "By bloc, that of " in said
    assert "The 50 that are drawn and have no labels yet come first." in said


class Others(Folds):
    """Two models that see what there is, and each knows by heart what the other is asked."""

    def predicted(
        self, rows: Iterable[Classified]
    ) -> Iterator[tuple[Classified, tuple[tuple[str, ...], ...]]]:
        for row in rows:
            fold = self.of.get(f"{row.sentence.doc}#{row.sentence.index}", -1)
            honest = row.frames.labels
            yield row, tuple(SAID[row.frames.text] if fold == 1 - k else honest for k in (0, 1))


def test_a_sample_that_was_trained_on_corrects_by_models_that_have_not_seen_it() -> None:
    wave, true = sample(400), float(np.mean(TRUTH))
    by_heart = {item.id for item in wave}
    seen = [
        replace(row, frames=replace(row.frames, labels=SAID[row.frames.text]))
        if f"{row.sentence.doc}#{row.sentence.index}" in by_heart
        else row
        for row in ROWS
    ]
    fooled = correct(seen, ("talk",), [wave], target="texts").whole.shares[0].corrected
    assert fooled is not None
    assert fooled.high < true
    # The models of folds predict anew, whatever the rows say.
    folds = Others((None, None), {item.id: at % 2 for at, item in enumerate(wave)})  # type: ignore[arg-type]
    found = correct(ROWS, ("talk",), [wave], target="texts", folds=folds)
    share = found.whole.shares[0].corrected
    assert share is not None
    assert share.low < true < share.high
    assert "predicted by one of 2 models" in methods(found)


def test_no_model_that_has_seen_a_sentence_has_a_part_in_its_prediction() -> None:
    """Two thirds of the sentences are labelled, so that a part of what is known by heart would show."""
    wave = sample(800)
    folds = Others((None, None), {item.id: at % 2 for at, item in enumerate(wave)})  # type: ignore[arg-type]
    found = correct(ROWS, ("talk",), [wave], target="texts", folds=folds).whole
    assert found.shares[0].corrected == corrected(wave, target="texts").whole.shares[0].corrected
