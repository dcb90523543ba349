"""The features of a sentence as scikit-learn sees them: terms, and rules that hit.

`pipeline.joblib` names what stands here. Classifying uses the same matcher and the same terms
without scikit-learn.
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
from framelens.classification.model import letters, word_terms
from framelens.core.checks import several
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Floats
from framelens.preprocessing.tokenizer import english_tokenizer, sentence_tokens
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules


class Finds(NamedTuple):
    """What a sentence holds: its tokens in lower case, and the numbers of the rules that hit."""

    words: list[str]
    rules: list[int]


class SentenceReader(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Texts → `Finds`, each text tokenized once. `sources` are the rule files' texts by name."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    @classmethod
    def of(cls, rules: RuleSet) -> SentenceReader:
        """A reader for rules that have been read."""
        reader = cls(dict(rules.sources))
        reader._open(rules)
        return reader

    def _open(self, rules: RuleSet) -> None:
        self._tokenizer = english_tokenizer()
        self._matcher = RuleMatcher(rules, self._tokenizer.vocab, self._tokenizer)

    def __getstate__(self) -> dict[str, Any]:
        # What `sources` say is compiled again where the reader comes out of a pickle.
        state: dict[str, Any] = super().__getstate__()
        return {name: part for name, part in state.items() if name not in self._OPENED}

    _OPENED = ("_tokenizer", "_matcher")

    def fit(self, texts: Iterable[str], y: object = None) -> SentenceReader:  # noqa: ARG002
        """Nothing is learned."""
        return self

    def transform(self, texts: Iterable[str]) -> list[Finds]:
        """The words and rules in each sentence; raise FramelensError for what is no list of texts."""
        found = texts_in(texts)
        if not hasattr(self, "_matcher"):
            self._open(parse_rules(self.sources))
        return [self._finds(text) for text in found]

    def _finds(self, text: str) -> Finds:
        doc = sentence_tokens(text, self._tokenizer)
        hits = self._matcher.hits(doc.to_array([ORTH]).tolist())
        # Each word is kept once, however often it is met.
        return Finds([intern(token.lower_) for token in doc], sorted({hit.rule for hit in hits}))


def texts_in(given: Any) -> list[str]:
    """The texts that scikit-learn has been given, one at least; raise FramelensError for other things."""
    found = list(several("X", given, "a list of texts"))
    if not found:
        raise FramelensError("no texts given; expected at least one")
    for at, text in enumerate(found):
        if not isinstance(text, str):
            raise FramelensError(f"text {at} is {type(text).__name__}; expected a list of texts")
    return [str(text) for text in found]  # and not numpy's kind of them


def terms_of(finds: Finds) -> list[str]:
    """The words and pairs of words that TF-IDF counts."""
    return list(word_terms(finds.words))


def letters_of(finds: Finds) -> list[str]:
    """The runs of letters that TF-IDF counts, each once, in the order of the text: scikit-learn keeps
    it in what is saved."""
    return list(dict.fromkeys(run for word in finds.words for run in _letters(word)))


_letters = lru_cache(50_000)(letters)


def vectorizer(
    least: int, *, most: int | None = None, analyzer: Callable[[Finds], list[str]] = terms_of
) -> TfidfVectorizer:
    """`Finds` → TF-IDF over terms in at least `least` sentences, as `Model.weigh` computes it;
    over the `most` frequent ones, and each sentence's values of length 1, if that is told."""
    norm = None if most is None else "l2"
    return TfidfVectorizer(
        analyzer=analyzer, binary=True, norm=norm, min_df=least, max_features=most
    )


OWN_WHERE_RULES_LEAD = 0.01
TERMS_WHERE_RULES_LEAD = 0.01
"""What a rule's own column and a term's tf-idf are multiplied by where rules lead."""


class ScaledTerms(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """A matrix, times a number."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def fit(self, values: object = None, y: object = None) -> ScaledTerms:  # noqa: ARG002
        """Nothing is learned; what ends in `_` tells scikit-learn that it was called."""
        self.scale_ = self.scale
        return self

    def transform(self, values: csr_matrix) -> csr_matrix:
        """The values, scaled."""
        return values * self.scale_


class Decision(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Features → scores → labels, as a model decides: the last step of its estimator.

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
    def classes_(self) -> NDArray[np.object_]:
        """The names of the frames."""
        return np.array(self.frames, dtype=object)

    def fit(self, features: object = None, y: object = None) -> Decision:  # noqa: ARG002
        """Nothing more is learned."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def decision_function(self, features: csr_matrix) -> Floats:
        """Scores in log-odds, sentences × frames."""
        scores: Floats = features @ self.coefficients + self.bias
        return scores

    def predict_proba(self, features: csr_matrix) -> Floats:
        """Probabilities, sentences × frames."""
        return chances(self._scheme, self.decision_function(features))

    def predict(self, features: csr_matrix) -> NDArray[Any]:
        """The labels."""
        given = decide(self.predict_proba(features), self.thresholds, self._scheme)
        return labels_of(given, self.frames) if self.exclusive else given.astype(int)

    @property
    def _scheme(self) -> Scheme:
        return Scheme("", (), exclusive=self.exclusive, none=self.none)


def labels_of(given: Bools, frames: Sequence[str]) -> NDArray[np.object_]:
    """The one frame given to each sentence, or None, of sentences × frames."""
    names = np.array([*frames, None], dtype=object)
    found: NDArray[np.object_] = names[
        np.where(given.any(axis=1), given.argmax(axis=1), len(frames))
    ]
    return found


WEAK, PROPOSED = -1, -2
"""What stands for the frame of a rule that is weak, and of one that is proposed."""


class RuleColumns(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """`Finds` → a column a rule, 1 where it hits, and then a column a frame: how many of the
    frame's rules that are not weak hit.

    The columns of frames let rules lean on one another: a rule that the training sentences seldom
    show gets the weight that its frame's rules share. `frames` holds the number of each rule's
    frame, −1 for a weak rule, −2 for one that is proposed, whose column stays empty; `count` is the
    number of frames. `own` is what a rule's own column holds where it hits: the smaller, the more it
    costs to weigh it apart from the others.
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

    def fit(self, finds: Iterable[Finds], y: object = None) -> RuleColumns:  # noqa: ARG002
        """Nothing is learned."""
        return self

    def transform(self, finds: Sequence[Finds]) -> csr_matrix:
        """A sparse matrix, sentences × (rules + frames)."""
        # A cue chosen by the sentences that a model learns from looks surer there than it is.
        known = [[at for at in found.rules if self.frames[at] != PROPOSED] for found in finds]
        ends = np.cumsum([0, *map(len, known)])
        rules = [rule for own in known for rule in own]
        shape = (len(finds), len(self.frames))
        hits = csr_matrix((np.ones(len(rules)), rules, ends), shape=shape)
        shared = np.equal.outer(self.frames, range(self.count)).astype(float)
        shared = csr_matrix(shared.reshape(len(self.frames), self.count))
        return hstack([self.own * hits, hits @ shared]).tocsr()
