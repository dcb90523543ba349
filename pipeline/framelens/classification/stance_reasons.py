"""Why a sentence treats a frame as it does, in words that need no knowledge of the model.

What the features of a cue's occurrence weigh is put together, with the place where it stands and with
cues inside it; the weights are those for the stance given against the next likeliest, which they decide
between. Features that several occurrences have are shared out among them. What speaks for another
stance yet more is no reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from framelens.classification.evidence import Layout
from framelens.classification.stance import (
    OPENING,
    QUOTED,
    QUOTES,
    Found,
    StanceFinder,
    StanceModel,
)
from framelens.core.types import FrameStance, Ints, StanceReason
from framelens.preprocessing.normalise import ONE_FOR_ONE

MOST_REASONS = 3
LIGHT = 1 / 3
"""Share of the heaviest reason's weight below which others are left out."""
LEAST = 0.1
"""Weight below which nothing is a reason (log-odds)."""

BIAS = -2
"""Number of the bias, among those of features, of which −1 is one that is not known."""

USUAL = "the usual stance, which nothing in the sentence outweighs"


def with_reasons(
    told: Sequence[FrameStance],
    found: Found,
    finder: StanceFinder,
    model: StanceModel,
    layouts: Sequence[tuple[Layout, int]],
) -> list[FrameStance]:
    """Stances with their reasons; `layouts` has each pair's sentence and its first token."""
    columns = [found.feature[None], found.cues[1:], found.hits[1:]]
    parts = [
        _by_pair(pair, rows, len(told))
        for pair, rows in zip((found.pair, found.cues[0], found.hits[0]), columns, strict=True)
    ]
    explained = []
    for at, (stance, own, cues, hits) in enumerate(zip(told, *parts, strict=True)):
        features = [feature for (feature,) in own]
        layout, first = layouts[at]
        marks = list(_marks(finder, features, cues, hits, first))
        two = _two(model, stance)
        rows = [model.bias.tolist(), *model.weights[features].tolist()]
        weights = dict(zip([BIAS, *features], rows, strict=True))
        reasons = tuple(_weighed(marks, weights, two, layout))
        other = f"no single word decides; the next likeliest is {model.stances[two[1]]}"
        nothing = StanceReason("", None, None, other, 0.0)
        explained.append(replace(stance, reasons=reasons or (nothing,)))
    return explained


def _by_pair(pair: Ints, rows: Ints, pairs: int) -> list[list[list[int]]]:
    """The columns of some rows, by the pair of each, in order."""
    order = np.argsort(pair, kind="stable")
    cuts = np.searchsorted(pair[order], np.arange(1, pairs))
    return [part.T.tolist() for part in np.split(rows[:, order], cuts, axis=1)]


def _two(model: StanceModel, stance: FrameStance) -> tuple[int, int]:
    """The numbers of the two likeliest stances."""
    chances = stance.probabilities
    likeliest = sorted(chances, key=lambda name: (name != stance.name, -chances[name]))[:2]
    return model.stances.index(likeliest[0]), model.stances.index(likeliest[-1])


class Mark(NamedTuple):
    """What is said of a frame: where it stands, in words, and the features that come from it; its first
    token and its end, both 0 where it has no place; a `word` of grammar may yet have one."""

    told: str
    features: set[int]
    first: int = 0
    end: int = 0
    word: str = ""

    @property
    def place(self) -> tuple[int, int, str, str]:
        """What comes first of marks that weigh the same."""
        return self.first, self.end, self.told, self.word

    def placed(self, layout: Layout) -> tuple[int, int, str]:
        """Its first token and end, and where it stands: a word of grammar has a place where it stands
        in the sentence once."""
        if not self.word:
            return self.first, self.end, self.told
        places = range(len(layout.edges))
        words = [layout.part(at, at + 1)[2].lower().translate(ONE_FOR_ONE) for at in places]
        if words.count(self.word) != 1:
            return 0, 0, f"“{self.word}” {self.told}"
        return words.index(self.word), words.index(self.word) + 1, self.told


