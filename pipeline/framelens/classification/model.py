"""A trained model: weights, and the scores they give.

    score = bias + Σ weight(rule) · hit(rule) + Σ weight(term) · tfidf(term)

`persistence.py` reads and writes its files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from framelens.classification.persistence import (
    LISTS,
    META,
    WEIGHTS,
    pack_arrays,
    pack_meta,
    read_file,
    unpack_arrays,
    unpack_meta,
    write_files,
)
from framelens.classification.stance import StanceModel
from framelens.classification.terms import Occurrences, TermIndex
from framelens.core.arrays import Floats, Ints
from framelens.core.errors import FramelensError
from framelens.core.tables import html_table, text_table

HEADS = ("hybrid", "terms")
PARTS = ("term_weights", "rule_weights", "bias", "thresholds")


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of one linear model: a row a feature, a column a frame.

    `bias` (log-odds) and `thresholds` (probabilities) hold one number a frame.
    """

    term_weights: Floats
    rule_weights: Floats
    bias: Floats
    thresholds: Floats


@dataclass(frozen=True, slots=True, eq=False)
class AboutWeights:
    """Weights of the terms (one a term) and a bias (log-odds) that say how far a sentence is about
    the codebook's subject."""

    term_weights: Floats
    bias: float

    def probabilities(self, values: TermValues, sentences: int) -> Floats:
        """One for each of so many sentences."""
        scores = np.full(sentences, self.bias)
        np.add.at(
            scores, values.found.sentence, self.term_weights[values.found.term] * values.values
        )
        return probability(scores)


