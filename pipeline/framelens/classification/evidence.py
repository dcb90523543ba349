"""What was found in a block of sentences, and what each find adds to each frame's score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, ORTH
from spacy.tokens import Doc

from framelens.classification.model import Model, TermValues, Weights
from framelens.core.types import Evidence, EvidenceKind, Floats, Ints
from framelens.preprocessing.normalise import View
from framelens.rules.matcher import Hit, Reading, Readings
from framelens.rules.rule_files import RuleSet

Edges = list[tuple[int, int]]
"""Where each token of a sentence begins and ends."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence: tokens `start` to `end` of a Doc that begins at character `offset` of its text.

    `written` is its text where that is known: spaCy puts a Doc's together from its tokens, and a
    Doc takes no lone surrogates. With a `view` of it the Doc is that of the view's text.
    """

    doc: Doc
    start: int
    end: int
    offset: int = 0
    written: str | None = None
    view: View | None = None

    def keys(self) -> NDArray[np.uint64]:
        """The ORTH keys of the tokens."""
        keys: NDArray[np.uint64] = self._span().to_array([ORTH]).ravel()
        return keys

    def _span(self) -> Any:  # the stubs know no Span.to_array
        """The sentence alone: to look through the whole document for each would take too long."""
        whole = self.end - self.start == len(self.doc)
        return self.doc if whole else self.doc[self.start : self.end]

    def text(self) -> str:
        """The sentence, without the white space after it."""
        if self.written is not None:
            return self.written
        text: str = self.doc[self.start : self.end].text
        return text

    def begin(self) -> int:
        """The offset of the sentence in the document's text."""
        return self.offset + (self.doc[self.start].idx if self.start else 0)

    def edges(self) -> Edges:
        """The offsets of each token in the document's text."""
        rows = self._span().to_array([IDX, LENGTH]).tolist()
        if self.view is None or self.view.offsets is None:
            return [(self.offset + start, self.offset + start + length) for start, length in rows]
        view, offset = self.view, self.offset
        return [
            (offset + view.start(start), offset + view.end(start + length))
            for start, length in rows
        ]


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences on their way: the rule hits and the model's terms in each.

    `keys` are the ORTH keys of all tokens; `first_token` is where each sentence's tokens begin
    among them, and `first_term` where its terms begin in `terms`: both have one entry more than
    there are sentences.
    """

    sentences: Sequence[Tokens]
    keys: Sequence[int]
    readings: Readings
    terms: TermValues | None
    first_token: Ints
    first_term: Ints

    def keys_of(self, at: int) -> Sequence[int]:
        """The ORTH keys of a sentence's tokens."""
        return self.keys[self.first_token[at] : self.first_token[at + 1]]


def add_up(block: Block, weights: Weights) -> Floats:
    """The scores (log-odds), sentences × frames: the bias and every contribution."""
    scores = np.tile(weights.bias, (len(block.sentences), 1))
    owners, rules = block.readings.pairs()
    _add(scores, owners, weights.rule_weights[rules])
    if block.terms is not None:
        found, values = block.terms.found, block.terms.values
        heard = _heard(found.term, weights)
        shares = weights.term_weights[found.term[heard]] * values[heard][:, None]
        _add(scores, found.sentence[heard], shares)
    return scores


def _heard(terms: Ints, weights: Weights) -> Ints:
    """The places of those terms that speak for or against a frame; others only tell the subject."""
    heard: Ints = np.flatnonzero(np.any(weights.term_weights != 0, axis=1)[terms])
    return heard


def _add(scores: Floats, sentences: Ints, shares: Floats) -> None:
    """Add shares, a row each, to the scores of the sentences that they belong to."""
    for total, own in zip(scores.T, shares.T, strict=True):
        total += np.bincount(sentences, own, minlength=len(total))


class Find(NamedTuple):
    """A rule's hit or a term's occurrence, and what it adds to each frame's score."""

    shares: list[float]
    start: int
    end: int
    text: str
    name: str
    kind: EvidenceKind
    note: str


