"""What each find in a block of sentences adds to each frame's score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from framelens.classification.model import Model, TermValues, Weights
from framelens.core.types import Evidence, EvidenceKind, Ints
from framelens.rules.matcher import Hit, Reading
from framelens.rules.rule_files import RuleSet

Part = Callable[[int, int], tuple[int, int, str]]
"""Reads tokens of a sentence off, from a first one to an end: where they begin and end in the document,
and their text."""


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


@dataclass(eq=False)
class Proof:
    """Reads the contributions to a block of sentences off again, a sentence at a time.

    `terms` are those of the block, `first_token` and `first_term` where each sentence's tokens and
    terms begin there.
    """

    rules: RuleSet
    model: Model | None
    weights: Weights
    terms: TermValues | None
    first_token: Ints
    first_term: Ints

    def evidence(
        self, at: int, frames: Sequence[int], reading: Reading, part: Part
    ) -> tuple[Evidence, ...]:
        """Every contribution in sentence `at`, given what the rules found there, to some frames
        that is not nil, by frame, the heaviest first."""
        rows: list[Evidence] = []
        finds = [
            *self._of_rules([*reading.hits, *reading.set_aside], part),
            *self._of_subjects(reading, part),
            *self._of_terms(at, part),
        ]
        for frame in frames:
            name = self.rules.scheme.names[frame]
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

    def places(self, at: int, frame: int, reading: Reading) -> list[int]:
        """The tokens of sentence `at` with which the evidence for a frame begins: that of the
        frame's own rules, else of other rules, else of the terms that speak for it."""
        name, weights = self.rules.scheme.names[frame], self.weights
        hits = [hit for hit in reading.hits if weights.rule_weights[hit.rule, frame] > 0]
        own = [hit.start for hit in hits if self.rules.rules[hit.rule].frame == name]
        return own or [hit.start for hit in hits] or self._term_places(at, frame)

    def _term_places(self, at: int, frame: int) -> list[int]:
        if self.terms is None:
            return []
        inside = slice(*self.first_term[at : at + 2])
        found = self.terms.found
        speaks = self.weights.term_weights[found.term[inside], frame] > 0
        places: list[int] = (found.first[inside][speaks] - self.first_token[at]).tolist()
        return places

    def _of_rules(self, hits: Sequence[Hit], part: Part) -> Iterator[Find]:
        hits = [hit for hit in hits if hit.rule in self._rule_weights]
        times = Counter([hit.rule for hit in hits])
        for number, first, end in hits:
            rule, count = self.rules.rules[number], times[number]
            shares = [weight / count for weight in self._rule_weights[number]]
            yield Find(shares, *part(first, end), rule.id, "rule", rule.note)

    def _of_subjects(self, reading: Reading, part: Part) -> Iterator[Find]:
        """What cues of another subject take away, or the want of any cue: all that the rules set
        aside had added."""
        hits = reversed(reading.set_aside)
        aside = {hit.rule: hit for hit in hits if hit.rule in self._rule_weights}
        if not aside:
            return
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
            shares = [-weight for weight in lost]
            yield Find(shares, *part(hit.start, hit.end), name, "subject", note)

    @cached_property
    def _rule_weights(self) -> dict[int, list[float]]:
        """The weights of each rule that speaks for or against a frame, as not all do."""
        rows = enumerate(self.weights.rule_weights.tolist())
        return {number: weights for number, weights in rows if any(weights)}

    def _of_terms(self, at: int, part: Part) -> Iterator[Find]:
        (terms, firsts, lasts), shares, begins = self._terms
        names, base = self.model.terms if self.model else (), int(self.first_token[at])
        by_letters: dict[int, list[list[float]]] = {}
        for place in range(begins[at], begins[at + 1]):
            if terms[place] >= len(names):
                by_letters.setdefault(firsts[place] - base, []).append(shares[place])
                continue
            read = part(firsts[place] - base, lasts[place] - base + 1)
            yield Find(shares[place], *read, names[terms[place]], "term", "")
        for token, rows in by_letters.items():
            # The runs of letters of a word are told together: one by one they say little.
            start, end, text = part(token, token + 1)
            total = [sum(column, 0.0) for column in zip(*rows, strict=True)]
            yield Find(total, start, end, text, f"letters of {text.lower()}", "term", "")

    @cached_property
    def _terms(self) -> tuple[list[list[int]], list[list[float]], list[int]]:
        """The terms of the whole block that speak for or against a frame, with the first and last
        token of each; their shares; and where each sentence's begin."""
        if self.terms is None:
            return [[], [], []], [], [0] * len(self.first_term)
        found, values = self.terms.found, self.terms.values
        speaking = np.flatnonzero(self.weights.heard[found.term])
        columns = [part[speaking].tolist() for part in (found.term, found.first, found.last)]
        shares = self.weights.term_weights[found.term[speaking]] * values[speaking][:, None]
        return columns, shares.tolist(), np.searchsorted(speaking, self.first_term).tolist()
