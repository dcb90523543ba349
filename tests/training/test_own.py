"""Codebooks of one's own: frames that exclude one another or not, without rules that lead."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from framelens.analysis.summary import summarize
from framelens.classification.exclusive import decide
from framelens.classification.explanation import explain
from framelens.cli.main import Exit, run
from framelens.cli.render.figures import print_evaluation, print_training
from framelens.cli.render.sentences import print_sentences
from framelens.cli.render.shares import print_summary
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.evaluation.assessment import assess
from framelens.evaluation.evaluate import evaluate
from framelens.evaluation.trial import matrix
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.project import Project
from framelens.report.error_analysis import accounts
from framelens.rules.rule_files import RuleSet, parse_rules
from framelens.statistics.metrics import figures
from framelens.training import search
from framelens.training.comparison import BASELINES, compare
from framelens.training.fitting import FOLDS
from framelens.training.saving import load_sklearn, save
from framelens.training.train import Trained, train
from scipy.sparse import csr_matrix

from tests.helpers import run_with_hash_seeds

TEXTS = {
    "Aid": ["sent blankets", "delivered tents to the valley", "flew in medicine"],
    "Énergie (gaz)": ["opened a pipeline", "drilled for gas", "raised the price of fuel"],
    "War": ["shelled the town", "crossed the border with tanks", "fired rockets"],
}
WHO = ("envoys", "officers", "ministers", "monks", "farmers", "judges", "poets", "sailors")


def scheme(*names: str, head: str = "exclusive = true") -> RuleSet:
    """A scheme without rules."""
    frames = "".join(
        f'[[frame]]\nname = "{name}"\ntest = "?"\nletter = "{name[0]}"\ncolour = "red"\n'
        for name in names
    )
    return parse_rules({"scheme.toml": f'title = "own"\n{head}\n{frames}'})


def rows(*names: str, none: bool = False) -> list[LabelledSentence]:
    """Sentences of some frames, every one with a label unless there are some with none."""
    made = [
        LabelledSentence(f"{who} {part}", f"The {who} {part}.", (name,) if name in names else ())
        for name, parts in TEXTS.items()
        for part in parts
        for who in WHO
    ]
    return made if none else [row for row in made if row.labels]


@pytest.fixture(scope="module")
def exclusive() -> Trained:
    return train(rows(*TEXTS), scheme(*TEXTS))


def opened(trained: Trained, folder: Path) -> Project:
    save(trained, folder)
    return Project.open(Settings(model=str(folder), evidence=True))


def test_what_is_saved_does_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    rules, table = tmp_path / "rules", tmp_path / "labelled.csv"
    rules.mkdir()
    for name, text in scheme(*TEXTS).sources.items():
        (rules / name).write_text(text, encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [("text", "labels"), *((row.text, row.labels[0]) for row in rows(*TEXTS))]
        )
    models = run_with_hash_seeds(["train", str(table), "--rules", str(rules)], tmp_path, "model")
    found = [
        {path.name: path.read_bytes() for path in model.rglob("*") if path.is_file()}
        for model in models
    ]
    for files in found:
        assert json.loads(files["meta.json"])["chosen"]["letters"]
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []


def test_the_same_sentences_make_the_same_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many processors there are."""
    monkeypatch.setattr(search, "cpu_count", lambda: 4)
    random = np.random.default_rng(0)
    words = csr_matrix(random.random((900, 4000)) * (random.random((900, 4000)) < 0.03))
    gold, none = random.random((900, 2)) < 0.2, csr_matrix((900, 0))
    folds, own = np.arange(900) % FOLDS, scheme("Aid", "War", head="").scheme
    task = search.Task(own, words, none, none, gold, folds, np.ones(900))
    found = [search.learn(task, search.Setting(False)).probabilities for _ in range(4)]
    assert [at for at in range(4) if not np.array_equal(found[at], found[0])] == []


UNSEEN = ["The monks fired at the town.", "Gas!", "?", "Nothing of all that is known here."]


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        ("Aid", "\uf0b7x"),  # a bullet of Word's own
        ("Aid", "a\u200db"),
        ("Aid", "\xa0 \xa0"),
        ("Aid", "https://example.org/?" + 400 * "a"),
        ("Aid\xa0now", "aid"),
        ("Bürger\xadrechte", "aid"),
        ("👩\u200d🌾", "aid"),
    ],
)
def test_a_model_of_odd_texts_and_labels_can_be_opened(
    tmp_path: Path, frame: str, word: str
) -> None:
    told = [replace(row, text=f"{row.text[:-1]} {word}.") for row in rows("Aid")]
    named = [replace(row, labels=(frame,)) for row in told]
    trained = train([*named, *rows("War")], scheme(frame, "War"))
    (found,) = opened(trained, tmp_path).classify([Passage("1", f"Monks sent {word}.")])
    assert found.frames.labels == (frame,)


