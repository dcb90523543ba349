"""Transformers of scikit-learn: texts → terms and rule hits → matrices → decisions.

The pickle `pipeline.joblib` refers to the classes and analyzers here by name, so keep their names.
Classifying finds the same rules and terms without scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.attrs import ORTH

from framelens.classification.exclusive import chances, decide
from framelens.classification.model import char_ngrams, word_terms
from framelens.core.checks import several
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats
from framelens.preprocessing.tokenizer import english_tokenizer, sentence_tokens
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules


class ReadText(NamedTuple):
    """A sentence as its lower-case tokens and the numbers of the rules that hit."""

    words: list[str]
    rules: list[int]


class SentenceReader(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Texts → `ReadText`, each text tokenized once. `sources` are the rule files' texts by name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    @classmethod
    def of(cls, rules: RuleSet) -> SentenceReader:
        """A reader that does not parse the rules again."""
        reader = cls(dict(rules.sources))
        reader._open(rules)
        return reader

    def _open(self, rules: RuleSet) -> None:
        self._tokenizer = english_tokenizer()
        self._matcher = RuleMatcher(rules, self._tokenizer)

    def __getstate__(self) -> dict[str, Any]:
        # An unpickled reader compiles `sources` when it is first used.
        state: dict[str, Any] = super().__getstate__()
        return {name: part for name, part in state.items() if name not in self._OPENED}

    _OPENED = ("_tokenizer", "_matcher")

    def fit(self, texts: Iterable[str], y: object = None) -> SentenceReader:  # noqa: ARG002
        """Nothing is learned."""
        return self

    def transform(self, texts: Iterable[str]) -> list[ReadText]:
        """Tokens and rules of each sentence; raise FramelensError for what is no list of texts."""
        given = texts_in(texts)
        if not hasattr(self, "_matcher"):
            self._open(parse_rules(self.sources))
        return [self._read(text) for text in given]

    def _read(self, text: str) -> ReadText:
        doc = sentence_tokens(text, self._tokenizer)
        hits = self._matcher.hits(doc.to_array([ORTH]).tolist())
        # Interned: each word is in memory once.
        return ReadText([intern(token.lower_) for token in doc], sorted({hit.rule for hit in hits}))


def texts_in(given: Any) -> list[str]:
    """The argument `X` as a list; raise FramelensError unless it holds texts, one at least."""
    texts = list(several("X", given, "a list of texts"))
    if not texts:
        raise FramelensError("no texts given; expected at least one")
    for at, text in enumerate(texts):
        if not isinstance(text, str):
            raise FramelensError(f"text {at} is {type(text).__name__}; expected a list of texts")
    return [str(text) for text in texts]  # and not numpy's kind of them


def terms_of(text: ReadText) -> list[str]:
    """Analyzer for TF-IDF: words and word pairs."""
    return list(word_terms(text.words))


def letters_of(text: ReadText) -> list[str]:
    """Analyzer for TF-IDF: character n-grams, each once, in the order of the text, on which the saved
    vocabulary depends."""
    return list(dict.fromkeys(ngram for word in text.words for ngram in _char_ngrams(word)))


_char_ngrams = lru_cache(50_000)(char_ngrams)


def vectorizer(
    least: int, *, most: int | None = None, analyzer: Callable[[ReadText], list[str]] = terms_of
) -> TfidfVectorizer:
    """`ReadText` → TF-IDF over terms in at least `least` sentences, as `Model.weigh` computes it.

    With `most`, only the most frequent terms count, and a sentence's values have the length 1.
    """
    norm = None if most is None else "l2"
    return TfidfVectorizer(
        analyzer=analyzer, binary=True, norm=norm, min_df=least, max_features=most
    )


OWN_WHERE_RULES_LEAD = 0.01
TERMS_WHERE_RULES_LEAD = 0.01
"""Factors of rules' columns and of terms' tf-idf where rules lead."""


class ScaledTerms(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Multiplies a matrix by a number."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def fit(self, values: object = None, y: object = None) -> ScaledTerms:  # noqa: ARG002
        """Nothing is learned; the attribute in `_` tells scikit-learn that `fit` was called."""
        self.scale_ = self.scale
        return self

    def transform(self, values: csr_matrix) -> csr_matrix:
        """The values, scaled."""
        return values * self.scale_


class Decision(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The last step of the estimator: features → scores → labels.

    `predict` gives the name of each sentence's frame where frames exclude one another (None where
    none is given), else sentences × frames with 1 for each frame given.
    """

    def __init__(
        self,
        coefficients: Floats,
        bias: Floats,
        thresholds: Floats,
        frames: Sequence[str],
        exclusive: bool = False,
        none: bool = False,
    ) -> None:
        self.coefficients, self.bias, self.thresholds = coefficients, bias, thresholds
        self.frames, self.exclusive, self.none = frames, exclusive, none

    @property
    def classes_(self) -> NDArray[Any]:
        """What `predict` chooses from: the names of the frames where they exclude one another, else 0 and 1
        for each, for scikit-learn's scorers would take two names for two classes, of which one is given."""
        if self.exclusive:
            return np.array(self.frames, dtype=object)
        return np.array([[0, 1]] * len(self.frames))

    def fit(self, features: object = None, y: object = None) -> Decision:  # noqa: ARG002
        """Nothing more is learned."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, features: csr_matrix) -> Floats:
        """Probabilities, sentences × frames."""
        return chances(self._scheme, features @ self.coefficients + self.bias)

    def predict(self, features: csr_matrix) -> NDArray[Any]:
        """The labels."""
        given = decide(self.predict_proba(features), self.thresholds, self._scheme)
        return labels_of(given, self.frames) if self.exclusive else given.astype(int)

    @property
    def _scheme(self) -> Scheme:
        return Scheme("", (), exclusive=self.exclusive, none=self.none)


def labels_of(given: Bools, frames: Sequence[str]) -> NDArray[np.object_]:
    """The frame given to each sentence, or None; `given` is sentences × frames."""
    names = np.array([*frames, None], dtype=object)
    labels: NDArray[np.object_] = names[
        np.where(given.any(axis=1), given.argmax(axis=1), len(frames))
    ]
    return labels


WEAK, PROPOSED = -1, -2
"""In place of a frame's number, for weak and for proposed rules."""


