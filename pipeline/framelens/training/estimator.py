"""framelens as a scikit-learn classifier: texts and labels in, labels out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from framelens.core.checks import place, several, shown
from framelens.core.codebook import composed
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.rule_files import RuleSet, parse_rules, read_rules
from framelens.training.features import texts_in
from framelens.training.train import train


class FrameEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier of sentences that learns as `framelens train` does.

    `rules` is a rules folder, whose scheme then names the labels; without it a codebook without
    rules is made of the labels found. `seed` is that of folds. After `fit`, `labels_` are the names
    of the labels and `trained_` the model, which can be saved (`trained_.save(folder)`). `classes_` are what
    scikit-learn asks for: the names, or numbers, where labels exclude one another, else 0 and 1 for each.
    """

    def __init__(self, rules: Path | str | None = None, *, seed: int = 0) -> None:
        self.rules, self.seed = rules, seed

    def fit(self, X: Iterable[str], y: Any) -> FrameEstimator:  # noqa: N803
        """Learn from texts and their labels: a name or a whole number each where labels exclude one
        another, else a list of names each, or a matrix as `predict` gives it, with a column for each
        frame of the rules, in their order. Without rules, labels are called as the columns of a
        DataFrame, else "0", "1" and so on. Raise FramelensError as `framelens train` does."""
        texts = texts_in(X)
        rules = None if self.rules is None else read_rules(place("rules", self.rules))
        given, columns, numbers = _read(y, rules.scheme.names if rules else None)
        labels = _names_of(given, len(texts))
        if rules is None:
            exclusive = all(isinstance(label, str) for label in given)
            rules = _scheme(labels, columns, exclusive=exclusive)
        for names in labels:
            if unknown := set(names).difference(rules.scheme.names):
                raise FramelensError(f"the rules know no frame {min(unknown)!r}")
        sentences = [
            LabelledSentence(str(at), text, names)
            for at, (text, names) in enumerate(zip(texts, labels, strict=True))
        ]
        self.trained_ = train(sentences, rules, seed=self.seed)
        self.labels_ = np.array(rules.scheme.names, dtype=object)
        self.classes_ = self.trained_.estimator.classes_
        if numbers is not None and self.classes_.ndim == 1:
            # In the order of the rules, as `labels_`.
            self.classes_ = numbers[[columns.index(name) for name in self.labels_]]
        return self

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803
        """The name, or number, of each text's label where labels exclude one another; else texts ×
        `labels_`, 1 for each label given."""
        check_is_fitted(self)
        labels: NDArray[Any] = self.trained_.estimator.predict(X)
        if labels.ndim == 1 and self.classes_.dtype != object:
            numbers = dict(zip(self.labels_, self.classes_, strict=True))
            labels = np.array([numbers.get(name) for name in labels])  # rules may allow for none
        return labels

    def predict_proba(self, X: Iterable[str]) -> Floats:  # noqa: N803
        """Probabilities, texts × `labels_`."""
        check_is_fitted(self)
        chances: Floats = self.trained_.estimator.predict_proba(X)
        return chances

    def score(self, X: Iterable[str], y: Any, sample_weight: Any = None) -> float:  # noqa: N803
        """The share of texts given exactly their labels."""
        check_is_fitted(self)
        texts = texts_in(X)
        names = _names_of(_read(y, self.labels_.tolist())[0], len(texts))
        gold: Bools = np.array([[name in given for name in self.labels_] for given in names])
        guess = self.predict(texts)
        if guess.ndim == 1:
            guess = np.equal.outer(guess, self.classes_)
        right = (gold == guess).all(axis=1)
        weights = None if sample_weight is None else _weights(sample_weight, len(right))
        return float(np.average(right, weights=weights))

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.classifier_tags.multi_label = True
        return tags


