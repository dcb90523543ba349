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
        marks = _marks(finder, features, cues, hits, (layout, first))
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


Mark = tuple[int, int, str]
"""The first token of something said and its end, both 0 where it has no place, and where it stands."""


def _marks(
    finder: StanceFinder,
    features: Sequence[int],
    cues: Sequence[Sequence[int]],
    hits: Sequence[Sequence[int]],
    sentence: tuple[Layout, int],
) -> Iterator[tuple[Mark, set[int]]]:
    """What a sentence says of a frame, and the features that come from it."""
    layout, begun = sentence
    nearest: dict[tuple[int, int], int] = {}
    held: dict[tuple[int, int], set[int]] = defaultdict(set)
    for first, end, code in cues:
        span = first - begun, end - begun
        held[span] |= {*finder.at_place(code)}
        nearest[span] = min(nearest.get(span, code), code, key=finder.remoteness)
    # Where no rule hits, all of the sentence is the evidence.
    within = "within the evidence" if hits else "in the sentence"
    for (first, end), own in _outermost(held).items():
        yield (first, end, finder.place_in_words(nearest[first, end]) or within), own
    for first, end, rule in hits:
        yield (first - begun, end - begun, "the evidence itself"), {finder.rule_feature(rule)}
    texts = [layout.part(at, at + 1)[2] for at in range(len(layout.edges))]
    words = [text.lower().translate(ONE_FOR_ONE) for text in texts]
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
            yield (0, 0, "the sentence opens with its verb, as recommendations do"), {feature}
        elif name.startswith("frame "):
            usual.add(feature)
    yield (0, 0, USUAL), usual
    if quotes:
        near = hits and any(finder.names[feature] in QUOTED for feature in quotes)
        yield (0, 0, f"quotation marks {'at the evidence' if near else 'in the sentence'}"), quotes
    touching = within, "right before the evidence", "right after the evidence", "in the sentence"
    for word, own in grammar.items():
        at = words.index(word) if words.count(word) == 1 else -1
        told = touching[min(finder.of_grammar[feature][1] for feature in own)]
        yield (at, at + 1, told) if at >= 0 else (0, 0, f"“{word}” {told}"), own


def _outermost(held: Mapping[tuple[int, int], set[int]]) -> dict[tuple[int, int], set[int]]:
    """What stands in something wider put together with that: not yet, not and yet are one."""
    found: dict[tuple[int, int], set[int]] = {}
    for first, end in sorted(held, key=lambda span: (span[0] - span[1], span)):
        wider = (span for span in found if span[0] <= first and end <= span[1])
        found.setdefault(next(wider, (first, end)), set()).update(held[first, end])
    return found


def _weighed(
    marks: Iterator[tuple[Mark, set[int]]],
    weights: Mapping[int, Sequence[float]],
    two: tuple[int, int],
    layout: Layout,
) -> Iterator[StanceReason]:
    """The reasons that speak for the stance, the heaviest first, without those that weigh little or
    say the same."""
    best, second = two
    rows = [(mark, sorted(own & weights.keys())) for mark, own in marks]
    times = Counter(feature for _, own in rows for feature in own)
    apart = {feature: row[best] - row[second] for feature, row in weights.items()}
    weighed: list[tuple[float, Mark]] = []
    for mark, own in rows:
        weight = sum([apart[feature] / times[feature] for feature in own])
        if weight < LEAST:
            continue
        shares = ([each / times[feature] for each in weights[feature]] for feature in own)
        speaks = [sum(column) for column in zip(*shares, strict=True)]
        if speaks[best] == max(speaks):
            weighed.append((weight, mark))
    weighed.sort(key=lambda row: (-row[0], row[1]))
    least = LIGHT * weighed[0][0] if weighed else 0
    kept: dict[str, StanceReason] = {}
    places: list[tuple[int, int]] = []
    for weight, (first, end, told) in weighed:
        if weight < least or (end and any(at <= first and end <= until for at, until in places)):
            continue
        reason = _reason(weight, (first, end, told), layout)
        if reason.words.lower() not in kept:
            places.append((first, end))
            kept[reason.words.lower()] = reason
    yield from list(kept.values())[:MOST_REASONS]


def _reason(weight: float, mark: Mark, layout: Layout) -> StanceReason:
    first, end, told = mark
    if end <= first:
        return StanceReason("", None, None, told, weight)
    start, stop, text = layout.part(first, end)
    comma = ", " if told.startswith("the ") else " "
    return StanceReason(text, start, stop, f"“{text}”{comma}{told}", weight)
