"""Training with something held out, a learning curve, and what is told of both."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.project.folds import fold_groups, hold_out
from framelens.project.labelled.sentence import LabelledSentence, fingerprint
from framelens.report.learning_curve import with_drawing
from framelens.rules.rule_files import RuleSet, parse_rules
from framelens.statistics.bootstrap import Interval
from framelens.training.comparison import BASELINES
from framelens.training.course import Course, follow
from framelens.training.learning_curve import Gain, LearningCurve, Point, _gains
from framelens.training.saving import save
from framelens.training.stance import why_no_stances
from framelens.training.train import Trained
from hypothesis import given
from hypothesis import strategies as st

from tests.training.test_own import TEXTS, rows, scheme
from tests.training.test_train import corpus


@pytest.fixture(scope="module")
def course() -> tuple[Trained, list[tuple[str, float]]]:
    told: list[tuple[str, float]] = []
    asked = Course(holdout=0.25, curve=True)
    found = follow(asked, rows(*TEXTS), scheme(*TEXTS), progress=lambda *row: told.append(row))
    return with_drawing(found), told


def test_what_is_held_out_is_not_learned_from(course: tuple[Trained, object]) -> None:
    trained, _ = course
    assert trained.held_out is not None
    evaluation = trained.held_out.evaluation
    assert len(trained.folds) + evaluation.sentences == len(rows(*TEXTS))
    assert evaluation.sentences == pytest.approx(len(rows(*TEXTS)) / 4, abs=1)
    assert list(evaluation.systems) == ["framelens", "majority answer", *BASELINES]
    assert evaluation.systems["framelens"].macro_f1.value > 0.8


def test_the_share_done_never_falls(course: tuple[object, list[tuple[str, float]]]) -> None:
    _, told = course
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1


def test_figures_stand_in_the_model_s_folder(
    course: tuple[Trained, object], tmp_path: Path
) -> None:
    trained, _ = course
    save(trained, tmp_path)
    assert trained.held_out is not None
    assert trained.curve is not None
    card = (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    held = trained.held_out.evaluation.systems["framelens"].macro_f1
    assert "(25% held out, seed 0)" in card
    assert f"| framelens | {held.value:.3f} ({held.low:.3f}–{held.high:.3f})" in card
    assert "![Learning curve](learning_curve.svg)" in card
    assert trained.curve.told in card
    drawn = ElementTree.parse(tmp_path / "learning_curve.svg").getroot()
    dots = [part for part in drawn if part.tag.endswith("circle")]
    assert len(dots) == len(trained.curve.points)
    meta = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
    assert meta["held_out"]["macro_f1"]["framelens"]["value"] == held.value
    assert set(meta["compared"]) == {"new model", *BASELINES}


def test_the_last_point_of_a_curve_is_the_cross_validated_figure(
    course: tuple[Trained, object],
) -> None:
    trained, _ = course
    assert trained.curve is not None
    assert trained.curve.points[-1].macro_f1.value == trained.figures.macro_f1.value


def test_a_curve_where_rules_lead(small_rules: RuleSet) -> None:
    trained = follow(Course(curve=True, compared=False), corpus() * 2, small_rules)
    assert trained.curve is not None
    assert [point.sentences for point in trained.curve.points][-1] < len(corpus()) * 2
    assert trained.curve.points[-1].macro_f1.value == trained.figures.macro_f1.value


@pytest.mark.parametrize(
    ("slope", "said"), [(0.0, "would hardly help"), (3.0, "would help."), (0.9, "may help")]
)
def test_more_sentences_help_where_the_curve_still_rises(slope: float, said: str) -> None:
    sizes = np.array([50, 100, 200, 400])
    heights = np.tile(0.9 - slope * sizes[:, None] ** -0.5, (1, 1001))
    (hundred, two_hundred) = _gains(sizes, heights, 500)
    assert two_hundred.macro_f1.value == pytest.approx(slope * (500**-0.5 - 700**-0.5), abs=1e-9)
    assert hundred.macro_f1.value <= two_hundred.macro_f1.value
    assert said in LearningCurve(500, (), (hundred, two_hundred)).told


def test_no_gain_lifts_macro_f1_beyond_1() -> None:
    heights = np.array([0.494, 0.660, 0.848, 0.961])[:, None] + np.linspace(0, 0.02, 1001)
    for gain in _gains(np.array([26, 53, 107, 214]), heights, 300):
        assert gain.macro_f1.value == pytest.approx(1 - 0.961)
        assert gain.macro_f1.low >= 1 - 0.981 - 1e-9


def test_a_curve_of_two_points_says_nothing_of_more() -> None:
    flat = Interval(0.5, 0.4, 0.6)
    assert _gains(np.array([50, 100]), np.ones((2, 1001)), 120) == ()
    assert "Too few" in LearningCurve(120, (Point(50, flat), Point(100, flat)), ()).told
    assert Gain(100, flat).more == 100


@given(st.floats(0.1, 0.5), st.integers(0, 5))
def test_a_share_is_held_out_in_whole_groups(share: float, seed: int) -> None:
    texts = [
        f"The {who} {what} number {at}." for at, who in enumerate("abcdefgh") for what in TEXTS
    ]
    sentences = [
        LabelledSentence(text, text, ("War",) if at % 3 else (), document=f"d{at // 2}")
        for at, text in enumerate(texts)
    ]
    learned, held = hold_out(sentences, share, seed)
    assert sorted([*learned, *held], key=sentences.index) == sentences
    groups = dict(zip((row.id for row in sentences), fold_groups(sentences), strict=True))
    assert {groups[row.id] for row in learned}.isdisjoint(groups[row.id] for row in held)
    assert abs(len(held) / len(sentences) - share) < 0.25
    assert hold_out(sentences, share, seed) == (learned, held)


def test_sentences_to_test_on_that_were_trained_on_are_left_out(small_rules: RuleSet) -> None:
    seen = corpus()[0]
    fresh = LabelledSentence("fresh", "Some clerks looked at the ruins of it all.", ("look",))
    near = LabelledSentence("near", f"{seen.text[:-1]} today.", ("look",))
    asked = Course(test=[seen, near, fresh], test_name="test.csv", compared=False)
    found = follow(asked, corpus(), small_rules).held_out
    assert found is not None
    assert (found.what, found.evaluation.sentences) == ("test.csv", 1)
    assert found.evaluation.overlap.same == 1
    assert fingerprint(fresh.text) != fingerprint(near.text)


@pytest.mark.parametrize(
    ("course", "problem"),
    [
        (Course(holdout=20), "a share of 20 to hold out; expected one such as 0.2"),
        (Course(holdout=0.001), "expected more of them to hold out a share of 0.001"),
        (Course(holdout=0.2, test=corpus()[:1]), "test= and holdout= exclude each other"),
        (Course(test=corpus()[:2]), "all of the 2 sentences to test on, or near-duplicates"),
    ],
)
def test_what_cannot_be_tested_is_refused(
    course: Course, problem: str, small_rules: RuleSet
) -> None:
    with pytest.raises(FramelensError, match=problem):
        follow(course, corpus(), small_rules)


def test_a_fold_of_most_sentences_is_told() -> None:
    sentences = [replace(row, document="one") for row in rows(*TEXTS)]
    apart = [LabelledSentence(str(at), f"{word} {at}.", ("War",)) for at, word in enumerate("abcd")]
    told: list[str] = []
    for some in (rows(*TEXTS), [*sentences, *apart]):
        follow(Course(compared=False), some, scheme(*TEXTS), note=told.append)
    (note,) = told
    assert f"72 of {72 + len(apart)} sentences are in one fold" in note
    with pytest.raises(FramelensError, match=f"{len(apart)} are left to learn from beside the"):
        follow(Course(compared=False, curve=True), [*sentences, *apart], scheme(*TEXTS))


CUES = """[[cue]]
id = "stance.never"
kind = "lack"
phrases = ["never", "not"]
"""


def with_stances(*stances: str, cues: str = CUES) -> RuleSet:
    plain = scheme(*TEXTS).sources["scheme.toml"]
    head = f"stances = {json.dumps(stances)}\n"
    return parse_rules({"scheme.toml": head + plain, "stance.toml": cues})


def stanced(*, rare: bool = False) -> list[LabelledSentence]:
    found = rows(*TEXTS)
    for at, row in enumerate(found):
        how = dict.fromkeys(row.labels, ("lacking", "affirmed")[at % 2])
        found[at] = replace(row, meta={"stances": how})
    if rare:
        last = found[-1]
        labels = (*last.labels, "Rare")
        found[-1] = replace(last, labels=labels, meta={"stances": dict.fromkeys(labels, "lacking")})
    return found


@pytest.mark.parametrize(
    ("rules", "sentences", "why"),
    [
        (with_stances("affirmed", "lacking"), stanced(), None),
        (
            with_stances("affirmed", "lacking", "mocked"),
            stanced(),
            "no sentence is labelled mocked",
        ),
        (with_stances("affirmed", "lacking", cues=""), stanced(), "the rules have no [[cue]]"),
        (
            with_stances("affirmed", "lacking"),
            rows(*TEXTS),
            "no sentence has any in a field stances",
        ),
        (scheme(*TEXTS), stanced(), None),
        (scheme(*TEXTS), rows(*TEXTS), None),
    ],
)
def test_it_is_told_why_no_stances_are_learned(
    rules: RuleSet, sentences: list[LabelledSentence], why: str | None
) -> None:
    assert (why_no_stances(sentences, rules) or "None").startswith(str(why))
    notes: list[str] = []
    trained = follow(Course(compared=False), sentences, rules, note=notes.append)
    assert (trained.model.stance is not None) == (why is None and bool(rules.scheme.stances))
    assert [why in note for note in notes] == [True] if why else not notes


def test_an_unknown_stance_is_told_before_the_work() -> None:
    told: list[str] = []
    rows = [
        replace(row, meta={"stances": dict.fromkeys(row.labels, "lakking")}) for row in stanced()
    ]
    with pytest.raises(FramelensError, match="the stance 'lakking'"):
        follow(
            Course(), rows, with_stances("lacking", "x"), progress=lambda *it: told.append(it[0])
        )
    assert not told


def test_stances_of_labels_that_are_skipped_go_with_them() -> None:
    names = [*TEXTS, "Rare"]
    plain = scheme(*names).sources["scheme.toml"]
    head = 'stances = ["affirmed", "lacking"]\n'
    rules = parse_rules({"scheme.toml": head + plain, "stance.toml": CUES})
    trained = follow(Course(skip_rare=True, compared=False), stanced(rare=True), rules)
    assert trained.model.frames == tuple(TEXTS)
    assert trained.model.stance is not None
