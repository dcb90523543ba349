"""What ten lines of scikit-learn would do with the same labelled sentences: TF-IDF of words and
logistic regression, as they are by default and with rare frames weighed as heavily as others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.files import data_path, rules_folder
from framelens.core.types import Bools, Ints
from framelens.evaluation.baselines import Asked, Rivals, matrix
from framelens.evaluation.unseen import read_training
from framelens.project.label_forms import LabelForm
from framelens.project.labelled import LabelledSentence, Note
from framelens.rules.rule_files import read_rules

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
        classes = _classes(gold)
        if multinomial:
            guess = regression.fit(seen, classes).predict(new)
            found[name] = np.equal.outer(guess, np.arange(gold.shape[1]))
            continue
        chances = _one_by_one(regression, seen, gold, new)
        if not exclusive:
            found[name] = chances >= 0.5
            continue
        best = np.where(
            (chances < 0.5).all(axis=1) & _may_be_none(gold), -1, chances.argmax(axis=1)
        )
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
) -> Asked:
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
    known: Asked = {"trained_on": sentences}
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


def _classes(gold: Bools) -> np.ndarray:
    """The number of each sentence's frame, −1 where it has none."""
    return np.where(gold.any(axis=1), gold.argmax(axis=1), -1)


def _may_be_none(gold: Bools) -> bool:
    return not bool(gold.any(axis=1).all())


def _one_by_one(
    regression: LogisticRegression, seen: object, gold: Bools, new: object
) -> np.ndarray:
    chances = []
    for column in gold.T:
        if column.all() or not column.any():
            chances.append(np.full(new.shape[0], float(column.all())))  # type: ignore[attr-defined]
        else:
            chances.append(regression.fit(seen, column).predict_proba(new)[:, 1])
    return np.array(chances).T
