"""framelens for those who work in scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from framelens import FrameEstimator
from framelens.core.errors import FramelensError
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from tests.training.test_own import TEXTS, rows

TRAINING = rows(*TEXTS)
WORDS = [row.text for row in TRAINING]


def test_names_in_names_out() -> None:
    labels = [row.labels[0] for row in TRAINING]
    made = FrameEstimator().fit(WORDS, labels)
    assert made.classes_.tolist() == sorted(TEXTS)
    assert made.predict(["The monks fired rockets."]).tolist() == ["War"]
    assert np.allclose(made.predict_proba(WORDS).sum(axis=1), 1)
    assert made.score(WORDS, labels) > 0.9
    assert clone(made).get_params() == {"rules": None, "seed": 0}


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
        (["a"], "A", "y is 'A'; expected a list of labels"),
        (None, ["Aid"], "X is None; expected a list of texts"),
        ([], [], "no texts given"),
        (["a"], None, "y is None; expected a list of labels"),
        (["a"], [1], "the label 1: expected a name"),
        (["a"], [""], "the label '': expected a name"),
        (["a"], [[]], "no labels given"),
        (["a", "b"], ["Aid", "Aid"], "all labels are 'Aid'; expected two"),
    ],
)
def test_other_input_is_refused(texts: object, labels: list[str], problem: str) -> None:
    with pytest.raises(FramelensError, match=problem):
        FrameEstimator().fit(texts, labels)  # type: ignore[arg-type]
