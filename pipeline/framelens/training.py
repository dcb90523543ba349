"""Labelled sentences → a model. With `features.py` the only code that needs scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
import spacy
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from framelens.corpus import LabelledSentence, digest, fingerprint
from framelens.errors import FramelensError
from framelens.features import RuleHits, term_vectorizer
from framelens.folds import fold_groups
from framelens.matching.rules import RuleSet
from framelens.metrics import Bools, Figures, figures
from framelens.model import Floats, Model, Weights
from framelens.version import __version__

FOLDS = 5
FEWEST = 10
"""Sentences with a frame, and without it, below which nothing can be learned or checked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen by cross-validation for the shipped model.

    `strength` is the inverse of the L2 penalty for the hybrid, `terms_strength` that for terms
    alone; `least` is the number of sentences a term must stand in.
    """

    strength: float = 0.3
    terms_strength: float = 10.0
    least: int = 2


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with its cross-validated figures and the scikit-learn estimator it was made from.

    `chances` are the cross-validated probabilities, sentences × frames.
    """

    model: Model
    estimator: Pipeline
    figures: Figures
    chances: Floats
    folds: tuple[int, ...]


def train(
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    *,
    seed: int = 0,
    settings: Settings | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Trained:
    """Train a model; the same sentences, rules, seed and versions give the same model.

    Raise FramelensError where a frame has too few examples.
    """
    settings = settings or Settings()
    frames = rules.scheme.names
    gold = label_matrix(sentences, frames)
    _check_enough(gold, frames)
    texts = [sentence.text for sentence in sentences]
    progress(f"finding rules and terms in {len(texts)} sentences")
    terms = term_vectorizer(settings.least)
    hits = RuleHits(dict(rules.sources))
    both = hstack([terms.fit_transform(texts), hits.fit_transform(texts)]).tocsr()
    alone = both[:, : len(terms.vocabulary_)]
    folds = _folds(sentences, gold, seed)
    progress(f"cross-validating in {FOLDS} folds")
    chances = _out_of_fold(both, gold, folds, settings.strength, seed)
    alone_chances = _out_of_fold(alone, gold, folds, settings.terms_strength, seed)
    thresholds = _thresholds(gold, chances)
    progress("fitting the model")
    estimator = Pipeline(
        [
            ("features", FeatureUnion([("terms", terms), ("rules", hits)])),
            ("frames", _fitted(both, gold, settings.strength, seed)),
        ]
    )
    terms_model = _fitted(alone, gold, settings.terms_strength, seed)
    cross_validated = figures(frames, gold, chances >= thresholds, seed=seed)
    model = Model(
        frames=frames,
        terms=tuple(terms.get_feature_names_out().tolist()),
        rules=tuple(rule.id for rule in rules.rules),
        rules_digest=rules.digest,
        idf=terms.idf_,
        hybrid=_weights(estimator[-1], rules, len(terms.vocabulary_), thresholds),
        terms_only=_weights(terms_model, None, alone.shape[1], _thresholds(gold, alone_chances)),
        meta=_meta(sentences, settings, seed, cross_validated),
    )
    return Trained(model, estimator, cross_validated, chances, tuple(folds.tolist()))


def save(trained: Trained, folder: Path) -> None:
    """Write the model, and `pipeline.joblib` with the estimator beside it."""
    trained.model.save(folder)
    joblib.dump(trained.estimator, folder / "pipeline.joblib", compress=("zlib", 9))


def load_sklearn(path: Path | str, *, trust: bool = False) -> Pipeline:
    """The fitted scikit-learn estimator of a model folder: texts in, probabilities out.

    `pipeline.joblib` is a pickle, and opening a pickle runs whatever its maker put into it: raise
    FramelensError unless `trust` says that you know where the folder comes from.
    """
    file = Path(path) / "pipeline.joblib"
    if not trust:
        raise FramelensError(
            f"{file}: opening a pickle can run any code in it; pass trust=True only if you made "
            "this model or know who did (classifying needs only weights.npz and meta.json)"
        )
    if not file.is_file():
        raise FramelensError(f"{file}: no such file; `framelens train` writes it")
    estimator: Pipeline = joblib.load(file)
    return estimator


def label_matrix(sentences: Sequence[LabelledSentence], frames: Sequence[str]) -> Bools:
    """Labels as Booleans, sentences × frames."""
    return np.array([[frame in sentence.labels for frame in frames] for sentence in sentences])


def _check_enough(gold: Bools, frames: Sequence[str]) -> None:
    for frame, column in zip(frames, gold.T, strict=True):
        for found, kind in ((column.sum(), "with"), ((~column).sum(), "without")):
            if found < FEWEST:
                raise FramelensError(
                    f"{found} sentences {kind} the frame {frame}; expected at least {FEWEST}: "
                    "label more of them"
                )


def _folds(sentences: Sequence[LabelledSentence], gold: Bools, seed: int) -> np.ndarray[Any, Any]:
    """The fold of each sentence: frames spread evenly, what belongs together kept together."""
    kinds = gold @ (1 << np.arange(gold.shape[1]))
    folds = np.zeros(len(sentences), dtype=np.int64)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    cuts = splitter.split(gold, kinds, groups=fold_groups(sentences))
    for number, (_, tested) in enumerate(cuts):
        folds[tested] = number
    return folds


def _fitted(features: csr_matrix, gold: Bools, strength: float, seed: int) -> OneVsRestClassifier:
    model = OneVsRestClassifier(LogisticRegression(C=strength, max_iter=5000, random_state=seed))
    model.fit(features, gold)
    for part in model.estimators_:
        # Rounded, so that the last bits of a sum do not make another model of the same corpus.
        part.coef_, part.intercept_ = part.coef_.round(6), part.intercept_.round(6)
    return model


def _out_of_fold(
    features: csr_matrix, gold: Bools, folds: np.ndarray[Any, Any], strength: float, seed: int
) -> Floats:
    chances = np.zeros(gold.shape)
    for fold in range(FOLDS):
        held = folds == fold
        model = _fitted(features[~held], gold[~held], strength, seed)
        chances[held] = model.predict_proba(features[held])
    return chances


def _thresholds(gold: Bools, chances: Floats) -> Floats:
    """The probability a frame at which cross-validated F1 is highest, to a hundredth."""
    steps = np.arange(10, 91) / 100
    found = []
    for truth, column in zip(gold.T, chances.T, strict=True):
        guess = column[None, :] >= steps[:, None]
        right = (guess & truth).sum(axis=1)
        f1 = 2 * right / (guess.sum(axis=1) + truth.sum())
        found.append(steps[int(np.argmax(f1))])
    return np.array(found)


def _weights(
    fitted: OneVsRestClassifier, rules: RuleSet | None, terms: int, thresholds: Floats
) -> Weights:
    table = np.vstack([part.coef_[0] for part in fitted.estimators_]).T
    bias = np.array([part.intercept_[0] for part in fitted.estimators_])
    return Weights(
        np.ascontiguousarray(table[:terms]), _rule_weights(table[terms:], rules), bias, thresholds
    )


def _rule_weights(table: Floats, rules: RuleSet | None) -> Floats:
    """A rule's own weight and, unless it is weak, the one that its frame's rules share."""
    if rules is None:
        return np.zeros((0, table.shape[1]))
    frames = rules.scheme.names
    own, shared = table[: len(rules.rules)], table[len(rules.rules) :]
    return np.array(
        [
            row if rule.weak else row + shared[frames.index(rule.frame)]
            for rule, row in zip(rules.rules, own, strict=True)
        ]
    )


def _meta(
    sentences: Sequence[LabelledSentence], settings: Settings, seed: int, found: Figures
) -> dict[str, Any]:
    return {
        "made_with": {
            "framelens": __version__,
            "scikit-learn": sklearn.__version__,
            "spacy": spacy.__version__,
            "numpy": np.__version__,
        },
        "seed": seed,
        "settings": asdict(settings),
        "corpus_sentences": len(sentences),
        "corpus_digest": digest(sentences),
        "cross_validation": asdict(found),
        "trained_on": sorted(fingerprint(sentence.text) for sentence in sentences),
    }
