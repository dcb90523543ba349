"""Evidence: what each rule hit and each term in a block of sentences adds to each frame's score."""

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

ReadSpan = Callable[[int, int], tuple[int, int, str]]
"""`Tokens.span` of a sentence: first token, end token → offsets in the document, and the text."""


class Contribution(NamedTuple):
    """A rule's hit or a term's occurrence; `shares` is what it adds to each frame's score."""

    shares: list[float]
    start: int
    end: int
    text: str
    name: str
    kind: EvidenceKind
    note: str


NO_CUE = "No cue says that the sentence is about the codebook's subject, which this rule needs."


@dataclass(eq=False)
class Contributions:
    """The contributions to the scores of a block's sentences, worked out a sentence at a time.

    `terms`, `first_token` and `first_term` are those of the `Block`.
    """

    rules: RuleSet
    model: Model | None
    weights: Weights
    terms: TermValues | None
    first_token: Ints
    first_term: Ints

    def evidence(
        self, at: int, frames: Sequence[int], reading: Reading, read_span: ReadSpan
    ) -> tuple[Evidence, ...]:
        """What adds to, or takes from, the scores of some frames in sentence `at`: by frame, the
        heaviest first. `reading` is that of the sentence."""
        contributions = [
            *self._of_rules([*reading.hits, *reading.set_aside], read_span),
            *self._of_subjects(reading, read_span),
            *self._of_terms(at, read_span),
        ]
        names = [self.rules.scheme.names[frame] for frame in frames]
        weighed = sorted(
            (place, -abs(each.shares[frame]), each.start, each.name, each)
            for each in contributions
            for place, frame in enumerate(frames)
            if each.shares[frame]
        )
        return tuple(
            Evidence(names[place], kind, source, start, end, text, shares[frames[place]], note)
            for place, *_, (shares, start, end, text, source, kind, note) in weighed
        )

    def starts(self, at: int, frame: int, reading: Reading) -> list[int]:
        """The first tokens of the evidence for a frame in sentence `at`: of hits of the frame's own
        rules, else of other rules, else of terms with a positive weight for it."""
        name, weights = self.rules.scheme.names[frame], self.weights
        hits = [hit for hit in reading.hits if weights.rule_weights[hit.rule, frame] > 0]
        own_frame = [hit.start for hit in hits if self.rules.rules[hit.rule].frame == name]
        return own_frame or [hit.start for hit in hits] or self._term_places(at, frame)

    def _term_places(self, at: int, frame: int) -> list[int]:
        if self.terms is None:
            return []
        inside = slice(*self.first_term[at : at + 2])
        occurrences = self.terms.occurrences
        speaks = self.weights.term_weights[occurrences.term[inside], frame] > 0
        places: list[int] = (occurrences.first[inside][speaks] - self.first_token[at]).tolist()
        return places

    def _of_rules(self, hits: Sequence[Hit], read_span: ReadSpan) -> Iterator[Contribution]:
        hits = [hit for hit in hits if hit.rule in self._rule_weights]
        times = Counter([hit.rule for hit in hits])
        for number, first, end in hits:
            rule, count = self.rules.rules[number], times[number]
            shares = [weight / count for weight in self._rule_weights[number]]
            yield Contribution(shares, *read_span(first, end), rule.id, "rule", rule.note)

    def _of_subjects(self, reading: Reading, read_span: ReadSpan) -> Iterator[Contribution]:
        """What takes away again what the rules set aside have added: the cues of another subject, in
        equal parts, or, where there are none, each such rule for itself."""
        hits = reversed(reading.set_aside)
        set_aside = {hit.rule: hit for hit in hits if hit.rule in self._rule_weights}
        if not set_aside:
            return
        weights = [self._rule_weights[number] for number in set_aside]
        if reading.cues:
            items = [self.rules.items[cue.rule] for cue in reading.cues]
            causes = [(item.id, item.note) for item in items]
            places = reading.cues
            parts = [sum(column) / len(places) for column in zip(*weights, strict=True)]
            weights = [parts] * len(places)
        else:
            places = list(set_aside.values())
            causes = [(self.rules.rules[number].id, NO_CUE) for number in set_aside]
        for hit, (name, note), lost in zip(places, causes, weights, strict=True):
            shares = [-weight for weight in lost]
            yield Contribution(shares, *read_span(hit.start, hit.end), name, "subject", note)

    @cached_property
    def _rule_weights(self) -> dict[int, list[float]]:
        """The weights by frame of each rule that has one other than 0."""
        rows = enumerate(self.weights.rule_weights.tolist())
        return {number: weights for number, weights in rows if any(weights)}

    def _of_terms(self, at: int, read_span: ReadSpan) -> Iterator[Contribution]:
        (terms, firsts, lasts), shares, begins = self._terms
        names, base = self.model.terms if self.model else (), int(self.first_token[at])
        by_token: dict[int, list[list[float]]] = {}
        for place in range(begins[at], begins[at + 1]):
            if terms[place] >= len(names):
                by_token.setdefault(firsts[place] - base, []).append(shares[place])
                continue
            read = read_span(firsts[place] - base, lasts[place] - base + 1)
            yield Contribution(shares[place], *read, names[terms[place]], "term", "")
        for token, rows in by_token.items():
            # A word's n-grams are one contribution: one by one they tell a reader little.
            start, end, text = read_span(token, token + 1)
            total = [sum(column, 0.0) for column in zip(*rows, strict=True)]
            yield Contribution(total, start, end, text, f"letters of {text.lower()}", "term", "")

    @cached_property
    def _terms(self) -> tuple[list[list[int]], list[list[float]], list[int]]:
        """The block's terms that have a weight (columns term, first and last token), their shares, and
        where each sentence's terms begin among them."""
        if self.terms is None:
            return [[], [], []], [], [0] * len(self.first_term)
        occurrences, values = self.terms.occurrences, self.terms.values
        weighed = np.flatnonzero(self.weights.is_used[occurrences.term])
        columns = [column[weighed].tolist() for column in occurrences[1:]]
        shares = self.weights.term_weights[occurrences.term[weighed]] * values[weighed][:, None]
        return columns, shares.tolist(), np.searchsorted(weighed, self.first_term).tolist()
