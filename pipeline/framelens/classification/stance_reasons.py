"""Why a sentence treats a frame as it does, in words that need no knowledge of the model.

What the features of a cue's occurrence weigh is put together, with the place where it stands; the
weights are those for the stance given against the next likeliest, which they decide between. Features
that several occurrences have are shared out among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from framelens.classification.evidence import Layout
from framelens.classification.stance import QUOTES, Found, StanceFinder, StanceModel
from framelens.core.types import FrameStance, Ints, StanceReason

MOST_REASONS = 3
LIGHT = 1 / 3
"""Share of the heaviest reason's weight below which others are left out."""


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
        best, second = _two(model, stance)
        apart = model.weights[features, best] - model.weights[features, second]
        weights = dict(zip(features, apart.tolist(), strict=True))
        reasons = tuple(_weighed(marks, weights, layout))
        other = f"no single word decides; the next likeliest is {model.stances[second]}"
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
    for (first, end), code in nearest.items():
        yield (first, end, finder.place_in_words(code)), held[first, end]
    for first, end, rule in hits:
        yield (first - begun, end - begun, "the evidence itself"), {finder.rule_feature(rule)}
    words = [layout.part(at, at + 1)[2].lower() for at in range(len(layout.edges))]
    grammar: dict[str, set[int]] = defaultdict(set)
    quotes: set[int] = set()
    for feature in features:
        kind, _, rest = finder.names[feature].partition(" ")
        if feature in finder.of_grammar:
            word = rest if kind == "word" else kind
            (quotes if word in QUOTES else grammar[word]).add(feature)
        elif finder.names[feature].endswith("quoted"):
            quotes.add(feature)
        elif not rest:
            yield (0, 0, "the sentence opens with its verb, as recommendations do"), {feature}
    if quotes:
        near = any(finder.names[feature].endswith("quoted") for feature in quotes)
        yield (0, 0, f"quotation marks {'at the evidence' if near else 'in the sentence'}"), quotes
    for word, own in grammar.items():
        at = words.index(word) if words.count(word) == 1 else -1
        told = _touching({finder.names[feature].partition(" ")[2] for feature in own})
        yield (at, at + 1, told) if at >= 0 else (0, 0, f"“{word}” {told}"), own


def _touching(how: set[str]) -> str:
    sides = [
        side for side in ("within", "before", "after") if any(it.startswith(side) for it in how)
    ]
    if not sides:
        return "in the sentence"
    return "within the evidence" if sides[0] == "within" else f"right {sides[0]} the evidence"


def _weighed(
    marks: Iterator[tuple[Mark, set[int]]],
    weights: Mapping[int, float],
    layout: Layout,
) -> Iterator[StanceReason]:
    """The reasons that speak for the stance, the heaviest first, without those that weigh little."""
    rows = [(mark, own & weights.keys()) for mark, own in marks]
    times = Counter(feature for _, own in rows for feature in own)
    weighed = [
        (sum(weights[feature] / times[feature] for feature in sorted(own)), mark)
        for mark, own in rows
    ]
    weighed.sort(key=lambda row: (-row[0], row[1]))
    least = max(LIGHT * weighed[0][0], 0.1) if weighed else 0
    kept: list[tuple[float, Mark]] = []
    for weight, (first, end, told) in weighed:
        inside = end and any(at <= first and end <= until for _, (at, until, _) in kept)
        if weight >= least and not inside:
            kept.append((weight, (first, end, told)))
    for weight, (first, end, told) in kept[:MOST_REASONS]:
        if end <= first:
            yield StanceReason("", None, None, told, weight)
            continue
        start, stop, text = layout.part(first, end)
        comma = ", " if told.startswith("the ") else " "
        yield StanceReason(text, start, stop, f"“{text}”{comma}{told}", weight)
