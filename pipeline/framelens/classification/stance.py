"""How a sentence treats a frame that it carries: cues and where they stand → one stance of several.

    score(stance) = bias(stance) + Σ weight(feature, stance) · value(feature)

The features of a frame in a sentence are the frame's own rules that hit, the cues of stance (see
`rules/stance.toml`), each by its kind, its name and its words, with their distance from the frame's
evidence, their side of it and whether both are in one clause, words of grammar beside the evidence,
quotation marks around it, and a cue that opens the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain
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

OPENING = "opening"
"""The kind of cues that count where they open a sentence, such as the verb of a recommendation."""

WORD = "word"
"""The kind of cues that are words of grammar: they count where they touch the evidence, and a
little wherever they stand."""

CLOSE = 4
"""Words between a cue and the evidence up to which its own words, too, say something."""

DISTANCES = ((1, "next"), (CLOSE, "near"), (9, "apart"))
"""Distances in words, up to each, and what they are called; what is farther is far."""

BOUNDS = frozenset(
    [",", ";", ":", "(", ")", "–", "—", "and", "but", "which", "who", "whose", "that", "as", "because",
     "while", "although", "where", "when", "if"]
)  # fmt: skip
"""What begins a new clause, as far as it can be told without a parser."""

BEFORE_OPENING = frozenset(["also", "further"])
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
        for hit in own:
            found[f"rule {self.rules.rules[hit.rule].id}"] = 1.0
        if any(_is_quoted(words, *span) for span in spans):
            found["quoted"] = 2.0
        clauses = list(accumulate(word in BOUNDS for word in words))
        for cue in cues:
            kind = self.cues.rules[cue.rule].frame
            if kind == OPENING:
                if _opens(words, cue):
                    found[OPENING] = 2.0
                continue
            text = " ".join([known_form(word) for word in words[cue.start : cue.end]])
            if kind == WORD:
                _add_word(found, cue, text, spans)
            else:
                name = self.cues.rules[cue.rule].id.rpartition(".")[2]
                _add_cue(found, cue, (kind, name, text), spans, clauses)
        return found


def _add_word(found: Features, cue: Hit, text: str, spans: Sequence[tuple[int, int]]) -> None:
    """What a word of grammar says: that it is there, and whether it touches the evidence."""
    found[f"word {text}"] = 0.5
    for start, end in spans:
        between, side = _between(cue, start, end)
        if side == "within":
            found[f"{text} within"] = 0.8
        elif between < 2:
            found[f"{text} {side} by {between + 1}"] = 0.8


def _add_cue(
    found: Features,
    cue: Hit,
    names: tuple[str, str, str],
    spans: Sequence[tuple[int, int]],
    clauses: Sequence[int],
) -> None:
    """What a cue says, given its kind, its own name and its words: where it stands to the evidence."""
    kind, name, text = names
    found[f"any {kind}"] = found[f"any {name}"] = 1.0
    found[f"{name} {text}"] = 0.7
    for start, end in spans:
        between, side = _between(cue, start, end)
        called = next((word for most, word in DISTANCES if between <= most), "far")
        same = clauses[cue.start] == clauses[start]
        for feature in _of_place(kind, name, side, called, same):
            found[feature] = 1.0
        if between <= CLOSE:
            found[f"{text} {side} close"] = 0.7


@lru_cache(maxsize=4096)
def _of_place(kind: str, name: str, side: str, called: str, same: bool) -> tuple[str, ...]:
    """The features of a cue's place: of its kind and, more coarsely, of its own."""
    own = called if called in ("next", "near") else "off"
    found = (f"{kind} {side} {called}", f"{name} {side} {own}")
    return (
        (*found, f"{kind} {side} in one clause", f"{name} {side} in one clause") if same else found
    )


def _opens(words: Sequence[str], cue: Hit) -> bool:
    """Whether a cue opens the sentence, but for an adverb or a mark before it."""
    first = words[0]
    skipped = first.endswith("ly") or not first.isalpha() or first in BEFORE_OPENING
    return cue.start == 0 or (cue.start == 1 and skipped)


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


def _between(cue: Hit, start: int, end: int) -> tuple[int, str]:
    """How many words stand between a cue and a span, and where the cue stands to it."""
    if cue.end <= start:
        return start - cue.end, "before"
    if cue.start >= end:
        return cue.start - end, "after"
    return 0, "within"


def _is_quoted(words: Sequence[str], start: int, end: int) -> bool:
    around = {*words[max(0, start - 1) : start], *words[end : end + 1], *words[start:end]}
    return not QUOTES.isdisjoint(around)
