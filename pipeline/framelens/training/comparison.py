"""A new model compared, in cross-validation and on held-out sentences, with the shipped one or, for
another codebook, with baselines.

Baselines are what ten lines of scikit-learn make of the same labelled sentences: TF-IDF of words and
logistic regression, with default settings and with balanced class weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from framelens.classification.classifier import FrameClassifier
from framelens.classification.exclusive import decide
from framelens.classification.model import Model, probability
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.files import data_path, rules_folder
from framelens.core.settings import Mode, Settings
from framelens.core.types import Bools, Ints
from framelens.evaluation.evaluate import Evaluation, measure
from framelens.evaluation.groups import documents_of
from framelens.evaluation.trial import (
    Overlap,
    Rivals,
    Trial,
    TrialOptions,
    answers_of,
    classify_all,
    matrix,
    not_seen,
    trained_on,
)
from framelens.evaluation.unseen import read_training
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import Note
from framelens.project.labelled.sentence import LabelledSentence, fingerprint
from framelens.project.project import Project
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.statistics.metrics import Figures, figures, macro_f1
from framelens.training.fitting import FOLDS, fit_per_frame
from framelens.training.train import Trained


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by system on the sentences that the shipped model was not trained on.

    `seen` is how many it was trained on; if all, `systems` is empty. `by_fold` has the macro F1 on each
    fold. For an `own` codebook the systems are the new model and the baselines, on all sentences, or on
    one fold of very many.
    """

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


MAX_COMPARED = 20_000
"""Labelled sentences up to which baselines are cross-validated; of more, one fold is predicted."""


def compare(trained: Trained, sentences: Sequence[LabelledSentence], rules: RuleSet) -> Comparison:
    """Compare a cross-validated new model with the shipped one and its rules, or with baselines if `own`."""
    if is_own(rules.scheme):
        return _beside_baselines(trained, sentences, rules)
    seen_in_training = trained_on(Model.load(data_path("models/default")))
    is_new = np.array([fingerprint(row.text) not in seen_in_training for row in sentences])
    seen_count = int((~is_new).sum())
    if seen_count == len(sentences):
        return Comparison(len(sentences), seen_count, {}, {})
    rows = [row for row, kept in zip(sentences, is_new, strict=True) if kept]
    gold = matrix([row.labels for row in rows], rules.scheme.names)
    modes: dict[str, Mode] = {"shipped model": "hybrid", "shipped rules alone": "rules"}
    predicted = {"new model": trained.probabilities[is_new] >= trained.model.hybrid.thresholds}
    for name, mode in modes.items():
        results = classify_all(rows, Project.open(Settings(mode=mode)).classifier)
        predicted[name] = matrix([row.labels for row in results], rules.scheme.names)
    systems, by_fold = _figures(rules, rows, gold, predicted, np.array(trained.folds)[is_new])
    return Comparison(len(sentences), seen_count, systems, by_fold)


def _beside_baselines(
    trained: Trained, sentences: Sequence[LabelledSentence], rules: RuleSet
) -> Comparison:
    scheme, folds = rules.scheme, np.array(trained.folds)
    gold = matrix([row.labels for row in sentences], scheme.names)
    texts = [row.text for row in sentences]
    tested = range(FOLDS) if len(texts) <= MAX_COMPARED else (0,)
    predicted = {
        "new model": decide(trained.probabilities, trained.model.hybrid.thresholds, scheme),
        **out_of_fold(texts, gold, folds, tested, exclusive=scheme.exclusive),
    }
    kept = np.isin(folds, tested)
    predicted = {name: labels[kept] for name, labels in predicted.items()}
    rows = [sentences[at] for at in np.flatnonzero(kept).tolist()]
    systems, by_fold = _figures(rules, rows, gold[kept], predicted, folds[kept])
    return Comparison(len(sentences), 0, systems, by_fold, own=True)


def _figures(
    rules: RuleSet,
    rows: Sequence[LabelledSentence],
    gold: Bools,
    predicted: Mapping[str, Bools],
    folds: Ints,
) -> tuple[dict[str, Figures], dict[str, tuple[float, ...]]]:
    """Figures by system, and the macro F1 on each fold."""
    groups = documents_of(rows)
    systems = {
        name: figures(rules.scheme.names, gold, labels, groups=groups)
        for name, labels in predicted.items()
    }
    by_fold = {
        name: tuple(macro_f1(gold[folds == it], labels[folds == it]) for it in np.unique(folds))
        for name, labels in predicted.items()
    }
    return systems, by_fold


