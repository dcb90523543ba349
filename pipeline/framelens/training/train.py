"""Labelled sentences → a model. With `features.py` the only code that needs scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
import spacy.about
from scipy.sparse import csr_matrix, hstack
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from framelens.classification.model import HEADS, Model, Weights
from framelens.core.arrays import Bools, Floats
from framelens.core.errors import FramelensError
from framelens.core.paths import data_path
from framelens.core.version import __version__
from framelens.project.labelled import LabelledSentence, digest, fingerprint, read_labelled
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.statistics.metrics import Figures, figures
from framelens.training.features import RuleHits, term_vectorizer
from framelens.training.fitting import FOLDS, best_strength, best_thresholds, cut_folds, fit
from framelens.training.model_card import write_card

FEWEST = 10
"""Sentences with a frame, and without it, below which nothing can be learned or checked."""
LEAST = 2
"""Sentences that a term must stand in."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with the scikit-learn estimator it was made from and its cross-validated figures.

    `ablation` holds the same figures for rules alone and for terms alone; `chances` are the
    cross-validated probabilities, sentences × frames.
    """

    model: Model
    estimator: Pipeline
    figures: Figures
    ablation: Mapping[str, Figures]
    chances: Floats
    folds: tuple[int, ...]


def train(
    labelled: Path | str | Sequence[LabelledSentence],
    rules: Path | str | RuleSet | None = None,
    *,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Train a model; the same sentences, rules, seed and versions give the same model.

    `labelled` is a file or sentences, `rules` a folder, by default the shipped one. Raise
    FramelensError where a file is not as it should be or a frame has too few examples.
    """
    if not isinstance(rules, RuleSet):
        rules = read_rules(Path(rules) if rules else data_path("rules"))
    sentences = labelled
    if isinstance(sentences, (str, Path)):
        sentences = read_labelled(Path(sentences), rules.scheme.names)
    return _train(sentences, rules, seed, progress)


def _train(
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    seed: int,
    progress: Callable[[str], None],
) -> Trained:
    frames = rules.scheme.names
    gold = label_matrix(sentences, frames)
    _check_enough(gold, frames)
    texts = [sentence.text for sentence in sentences]
    progress(f"finding rules and terms in {len(texts)} sentences")
    terms = term_vectorizer(LEAST)
    hits = RuleHits(dict(rules.sources))
    both = hstack([terms.fit_transform(texts), hits.fit_transform(texts)]).tocsr()
    alone = both[:, : len(terms.vocabulary_)]
    folds = cut_folds(sentences, gold, seed)
    progress(f"cross-validating in {FOLDS} folds")
    strength, chances = best_strength(both, gold, folds, seed)
    strength_alone, chances_alone = best_strength(alone, gold, folds, seed)
    thresholds = best_thresholds(gold, chances)
    thresholds_alone = best_thresholds(gold, chances_alone)
    progress("fitting the model")
    fitted = fit(both, gold, strength, seed)
    fitted_alone = fit(alone, gold, strength_alone, seed)
    names = terms.get_feature_names_out()
    kept = _used(fitted, len(names)) | _used(fitted_alone, len(names))
    cross_validated = figures(frames, gold, chances >= thresholds, seed=seed)
    ablation = {
        "rules alone": figures(frames, gold, _by_rules(both, rules), seed=seed),
        "terms alone": figures(frames, gold, chances_alone >= thresholds_alone, seed=seed),
    }
    model = Model(
        frames=frames,
        terms=tuple(names[kept].tolist()),
        rules=tuple(rule.id for rule in rules.rules),
        rules_digest=rules.digest,
        idf=terms.idf_[kept],
        hybrid=_weights(fitted, kept, rules, thresholds),
        terms_only=_weights(fitted_alone, kept, None, thresholds_alone),
        meta=_meta(sentences, (strength, strength_alone), seed, cross_validated),
    )
    features = FeatureUnion([("terms", terms), ("rules", hits)])
    estimator = Pipeline([("features", features), ("frames", fitted)])
    return Trained(model, estimator, cross_validated, ablation, chances, tuple(folds.tolist()))


def save(trained: Trained, path: Path | str) -> None:
    """Write the model, and beside it `pipeline.joblib` with the estimator and the model card."""
    folder = Path(path)
    trained.model.save(folder)
    write_card(folder, trained.model, {"rules and terms": trained.figures, **trained.ablation})
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


def _by_rules(features: csr_matrix, rules: RuleSet) -> Bools:
    """What rules that are not weak say alone: the last columns count their hits by frame."""
    counts: Floats = features[:, -len(rules.scheme.names) :].toarray()
    return counts > 0


def _used(fitted: OneVsRestClassifier, terms: int) -> Bools:
    """The terms that have a weight for some frame."""
    used: Bools = np.any([part.coef_[0, :terms] != 0 for part in fitted.estimators_], axis=0)
    return used


def _weights(
    fitted: OneVsRestClassifier, kept: Bools, rules: RuleSet | None, thresholds: Floats
) -> Weights:
    """Weights of the terms that are kept, and of the rules."""
    table = np.vstack([part.coef_[0] for part in fitted.estimators_]).T
    bias = np.array([part.intercept_[0] for part in fitted.estimators_])
    terms = np.ascontiguousarray(table[: len(kept)][kept])
    return Weights(terms, _rule_weights(table[len(kept) :], rules), bias, thresholds)


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
    sentences: Sequence[LabelledSentence],
    strengths: tuple[float, float],
    seed: int,
    found: Figures,
) -> dict[str, Any]:
    return {
        "made_with": {
            "framelens": __version__,
            "scikit-learn": sklearn.__version__,
            "spacy": spacy.about.__version__,
            "numpy": np.__version__,
        },
        "seed": seed,
        "strengths": dict(zip(HEADS, strengths, strict=True)),
        "corpus_sentences": len(sentences),
        "corpus_digest": digest(sentences),
        "cross_validation": asdict(found),
        "trained_on": sorted(fingerprint(sentence.text) for sentence in sentences),
    }
