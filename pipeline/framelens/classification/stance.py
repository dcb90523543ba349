"""How a sentence treats a frame that it carries: cues and where they stand → one stance of several.

    score(stance) = bias(stance) + Σ weight(feature, stance)

The features of a frame in a sentence are the frame's own rules that hit, the cues of stance (see
`rules/stance.toml`), each by its kind, its name and its words, with their distance from the frame's
evidence, their side of it and whether both are in one clause, words of grammar beside the evidence,
quotation marks around it, and a cue that opens the sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp

from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.core.types import Floats, FrameStance
from framelens.preprocessing.normalise import known_form
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.matcher import Hit, Reading, RuleMatcher
from framelens.rules.rule_files import WORD, RuleSet

OPENING = "opening"
"""The kind of cues that count where they open a sentence, such as the verb of a recommendation."""

CLOSE = 4
"""Words between a cue and the evidence up to which its own words, too, say something."""

DISTANCES = ((1, "next"), (CLOSE, "near"), (9, "apart"))
"""Distances in words, up to each, and what they are called; what is farther is far."""

OF_NAMES = ("next", "near")
"""Distances that single cues are told apart by; kinds of cues by all."""

BOUNDS = frozenset(
    [",", ";", ":", "(", ")", "–", "—", "and", "but", "which", "who", "whose", "that", "as", "because",
     "while", "although", "where", "when", "if"]
)  # fmt: skip
"""What begins a new clause, as far as it can be told without a parser."""

BEFORE_OPENING = frozenset(["also", "further"])
LEADING = frozenset(
    ["after", "as", "at", "by", "following", "for", "from", "in", "on", "pending", "through",
     "together", "under", "until", "with", "within", "without"]
)  # fmt: skip
"""What begins a phrase before a recommendation: With the help of others, do so."""

QUOTES = frozenset("\"'")

Features = dict[str, float]
"""What there is of a frame in a sentence, each with how easily a model may lean on it: the scale it
has in training. The model's weights hold it already."""


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

    def decide(self, features: Collection[str], *, because: bool = True) -> FrameStance:
        """The likeliest stance, the probability of each, and, if wanted, what spoke for it, the most
        first."""
        # Plain sums: the arrays would be so small that numpy takes five times as long.
        rows, bias = self._rows, self._bias
        known = filter(None, map(rows.get, features))
        scores = [sum(column) for column in zip(bias, *known)]  # noqa: B905
        highest = max(scores)
        best = scores.index(highest)
        likely = [exp(score - highest) for score in scores]
        total = sum(likely)
        probabilities = {name: value / total for name, value in zip(self.stances, likely)}  # noqa: B905
        if not because:
            return FrameStance(self.stances[best], probabilities)
        weighed = [(name, rows[name][best]) for name in features if name in rows]
        spoke = [(name, weight) for name, weight in weighed if weight]
        spoke.sort(key=lambda item: (-abs(item[1]), item[0]))
        return FrameStance(self.stances[best], probabilities, (("bias", bias[best]), *spoke))


