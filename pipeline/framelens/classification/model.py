"""A trained model: weights, and the scores they give.

    score = bias + Σ weight(rule) · hit(rule) + Σ weight(term) · tfidf(term)

Terms are words and pairs of words, and in models that were trained so runs of letters within words.

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
from framelens.core.tables import html_table, text_table
from framelens.core.types import Bools, Floats, Ints, counted
from framelens.preprocessing.normalise import word

HEADS = ("hybrid", "terms")
PARTS = ("term_weights", "rule_weights", "bias", "thresholds")
SWITCHES = ("normalised", "exclusive", "none")
"""What `meta.json` says of a model by true, or else not at all."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of one linear model: a row a feature, a column a frame.

    `bias` (log-odds) and `thresholds` (probabilities) hold one number a frame.
    """

    term_weights: Floats
    rule_weights: Floats
    bias: Floats
    thresholds: Floats

    @cached_property
    def heard(self) -> Bools:
        """Which terms speak for or against a frame; others only tell the subject."""
        heard: Bools = np.any(self.term_weights != 0, axis=1)
        return heard


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
    the labelled sentences said whether they are about the codebook's subject. The rows of weights
    and of `idf` are those of `terms` and then those of `letters`, runs of letters that count, too.
    Where the model is `normalised`, the values of a sentence's words are a vector of length 1, and
    so are those of its letters. `exclusive` and `none` are those of the scheme. `read_digest` is
    that of the `meta.json` it was read from, if any.
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

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(*self._table(), caption=self._title())

    def _title(self) -> str:
        sentences = self.meta.get("corpus_sentences")
        made = f"{counted(len(self.rules), 'rule')} and {counted(len(self.terms), 'term')}"
        trained = f", trained on {counted(sentences, 'sentence')}" if sentences else ""
        return f"Model of {made}{trained}"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A row a frame: its bias in log-odds and its threshold as a probability."""
        columns = zip(self.frames, self.hybrid.bias, self.hybrid.thresholds, strict=True)
        rows = [[frame, f"{bias:+.2f}", f"{limit:.2f}"] for frame, bias, limit in columns]
        return ["frame", "bias", "threshold"], rows

    @cached_property
    def digest(self) -> str:
        """What `model_digest` tells of the folder that it was read from, or would be saved to."""
        return self.read_digest or sha256(self.to_bytes()[0]).hexdigest()

    @cached_property
    def index(self) -> TermIndex:
        return TermIndex(self.terms)

    def weigh(
        self, words: Ints, sentences: Ints, weights: Weights, letters: Occurrences | None = None
    ) -> TermValues:
        """The tf-idf value (binary tf, smooth idf) of every term that has a weight and occurs in a
        block of sentences, given as in `TermIndex.find`; `letters` are the runs of letters there."""
        weighed = weights.heard
        if self.about is not None:
            weighed = weighed | (self.about.term_weights != 0)
        if self.normalised:
            weighed = np.ones_like(weighed)
        found = self.index.find(words, sentences).and_of(letters).of(weighed)
        size = max(len(self.terms) + len(self.letters), 1)
        keys = found.sentence * size + found.term
        own, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        values = self.idf[found.term] / counts[inverse]
        if not self.normalised or not len(own):
            return TermValues(found, values)
        # A length for the words of each sentence, and one for its letters.
        squares = self.idf[own % size] ** 2
        lengths = np.sqrt(np.bincount(own // size * 2 + (own % size >= len(self.terms)), squares))
        return TermValues(
            found, values / lengths[found.sentence * 2 + (found.term >= len(self.terms))]
        )

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
        found = unpack_meta(folder / META, meta)
        letters = tuple(found.get("letters", ()))
        features = len(found["terms"]) + len(letters)
        shapes = _shapes(len(found["frames"]), features, len(found["rules"]))
        if has_about := found.get("about") is True:
            shapes |= {"about_term_weights": (features,), "about_bias": (1,)}
        if stances := tuple(found.get("stances", ())):
            told = len(found["stance_features"])
            shapes |= {"stance_weights": (told, len(stances)), "stance_bias": (len(stances),)}
        path = folder / WEIGHTS
        arrays = unpack_arrays(path, weights, found["weights_sha256"], shapes)
        hybrid, terms_only = (
            Weights(**{part: arrays[f"{head}_{part}"] for part in PARTS}) for head in HEADS
        )
        exclusive = found.get("exclusive") is True
        for thresholds in (hybrid.thresholds, terms_only.thresholds):
            # Where frames exclude one another, the likeliest is given, however likely it is.
            if not (((thresholds > 0) | exclusive & (thresholds == 0)) & (thresholds <= 1)).all():
                raise FramelensError(f"{path}: damaged: a threshold is not between 0 and 1")
        if not (arrays["idf"] > 0).all():
            raise FramelensError(f"{path}: damaged: an idf is not positive")
        frames, terms, rules = (tuple(found[name]) for name in LISTS)
        about = stance = None
        if has_about:
            about = AboutWeights(arrays["about_term_weights"], float(arrays["about_bias"][0]))
        if stances:
            weights_of_stance = (arrays["stance_weights"], arrays["stance_bias"])
            stance = StanceModel(stances, tuple(found["stance_features"]), *weights_of_stance)
        return cls(
            frames, terms, rules, found["rules_digest"], arrays["idf"], hybrid, terms_only, found, about,
            stance, letters, normalised=found.get("normalised") is True, exclusive=exclusive,
            none=found.get("none") is True, read_digest=sha256(meta).hexdigest(),
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
        own: dict[str, Any] = {name: True for name in SWITCHES if getattr(self, name)}
        if (about := self.about) is not None:
            arrays |= {
                "about_term_weights": about.term_weights,
                "about_bias": np.array([about.bias]),
            }
            own["about"] = True
        if (stance := self.stance) is not None:
            arrays |= {"stance_weights": stance.weights, "stance_bias": stance.bias}
            own |= {"stances": list(stance.stances), "stance_features": list(stance.features)}
        if self.letters:
            own["letters"] = list(self.letters)
        own |= {name: list(getattr(self, name)) for name in LISTS}
        packed = pack_arrays(arrays)
        return pack_meta({**self.meta, **own, "rules_digest": self.rules_digest}, packed), packed


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


def terms(doc: Doc) -> Iterator[str]:
    """The words of a sentence, then its pairs: `"quiet"`, `"diplomacy"`, `"quiet diplomacy"`."""
    return word_terms(token.lower_ for token in doc)


def word_terms(lowers: Iterable[str]) -> Iterator[str]:
    """The same of a sentence given as its tokens in lower case.

    What training counts; `TermIndex` finds the same, faster, for the terms a model knows.
    """
    words = [found for lower in lowers if (found := word(lower)) is not None]
    yield from words
    yield from map(" ".join, pairwise(words))


LETTERS = (3, 4, 5)
"""Characters of the runs of letters that models may weigh, a word's edge being one, too."""


def letters(lower: str) -> list[str]:
    """The runs of letters of a token in lower case, a blank at its edges: of `"no"` they are
    `" no"`, `"no "` and `" no "`. Scikit-learn calls them `char_wb`."""
    padded = f" {lower} "
    return [
        padded[at : at + length] for length in LETTERS for at in range(len(padded) - length + 1)
    ]


class Occurrences(NamedTuple):
    """Occurrences of terms in a block: the sentence, the term, the first and last token of each."""

    sentence: Ints
    term: Ints
    first: Ints
    last: Ints

    @classmethod
    def of_tokens(cls, terms: Sequence[Ints], sentences: Ints) -> Occurrences:
        """Terms that lie within single tokens, given for each token with its sentence."""
        tokens = np.repeat(np.arange(len(terms)), [len(own) for own in terms])
        numbers = np.concatenate([np.empty(0, np.int64), *terms])
        return cls(sentences[tokens], numbers, tokens, tokens)

    def and_of(self, others: Occurrences | None) -> Occurrences:
        """These and others."""
        if others is None:
            return self
        return Occurrences(*map(np.concatenate, zip(self, others, strict=True)))

    def of(self, wanted: NDArray[np.bool_]) -> Occurrences:
        """Those of the terms that are wanted, by sentence and then by place."""
        kept = np.flatnonzero(wanted[self.term])
        # Tokens are numbered through all sentences, and words and pairs are in order already: a
        # stable sort merges them, a word before the pair that begins with it.
        order = kept[np.argsort(self.first[kept], kind="stable")]
        return Occurrences(*(part[order] for part in self))


class TermIndex:
    """Finds a fixed list of terms in blocks of tokens."""

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

    def number(self, found: str | None) -> int:
        """A token's word as a number: −1 for a word of no term, −2 for punctuation, which is None."""
        return -2 if found is None else self.words.get(found, -1)

    def find(self, words: Ints, sentences: Ints) -> Occurrences:
        """The terms among tokens given as word numbers, with each token's sentence."""
        tokens = np.flatnonzero(words > -2)
        words, sentences = words[tokens], sentences[tokens]
        known = words >= 0
        single = np.where(known, self._single[words], -1) if len(self._single) else words * 0 - 1
        ones = np.flatnonzero(single >= 0)
        twos, pair_terms = self._find_pairs(words, sentences, known)
        return Occurrences(
            np.concatenate([sentences[ones], sentences[twos]]),
            np.concatenate([single[ones], pair_terms]),
            np.concatenate([tokens[ones], tokens[twos]]),
            np.concatenate([tokens[ones], tokens[twos + 1]]),
        )

    def _find_pairs(
        self, words: Ints, sentences: Ints, known: NDArray[np.bool_]
    ) -> tuple[Ints, Ints]:
        if not len(self._pair_keys) or len(words) < 2:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        twos = np.flatnonzero(known[:-1] & known[1:] & (sentences[:-1] == sentences[1:]))
        keys = words[twos] * len(self.words) + words[twos + 1]
        places = np.minimum(np.searchsorted(self._pair_keys, keys), len(self._pair_keys) - 1)
        present = self._pair_keys[places] == keys
        return twos[present], self._pair_terms[places[present]]


def letter_numbers(model: Model) -> Callable[[str], Ints]:
    """What gives the numbers of a model's runs of letters in a token in lower case."""
    numbers = {run: at for at, run in enumerate(model.letters, start=len(model.terms))}

    def found(lower: str) -> Ints:
        own = [numbers[run] for run in letters(lower) if run in numbers]
        return np.array(own, dtype=np.int64)

    return found
