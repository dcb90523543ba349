"""A new model beside the shipped one or, where it is of another codebook, beside simpler learners: on
the same sentences of the same folds, and on sentences held out of training.

The simpler learners are what ten lines of scikit-learn would do with the same labelled sentences:
TF-IDF of words and logistic regression, as they are by default and with rare frames weighed as
heavily as others.
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
from framelens.project.label_forms import LabelForm
from framelens.project.labelled import LabelledSentence, Note, fingerprint
from framelens.project.project import Project
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.statistics.metrics import Figures, figures, macro_f1
from framelens.training.fitting import FOLDS, one_by_one
from framelens.training.train import Trained


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures by system on the sentences that the shipped model has not seen in training.

    `systems` is empty where the shipped model knows them all (`seen`); `by_fold` holds macro F1 a
    fold. Where the codebook is `own`, the systems are the new model and the baselines, on all
    sentences, or on one fold of very many.
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
        return Comparison(len(sentences), seen, {}, {})
    rows = [row for row, kept in zip(sentences, fresh, strict=True) if kept]
    gold = matrix([row.labels for row in rows], rules.scheme.names)
    modes: dict[str, Mode] = {"shipped model": "hybrid", "shipped rules alone": "rules"}
    predicted = {"new model": trained.probabilities[fresh] >= trained.model.hybrid.thresholds}
    for name, mode in modes.items():
        found = classify_all(rows, Project.open(Settings(mode=mode)).classifier)
        predicted[name] = matrix([row.labels for row in found], rules.scheme.names)
    systems, by_fold = _figures(rules, gold, predicted, np.array(trained.folds)[fresh])
    return Comparison(len(sentences), seen, systems, by_fold)


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
    return Comparison(len(sentences), 0, systems, by_fold, own=True)


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


Sentences = Sequence[LabelledSentence]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures on sentences that a model was not trained on, and on which (`what`, in words)."""

    what: str
    evaluation: Evaluation


def unseen(tested: Sentences, learned: Sentences) -> tuple[list[LabelledSentence], Overlap]:
    """Of sentences to test on, those that are neither among those learned from nor near-duplicates
    of such; raise FramelensError where there are none."""
    kept, overlap = not_seen(tested, {fingerprint(row.text) for row in learned}, learned)
    if not kept:
        raise FramelensError(
            f"all of the {len(tested)} sentences to test on, or near-duplicates of them, are among those "
            "to train on; expected some that are not"
        )
    return kept, overlap


def try_out(
    model: Model,
    rules: RuleSet,
    *,
    learned: Sentences,
    tested: Sentences,
    overlap: Overlap,
    seed: int,
) -> Evaluation:
    """The figures of a model, of its parts and of baselines that learned from the same sentences, on
    sentences that it has not seen."""
    modes: list[Mode] = ["hybrid"]
    if any(not rule.weak for rule in rules.rules):  # weak rules alone give no frame
        modes.append("rules")
    if rules.rules:
        modes.append("model")
    tokenizer = english_tokenizer()
    classifiers = {
        mode: FrameClassifier(rules, model, vocab=tokenizer.vocab, tokenizer=tokenizer, mode=mode)
        for mode in modes
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
"""Whether each is multinomial, for frames that exclude one another alone, and balanced."""


def baselines(
    training: Sequence[str], gold: Bools, tested: Sequence[str], *, exclusive: bool
) -> dict[str, Bools]:
    """The labels that each baseline gives to the tested texts, sentences × frames.

    `gold` are the labels of the training texts, sentences × frames. Raise ValueError where these
    texts hold no word.
    """
    vectorizer = TfidfVectorizer()
    seen, new = vectorizer.fit_transform(training), vectorizer.transform(tested)
    found = {}
    for name, (multinomial, balanced) in BASELINES.items():
        if multinomial and not exclusive:
            continue
        regression = LogisticRegression(class_weight="balanced" if balanced else None, max_iter=300)
        labelled = gold.any(axis=1)
        if multinomial:
            best = regression.fit(seen, np.where(labelled, gold.argmax(axis=1), -1)).predict(new)
        else:
            chances = probability(one_by_one(regression, seen, gold).scores(new))
            if not exclusive:
                found[name] = chances >= 0.5
                continue
            none = (chances < 0.5).all(axis=1) & (not labelled.all())
            best = np.where(none, -1, chances.argmax(axis=1))
        found[name] = np.equal.outer(best, np.arange(gold.shape[1]))
    return found


def is_own(scheme: Scheme) -> bool:
    """Whether a scheme has other frames than the shipped one: for its own codebook the shipped model
    is what others are compared with."""
    return scheme.names != read_rules(rules_folder(None, None)).scheme.names


def rivals(sentences: Sequence[LabelledSentence], scheme: Scheme) -> Rivals:
    """The baselines, ready to learn from labelled sentences and to label texts."""
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
    """What is known of the training of a model by the files that it was trained on: its sentences,
    and for a codebook of one's own the baselines that learn from them.

    Where the shipped model is to be held to what is not `near` its own sentences, no file need be
    given. Raise FramelensError where the model was trained on others; unless the files were `told`
    by whoever asks: `note` is then told, and nothing is known.
    """
    if near and not paths and not model:
        paths, form = [data_path("corpus/training.jsonl")], None
    if not paths:
        return {}
    try:
        sentences, found = read_training(paths, model, rules, form)
    except FramelensError as error:
        if told:
            raise
        note(f"what the model was trained on is not known: {error}")
        return {}
    known: TrialOptions = {"trained_on": sentences}
    return {**known, "rivals": rivals(sentences, found.scheme)} if is_own(found.scheme) else known


def out_of_fold(
    texts: Sequence[str], gold: Bools, folds: Ints, tested: Iterable[int], *, exclusive: bool
) -> dict[str, Bools]:
    """The labels that each baseline gives to each text of the tested folds, learned from all others
    than its own; of other folds none."""
    found: dict[str, Bools] = {}
    for fold in tested:
        held = folds == fold
        if not held.any():
            continue
        seen = [text for text, out in zip(texts, held, strict=True) if not out]
        new = [text for text, out in zip(texts, held, strict=True) if out]
        for name, labels in baselines(seen, gold[~held], new, exclusive=exclusive).items():
            found.setdefault(name, np.zeros(gold.shape, dtype=bool))[held] = labels
    return found