Sentences = Sequence[LabelledSentence]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures on sentences that a model was not trained on; `what` says which, in words."""

    what: str
    evaluation: Evaluation


def unseen(tested: Sentences, learned: Sentences) -> tuple[list[LabelledSentence], Overlap]:
    """The test sentences that are not `learned`, nor nearly so; raise FramelensError without any."""
    kept, overlap = not_seen(tested, {fingerprint(row.text) for row in learned}, learned)
    if not kept:
        raise FramelensError(
            f"all of the {len(tested)} sentences to test on, or near-duplicates of them, are among those "
            "to train on; expected some that are not"
        )
    return kept, overlap


def evaluate(
    model: Model,
    rules: RuleSet,
    *,
    learned: Sentences,
    tested: Sentences,
    overlap: Overlap,
    seed: int,
) -> Evaluation:
    """The figures, on test sentences, of a model, of its rules and its terms alone, and of baselines."""
    modes: list[Mode] = ["hybrid"]
    if any(not rule.weak for rule in rules.rules):  # weak rules alone give no frame
        modes.append("rules")
    if rules.rules:
        modes.append("model")
    tokenizer = english_tokenizer()
    classifiers = {
        mode: FrameClassifier(rules, model, tokenizer=tokenizer, mode=mode) for mode in modes
    }
    beside = rivals(learned, rules.scheme) if is_own(rules.scheme) else None
    answers = answers_of(tested, classifiers, rivals=beside)
    trial = Trial(tuple(tested), None, classifiers["hybrid"], answers, overlap)
    return measure(trial, seed=seed)


BASELINES: Mapping[str, tuple[bool, bool]] = {
    "TF-IDF + logistic regression": (False, False),
    "the same, balanced": (False, True),
    "TF-IDF + multinomial regression": (True, False),
    "the same, multinomial and balanced": (True, True),
}
"""Whether each is multinomial (only for frames that exclude one another), and whether balanced."""


def baselines(
    training: Sequence[str], gold: Bools, tested: Sequence[str], *, exclusive: bool
) -> dict[str, Bools]:
    """The labels that each baseline gives to the tested texts, sentences × frames.

    `gold` are the labels of the training texts, sentences × frames. Raise ValueError where these
    texts hold no word.
    """
    vectorizer = TfidfVectorizer()
    known, new = vectorizer.fit_transform(training), vectorizer.transform(tested)
    predicted = {}
    for name, (multinomial, balanced) in BASELINES.items():
        if multinomial and not exclusive:
            continue
        regression = LogisticRegression(class_weight="balanced" if balanced else None, max_iter=300)
        labelled = gold.any(axis=1)
        if multinomial:
            best = regression.fit(known, np.where(labelled, gold.argmax(axis=1), -1)).predict(new)
        else:
            chances = probability(fit_per_frame(regression, known, gold).scores(new))
            if not exclusive:
                predicted[name] = chances >= 0.5
                continue
            none = (chances < 0.5).all(axis=1) & (not labelled.all())
            best = np.where(none, -1, chances.argmax(axis=1))
        predicted[name] = np.equal.outer(best, np.arange(gold.shape[1]))
    return predicted


def is_own(scheme: Scheme) -> bool:
    """Whether a scheme has other frames than the shipped model, with which none can be compared."""
    return scheme.names != read_rules(rules_folder(None, None)).scheme.names


def rivals(sentences: Sequence[LabelledSentence], scheme: Scheme) -> Rivals:
    """A function that gives the labels of texts by baselines, trained on labelled sentences."""
    gold = matrix([row.labels for row in sentences], scheme.names)
    learned = [row.text for row in sentences]
    return lambda texts: baselines(learned, gold, texts, exclusive=scheme.exclusive)


def background(
    paths: Sequence[Path],
    model: Path | str | None,
    rules: Path | str | None,
    form: LabelForm | None = None,
    *,
    told: bool = True,
    near: bool = False,
    note: Note = lambda _: None,
) -> TrialOptions:
    """Options for an evaluation, from the files that a model was trained on: its training sentences
    and, for a codebook of one's own, baselines trained on them.

    Without files there are none, but with `near` and the shipped model they are the shipped corpus.
    Raise FramelensError where the model was trained on other sentences; if the files were not `told` by
    the user but guessed, `note` is told instead, and there are no options.
    """
    if near and not paths and not model:
        paths, form = [data_path("corpus/training.jsonl")], None
    if not paths:
        return {}
    try:
        sentences, rule_set = read_training(paths, model, rules, form)
    except FramelensError as error:
        if told:
            raise
        note(f"what the model was trained on is not known: {error}")
        return {}
    options: TrialOptions = {"trained_on": sentences}
    if is_own(rule_set.scheme):
        options["rivals"] = rivals(sentences, rule_set.scheme)
    return options


def out_of_fold(
    texts: Sequence[str], gold: Bools, folds: Ints, tested: Iterable[int], *, exclusive: bool
) -> dict[str, Bools]:
    """The cross-validated labels of each baseline, texts × frames; none outside of the tested folds."""
    predicted: dict[str, Bools] = {}
    for fold in tested:
        held_out = folds == fold
        if not held_out.any():
            continue
        known = [text for text, out in zip(texts, held_out, strict=True) if not out]
        new = [text for text, out in zip(texts, held_out, strict=True) if out]
        labelled = baselines(known, gold[~held_out], new, exclusive=exclusive)
        for name, labels in labelled.items():
            predicted.setdefault(name, np.zeros(gold.shape, dtype=bool))[held_out] = labels
    return predicted
