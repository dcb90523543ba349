"""The search for the setting of a model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from framelens.rules.rule_files import RuleSet
from framelens.training import search as searching
from framelens.training.search import FOR_FEW, TOO_FEW, Task, search
from scipy.sparse import csr_matrix

SENTENCES = TOO_FEW + 100


def task(rules: RuleSet, *, spelled: bool) -> Task:
    """Sentences whose frames show in their words, or, if `spelled`, in their letters alone."""
    chance = np.random.default_rng(1)
    gold = chance.random((SENTENCES, 2)) < 0.4
    telling, noise = csr_matrix(gold.astype(float)), csr_matrix(chance.random((SENTENCES, 2)))
    return Task(
        scheme=rules.scheme,
        words=noise if spelled else telling,
        letters=telling if spelled else noise,
        rules=csr_matrix((SENTENCES, 1)),
        gold=gold,
        folds=np.arange(SENTENCES) % 5,
        weights=np.ones(SENTENCES),
    )


@pytest.mark.parametrize("most", [searching.MAX_SEARCHED, TOO_FEW + 10])
@pytest.mark.parametrize("spelled", [True, False])
def test_letters_count_where_they_tell_more_than_words(
    small_rules: RuleSet, monkeypatch: pytest.MonkeyPatch, spelled: bool, most: int
) -> None:
    monkeypatch.setattr(searching, "MAX_SEARCHED", most)
    done: list[float] = []
    assert search(task(small_rules, spelled=spelled), 0, done.append).letters is spelled
    assert done == pytest.approx([1 / 3, 2 / 3, 1])


def test_few_sentences_are_not_searched(small_rules: RuleSet) -> None:
    few = task(small_rules, spelled=True).subset(np.arange(TOO_FEW))
    assert search(few, 0) == FOR_FEW
    wordy = replace(few, letters=csr_matrix(few.letters.shape))
    assert search(wordy, 0) == replace(FOR_FEW, letters=False)