@dataclass(frozen=True, slots=True, eq=False)
class TermValues:
    """Where a block's sentences hold the model's terms, and the tf-idf value of each occurrence.

    A term that occurs twice in a sentence shares its value out between its occurrences.
    """

    found: Occurrences
    values: Floats


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """What training learned: `hybrid` weighs rules and terms, `terms` does without rules.

    `idf` is a positive number a term; `meta` says how the model was made; `about` is there where
    the labelled sentences said whether they are about the codebook's subject.
    """

    frames: tuple[str, ...]
    terms: tuple[str, ...]
    rules: tuple[str, ...]
    rules_digest: str
    idf: Floats
    hybrid: Weights
    terms_only: Weights
    meta: Mapping[str, Any] = field(default_factory=dict)
    about: AboutWeights | None = None
    stance: StanceModel | None = None

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(*self._table(), caption=self._title())

    def _title(self) -> str:
        sentences = self.meta.get("corpus_sentences")
        trained = f", trained on {sentences:,} sentences" if isinstance(sentences, int) else ""
        return f"Model of {len(self.rules):,} rules and {len(self.terms):,} terms{trained}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A row a frame: its bias in log-odds and its threshold as a probability."""
        columns = zip(self.frames, self.hybrid.bias, self.hybrid.thresholds, strict=True)
        rows = [[frame, f"{bias:+.2f}", f"{limit:.2f}"] for frame, bias, limit in columns]
        return ["frame", "bias", "threshold"], rows

    @cached_property
    def index(self) -> TermIndex:
        return TermIndex(self.terms)

    def weigh(self, words: Ints, sentences: Ints, weights: Weights) -> TermValues:
        """The tf-idf value (binary tf, smooth idf, no norm) of every term that has a weight and
        occurs in a block of sentences, given as in `TermIndex.find`."""
        weighed = np.any(weights.term_weights != 0, axis=1)
        if self.about is not None:
            weighed |= self.about.term_weights != 0
        found = self.index.find(words, sentences).of(weighed)
        keys = found.sentence * max(len(self.terms), 1) + found.term
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        return TermValues(found, self.idf[found.term] / counts[inverse])

    @classmethod
    def load(cls, path: Path | str) -> Model:
        """Load a model folder; nothing in it is run.

        Raise FramelensError where a file is missing, damaged, oversized or not what `meta.json`
        says.
        """
        folder = Path(path)
        return cls.from_bytes(read_file(folder, META), read_file(folder, WEIGHTS), folder)

    @classmethod
    def from_bytes(cls, meta: bytes, weights: bytes, where: Path | str = "model") -> Model:
        """The model in the bytes of `meta.json` and `weights.npz`; `where` names it in errors."""
        folder = Path(where)
        found = unpack_meta(folder / META, meta)
        shapes = _shapes(*(len(found[name]) for name in LISTS))
        if has_about := found.get("about") is True:
            shapes |= {"about_term_weights": (len(found["terms"]),), "about_bias": (1,)}
        if stances := tuple(found.get("stances", ())):
            features = len(found["stance_features"])
            shapes |= {"stance_weights": (features, len(stances)), "stance_bias": (len(stances),)}
        path = folder / WEIGHTS
        arrays = unpack_arrays(path, weights, found["weights_sha256"], shapes)
        hybrid, terms_only = (
            Weights(**{part: arrays[f"{head}_{part}"] for part in PARTS}) for head in HEADS
        )
        for thresholds in (hybrid.thresholds, terms_only.thresholds):
            if not ((thresholds > 0) & (thresholds <= 1)).all():
                raise FramelensError(f"{path}: damaged: a threshold is not between 0 and 1")
        if not (arrays["idf"] > 0).all():
            raise FramelensError(f"{path}: damaged: an idf is not positive")
        frames, terms, rules = (tuple(found[name]) for name in LISTS)
        digest = found["rules_digest"]
        about = None
        if has_about:
            about = AboutWeights(arrays["about_term_weights"], float(arrays["about_bias"][0]))
        stance = None
        if stances:
            weights_of_stance = (arrays["stance_weights"], arrays["stance_bias"])
            stance = StanceModel(stances, tuple(found["stance_features"]), *weights_of_stance)
        idf = arrays["idf"]
        return cls(frames, terms, rules, digest, idf, hybrid, terms_only, found, about, stance)

    def save(self, path: Path | str) -> None:
        """Write `weights.npz` and `meta.json` into a folder, which is made."""
        write_files(Path(path), *self.to_bytes())

    def to_bytes(self) -> tuple[bytes, bytes]:
        """`meta.json` and `weights.npz`; the same model gives the same bytes."""
        arrays = {"idf": self.idf}
        for head, weights in zip(HEADS, (self.hybrid, self.terms_only), strict=True):
            arrays |= {f"{head}_{part}": getattr(weights, part) for part in PARTS}
        if self.about is not None:
            arrays |= {
                "about_term_weights": self.about.term_weights,
                "about_bias": np.array([self.about.bias]),
            }
        stance: dict[str, Any] = {}
        if self.stance is not None:
            arrays |= {"stance_weights": self.stance.weights, "stance_bias": self.stance.bias}
            stance = {
                "stances": list(self.stance.stances),
                "stance_features": list(self.stance.features),
            }
        packed = pack_arrays(arrays)
        names = {name: list(getattr(self, name)) for name in LISTS}
        about = {"about": True} if self.about is not None else {}
        return pack_meta(
            {**self.meta, **about, **stance, "rules_digest": self.rules_digest, **names}, packed
        ), packed


def probability(scores: Floats) -> Floats:
    """Log-odds as probabilities."""
    return 1 / (1 + np.exp(-np.clip(scores, -700, 700)))


def model_digest(path: Path | str) -> str:
    """The digest of a model folder: that of its `meta.json`, which holds that of the weights.

    Raise FramelensError where there is none.
    """
    return sha256(read_file(Path(path), META)).hexdigest()


def _shapes(frames: int, terms: int, rules: int) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays of a model with so many frames, terms and rules."""
    sizes: Sequence[tuple[int, ...]] = ((terms, frames), (rules, frames), (frames,), (frames,))
    found: dict[str, tuple[int, ...]] = {"idf": (terms,)}
    for head in HEADS:
        found |= {f"{head}_{part}": size for part, size in zip(PARTS, sizes, strict=True)}
    found["terms_rule_weights"] = (0, frames)
    return found
