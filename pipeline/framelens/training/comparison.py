"""A new model beside the shipped one or, where it is of another codebook, beside simpler learners,
on the same sentences of the same folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.exclusive import decide
from framelens.classification.model import Model
from framelens.core.files import data_path
from framelens.core.settings import Mode, Settings
from framelens.core.types import Bools, Ints
from framelens.evaluation.baselines import classify_all, matrix, trained_on
from framelens.project.labelled import LabelledSentence, fingerprint
from framelens.project.project import Project
from framelens.rules.rule_files import RuleSet
from framelens.statistics.metrics import Figures, figures, macro_f1
from framelens.training.baselines import is_own, out_of_fold
from framelens.training.fitting import FOLDS
from framelens.training.train import Trained


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by system on the sentences that the shipped model has not seen in training.

    `cross_validated` are the new model's on all sentences. `systems` is empty where the shipped
    model knows them all (`seen`); `by_fold` holds macro F1 a fold. Where the codebook is `own`, the
    systems are the new model and the baselines, on all sentences, or on one fold of very many.
    """

    cross_validated: Figures
    sentences: int
    seen: int
    systems: Mapping[str, Figures]
    by_fold: Mapping[str, tuple[float, ...]]
    own: bool = False

    @property
    def what(self) -> str:
        """What systems of an own codebook were compared on, in words."""
        if len(next(iter(self.by_fold.values()), ())) == 1:
            return f"on one of {FOLDS} folds, having learned from the others"
        return "cross-validated: each sentence predicted by what has not seen it"


MOST_COMPARED = 20_000
"""Labelled sentences up to which baselines are cross-validated; of more, one fold is predicted."""


def compare(trained: Trained, sentences: Sequence[LabelledSentence], rules: RuleSet) -> Comparison:
    """Compare a new model, cross-validated, with the shipped one and with the rules alone; one of
    another codebook with what is learned from the same sentences in other ways."""
    if is_own(rules.scheme):
        return _beside_baselines(trained, sentences, rules)
    known = trained_on(Model.load(data_path("models/default")))
    fresh = np.array([fingerprint(row.text) not in known for row in sentences])
    seen = int((~fresh).sum())
    if seen == len(sentences):
        return Comparison(trained.figures, len(sentences), seen, {}, {})
    rows = [row for row, kept in zip(sentences, fresh, strict=True) if kept]
    gold = matrix([row.labels for row in rows], rules.scheme.names)
    modes: dict[str, Mode] = {"shipped model": "hybrid", "shipped rules alone": "rules"}
    predicted = {"new model": trained.probabilities[fresh] >= trained.model.hybrid.thresholds} | {
        name: matrix(
            [
                found.labels
                for found in classify_all(rows, Project.open(Settings(mode=mode)).classifier)
            ],
            rules.scheme.names,
        )
        for name, mode in modes.items()
    }
    systems, by_fold = _figures(rules, gold, predicted, np.array(trained.folds)[fresh])
    return Comparison(trained.figures, len(sentences), seen, systems, by_fold)


def _beside_baselines(
    trained: Trained, sentences: Sequence[LabelledSentence], rules: RuleSet
) -> Comparison:
    scheme, folds = rules.scheme, np.array(trained.folds)
    gold = matrix([row.labels for row in sentences], scheme.names)
    texts = [row.text for row in sentences]
    tested = range(FOLDS) if len(texts) <= MOST_COMPARED else (0,)
    predicted = {
        "new model": decide(trained.probabilities, trained.model.hybrid.thresholds, scheme),
        **out_of_fold(texts, gold, folds, tested, exclusive=scheme.exclusive),
    }
    kept = np.isin(folds, tested)
    predicted = {name: labels[kept] for name, labels in predicted.items()}
    systems, by_fold = _figures(rules, gold[kept], predicted, folds[kept])
    return Comparison(trained.figures, len(sentences), 0, systems, by_fold, own=True)


def _figures(
    rules: RuleSet, gold: Bools, predicted: Mapping[str, Bools], folds: Ints
) -> tuple[dict[str, Figures], dict[str, tuple[float, ...]]]:
    """Figures by system, and macro F1 a fold."""
    systems = {
        name: figures(rules.scheme.names, gold, labels) for name, labels in predicted.items()
    }
    by_fold = {
        name: tuple(
            macro_f1(gold[folds == fold], labels[folds == fold])
            for fold in range(FOLDS)
            if (folds == fold).any()
        )
        for name, labels in predicted.items()
    }
    return systems, by_fold
