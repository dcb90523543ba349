"""framelens for those who work in scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from framelens import FrameEstimator
from framelens.core.errors import FramelensError
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.metrics import average_precision_score, get_scorer, roc_auc_score
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
)
from sklearn.multioutput import MultiOutputClassifier
from sklearn.utils.estimator_checks import check_estimator

from tests.training.test_own import TEXTS, rows
from tests.training.test_train import corpus

TRAINING = rows(*TEXTS)
WORDS = [row.text for row in TRAINING]


def test_names_in_names_out() -> None:
    labels = [row.labels[0] for row in TRAINING]
    made = FrameEstimator().fit(WORDS, labels)
    assert made.labels_.tolist() == made.classes_.tolist() == sorted(TEXTS)
    assert made.predict(["The monks fired rockets."]).tolist() == ["War"]
    assert np.allclose(made.predict_proba(WORDS).sum(axis=1), 1)
    assert made.score(WORDS, labels) > 0.9
    assert clone(made).get_params() == {"rules": None, "seed": 0}


@pytest.mark.parametrize("values", [(10, -1, 9), (True, False, False)])
def test_numbers_in_numbers_out(values: tuple[int, ...]) -> None:
    numbers = dict(zip(TEXTS, values, strict=True))
    labels = np.array([numbers[row.labels[0]] for row in TRAINING])
    made = FrameEstimator().fit(WORDS, labels)
    assert made.classes_.tolist() == sorted(set(values))
    assert made.labels_.tolist() == [str(int(value)) for value in made.classes_]
    found = made.predict(WORDS)
    assert found.dtype == labels.dtype
    assert made.score(WORDS, labels.tolist()) == (found == labels).mean() > 0.9


@pytest.mark.parametrize(
    "kind", ["exclusive = true", "exclusive = true\nnone = true", "exclusive = false"]
)
def test_numbers_are_the_names_of_rules_in_their_order(tmp_path: Path, kind: str) -> None:
    exclusive = "exclusive = true" in kind
    numbers = dict(zip(TEXTS, (10, 9, 1), strict=True))
    frames = [
        f'[[frame]]\nname = "{number}"\ntest = "t"\nletter = "{at}"\ncolour = "#00000{at}"'
        for at, number in enumerate(numbers.values())
    ]
    (tmp_path / "scheme.toml").write_text("\n".join(['title = "Numbers"', kind, *frames]))
    labels = np.array([numbers[row.labels[0]] for row in TRAINING])
    made = FrameEstimator(tmp_path).fit(WORDS, labels)
    assert made.labels_.tolist() == ["10", "9", "1"]
    assert made.classes_.tolist() == ([10, 9, 1] if exclusive else [[0, 1]] * 3)
    found = made.predict(WORDS)
    right = found == (labels if exclusive else np.equal.outer(labels, list(numbers.values())))
    assert right.mean() > 0.9
    assert made.score(WORDS, labels) > 0.8
    if "none" in kind:
        made.trained_.estimator[-1].thresholds = np.ones(3)
        assert made.predict(WORDS).tolist() == [None] * len(WORDS)


def test_what_hands_numbers_on_takes_it() -> None:
    labels = np.array([row.labels[0] for row in TRAINING])
    cut = StratifiedKFold(2, shuffle=True, random_state=0)
    chances = cross_val_predict(FrameEstimator(), WORDS, labels, cv=cut, method="predict_proba")
    assert (np.unique(labels)[chances.argmax(axis=1)] == labels).mean() > 0.9
    matrix = np.equal.outer(labels, sorted(TEXTS)).astype(int)
    found = MultiOutputClassifier(FrameEstimator()).fit(WORDS, matrix).predict(WORDS)
    assert (found == matrix).mean() > 0.9
    sparse = FrameEstimator().fit(WORDS, csr_matrix(matrix))
    assert (
        sparse.predict(WORDS).tolist()
        == FrameEstimator().fit(WORDS, matrix).predict(WORDS).tolist()
    )


def test_any_name_may_be_a_label() -> None:
    names = {"War": "😀", "Aid": 'é "q"'}
    labels = np.array([names.get(row.labels[0], row.labels[0]) for row in TRAINING])
    words: Any = np.array(WORDS)
    made = FrameEstimator().fit(words, labels)
    assert made.predict(words).tolist() == labels.tolist()
    for weight in ([1], 0, -1, np.nan, np.inf, "a", None):
        weights = weight if weight == [1] else [weight] * len(WORDS)
        with pytest.raises(FramelensError, match=r"sample_weight is .*; expected \d+ weights, one"):
            made.score(WORDS, labels, sample_weight=weights)
    assert made.score(WORDS, labels, sample_weight=pd.Series([2.0] * len(WORDS))) > 0.9
    with pytest.raises(FramelensError, match="rules is 3; expected a path"):
        FrameEstimator(rules=3).fit(WORDS, labels)  # type: ignore[arg-type]


def test_lists_of_names_are_labels_side_by_side() -> None:
    labels = [row.labels if row.labels != ("Aid",) else () for row in TRAINING]
    made = FrameEstimator(seed=1).fit(WORDS, labels)
    assert made.predict(["The monks fired rockets.", "Tents."]).shape == (2, 2)
    assert made.score(WORDS, labels) > 0.9


def test_it_learns_from_what_it_predicts_and_can_be_searched() -> None:
    labels = [row.labels if row.labels != ("Aid",) else () for row in TRAINING]
    given = FrameEstimator().fit(WORDS, labels).predict(WORDS)
    for matrix in (given, given.astype(bool), given.tolist()):
        made = FrameEstimator().fit(WORDS, matrix)
        assert made.labels_.tolist() == ["0", "1"]
        assert made.predict(WORDS).tolist() == given.tolist()
        assert made.score(WORDS, matrix) == 1
    cut = KFold(4, shuffle=True, random_state=0)
    chances = cross_val_predict(FrameEstimator(), WORDS, given, cv=cut, method="predict_proba")
    assert chances.shape == given.shape
    searched = GridSearchCV(FrameEstimator(), {"seed": [0, 1]}, scoring="f1_macro", cv=cut)
    assert searched.fit(WORDS, given).best_score_ > 0.9


@pytest.mark.parametrize("width", [1, 2, 3])
def test_scorers_take_each_label_side_by_side_for_itself(width: int) -> None:
    gold = np.array([[name in row.labels for name in TEXTS] for row in TRAINING])[:, :width]
    made = FrameEstimator().fit(WORDS, gold.astype(int))
    chances = made.predict_proba(WORDS)
    for scoring, figure in (
        ("roc_auc", roc_auc_score),
        ("roc_auc_ovr", roc_auc_score),
        ("average_precision", average_precision_score),
    ):
        by_label = [figure(gold[:, at], chances[:, at]) for at in range(width)]
        for estimator in (made, made.trained_.estimator):
            found = get_scorer(scoring)(estimator, WORDS, gold.astype(int))
            assert found == pytest.approx(np.mean(by_label)), scoring


def test_scorers_take_two_labels_that_exclude_one_another_for_two_classes() -> None:
    rows = [row for row in TRAINING if row.labels != ("Aid",)]
    words, labels = [row.text for row in rows], [row.labels[0] for row in rows]
    made = FrameEstimator().fit(words, labels)
    second = np.equal(labels, made.classes_[1])
    for estimator in (made, made.trained_.estimator):
        found = get_scorer("roc_auc")(estimator, words, labels)
        assert found == pytest.approx(roc_auc_score(second, made.predict_proba(words)[:, 1]))


def test_columns_are_the_frames_of_the_rules(rules_folder: Path) -> None:
    names = [row.labels for row in corpus()]
    gold = np.array([["look" in row, "talk" in row] for row in names])
    texts = [row.text for row in corpus()]
    made = FrameEstimator(rules=rules_folder).fit(texts, gold)
    assert made.labels_.tolist() == ["look", "talk"]
    assert made.score(texts, gold) == made.score(texts, names) > 0.9
    table = pd.DataFrame(gold, columns=["look", "talk"])
    for rules in (None, rules_folder):
        assert FrameEstimator(rules=rules).fit(texts, table).labels_.tolist() == ["look", "talk"]
    assert made.score(texts, table) == made.score(texts, gold)
    with pytest.raises(
        FramelensError, match="y has the columns talk, look; expected look, talk, in"
    ):
        made.score(texts, table[["talk", "look"]])
    for wrong in (gold[:, :1], gold * 2):
        with pytest.raises(FramelensError, match="expected 1 or 0 for each of look, talk"):
            made.score(texts, wrong)


def test_it_can_be_cross_validated_and_passes_what_scikit_learn_checks_of_text() -> None:
    labels = np.array([row.labels[0] for row in TRAINING])
    # Shuffled: else the phrases of one half are not those of the other.
    cut = StratifiedKFold(2, shuffle=True, random_state=0)
    found = cross_val_score(FrameEstimator(), WORDS, labels, cv=cut, error_score="raise")
    assert found.mean() > 0.9
    with pytest.warns(UserWarning, match="[Cc]an't test estimator"):
        check_estimator(FrameEstimator())


@pytest.mark.parametrize(
    ("texts", "labels", "problem"),
    [
        ("one text", ["Aid"], "a list of texts"),
        ([1], ["Aid"], "text 0 is int"),
        (["a", "b"], ["Aid"], "2 texts and 1 labels"),
        (
            pd.DataFrame({"text": ["a"]}),
            ["Aid"],
            "X is a table; expected a list of texts, as a col",
        ),
        ({"a": 1}, ["Aid"], "X is {'a': 1}; expected a list of texts"),
        (["a"], pd.DataFrame({"label": ["Aid"]}), "y is a table; expected a list of labels"),
        (["a"], pa.table({"Aid": [1]}), r"y is pyarrow\.Table .*; expected a list of labels"),
        (["a"], "A", "y is 'A'; expected a list of labels"),
        (None, ["Aid"], "X is None; expected a list of texts"),
        ([], [], "no texts given"),
        (["a"], None, "y is None; expected a list of labels"),
        (["a"], [1.5], "the label 1.5: expected a name or a whole"),
        (["a"], [""], "the label '': expected a name"),
        (["a"], [normalize("NFD", "Présence")], "expected characters composed, as by unicodedata"),
        (["a"], [[]], "no labels given"),
        (["a", "b"], ["Aid", "Aid"], "all labels are 'Aid'; expected two"),
    ],
)
def test_other_input_is_refused(texts: object, labels: list[str], problem: str) -> None:
    with pytest.raises(FramelensError, match=problem):
        FrameEstimator().fit(texts, labels)  # type: ignore[arg-type]
