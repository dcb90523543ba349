"""The features of a sentence as scikit-learn sees them: terms, and rules as a transformer.

`pipeline.joblib` names what stands here. Classifying uses the same matcher and the same terms
without scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.attrs import ORTH
from spacy.language import Language

from framelens.classification.terms import terms
from framelens.preprocessing.tokenizer import english, tokenized
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules


@lru_cache(maxsize=1)
def _nlp() -> Language:
    return english()


def text_terms(text: str) -> list[str]:
    """The terms of a sentence given as text."""
    return list(terms(tokenized(text.strip(), _nlp().tokenizer)))


def term_vectorizer(least: int) -> TfidfVectorizer:
    """TF-IDF over terms that stand in at least `least` sentences, as `Model.weigh` computes it."""
    return TfidfVectorizer(analyzer=text_terms, binary=True, norm=None, min_df=least)


class RuleHits(BaseEstimator, TransformerMixin):  # type: ignore[misc]
    """Texts → a column a rule, 1 where it hits, and then a column a frame: how many of the frame's
    rules that are not weak hit.

    The last columns let rules lean on one another: a rule that the training sentences seldom
    show gets the weight that its frame's rules share. `sources` are the rule files' texts by name.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources

    def fit(self, texts: Iterable[str], y: object = None) -> RuleHits:  # noqa: ARG002
        """Compile the rules; nothing is learned."""
        return self

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """A sparse matrix, sentences × (rules + frames)."""
        rules, matcher = _compiled(tuple(sorted(self.sources.items())))
        frames = [rules.scheme.names.index(rule.frame) for rule in rules.rules]
        shared = np.zeros((len(frames), len(rules.scheme.names)))
        for number, rule in enumerate(rules.rules):
            shared[number, frames[number]] = not rule.weak
        rows = [_row(matcher, text) for text in texts]
        hits = np.zeros((len(rows), len(frames)))
        for at, row in enumerate(rows):
            hits[at, row] = 1
        return csr_matrix(np.hstack([hits, hits @ shared]))


def _row(matcher: RuleMatcher, text: str) -> list[int]:
    keys = tokenized(text.strip(), _nlp().tokenizer).to_array([ORTH]).tolist()
    return sorted({hit.rule for hit in matcher.hits(keys)})


@lru_cache(maxsize=4)
def _compiled(sources: tuple[tuple[str, str], ...]) -> tuple[RuleSet, RuleMatcher]:
    rules, nlp = parse_rules(dict(sources)), _nlp()
    return rules, RuleMatcher(rules, nlp.vocab, nlp.tokenizer)