class RuleColumns(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """`ReadText` → a column for each rule, then one for each frame: the number of its rules
    that hit, weak ones not counted.

    Through the columns of frames, a rule that is rare in training gets the weight that its frame's rules
    share. `frames` holds the number of each rule's frame, −1 for a weak rule, −2 for a proposed one,
    whose column stays empty; `count` is the number of frames. `own` is the value of a hit in a rule's
    column: the smaller, the more the penalty holds the rule to its frame's weight.
    """

    def __init__(self, frames: Sequence[int], count: int, own: float = 1.0) -> None:
        self.frames, self.count, self.own = frames, count, own

    @classmethod
    def of(cls, rules: RuleSet) -> RuleColumns:
        """The columns of a rule set."""
        names = rules.scheme.names
        frames = [
            PROPOSED if rule.proposed else WEAK if rule.weak else names.index(rule.frame)
            for rule in rules.rules
        ]
        return cls(frames, len(names), OWN_WHERE_RULES_LEAD if rules.scheme.rules_lead else 1.0)

    def fit(self, texts: Iterable[ReadText], y: object = None) -> RuleColumns:  # noqa: ARG002
        """Nothing is learned."""
        return self

    def transform(self, texts: Sequence[ReadText]) -> csr_matrix:
        """A sparse matrix, sentences × (rules + frames)."""
        # Proposed rules were chosen by the training sentences, and would look too good there.
        counted = [[at for at in text.rules if self.frames[at] != PROPOSED] for text in texts]
        ends = np.cumsum([0, *map(len, counted)])
        rules = [rule for row in counted for rule in row]
        shape = (len(texts), len(self.frames))
        hits = csr_matrix((np.ones(len(rules)), rules, ends), shape=shape)
        shared = np.equal.outer(self.frames, range(self.count)).astype(float)
        shared = csr_matrix(shared.reshape(len(self.frames), self.count))
        return hstack([self.own * hits, hits @ shared]).tocsr()
