"""What was found in a block of sentences, and what each find adds to each frame's score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from spacy.attrs import ORTH
from spacy.tokens import Doc

from framelens.frames import Evidence
from framelens.matching.matcher import Hit
from framelens.matching.rules import RuleSet
from framelens.model import Floats, Model, TermValues, Weights
from framelens.terms import Ints


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence: tokens `start` to `end` of a Doc that begins at character `offset` of its text.

    `written` is its text where that is known: spaCy puts a Doc's together from its tokens, and a
    Doc takes no lone surrogates.
    """

    doc: Doc
    start: int
    end: int
    offset: int = 0
    written: str | None = None

    def keys(self) -> list[int]:
        """The ORTH keys of the tokens."""
        keys: list[int] = self.doc.to_array([ORTH])[self.start : self.end].tolist()
        return keys

    def words(self) -> list[str]:
        """The tokens in lower case."""
        return [token.lower_ for token in self.doc[self.start : self.end]]

    def text(self) -> str:
        """The sentence, without the white space after it."""
        if self.written is not None:
            return self.written
        text: str = self.doc[self.start : self.end].text
        return text

    def part(self, text: str, start: int, end: int) -> str:
        """What stands between two offsets in the document's text, given the sentence's own."""
        begin = self.offset + self.doc[self.start].idx
        return text[start - begin : end - begin]

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of the sentence's tokens `first` to `last` in the document's text."""
        final = self.doc[self.start + last]
        begin = self.doc[self.start + first].idx
        return self.offset + begin, self.offset + final.idx + len(final)


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences on their way: the rule hits and the model's terms in each.

    `first_token` is where each sentence's tokens begin in the row of all tokens, and
    `first_term` where its terms begin in `terms`; both have one entry more than there are
    sentences.
    """

    sentences: Sequence[Tokens]
    hits: Sequence[Sequence[Hit]]
    terms: TermValues | None
    first_token: Ints
    first_term: Ints


def add_up(block: Block, weights: Weights) -> Floats:
    """The scores (log-odds), sentences × frames: the bias and every contribution."""
    scores = np.tile(weights.bias, (len(block.sentences), 1))
    pairs = [
        (at, rule) for at, hits in enumerate(block.hits) for rule in sorted({h.rule for h in hits})
    ]
    if pairs:
        owners, rules = np.array(pairs).T
        np.add.at(scores, owners, weights.rule_weights[rules])
    if block.terms is not None:
        found, values = block.terms.found, block.terms.values
        np.add.at(scores, found.sentence, weights.term_weights[found.term] * values[:, None])
    return scores


@dataclass(frozen=True, slots=True)
class Find:
    """A rule's hit or a term's occurrence, and what it adds to each frame's score."""

    kind: Literal["rule", "term"]
    name: str
    note: str
    start: int
    end: int
    text: str
    shares: list[float]

    def row(self, frame: str, share: float) -> Evidence:
        """What it adds to one frame's score."""
        place = (self.start, self.end, self.text)
        return Evidence(frame, self.kind, self.name, *place, weight=share, note=self.note)


class Proof:
    """Reads a block's contributions off again, a sentence at a time."""

    def __init__(self, block: Block, rules: RuleSet, model: Model | None, weights: Weights) -> None:
        self.block, self.rules, self.model, self.weights = block, rules, model, weights
        self.frames = rules.scheme.names

    def evidence(self, at: int, frames: Sequence[int]) -> tuple[Evidence, ...]:
        """Every contribution in sentence `at` to some frames that is not nil, by frame, the
        heaviest first."""
        if not frames:
            return ()
        finds = [*self._of_rules(at), *self._of_terms(at)]
        rows: list[Evidence] = []
        for frame in frames:
            name = self.frames[frame]
            own = [find.row(name, find.shares[frame]) for find in finds if find.shares[frame]]
            rows += sorted(own, key=lambda row: (-abs(row.weight), row.start, row.name))
        return tuple(rows)

    def places(self, at: int, frame: int) -> list[int]:
        """The tokens of sentence `at` with which the evidence for a frame begins: that of the
        frame's own rules, else of other rules, else of the terms that speak for it."""
        name, weights = self.frames[frame], self.weights
        hits = [hit for hit in self.block.hits[at] if weights.rule_weights[hit.rule, frame] > 0]
        own = [hit.start for hit in hits if self.rules.rules[hit.rule].frame == name]
        return own or [hit.start for hit in hits] or self._term_places(at, frame)

    def _term_places(self, at: int, frame: int) -> list[int]:
        if self.block.terms is None:
            return []
        inside = slice(*self.block.first_term[at : at + 2])
        found = self.block.terms.found
        speaks = self.weights.term_weights[found.term[inside], frame] > 0
        places: list[int] = (found.first[inside][speaks] - self.block.first_token[at]).tolist()
        return places

    def _of_rules(self, at: int) -> Iterator[Find]:
        hits, sentence = self.block.hits[at], self.block.sentences[at]
        times, text = Counter(hit.rule for hit in hits), sentence.text() if hits else ""
        for hit in hits:
            rule = self.rules.rules[hit.rule]
            place = sentence.characters(hit.start, hit.end - 1)
            shares = (self.weights.rule_weights[hit.rule] / times[hit.rule]).tolist()
            yield Find("rule", rule.id, rule.note, *place, sentence.part(text, *place), shares)

    def _of_terms(self, at: int) -> Iterator[Find]:
        if self.block.terms is None or self.model is None:
            return
        sentence, found = self.block.sentences[at], self.block.terms.found
        inside = slice(*self.block.first_term[at : at + 2].tolist())
        base, text = int(self.block.first_token[at]), sentence.text()
        terms, tokens = found.term[inside], (found.first[inside] - base, found.last[inside] - base)
        shares = self.weights.term_weights[terms] * self.block.terms.values[inside, None]
        columns = (column.tolist() for column in (terms, *tokens, shares))
        for term, first, last, row in zip(*columns, strict=True):
            place = sentence.characters(first, last)
            yield Find("term", self.model.terms[term], "", *place, sentence.part(text, *place), row)
