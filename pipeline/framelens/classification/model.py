"""A trained model: weights, and the scores they give.

    score = bias + Σ weight(rule) · hit(rule) + Σ weight(term) · tfidf(term)

Terms are words, pairs of words and, in some models, character n-grams within words.

`persistence.py` reads and writes its files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

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
from framelens.core.checks import place
from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular
from framelens.core.types import Bools, Floats, Ints, counted
from framelens.preprocessing.tokenizer import word

HEADS = ("hybrid", "terms")
PARTS = ("term_weights", "rule_weights", "bias", "thresholds")
SWITCHES = ("normalised", "exclusive", "none")
"""Fields of a model that `meta.json` has only where they are true."""


@dataclass(frozen=True, eq=False)
class Weights:
    """A linear model: weights are features × frames, `bias` (log-odds) and `thresholds`
    (probabilities) have one number for each frame."""

    term_weights: Floats
    rule_weights: Floats
    bias: Floats
    thresholds: Floats

    @cached_property
    def is_used(self) -> Bools:
        """Which terms speak for or against a frame; others only tell the subject."""
        is_used: Bools = np.any(self.term_weights != 0, axis=1)
        return is_used


@dataclass(frozen=True, slots=True, eq=False)
class AboutWeights:
    """A linear model of whether a sentence is about the codebook's subject at all: a weight for each
    term, and a bias, in log-odds."""

    term_weights: Floats
    bias: float

    def probabilities(self, values: TermValues, sentences: int) -> Floats:
        """The probability of each of `sentences` sentences, given the terms in them."""
        scores, terms = np.full(sentences, self.bias), values.occurrences
        np.add.at(scores, terms.sentence, self.term_weights[terms.term] * values.values)
        return probability(scores)


@dataclass(frozen=True, slots=True, eq=False)
class TermValues:
    """The model's terms in a block of sentences, and the tf-idf value of each occurrence.

    The value of a term that occurs several times in a sentence is split evenly.
    """

    occurrences: Occurrences
    values: Floats


@dataclass(frozen=True, eq=False, repr=False)
class Model(Tabular):
    """A trained model: `hybrid` weighs rules and terms, `terms_only` terms alone.

    The rows of weights and of `idf` (positive) are those of `terms` and then of `letters`, which are
    character n-grams. In a `normalised` model, the tf-idf values of a sentence's words are scaled to a
    vector of length 1, and so are those of its n-grams. `meta` says how the model was made, `about`
    needs labels of its own and may be None. `exclusive` and `none` are those of the scheme.
    `read_digest` is that of the `meta.json` the model was read from, if any.
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
    letters: tuple[str, ...] = ()
    normalised: bool = False
    exclusive: bool = False
    none: bool = False
    read_digest: str | None = field(default=None, compare=False)

    def _title(self) -> str:
        sentences = self.meta.get("corpus_sentences")
        made = f"{counted(len(self.rules), 'rule')} and {counted(len(self.terms), 'term')}"
        trained = f", trained on {counted(sentences, 'sentence')}" if sentences else ""
        return f"Model of {made}{trained}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A row for each frame: its bias in log-odds and its threshold as a probability."""
        columns = zip(self.frames, self.hybrid.bias, self.hybrid.thresholds, strict=True)
        rows = [[frame, f"{bias:+.2f}", f"{limit:.2f}"] for frame, bias, limit in columns]
        return ["frame", "bias", "threshold"], rows

    @cached_property
    def digest(self) -> str:
        """The digest of the folder that it was read from, or would be saved to."""
        return self.read_digest or sha256(self.to_bytes()[0]).hexdigest()

    @cached_property
    def index(self) -> TermIndex:
        return TermIndex(self.terms)

    def weigh(
        self, words: Ints, sentences: Ints, weights: Weights, ngrams: Occurrences | None
    ) -> TermValues:
        """The tf-idf values (binary tf, smooth idf) of terms that have a weight, in a block of sentences.

        `words` and `sentences` are as in `TermIndex.find`, `ngrams` the character n-grams there.
        """
        used = weights.is_used
        if self.about is not None:
            used = used | (self.about.term_weights != 0)
        if self.normalised:
            used = np.ones_like(used)
        occurrences = self.index.find(words, sentences)
        if ngrams is not None:
            occurrences = Occurrences(*map(np.concatenate, zip(occurrences, ngrams, strict=True)))
        occurrences = occurrences.of_terms(used)
        size = max(len(self.terms) + len(self.letters), 1)
        keys = occurrences.sentence * size + occurrences.term
        unique, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        values = self.idf[occurrences.term] / counts[inverse]
        if not self.normalised or not len(unique):
            return TermValues(occurrences, values)
        # One length for the words of each sentence, and one for its n-grams.
        squares = self.idf[unique % size] ** 2
        groups = unique // size * 2 + (unique % size >= len(self.terms))
        lengths = np.sqrt(np.bincount(groups, squares))
        groups = keys // size * 2 + (occurrences.term >= len(self.terms))
        return TermValues(occurrences, values / lengths[groups])

    @classmethod
    def load(cls, path: Path | str) -> Model:
        """Load a model folder; nothing in it is run.

        Raise FramelensError where a file is missing, damaged, oversized or not what `meta.json`
        says.
        """
        folder = path if isinstance(path, Path) else place("path", path)
        return cls.from_bytes(read_file(folder, META), read_file(folder, WEIGHTS), folder)

    @classmethod
    def from_bytes(cls, meta: bytes, weights: bytes, where: Path | str = "model") -> Model:
        """The model in the bytes of `meta.json` and `weights.npz`; `where` names it in errors."""
        folder = Path(where)
        fields = unpack_meta(folder / META, meta)
        letters = tuple(fields.get("letters", ()))
        features = len(fields["terms"]) + len(letters)
        shapes = _shapes(len(fields["frames"]), features, len(fields["rules"]))
        if has_about := fields.get("about") is True:
            shapes |= {"about_term_weights": (features,), "about_bias": (1,)}
        if stances := tuple(fields.get("stances", ())):
            size = len(fields["stance_features"]), len(stances)
            shapes |= {"stance_weights": size, "stance_bias": size[1:]}
        path = folder / WEIGHTS
        arrays = unpack_arrays(path, weights, fields["weights_sha256"], shapes)
        hybrid, terms_only = (
            Weights(**{part: arrays[f"{head}_{part}"] for part in PARTS}) for head in HEADS
        )
        exclusive = fields.get("exclusive") is True
        for thresholds in (hybrid.thresholds, terms_only.thresholds):
            # Where frames exclude one another, the likeliest is given, however likely it is.
            if not (((thresholds > 0) | exclusive & (thresholds == 0)) & (thresholds <= 1)).all():
                raise FramelensError(f"{path}: damaged: a threshold is not between 0 and 1")
        if not (arrays["idf"] > 0).all():
            raise FramelensError(f"{path}: damaged: an idf is not positive")
        frames, terms, rules = (tuple(fields[name]) for name in LISTS)
        about = stance = None
        if has_about:
            about = AboutWeights(arrays["about_term_weights"], float(arrays["about_bias"][0]))
        if stances:
            weights_of_stance = (arrays["stance_weights"], arrays["stance_bias"])
            stance = StanceModel(stances, tuple(fields["stance_features"]), *weights_of_stance)
        return cls(
            frames, terms, rules, fields["rules_digest"], arrays["idf"], hybrid, terms_only, fields, about,
            stance, letters, normalised=fields.get("normalised") is True, exclusive=exclusive,
            none=fields.get("none") is True, read_digest=sha256(meta).hexdigest(),
        )  # fmt: skip

    def save(self, path: Path | str) -> None:
        """Write `weights.npz` and `meta.json` into a folder, which is made."""
        meta, weights = self.to_bytes()
        write_files(place("path", path), {WEIGHTS: weights, META: meta})

    def to_bytes(self) -> tuple[bytes, bytes]:
        """`meta.json` and `weights.npz`; the same model gives the same bytes."""
        arrays = {"idf": self.idf}
        for head, weights in zip(HEADS, (self.hybrid, self.terms_only), strict=True):
            arrays |= {f"{head}_{part}": getattr(weights, part) for part in PARTS}
        fields: dict[str, Any] = {name: True for name in SWITCHES if getattr(self, name)}
        if (about := self.about) is not None:
            arrays |= {
                "about_term_weights": about.term_weights,
                "about_bias": np.array([about.bias]),
            }
            fields["about"] = True
        if (stance := self.stance) is not None:
            arrays |= {"stance_weights": stance.weights, "stance_bias": stance.bias}
            fields |= {"stances": list(stance.stances), "stance_features": list(stance.features)}
        if self.letters:
            fields["letters"] = list(self.letters)
        fields |= {name: list(getattr(self, name)) for name in LISTS}
        packed = pack_arrays(arrays)
        fields["rules_digest"] = self.rules_digest
        return pack_meta({**self.meta, **fields}, packed), packed


