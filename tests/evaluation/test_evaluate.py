"""Systems put to labelled sentences, and all that is measured of them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from framelens.core.errors import FramelensError
from framelens.evaluation.assessment import assess
from framelens.evaluation.error_analysis import mistakes
from framelens.evaluation.evaluate import evaluate
from framelens.evaluation.trial import Overlap, by_keywords, put_to_test
from framelens.project.labelled.reading import read_labelled
from framelens.project.labelled.sentence import LabelledSentence, digest

ROWS: list[tuple[str, list[str], str]] = [
    ("They visited the old prison.", ["look"], "news"),
    ("Nobody visited the camp, and the talks failed.", ["look", "talk"], "news"),
    ("A fact-finding mission came.", [], "news"),
    ("The observer wrote down what he saw.", ["look"], "speech"),
    ("We sang all night.", [], "speech"),
    ("A dialogue began at dawn.", ["talk"], "speech"),
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    lines = (
        json.dumps({"id": str(at), "text": text, "labels": labels, "genre": genre})
        for at, (text, labels, genre) in enumerate(ROWS)
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_system_answers(labelled: Path, small_folder: Path) -> None:
    trial = put_to_test(labelled, rules=small_folder, modes=["rules"])
    assert trial.system == "rules only"
    assert list(trial.answers) == ["rules only", "keyword list", "majority answer"]
    found = trial.answers["rules only"]
    assert found.labels.tolist() == [[1, 0], [1, 1], [1, 0], [0, 0], [0, 0], [0, 1]]
    assert found.primary[:2] == ("look", "look")
    assert found.probabilities is not None
    assert found.probabilities[0].tolist() == pytest.approx([0.9, 0.1])
    assert trial.gold.tolist()[3] == [True, False]


def test_evaluation_of_a_case_worked_by_hand(labelled: Path, small_folder: Path) -> None:
    found = evaluate(labelled, rules=small_folder, modes=["rules"], by=["genre"])
    look, talk = found.systems["rules only"].frames
    assert (look.precision, look.recall) == pytest.approx((2 / 3, 2 / 3))
    assert talk.f1.value == 1.0
    assert (found.sentences, found.overlap.same, found.resampled) == (6, 0, "sentences")
    # One of three sentences at .9 and one of three at .1 are wrong; of the other frame none.
    assert found.calibration[0].error == pytest.approx(0.5 * (0.9 - 2 / 3) + 0.5 * (1 / 3 - 0.1))
    assert found.calibration_error == {
        "rules only": pytest.approx((found.calibration[0].error + found.calibration[1].error) / 2)
    }
    assert [row.value for row in found.groups["genre"]] == ["news", "speech"]
    assert found.leads["majority answer"].value > 0
    assert json.loads(json.dumps(asdict(found)))["trust"][0]["labelled"] == 3


def test_documents_are_resampled_where_there_are_ten(small_folder: Path) -> None:
    rows = [
        LabelledSentence(str(at), "The talks failed.", ("talk",), document=f"{at % 10}.txt")
        for at in range(20)
    ]
    assert evaluate(rows, rules=small_folder, modes=["rules"]).resampled == "documents"


def test_a_single_coder_stands_beside_the_labelled_file(
    labelled: Path, small_folder: Path, tmp_path: Path
) -> None:
    coder = tmp_path / "ana.jsonl"
    coder.write_bytes(labelled.read_bytes())
    found = evaluate(labelled, rules=small_folder, modes=["rules"], coders=[coder]).agreement
    assert [row.between for row in found[:3]] == [
        ("ana", "the labelled file"),
        ("rules only", "ana"),
        ("rules only", "the labelled file"),
    ]
    assert found[0].alpha is not None
    assert found[0].alpha.value == 1.0


def test_texts_labelled_in_different_ways_are_told(small_folder: Path) -> None:
    told: list[str] = []
    rows = [LabelledSentence(name, "The talks failed.", (name,)) for name in ("look", "talk")]
    put_to_test(rows, rules=small_folder, modes=["rules"], note=told.append)
    assert "one text is labelled in different ways" in told[0]
    assert "look look, talk talk" in told[0]
    assert told[1].startswith("1 row of 2 repeats a text: it counts again")


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ([("east", 0.1), ("west", 0.4)], True),
        ([("east", "0.1"), ("west", "0.1")], False),
        ([("", 0.1), ("", 0.2)], False),  # two waves
        ([("", None), ("", None)], False),
    ],
)
def test_a_sample_that_is_no_picture_of_its_texts_is_told(
    small_folder: Path, drawn: list[tuple[str, object]], told: bool
) -> None:
    notes: list[str] = []
    rows = [
        LabelledSentence(
            str(at), f"Talk {at} failed.", (), meta={"stratum": name, "probability": chance}
        )
        for at, (name, chance) in enumerate(drawn)
    ]
    put_to_test(rows, rules=small_folder, modes=["rules"], note=notes.append)
    said = (
        "sentences were drawn more often from some strata: figures are of this sample, not of the"
    )
    assert [note for note in notes if said in note] == notes
    assert bool(notes) == told


def test_training_sentences_are_refused(shipped_overlap: list[LabelledSentence]) -> None:
    with pytest.raises(FramelensError, match="was trained on 1 of 1 sentence;"):
        put_to_test(shipped_overlap, modes=["model"])
    assert put_to_test(shipped_overlap, modes=["model"], allow_overlap=True).overlap.same == 1


def test_training_sentences_and_near_duplicates_are_left_out(
    shipped_overlap: list[LabelledSentence],
) -> None:
    (seen,) = shipped_overlap
    near = replace(seen, id="b", text=f"Today, {seen.text}")
    fresh = LabelledSentence("c", "Nothing of the kind was ever said in that hall.", ())
    options: Any = {"modes": ["model"], "leave_out_overlap": True}
    found = put_to_test([seen, near, fresh], **options, trained_on=[seen])
    assert found.sentences == (fresh,)
    assert found.overlap == Overlap(same=1, alike=1, left_out=True)
    # Without the sentences that it was trained on nothing is known of near-duplicates.
    assert put_to_test([seen, near, fresh], **options).overlap == Overlap(1, None, left_out=True)
    with pytest.raises(FramelensError, match="trained on all of these 1 sentences"):
        put_to_test([seen], **options)


@pytest.fixture
def shipped_overlap() -> list[LabelledSentence]:
    from framelens.core.files import CHECKOUT

    with (CHECKOUT / "corpus" / "training.jsonl").open(encoding="utf-8") as lines:
        return [LabelledSentence("a", json.loads(next(lines))["text"], ())]


def test_keywords_are_searched_in_lower_case(small_rules: Any) -> None:
    scheme = small_rules.scheme
    assert by_keywords(["TALKS after a visit.", "None."], scheme) == [
        (("look", "talk"), "talk"),
        ((), None),
    ]


def test_mistakes_come_with_their_evidence(labelled: Path, small_folder: Path) -> None:
    trial = put_to_test(labelled, rules=small_folder, modes=["rules"])
    wrong, missed = mistakes(trial, by=["genre"])
    assert (wrong.id, wrong.wrong, wrong.missed, wrong.right) == ("2", ("look",), (), ())
    assert [(row.name, row.text) for row in wrong.evidence] == [
        ("look.visit", "fact-finding mission")
    ]
    assert (missed.id, missed.missed, missed.evidence) == ("3", ("look",), ())
    assert missed.fields == {"genre": "speech"}
    assert wrong.margin == pytest.approx(0.4)
    assert len(mistakes(trial, most=1)) == 1


def test_an_assessment_says_what_it_was_made_from(labelled: Path, small_folder: Path) -> None:
    found = assess(labelled, rules=small_folder, modes=["rules"])
    rows = read_labelled(labelled, ("look", "talk"))
    assert found.provenance.labels_digest == digest(rows)
    assert (found.provenance.data, found.provenance.model_digest) == ("labelled.jsonl", None)
    assert list(found.evaluation.groups) == ["genre"]
    assert (found.mistaken, len(found.mistakes)) == (2, 2)
    assert found.provenance.thresholds == {"look": 0.5, "talk": 0.5}
    assert [row.rule for row in found.rule_statistics if row.hits] == [
        "look.visit", "look.watcher", "talk.talks",
    ]  # fmt: skip
    assert assess(labelled, rules=small_folder, modes=["rules"]) == found


def test_rules_are_counted_in_texts_as_they_are_read(labelled: Path, small_folder: Path) -> None:
    lines = labelled.read_text("utf-8").replace("mission", "mis\u00adsion").splitlines()
    labelled.write_text("\n".join(lines), encoding="utf-8")
    found = assess(labelled, rules=small_folder, modes=["rules"]).rule_statistics
    assert {row.rule: row.hits for row in found}["look.visit"] == 3


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "no labelled sentences given; expected at least one"),
        (
            [LabelledSentence("a", "A.", ()), LabelledSentence("b", "B.", ("gaze",))],
            "labelled:2: unknown label 'gaze'; expected one of look, talk",
        ),
        (
            [LabelledSentence("a", "A.", ("look",), primary="talk")],
            r"labelled:1: primary 'talk' is not among the labels \['look'\]",
        ),
        ([{"text": "A."}], "labelled:1: dict given; expected a LabelledSentence"),
    ],
)
def test_sentences_that_cannot_be_measured_are_refused(
    rows: Any, problem: str, small_folder: Path
) -> None:
    with pytest.raises(FramelensError, match=problem):
        evaluate(rows, rules=small_folder, modes=["rules"])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"by": ["speaker"]}, "no labelled sentence has the field 'speaker'; there are: genre"),
        ({"by": "genre"}, "by is the text 'genre'; expected a list of fields"),
        ({"seed": -1}, "seed is -1; expected a whole number from 0 to 4294967295"),
        ({"seed": 2**32}, "seed is 4294967296; expected"),
        ({"modes": []}, r"modes is \[\]; expected a list of some of 'hybrid', 'rules', 'model'"),
        ({"modes": "rules"}, "modes is 'rules'; expected a list"),
        ({"modes": ["rule"]}, "modes has 'rule'; expected some of 'hybrid', 'rules', 'model'"),
    ],
)
def test_options_out_of_range_are_refused(
    labelled: Path, small_folder: Path, options: dict[str, Any], problem: str
) -> None:
    asked: Any = {"modes": ["rules"], **options}
    with pytest.raises(FramelensError, match=problem):
        evaluate(labelled, rules=small_folder, **asked)


def test_an_evaluation_shows_itself(labelled: Path, small_folder: Path) -> None:
    found = evaluate(labelled, rules=small_folder, modes=["rules"])
    title, header, first, *others = repr(found).splitlines()
    assert title == "Evaluation on 6 sentences (intervals by sentences)"
    assert header.split() == ["system", "macro", "F1", "95%"]
    macro = found.systems["rules only"].macro_f1
    assert first.startswith("rules only")
    assert first.endswith(f"{macro.value:.3f}  {macro.low:.3f}–{macro.high:.3f}")
    assert len(others) == len(found.systems) - 1
    assert f"<td>{macro.value:.3f}</td>" in found._repr_html_()
    strange = replace(found, systems={"<b>": found.systems["rules only"]})
    assert "<td>&lt;b&gt;</td>" in strange._repr_html_()
