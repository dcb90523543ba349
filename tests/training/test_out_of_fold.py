"""Models that have not seen a fold of the labelled sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.project.items import Item, write_items
from framelens.project.labelled import fingerprint
from framelens.project.project import Project
from framelens.rules.rule_files import RuleSet
from framelens.training.out_of_fold import FOLDS, fold_of, folds_without, read_sample
from framelens.training.saving import save
from framelens.training.train import train

from tests.training.test_train import corpus

ITEMS = [
    Item(id=f"s{at}", text=row.text, document=f"doc{at // 2}", labels=row.labels, probability=0.1)
    for at, row in enumerate(corpus()[:24])
]


@pytest.fixture(scope="module")
def project(small_rules: RuleSet, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("model")
    save(train(corpus(), small_rules), folder)
    return Project.open(Settings(model=str(folder)))


def test_no_model_has_seen_what_it_is_to_predict(project: Project) -> None:
    folds = folds_without(ITEMS, corpus(), project, folds=2)
    assert len(folds.classifiers) == 2
    for item in ITEMS:
        seen = [one.model.meta["trained_on"] for one in folds.classifiers if one.model]
        own = folds.of[item.id]
        assert fingerprint(item.text) not in seen[own]
        assert fingerprint(item.text) in seen[1 - own]


def test_documents_stay_together_unless_there_are_too_few() -> None:
    of = fold_of(ITEMS, FOLDS)
    assert {of[item.id] for item in ITEMS} == set(range(FOLDS))
    assert all(of[f"s{at}"] == of[f"s{at + 1}"] for at in range(0, 24, 2))
    few = fold_of(ITEMS[:8], FOLDS)
    assert sorted(few.values()) == [0, 0, 1, 1, 2, 2, 3, 4]


def test_other_files_than_the_model_was_trained_on_are_refused(project: Project) -> None:
    with pytest.raises(FramelensError, match="--trained-on: the model was trained on other"):
        folds_without(ITEMS, corpus()[1:], project)


def test_without_files_a_sample_that_was_trained_on_is_refused(
    project: Project, tmp_path: Path
) -> None:
    write_items(ITEMS, tmp_path / "gold.csv")
    with pytest.raises(FramelensError, match="trained on 24 of the labelled sentences"):
        read_sample([tmp_path / "gold.csv"], project)