def probability(scores: Floats) -> Floats:
    """Log-odds as probabilities."""
    return 1 / (1 + np.exp(-np.clip(scores, -700, 700)))


def _shapes(frames: int, terms: int, rules: int) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a model, by name."""
    sizes: Sequence[tuple[int, ...]] = ((terms, frames), (rules, frames), (frames,), (frames,))
    shapes: dict[str, tuple[int, ...]] = {"idf": (terms,)}
    for head in HEADS:
        shapes |= {f"{head}_{part}": size for part, size in zip(PARTS, sizes, strict=True)}
    shapes["terms_rule_weights"] = (0, frames)
    return shapes


def terms(doc: Doc) -> Iterator[str]:
    """The words of a sentence, then its word pairs: `"quiet"`, `"diplomacy"`, `"quiet diplomacy"`."""
    return word_terms(token.lower_ for token in doc)


def word_terms(lowers: Iterable[str]) -> Iterator[str]:
    """`terms` of a sentence given as its tokens in lower case.

    Training counts these; `TermIndex` finds the same, faster, for the terms of a model.
    """
    words = [found for lower in lowers if (found := word(lower)) is not None]
    yield from words
    yield from map(" ".join, pairwise(words))


NGRAM_SIZES = (3, 4, 5)
"""Lengths of character n-grams; a blank at a word's edge counts as a character."""