def test_frames_that_exclude_one_another_are_given_one_at_a_time(
    exclusive: Trained, tmp_path: Path
) -> None:
    project = opened(exclusive, tmp_path)
    passages = [Passage(str(at), text) for at, text in enumerate(UNSEEN)]
    found = [row.frames for row in project.classify(passages)]
    assert [len(row.labels) for row in found] == [1, 1, 1, 1]
    assert found[0].labels == ("War",)
    assert found[1].labels == ("Énergie (gaz)",)
    for row in found:
        assert sum(row.scores.values()) == pytest.approx(1)
        assert max(row.scores, key=row.scores.__getitem__) == row.labels[0] == row.primary
        for frame in explain(row).frames:  # whose sums are checked
            assert frame.given == (frame.probability >= frame.threshold)


def test_the_estimator_says_what_classify_says(exclusive: Trained, tmp_path: Path) -> None:
    project = opened(exclusive, tmp_path)
    estimator = load_sklearn(tmp_path, trust=True)
    texts = UNSEEN + [row.text for row in rows(*TEXTS)]
    found = [next(iter(project.classify([Passage("one", text)]))).frames for text in texts]
    assert estimator.predict(texts).tolist() == [row.labels[0] for row in found]
    scores = np.array([list(row.scores.values()) for row in found])
    assert np.abs(estimator.predict_proba(texts) - scores).max() < 1e-9
    assert estimator.classes_.tolist() == list(TEXTS)


def test_none_of_the_frames_is_given_where_that_is_declared(tmp_path: Path) -> None:
    names = ("Aid", "War")
    rules = scheme(*names, head="exclusive = true\nnone = true")
    project = opened(train(rows(*names, none=True), rules), tmp_path)
    found = next(iter(project.classify([Passage("one", "The poets drilled for gas.")]))).frames
    assert found.labels == ()
    assert sum(found.scores.values()) < 0.5


def test_a_frame_alone_is_held_to_none(tmp_path: Path) -> None:
    rules = scheme("Aid", head="exclusive = true\nnone = true")
    project, out = opened(train(rows("Aid", none=True), rules), tmp_path), StringIO()
    found = list(project.classify([Passage("one", "The poets sent blankets.")]))
    print_sentences(found, project.scheme, out, explain=True)
    assert f"(next none {1 - found[0].frames.scores['Aid']:.2f})" in out.getvalue()


def test_labels_that_an_exclusive_codebook_cannot_have_are_refused() -> None:
    with pytest.raises(FramelensError, match="has no label; expected one, or none = true"):
        train(rows("Aid", "War", none=True), scheme("Aid", "War"))
    both = LabelledSentence("x", "Both of them.", ("Aid", "War"))
    with pytest.raises(FramelensError, match="'x' has the labels Aid, War; expected one"):
        train([*rows("Aid", "War"), both], scheme("Aid", "War"))


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("exclusive = 1", "exclusive is 1; expected true or false"),
        ("none = true", "beside exclusive = true"),
        ("exclusive = true", "a single frame"),
    ],
)
def test_a_scheme_says_rightly_whether_frames_exclude_one_another(head: str, problem: str) -> None:
    with pytest.raises(FramelensError, match=problem):
        scheme("Aid", head=head)


def test_frames_side_by_side_are_learned_with_letters_and_thresholds(tmp_path: Path) -> None:
    names = ("Aid", "War")
    trained = train(rows(*names, none=True), scheme(*names, head=""))
    assert trained.figures.macro_f1.value > 0.9
    texts = [row.text for row in rows(*names, none=True)]
    project = opened(trained, tmp_path)
    found = [next(iter(project.classify([Passage("1", text)]))).frames.labels for text in texts]
    given = load_sklearn(tmp_path, trust=True).predict(texts)
    assert [tuple(np.array(names)[row == 1]) for row in given] == found
    assert () in found


def test_the_same_sentences_give_the_same_bytes(exclusive: Trained) -> None:
    assert train(rows(*TEXTS), scheme(*TEXTS)).model.to_bytes() == exclusive.model.to_bytes()


def test_baselines_stand_beside_a_model_of_an_own_codebook(exclusive: Trained) -> None:
    found = compare(exclusive, rows(*TEXTS), scheme(*TEXTS))
    assert list(found.systems) == ["new model", *BASELINES]
    assert found.systems["new model"].macro_f1.value == exclusive.figures.macro_f1.value
    assert all(figures.macro_f1.value > 0.5 for figures in found.systems.values())


