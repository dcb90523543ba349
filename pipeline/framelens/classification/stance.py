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
    def _rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.features)}

    def decide(self, features: Features) -> FrameStance:
        """The likeliest stance, the probability of each, and what spoke for it, the most first."""
        known = [
            (self._rows[name], value) for name, value in features.items() if name in self._rows
        ]
        parts = np.array([value * self.weights[row] for row, value in known])
        scores = self.bias + parts.sum(axis=0) if known else self.bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        best = int(np.argmax(likely))
        spoke = zip(known, parts, strict=False)
        because = [(self.features[row], float(part[best])) for (row, _), part in spoke]
        because.sort(key=lambda item: (-abs(item[1]), item[0]))
        probabilities = dict(zip(self.stances, likely.tolist(), strict=True))
        return FrameStance(
            self.stances[best],
            probabilities,
            (("bias", float(self.bias[best])), *(item for item in because if item[1])),
        )


class StanceFinder:
    """Finds the features of stance, with the cues of a rule set."""

    def __init__(self, rules: RuleSet, vocab: Vocab, tokenizer: Tokenizer) -> None:
        self.rules, self.cues = rules, rules.of_stance
        self._matcher = RuleMatcher(self.cues, vocab, tokenizer)

    def features(
        self, words: Sequence[str], keys: Sequence[int], reading: Reading, frames: Sequence[str]
    ) -> list[Features]:
        """The features of each of some frames in a sentence, given as its tokens in lower case and
        their ORTH keys, and what the rules found in it."""
        cues = self._matcher.hits(keys)
        return [self._of_frame(words, cues, reading, frame) for frame in frames]

    def _of_frame(
        self, words: Sequence[str], cues: Sequence[Hit], reading: Reading, frame: str
    ) -> Features:
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
    found = []
    for text, frame in pairs:
        doc = sentence_tokens(text, tokenizer)
        keys = doc.to_array([ORTH]).tolist()
        words = [token.lower_ for token in doc]
        found += finder.features(words, keys, matcher.read(keys), [frame])
    return found


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