NO_CUE = "No cue says that the sentence is about the codebook's subject, which this rule needs."


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
        rows: list[Evidence] = []
        finds = self._finds(at)
        for frame in frames:
            name = self.frames[frame]
            own = [
                (-abs(find.shares[frame]), find.start, find.name, find)
                for find in finds
                if find.shares[frame]
            ]
            own.sort()
            rows += [
                Evidence(name, kind, of, start, end, text, shares[frame], note)
                for _, _, _, (shares, start, end, text, of, kind, note) in own
            ]
        return tuple(rows)

    def places(self, at: int, frame: int) -> list[int]:
        """The tokens of sentence `at` with which the evidence for a frame begins: that of the
        frame's own rules, else of other rules, else of the terms that speak for it."""
        name, weights = self.frames[frame], self.weights
        hits = [
            hit for hit in self.block.readings[at].hits if weights.rule_weights[hit.rule, frame] > 0
        ]
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

    def _finds(self, at: int) -> list[Find]:
        sentence = self.block.sentences[at]
        text, edges = sentence.text(), sentence.edges()
        reading = self.block.readings[at]
        return [
            *self._of_rules(at, [*reading.hits, *reading.set_aside], text, edges),
            *self._of_subjects(at, reading, text, edges),
            *self._of_terms(at, text, edges),
        ]

    def _of_rules(self, at: int, hits: Sequence[Hit], text: str, edges: Edges) -> Iterator[Find]:
        begin = self.block.sentences[at].begin()
        times = Counter([hit.rule for hit in hits])
        for number, first, end_token in hits:
            rule, count = self.rules.rules[number], times[number]
            start, end = edges[first][0], edges[end_token - 1][1]
            shares = [weight / count for weight in self._rule_weights[number]]
            part = text[start - begin : end - begin]
            yield Find(shares, start, end, part, rule.id, "rule", rule.note)

    def _of_subjects(self, at: int, reading: Reading, text: str, edges: Edges) -> Iterator[Find]:
        """What cues of another subject take away, or the want of any cue: all that the rules set
        aside had added."""
        begin = self.block.sentences[at].begin()
        aside = {hit.rule: hit for hit in reversed(reading.set_aside)}
        weights = [self._rule_weights[number] for number in aside]
        if reading.cues:
            items = [self.rules.items[cue.rule] for cue in reading.cues]
            causes = [(item.id, item.note) for item in items]
            places = reading.cues
            parts = [sum(column) / len(places) for column in zip(*weights, strict=True)]
            weights = [parts] * len(places)
        else:
            places = list(aside.values())
            causes = [(self.rules.rules[number].id, NO_CUE) for number in aside]
        for hit, (name, note), lost in zip(places, causes, weights, strict=True):
            start, end = edges[hit.start][0], edges[hit.end - 1][1]
            shares = [-weight for weight in lost]
            yield Find(shares, start, end, text[start - begin : end - begin], name, "subject", note)

    @cached_property
    def _rule_weights(self) -> list[list[float]]:
        weights: list[list[float]] = self.weights.rule_weights.tolist()
        return weights

    def _of_terms(self, at: int, text: str, edges: Edges) -> Iterator[Find]:
        (terms, firsts, lasts), shares, begins = self._terms
        base, begin = int(self.block.first_token[at]), self.block.sentences[at].begin()
        by_letters: dict[int, list[list[float]]] = {}
        for place in range(begins[at], begins[at + 1]):
            if terms[place] >= len(self._names):
                by_letters.setdefault(firsts[place] - base, []).append(shares[place])
                continue
            start, end = edges[firsts[place] - base][0], edges[lasts[place] - base][1]
            part = text[start - begin : end - begin]
            yield Find(shares[place], start, end, part, self._names[terms[place]], "term", "")
        for token, rows in by_letters.items():
            # The runs of letters of a word are told together: one by one they say little.
            start, end = edges[token]
            part = text[start - begin : end - begin]
            total = [sum(column, 0.0) for column in zip(*rows, strict=True)]
            yield Find(total, start, end, part, f"letters of {part.lower()}", "term", "")

    @cached_property
    def _names(self) -> Sequence[str]:
        return self.model.terms if self.model else ()

    @cached_property
    def _terms(self) -> tuple[list[list[int]], list[list[float]], list[int]]:
        """The terms of the whole block that speak for or against a frame, with the first and last
        token of each; their shares; and where each sentence's begin."""
        if self.block.terms is None:
            return [[], [], []], [], [0] * len(self.block.first_term)
        found, values = self.block.terms.found, self.block.terms.values
        heard = _heard(found.term, self.weights)
        columns = [part[heard].tolist() for part in (found.term, found.first, found.last)]
        shares = self.weights.term_weights[found.term[heard]] * values[heard][:, None]
        return columns, shares.tolist(), np.searchsorted(heard, self.block.first_term).tolist()