def _weights(given: Any, texts: int) -> Floats:
    """`sample_weight` as an array; raise FramelensError unless it has a weight for each text."""
    try:
        weights = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        weights = np.empty(0)
    if weights.shape != (texts,) or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
        expected = f"{texts} weights, one for each text, none below 0 and not all 0"
        raise FramelensError(f"sample_weight is {shown(given)}; expected {expected}")
    return weights


def _read(
    y: Any, columns: Sequence[str] | None
) -> tuple[list[Any], Sequence[str], NDArray[Any] | None]:
    """The labels in `y`, the names of its columns where it is a matrix of 1 and 0, and the numbers, in
    their order, where it is a list of such. The names are those in `columns`, by default those of a
    DataFrame, or their numbers."""
    cells = y.to_numpy() if hasattr(y, "columns") and hasattr(y, "to_numpy") else None
    if cells is not None and cells.dtype.kind in "biuf":
        own = [str(name) for name in y.columns]
        if columns is not None and own != list(columns):
            expected = f"{', '.join(columns)}, in this order"
            raise FramelensError(f"y has the columns {', '.join(own)}; expected {expected}")
        y, columns = cells, own
    rows = list(several("y", y.toarray() if issparse(y) else y, "a list of labels"))
    try:
        matrix = np.asarray(rows)
    except ValueError:  # lists of names, some longer than others
        return rows, (), None
    if matrix.ndim == 1 and matrix.dtype.kind in "biu":
        numbers = np.unique(matrix)
        return [str(int(one)) for one in matrix], [str(int(one)) for one in numbers], numbers
    if matrix.ndim != 2 or matrix.dtype.kind not in "biuf" or not matrix.size:
        return rows, (), None
    width = matrix.shape[1]
    names = [str(at) for at in range(width)] if columns is None else list(columns)
    if width != len(names) or not np.isin(matrix, (0, 1)).all():
        expected = f"1 or 0 for each of {', '.join(names)}"
        raise FramelensError(f"y is a matrix with {width} columns; expected {expected}")
    labels = [[name for name, has in zip(names, row, strict=True) if has] for row in matrix]
    return labels, names, None


def _names_of(labels: Sequence[Any], texts: int) -> list[tuple[str, ...]]:
    """The labels of each text as names; raise FramelensError unless there is one for each text."""
    if texts != len(labels):
        raise FramelensError(f"{texts} texts and {len(labels)} labels; expected as many")
    return [_names(label) for label in labels]


def _names(label: Any) -> tuple[str, ...]:
    several = isinstance(label, Iterable) and not isinstance(label, (str, bytes))
    names = tuple(label) if several else (label,)
    if not all(isinstance(name, str) and name for name in names):
        raise FramelensError(
            f"the label {shown(label)}: expected a name or a whole number, or a list of names"
        )
    if any(composed(name) != name for name in names):  # predictions would be other names than these
        expected = "characters composed, as by unicodedata.normalize('NFC', label)"
        raise FramelensError(f"the label {shown(label)}: expected {expected}")
    return tuple(map(str, names))


def _scheme(labels: Sequence[Sequence[str]], columns: Sequence[str], *, exclusive: bool) -> RuleSet:
    """A codebook without rules, of the labels in `columns` or else of those found, by the alphabet."""
    lines = ['title = "Labels"', f"exclusive = {str(exclusive).lower()}"]
    names = columns or sorted({name for row in labels for name in row})
    if not names:
        raise FramelensError("no labels given; expected a name for each text, or a list of names")
    if exclusive and len(names) == 1:
        raise FramelensError(f"all labels are {names[0]!r}; expected two of them at least")
    for number, name in enumerate(names):
        quoted = json.dumps(name, ensure_ascii=False)
        lines.append(f"[[frame]]\nname = {quoted}\ntest = {quoted}")
        lines.append(f'letter = "{number + 1}"\ncolour = "#{(number * 0x3A5F17) % 0xFFFFFF:06x}"')
    return parse_rules({"scheme.toml": "\n".join(lines)})