def test_intervals_are_by_documents_where_sentences_have_them(tmp_path: Path) -> None:
    told = [replace(row, document=f"d{at % 12}") for at, row in enumerate(rows(*TEXTS))]
    trained = train(told, scheme(*TEXTS))
    compared = compare(trained, told, scheme(*TEXTS))
    guess = decide(trained.probabilities, trained.model.hybrid.thresholds, scheme(*TEXTS).scheme)
    gold = matrix([row.labels for row in told], tuple(TEXTS))
    expected = figures(tuple(TEXTS), gold, guess, groups=[row.document or "" for row in told])
    assert trained.figures == compared.systems["new model"] == expected
    trained = replace(trained, comparison=compared)
    save(trained, tmp_path)
    print_training(trained, out := StringIO())
    for said in (out.getvalue(), (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")):
        assert "bootstrap over documents" in said
        assert "bootstrap over sentences" not in said


def test_an_evaluation_has_baselines_of_what_the_model_learned_from(
    exclusive: Trained, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(exclusive, tmp_path / "model")
    for name, some in {"all": rows(*TEXTS), "test": rows(*TEXTS)[:2]}.items():
        lines = (json.dumps({"text": row.text, "labels": list(row.labels)}) for row in some)
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with (tmp_path / "test.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"text": "Some clerks drilled the wells for oil.", "labels": ["War"]}')
    tested = ["evaluate", str(tmp_path / "test.jsonl"), "--model", str(tmp_path / "model")]
    learned = [*tested, "--leave-out-overlap", "--trained-on"]
    assert run([*learned, str(tmp_path / "all.jsonl")]) == Exit.OK
    said = capsys.readouterr().out
    assert "2 sentences left out that the model was trained on and 0 near-duplicates" in said
    assert all(name in said for name in BASELINES)
    assert run([*learned, str(tmp_path / "test.jsonl")]) == Exit.BAD_INPUT
    assert "the model was trained on other sentences" in capsys.readouterr().err
    assert run([*tested, "--leave-out-overlap"]) == Exit.OK
    assert "Near-duplicates were not sought" in capsys.readouterr().out


def test_an_evaluation_says_accuracy_and_confusion_where_frames_exclude_one_another(
    exclusive: Trained, tmp_path: Path
) -> None:
    save(exclusive, tmp_path)
    texts = {"The clerks shelled the town.": "War", "The clerks sent blankets.": "War"}
    tested = [LabelledSentence(text, text, (name,)) for text, name in texts.items()]
    found = evaluate(tested, model=tmp_path, modes=("hybrid",))
    assert "keyword list" not in found.systems  # no keywords, no list
    assert found.systems["framelens"].exact.value == 0.5
    assert found.confusion is not None
    war, aid = found.confusion.frames.index("War"), found.confusion.frames.index("Aid")
    assert (found.confusion.counts[war][war], found.confusion.counts[war][aid]) == (1, 1)
    out = StringIO()
    print_evaluation(found, out)
    assert "accuracy" in out.getvalue()
    assert "labelled, found as" in out.getvalue()


def test_accounts_of_mistakes_add_up_where_frames_exclude_one_another(
    exclusive: Trained, tmp_path: Path
) -> None:
    save(exclusive, tmp_path)
    wrong = [LabelledSentence("x", "The clerks sent blankets.", ("War",))]
    (mistake,) = assess(wrong, model=tmp_path, modes=("hybrid",)).mistakes
    for account in accounts(mistake):
        odds = np.log(account.probability / (1 - account.probability))
        assert account.score == pytest.approx(odds, abs=1e-9)


def test_no_thresholds_and_no_sentences_without_a_frame_are_shown(
    exclusive: Trained, tmp_path: Path
) -> None:
    project, out = opened(exclusive, tmp_path), StringIO()
    rows = list(project.classify([Passage("one", "The clerks sent blankets.")]))
    print_sentences(rows, project.scheme, out, explain=True)
    assert "threshold" not in out.getvalue()
    assert "(next " in out.getvalue()
    print_summary(summarize(rows, project.frames), project.scheme, out)
    assert "none" not in out.getvalue()


@pytest.mark.parametrize(("mark", "knows"), [("weak = true", True), ("proposed = true", False)])
def test_a_model_knows_nothing_of_a_rule_as_long_as_it_is_proposed(mark: str, knows: bool) -> None:
    rule = f"""frame = "War"\n[[rule]]\nid = "War.town"\nnote = "?"\n{mark}\nphrases = ["town"]
matches = ["A town.", "The town."]\nskips = ["A tank.", "The tank."]"""
    rules = parse_rules({**scheme(*TEXTS).sources, "war.toml": rule})
    assert rules.rules[0].weak
    trained, without = train(rows(*TEXTS), rules), train(rows(*TEXTS), scheme(*TEXTS))
    assert bool(trained.model.hybrid.rule_weights.any()) == knows
    same = np.array_equal(trained.probabilities, without.probabilities)
    assert same != knows


def test_few_sentences_are_learned_from_without_a_search(exclusive: Trained) -> None:
    assert exclusive.model.meta["chosen"] == {"letters": True, "balanced": True}
    assert set(exclusive.model.meta["strengths"].values()) == {1.0}