class StanceFinder:
    """Finds the features of stance, with the cues of a rule set; `matcher` is one of the set's
    `sought_cues`, and seeks them."""

    def __init__(self, rules: RuleSet, matcher: RuleMatcher) -> None:
        self.rules, self.matcher = rules, matcher
        self._grammar = {
            word: (
                f"word {word}",
                f"{word} within",
                (f"{word} before by 1", f"{word} before by 2"),
                (f"{word} after by 1", f"{word} after by 2"),
            )
            for cue in rules.cues
            if cue.frame == WORD
            for word in cue.phrases
        }
        self._frames = [rule.frame for rule in rules.rules]
        self._names = [f"rule {rule.id}" for rule in rules.rules]
        self._kinds = [(cue.frame, cue.id.rpartition(".")[2]) for cue in matcher.rules.rules]

    def features(
        self, words: Sequence[str], cues: Sequence[Hit], reading: Reading, frame: str
    ) -> Features:
        """The features of a frame in a sentence, given as its tokens in lower case, the cues in it,
        and what the rules found there."""
        rules, frames = self.rules.rules, self._frames
        own = [hit for hit in (*reading.hits, *reading.set_aside) if frames[hit.rule] == frame]
        strong = [hit for hit in own if not rules[hit.rule].weak] or own
        spans = list(dict.fromkeys([(hit.start, hit.end) for hit in strong])) or [(0, len(words))]
        found: Features = {f"frame {frame}": 1.0}
        for hit in own:
            found[self._names[hit.rule]] = 1.0
        if any(_is_quoted(words, *span) for span in spans):
            found["quoted"] = 2.0
        self._add_grammar(found, words, spans)
        for cue in cues:
            kind, name = self._kinds[cue.rule]
            if kind != OPENING:
                own_words = tuple(words[cue.start : cue.end])
                for span in spans:
                    found |= _of_cue(kind, name, own_words, _place(cue, span, words))
            elif _opens(words, cue):
                found[OPENING] = 2.0
        return found

    def _add_grammar(
        self, found: Features, words: Sequence[str], spans: Sequence[tuple[int, int]]
    ) -> None:
        """Words of grammar: that they are there, and whether they touch the evidence."""
        grammar = self._grammar
        for word in grammar.keys() & words:
            found[grammar[word][0]] = 0.5
        for start, end in spans:
            for word in words[start:end]:
                if word in grammar:
                    found[grammar[word][1]] = 0.8
            for step, word in enumerate(words[max(0, start - 2) : start][::-1]):
                if word in grammar:
                    found[grammar[word][2][step]] = 0.8
            for step, word in enumerate(words[end : end + 2]):
                if word in grammar:
                    found[grammar[word][3][step]] = 0.8


Place = tuple[str, str, bool, bool]
"""Where a cue stands to the evidence: its side, how its distance is called, whether its own words
count there, and whether both are in one clause."""


def _place(cue: Hit, span: tuple[int, int], words: Sequence[str]) -> Place:
    _, first, last = cue
    start, end = span
    side, between = "within", 0
    if last <= start:
        side, between = "before", start - last
    elif first >= end:
        side, between = "after", first - end
    called = _CALLED[between] if between < len(_CALLED) else "far"
    on_the_way = words[first + 1 : start + 1] if first < start else words[start + 1 : first + 1]
    return side, called, between <= CLOSE, BOUNDS.isdisjoint(on_the_way)


_CALLED = [
    next(word for most, word in DISTANCES if between <= most)
    for between in range(DISTANCES[-1][0] + 1)
]


@lru_cache(maxsize=1 << 16)
def _of_cue(kind: str, name: str, words: tuple[str, ...], place: Place) -> Mapping[str, float]:
    """What a cue says at a place, given its kind, its own name and its words. Don't write to it."""
    side, called, is_close, in_one_clause = place
    text = " ".join(map(known_form, words))
    found = {f"any {kind}": 1.0, f"any {name}": 1.0, f"{name} {text}": 0.7}
    found[f"{kind} {side} {called}"] = 1.0
    found[f"{name} {side} {called if called in OF_NAMES else 'off'}"] = 1.0
    if in_one_clause:
        found[f"{kind} {side} in one clause"] = found[f"{name} {side} in one clause"] = 1.0
    if is_close:
        found[f"{text} {side} close"] = 0.7
    return found


def _opens(words: Sequence[str], cue: Hit) -> bool:
    """Whether a cue opens the sentence, but for an adverb, a mark or a phrase with a comma before
    it."""
    first, before = words[0], words[: cue.start]
    if len(before) < 2:
        return not before or first.endswith("ly") or not first.isalpha() or first in BEFORE_OPENING
    return first in LEADING and before.index(",") == cue.start - 1 if "," in before else False


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
    rows = zip(words, keys, pairs, strict=True)
    return [
        finder.features(lower, finder.matcher.hits(own), matcher.read(own), frame)
        for lower, own, (_, frame) in rows
    ]


def _is_quoted(words: Sequence[str], start: int, end: int) -> bool:
    return not QUOTES.isdisjoint(words[max(0, start - 1) : end + 1])