def _marks(
    finder: StanceFinder,
    features: Sequence[int],
    cues: Sequence[Sequence[int]],
    hits: Sequence[Sequence[int]],
    begun: int,
) -> Iterator[Mark]:
    """What a sentence, whose first token has the number `begun`, says of a frame."""
    nearest: dict[tuple[int, int], int] = {}
    held: dict[tuple[int, int], set[int]] = defaultdict(set)
    for first, end, code in cues:
        span = first - begun, end - begun
        held[span].update(finder.at_place(code))
        nearest[span] = min(nearest.get(span, code), code, key=finder.remoteness)
    # Where no rule hits, all of the sentence is the evidence.
    within = "within the evidence" if hits else "in the sentence"
    for (first, end), own in _outermost(held).items():
        yield Mark(finder.place_in_words(nearest[first, end]) or within, own, first, end)
    for first, end, rule in hits:
        own = {finder.rule_feature(rule)}
        yield Mark("the evidence itself", own, first - begun, end - begun)
    grammar: dict[str, set[int]] = defaultdict(set)
    quotes: set[int] = set()
    usual = {BIAS}
    for feature in {*features}.difference(*held.values()):
        name = finder.names[feature]
        if feature in finder.of_grammar:
            word, _ = finder.of_grammar[feature]
            (quotes if word in QUOTES else grammar[word]).add(feature)
        elif name in QUOTED:
            quotes.add(feature)
        elif name == OPENING:
            yield Mark("the sentence opens with its verb, as recommendations do", {feature})
        elif name.startswith("frame "):
            usual.add(feature)
    yield Mark(USUAL, usual)
    if quotes:
        near = hits and any(finder.names[feature] in QUOTED for feature in quotes)
        yield Mark(f"quotation marks {'at the evidence' if near else 'in the sentence'}", quotes)
    touching = within, "right before the evidence", "right after the evidence", "in the sentence"
    for word, own in grammar.items():
        side = min(finder.of_grammar[feature][1] for feature in own)
        yield Mark(touching[side], own, word=word)


def _outermost(held: Mapping[tuple[int, int], set[int]]) -> dict[tuple[int, int], set[int]]:
    """What stands in something wider put together with that: not yet, not and yet are one."""
    found: dict[tuple[int, int], set[int]] = {}
    for first, end in sorted(held, key=lambda span: (span[0] - span[1], span)):
        wider = (span for span in found if span[0] <= first and end <= span[1])
        found.setdefault(next(wider, (first, end)), set()).update(held[first, end])
    return found


def _weighed(
    marks: Sequence[Mark],
    weights: Mapping[int, Sequence[float]],
    two: tuple[int, int],
    layout: Layout,
) -> Iterator[StanceReason]:
    """The reasons that speak for the stance, the heaviest first, without those that weigh little or
    say the same."""
    best, second = two
    rows = [sorted(mark.features & weights.keys()) for mark in marks]
    times = Counter(chain.from_iterable(rows))
    apart = {each: (weights[each][best] - weights[each][second]) / times[each] for each in times}
    sums = [sum([apart[each] for each in own]) for own in rows]
    order = sorted(range(len(marks)), key=lambda at: (-sums[at], marks[at].place))
    kept: dict[str, StanceReason] = {}
    places: list[tuple[int, int]] = []
    least = LEAST
    for at in order:
        if sums[at] < least or len(kept) == MOST_REASONS:
            break
        shares = [[each / times[feature] for each in weights[feature]] for feature in rows[at]]
        speaks = [sum(column) for column in zip(*shares, strict=True)]
        if speaks[best] < max(speaks):
            continue
        first, end, told = marks[at].placed(layout)
        least = max(least, LIGHT * sums[at])
        if end and any(start <= first and end <= until for start, until in places):
            continue
        reason = _reason(sums[at], first, end, told, layout)
        if reason.words.lower() not in kept:
            places.append((first, end))
            kept[reason.words.lower()] = reason
    yield from kept.values()


def _reason(weight: float, first: int, end: int, told: str, layout: Layout) -> StanceReason:
    if end <= first:
        return StanceReason("", None, None, told, weight)
    start, stop, text = layout.part(first, end)
    comma = ", " if told.startswith("the ") else " "
    return StanceReason(text, start, stop, f"“{text}”{comma}{told}", weight)
