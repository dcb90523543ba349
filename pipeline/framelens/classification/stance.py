"""How a sentence treats a frame that it carries: cues and where they stand → one stance of several.

    score(stance) = bias(stance) + Σ weight(feature, stance) · value(feature)

The features of a frame in a sentence are the frame's own rules that hit, the cues of stance (see
`rules/stance.toml`) with their distance from the frame's evidence and their side of it, whether a
comma or the like stands between, quotation marks around the evidence, and a cue that opens the
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import exp

import numpy as np
from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from framelens.core.types import Floats, FrameStance
from framelens.preprocessing.normalise import known_form
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.matcher import Hit, Reading, RuleMatcher
from framelens.rules.rule_files import RuleSet

NEAR = ((2, "near"), (5, "close"), (10, "apart"))
"""Distances in words, up to each, and what they are called; what is farther is far."""

OPENING = "opening"
"""The kind of cues that count where they open a sentence, such as the verb of a recommendation."""

CLAUSE = frozenset(",;:()–—")
QUOTES = frozenset("\"'")

Features = dict[str, float]


@dataclass(frozen=True, eq=False)
class StanceModel:
    """Weights (features × stances) and a bias a stance, in log-odds."""

    stances: tuple[str, ...]
    features: tuple[str, ...]
    weights: Floats
    bias: Floats

    @cached_property
    def _rows(self) -> Mapping[str, tuple[float, ...]]:
        return dict(zip(self.features, map(tuple, self.weights.tolist()), strict=True))

    @cached_property
    def _bias(self) -> tuple[float, ...]:
        return tuple(self.bias.tolist())

    def decide(self, features: Features, *, because: bool = True) -> FrameStance:
        """The likeliest stance, the probability of each, and, if wanted, what spoke for it, the most
        first."""
        # Plain sums: the arrays would be so small that numpy takes five times as long.
        rows, scores = self._rows, self._bias
        known = [(name, value, rows[name]) for name, value in features.items() if name in rows]
        for _, value, row in known:
            scores = tuple([score + value * weight for score, weight in zip(scores, row)])  # noqa: B905
        highest = max(scores)
        best = scores.index(highest)
        likely = [exp(score - highest) for score in scores]
        total = sum(likely)
        probabilities = {name: value / total for name, value in zip(self.stances, likely)}  # noqa: B905
        if not because:
            return FrameStance(self.stances[best], probabilities)
        spoke = [(name, value * row[best]) for name, value, row in known if value * row[best]]
        spoke.sort(key=lambda item: (-abs(item[1]), item[0]))
        return FrameStance(self.stances[best], probabilities, (("bias", self._bias[best]), *spoke))


class StanceFinder:
    """Finds the features of stance, with the cues of a rule set."""

    def __init__(self, rules: RuleSet, vocab: Vocab, tokenizer: Tokenizer) -> None:
        self.rules, self.cues = rules, rules.of_stance
        self._matcher = RuleMatcher(self.cues, vocab, tokenizer)

    def cues_in(self, sentences: Sequence[Sequence[int]]) -> list[list[Hit]]:
        """The cues in each of some sentences, given as the ORTH keys of their tokens."""
        lengths = np.array([len(keys) for keys in sentences], dtype=np.int64)
        found = self._matcher.read_block(list(chain.from_iterable(sentences)), lengths)
        return [reading.hits for reading in found]

    def features(
        self, words: Sequence[str], cues: Sequence[Hit], reading: Reading, frame: str
    ) -> Features:
        """The features of a frame in a sentence, given as its tokens in lower case, the cues in it,
        and what the rules found there."""
        own = [
            hit
            for hit in (*reading.hits, *reading.set_aside)
            if self.rules.rules[hit.rule].frame == frame
        ]
        strong = [hit for hit in own if not self.rules.rules[hit.rule].weak] or own
        spans = [(hit.start, hit.end) for hit in strong] or [(0, len(words))]
        found: Features = {f"frame {frame}": 1.0}
        found |= {f"rule {self.rules.rules[hit.rule].id}": 1.0 for hit in own}
        if any(_is_quoted(words, *span) for span in spans):
            found["quoted"] = 2.0
        for cue in cues:
            for name, value in self._of_cue(words, cue, spans):
                found[name] = value
        return found

    def _of_cue(
        self, words: Sequence[str], cue: Hit, spans: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[str, float]]:
        kind = self.cues.rules[cue.rule].frame
        if kind == OPENING:
            if cue.start <= 1:
                yield OPENING, 2.0
            return
        text = " ".join(map(known_form, words[cue.start : cue.end]))
        yield f"any {kind}", 1.5
        yield f"cue {kind} {text}", 1.0
        for start, end in spans:
            between, side = _between(cue, start, end)
            distance = between.stop - between.start
            yield f"{kind} {side} {_called(distance)}", 1.5
            if distance <= NEAR[-1][0] and CLAUSE.isdisjoint(words[between]):
                yield f"{kind} {side} in one clause", 1.5
            if distance <= NEAR[1][0]:
                yield f"{text} {side} close", 1.0


def stance_features(
    pairs: Sequence[tuple[str, str]],
    tokenizer: Tokenizer,
    matcher: RuleMatcher,
    finder: StanceFinder,
) -> list[Features]:
    """The features of frames in sentences, given as texts and frames; `matcher` finds the frames'
    rules."""
    docs = [sentence_tokens(text, tokenizer) for text, _ in pairs]
    keys = [doc.to_array([ORTH]).tolist() for doc in docs]
    words = [[token.lower_ for token in doc] for doc in docs]
    rows = zip(words, keys, finder.cues_in(keys), pairs, strict=True)
    return [
        finder.features(lower, cues, matcher.read(own), frame)
        for lower, own, cues, (_, frame) in rows
    ]


def _between(cue: Hit, start: int, end: int) -> tuple[slice, str]:
    """The words between a cue and a span, and where the cue stands to it."""
    if cue.end <= start:
        return slice(cue.end, start), "before"
    if cue.start >= end:
        return slice(end, cue.start), "after"
    return slice(start, start), "within"


def _called(distance: int) -> str:
    return next((name for most, name in NEAR if distance <= most), "far")


def _is_quoted(words: Sequence[str], start: int, end: int) -> bool:
    around = {*words[max(0, start - 1) : start], *words[end : end + 1], *words[start:end]}
    return not QUOTES.isdisjoint(around)