def char_ngrams(lower: str) -> list[str]:
    """The character n-grams of a lower-case token with a blank at either edge, as scikit-learn's
    `char_wb`: of `"no"` they are `" no"`, `"no "` and `" no "`."""
    padded = f" {lower} "
    return [
        padded[at : at + length] for length in NGRAM_SIZES for at in range(len(padded) - length + 1)
    ]


class Occurrences(NamedTuple):
    """Occurrences of terms in a block, in parallel arrays; tokens are numbered through the block."""

    sentence: Ints
    term: Ints
    first: Ints
    last: Ints

    @classmethod
    def of_tokens(cls, terms: Sequence[Ints], sentences: Ints) -> Occurrences:
        """Occurrences of terms within single tokens: the terms, and the sentence, of each token."""
        tokens = np.repeat(np.arange(len(terms)), [len(numbers) for numbers in terms])
        numbers = np.concatenate([np.empty(0, np.int64), *terms])
        return cls(sentences[tokens], numbers, tokens, tokens)

    def of_terms(self, wanted: NDArray[np.bool_]) -> Occurrences:
        """The occurrences of the terms that `wanted` marks, sorted by first token."""
        kept = np.flatnonzero(wanted[self.term])
        # Tokens are numbered through all sentences, and words and pairs are in order already: a
        # stable sort merges them, a word before the pair that begins with it.
        order = kept[np.argsort(self.first[kept], kind="stable")]
        return Occurrences(*(part[order] for part in self))


class TermIndex:
    """Finds the terms of a vocabulary (words and word pairs) in blocks of tokens."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        split = [term.split(" ") for term in vocabulary]
        self.words: dict[str, int] = {}
        for part in (part for parts in split for part in parts):
            self.words.setdefault(part, len(self.words))
        self._single = np.full(len(self.words), -1, dtype=np.int64)
        pairs: list[tuple[int, int]] = []
        for number, parts in enumerate(split):
            if len(parts) == 1:
                self._single[self.words[parts[0]]] = number
            else:
                left, right = (self.words[part] for part in parts)
                pairs.append((left * len(self.words) + right, number))
        pairs.sort()
        self._pair_keys = np.array([key for key, _ in pairs], dtype=np.int64)
        self._pair_terms = np.array([term for _, term in pairs], dtype=np.int64)

    def number(self, word: str | None) -> int:
        """A word as a number: −1 if it is in no term, −2 for None, which stands for punctuation."""
        return -2 if word is None else self.words.get(word, -1)

    def find(self, words: Ints, sentences: Ints) -> Occurrences:
        """The terms in a block, given the word number (see `number`) and the sentence of each token."""
        tokens = np.flatnonzero(words > -2)
        words, sentences = words[tokens], sentences[tokens]
        known = words >= 0
        single = np.where(known, self._single[words], -1) if len(self._single) else words * 0 - 1
        word_tokens = np.flatnonzero(single >= 0)
        pair_tokens, pair_terms = self._find_pairs(words, sentences, known)
        return Occurrences(
            np.concatenate([sentences[word_tokens], sentences[pair_tokens]]),
            np.concatenate([single[word_tokens], pair_terms]),
            np.concatenate([tokens[word_tokens], tokens[pair_tokens]]),
            np.concatenate([tokens[word_tokens], tokens[pair_tokens + 1]]),
        )

    def _find_pairs(
        self, words: Ints, sentences: Ints, known: NDArray[np.bool_]
    ) -> tuple[Ints, Ints]:
        if not len(self._pair_keys) or len(words) < 2:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        pair_tokens = np.flatnonzero(known[:-1] & known[1:] & (sentences[:-1] == sentences[1:]))
        keys = words[pair_tokens] * len(self.words) + words[pair_tokens + 1]
        places = np.minimum(np.searchsorted(self._pair_keys, keys), len(self._pair_keys) - 1)
        present = self._pair_keys[places] == keys
        return pair_tokens[present], self._pair_terms[places[present]]


def char_ngram_numbers(model: Model) -> Callable[[str], Ints]:
    """A function from a lower-case token to the numbers of the model's n-grams in it."""
    numbers = {ngram: at for at, ngram in enumerate(model.letters, start=len(model.terms))}

    def numbers_in(lower: str) -> Ints:
        known = [numbers[ngram] for ngram in char_ngrams(lower) if ngram in numbers]
        return np.array(known, dtype=np.int64)

    return numbers_in
