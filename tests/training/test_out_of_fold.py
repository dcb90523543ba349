"""Models that have not seen a fold of the labelled sample."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from framelens.analysis.corrected.drawing import draw_sample
from framelens.analysis.corrected.results import Corrected
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.project.items import Item, write_items
from framelens.project.labelled.reading import read_many
from framelens.project.labelled.sentence import fingerprint
from framelens.project.project import Project
from framelens.rules.rule_files import RuleSet
from framelens.training.course import Course, follow
from framelens.training.out_of_fold import (
    FOLDS,
    correct_by,
    fold_of,
    folds_without,
    read_sample,
)
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


def test_what_is_in_the_texts_and_not_in_the_sample_has_a_model_that_has_not_seen_it(
    project: Project,
) -> None:
    homes = {row.text: f"home{at // 2}" for at, row in enumerate(corpus()) if at < 40}
    sentences = [replace(row, document=homes.get(row.text)) for row in corpus()]
    folds = folds_without(ITEMS[:10], sentences, project, folds=3)
    models = [one.model for one in folds.classifiers]
    for row in sentences:
        fold = folds.seen[fingerprint(row.text)]
        assert fold is not None  # whether its document is known or not
        own = models[fold]
        assert own is not None
        assert fingerprint(row.text) not in own.meta["trained_on"]
    beside = Passage("doc3", "Nobody has labelled this sentence beside others.")
    (found,) = project.classify([beside])
    assert folds.without(found) == folds.of["s6"]


@pytest.mark.parametrize(("looking", "documents"), [(10, 20), (24, 6)])
def test_what_is_enough_to_train_on_is_enough_without_a_fold(
    small_rules: RuleSet, tmp_path: Path, looking: int, documents: int
) -> None:
    """Though a fold leaves fewer examples of a frame than training asks for, or fewer documents."""
    looks = [row for row in corpus() if "look" in row.labels]
    others = [row for row in corpus() if "look" not in row.labels]
    sentences = [
        replace(row, document=f"home{at % documents}")
        for at, row in enumerate([*looks[:looking], *others])
    ]
    save(train(sentences, small_rules), tmp_path)
    project = Project.open(Settings(model=str(tmp_path)))
    assert len(folds_without(ITEMS[:1], sentences, project).classifiers) == FOLDS


def test_waves_may_have_labels_that_a_model_was_trained_without(
    small_rules: RuleSet, tmp_path: Path
) -> None:
    """A first wave with few of a frame is what `train --skip-rare` is for."""
    looks = [row for row in corpus() if "look" in row.labels][:5]
    learned = [*looks, *(row for row in corpus() if "look" not in row.labels)]
    save(follow(Course(skip_rare=True, compared=False), learned, small_rules), tmp_path / "model")
    project = Project.open(Settings(model=str(tmp_path / "model")))
    first, table = tmp_path / "first.csv", tmp_path / "table.csv"
    for path, probability in ((first, 1.0), (table, None)):
        items = [
            Item(
                id=f"s{at}#0",
                text=row.text,
                labels=row.labels,
                probability=probability,
                design="random",
            )
            for at, row in enumerate(learned)
        ]
        write_items(items, path)
    told: list[str] = []
    ((*wave,),), folds = read_sample([first], project, [table], note=told.append)
    assert [item.labels for item in wave[:5]] == [()] * 5
    assert "5 sentences with labels that the model was trained without (look)" in told[0]
    assert len(folds.classifiers) == FOLDS
    passages = [Passage(f"s{at}", row.text) for at, row in enumerate(learned)]
    with pytest.raises(FramelensError, match="only 0 sentences to draw from"):
        draw_sample(project.classify(passages), project, 5, avoid=[first])


def test_documents_stay_together_unless_there_are_too_few() -> None:
    of = fold_of(ITEMS, FOLDS)
    assert {of[item.id] for item in ITEMS} == set(range(FOLDS))
    assert all(of[f"s{at}"] == of[f"s{at + 1}"] for at in range(0, 24, 2))
    few = fold_of(ITEMS[:8], FOLDS)
    assert sorted(few.values()) == [0, 0, 1, 1, 2, 2, 3, 4]


def test_other_files_than_the_model_was_trained_on_are_refused(project: Project) -> None:
    with pytest.raises(FramelensError, match="trained_on=: the model was trained on other"):
        folds_without(ITEMS, corpus()[1:], project)


def test_without_files_a_sample_that_was_trained_on_is_refused(
    project: Project, tmp_path: Path
) -> None:
    write_items(ITEMS, tmp_path / "gold.csv")
    with pytest.raises(FramelensError, match="trained on 24 of the labelled sentences"):
        read_sample([tmp_path / "gold.csv"], project)


@pytest.mark.parametrize("seen", [4, 5])
def test_a_model_that_was_trained_on_other_sentences_of_the_texts_is_refused(
    project: Project, tmp_path: Path, seen: int
) -> None:
    """As where a second wave, which avoids the first, is to correct a model trained on that one: nothing
    of the sample is known to it, and it errs less on what it knows than the sample shows."""
    new = [f"Sentence {at}." for at in range(400)]
    items = [
        Item(id=f"t{at}#0", text=text, labels=("talk",) if at % 3 else (), probability=0.1)
        for at, text in enumerate(new[:40])
    ]
    write_items(items, tmp_path / "second.csv")
    texts = [*new[: 400 - seen], *(row.text for row in corpus()[:seen])]
    passages = [Passage(f"t{at}", text) for at, text in enumerate(texts)]

    def shares(*trained_on: Path) -> Corrected:
        waves, rows = [tmp_path / "second.csv"], project.classify(passages)
        return correct_by(waves, rows, project, trained_on=trained_on)

    if seen <= 4:  # one in a hundred moves no share
        assert shares().whole.labelled == 40
        return
    with pytest.raises(FramelensError, match=r"trained on 5 of the 400 sentences .*trained_on="):
        shares()
    table = [Item(id=row.id, text=row.text, labels=row.labels) for row in corpus()]
    write_items(table, tmp_path / "table.csv")  # of no documents
    assert shares(tmp_path / "table.csv").folds == FOLDS


def test_the_shipped_model_knows_no_sample(tmp_path: Path) -> None:
    """It was there before any was drawn: texts may hold some of its sentences, as how meetings begin."""
    path = Path(__file__).parents[2] / "corpus" / "training.jsonl"
    texts = [row.text for row in read_many([path], None)[:40]]
    passages = [Passage(f"t{at}", text) for at, text in enumerate(texts)]
    shipped = Project.open(Settings(unit="sentence"))
    rows = list(shipped.classify(passages))
    items = [
        Item(id=f"t{at}#0", text=text, labels=row.frames.labels, probability=1.0)
        for at, (text, row) in enumerate(zip(texts, rows, strict=True))
    ]
    write_items(items, tmp_path / "gold.csv")
    found = correct_by([tmp_path / "gold.csv"], rows, shipped)
    assert (found.whole.labelled, found.folds) == (40, 0)
