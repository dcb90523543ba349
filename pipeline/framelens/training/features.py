"""The features of a sentence as scikit-learn sees them: terms, and rules that hit.

`pipeline.joblib` names what stands here. Classifying uses the same matcher and the same terms
without scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.attrs import ORTH

from framelens.classification.model import terms
from framelens.preprocessing.tokenizer import english_tokenizer, sentence_tokens
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules


class Finds(NamedTuple):
    """What a sentence holds: its terms, one for each occurrence, and the numbers of the rules that
    hit in it."""

    terms: list[str]
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
        """The terms and rules in each sentence."""
        if not hasattr(self, "_matcher"):
            self._open(parse_rules(self.sources))
        return [self._finds(text) for text in texts]

    def _finds(self, text: str) -> Finds:
        doc = sentence_tokens(text, self._tokenizer)
        hits = self._matcher.hits(doc.to_array([ORTH]).tolist())
        return Finds(list(terms(doc)), sorted({hit.rule for hit in hits}))


def terms_of(finds: Finds) -> list[str]:
    """The terms that TF-IDF counts."""
    return finds.terms


def term_vectorizer(least: int) -> TfidfVectorizer:
    """`Finds` → TF-IDF over terms in at least `least` sentences, as `Model.weigh` computes it."""
    return TfidfVectorizer(analyzer=terms_of, binary=True, norm=None, min_df=least)


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


class RuleColumns(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """`Finds` → a column a rule, 1 where it hits, and then a column a frame: how many of the
    frame's rules that are not weak hit.

    The columns of frames let rules lean on one another: a rule that the training sentences seldom
    show gets the weight that its frame's rules share. `frames` holds the number of each rule's
    frame, −1 for a weak rule; `count` is the number of frames. `own` is what a rule's own column
    holds where it hits: the smaller, the more it costs to weigh it apart from the others.
    """

    def __init__(self, frames: Sequence[int], count: int, own: float = 1.0) -> None:
        self.frames, self.count, self.own = frames, count, own

    @classmethod
    def of(cls, rules: RuleSet) -> RuleColumns:
        """The columns of a rule set."""
        names = rules.scheme.names
        frames = [-1 if rule.weak else names.index(rule.frame) for rule in rules.rules]
        return cls(frames, len(names), OWN_WHERE_RULES_LEAD if rules.scheme.rules_lead else 1.0)

    def fit(self, finds: Iterable[Finds], y: object = None) -> RuleColumns:  # noqa: ARG002
        """Nothing is learned."""
        return self

    def transform(self, finds: Sequence[Finds]) -> csr_matrix:
        """A sparse matrix, sentences × (rules + frames)."""
        hits = np.zeros((len(finds), len(self.frames)))
        for row, found in zip(hits, finds, strict=True):
            row[found.rules] = 1
        shared = np.equal.outer(self.frames, range(self.count)).astype(float)
        return csr_matrix(np.hstack([self.own * hits, hits @ shared]))
