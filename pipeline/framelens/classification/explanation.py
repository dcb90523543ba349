"""Why a sentence has its frames: each score as a sum, and the fewest causes that turn a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum

import numpy as np

from framelens.classification.model import probability
from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular, in_short, short_repr
from framelens.core.types import Evidence, EvidenceKind, FrameStance, SentenceFrames


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule or a term with all its occurrences in a sentence, which can be left out as a whole;
    `weight` (log-odds) is what they add to one frame's score together."""

    kind: EvidenceKind
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class FrameExplanation:
    """How the decision on one frame came about.

    `score` (log-odds) is `bias` and the weights of the `contributions`, added up; the frame is
    given where `probability`, its sigmoid, reaches `threshold`. `flip` are the fewest causes
    without which the decision would be the opposite, the heaviest first, or None where no leaving
    out does that. `alone` says that the bias by itself reaches the threshold, so that the frame
    needs no evidence. `stance` is how the sentence treats a frame given, where that is told.
    """

    frame: str
    given: bool
    probability: float
    threshold: float
    score: float
    bias: float
    alone: bool
    contributions: tuple[Evidence, ...] = field(repr=False)
    flip: tuple[Cause, ...] | None
    stance: FrameStance | None = None

    __repr__ = short_repr


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a sentence's text and the frames that its evidence is for."""

    text: str
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Tabular):
    """A classified sentence and the explanation of each frame, in the scheme's order."""

    sentence: SentenceFrames
    frames: tuple[FrameExplanation, ...]

    def _title(self) -> str:
        return in_short(self.sentence.text)

    def _table(self) -> tuple[list[str], list[list[str]]]:
        rows = [
            [at.frame, "yes" if at.given else "no", f"{at.probability:.2f}", f"{at.threshold:.2f}"]
            for at in self.frames
        ]
        return ["frame", "given", "probability", "threshold"], rows

    def stretches(self) -> list[Stretch]:
        """The sentence, cut at the edges of the evidence in the `flip` of frames given."""
        marks = [(row, at.frame) for at in self.frames if at.given for row in _decisive(at)]
        return cut(self.sentence.text, marks, [at.frame for at in self.frames], self.sentence.start)


def cut(
    text: str, marks: Sequence[tuple[Evidence, str]], frames: Sequence[str], start: int = 0
) -> list[Stretch]:
    """A text, whose first character has the offset `start`, cut at the edges of evidence.

    `marks` are pieces of evidence with the frame of each, `frames` all frames in order. Joined, the
    stretches are the text.
    """
    places = (at for row, _ in marks for at in (row.start, row.end))
    stretches: list[Stretch] = []
    for left, right in pairwise(sorted({start, start + len(text), *places})):
        over = {frame for row, frame in marks if row.start <= left and right <= row.end}
        names = tuple(frame for frame in frames if frame in over)
        piece = text[left - start : right - start]
        if stretches and stretches[-1].frames == names:
            piece = stretches.pop().text + piece
        stretches.append(Stretch(piece, names))
    return stretches


def explain(sentence: SentenceFrames) -> Explanation:
    """Explain the decisions on a sentence from its own evidence.

    To leave a rule or a term out is to take its weight out of the sum; all else stays. The score
    is linear, so that taking the heaviest first leaves out as few as can be. Raise FramelensError
    where the sentence was classified without all of its evidence.
    """
    return Explanation(sentence, tuple(_explained(sentence, frame) for frame in sentence.scores))


def causes(rows: Iterable[Evidence]) -> list[Cause]:
    """The rules and terms behind one frame's contributions, in order of their first row."""
    weights: dict[tuple[EvidenceKind, str], list[float]] = defaultdict(list)
    for row in rows:
        weights[row.kind, row.name].append(row.weight)
    return [Cause(kind, name, fsum(shares)) for (kind, name), shares in weights.items()]


def smallest_flip(
    bias: float, causes: Sequence[Cause], threshold: float, *, given: bool
) -> tuple[Cause, ...] | None:
    """The fewest causes whose weights, taken out of the sum, turn a decision round."""
    sign = 1 if given else -1
    holding = [cause for cause in causes if cause.weight * sign > 0]
    holding.sort(key=lambda cause: (-abs(cause.weight), cause.kind, cause.name))
    others = fsum(cause.weight for cause in causes if cause.weight * sign <= 0)
    for count in range(1, len(holding) + 1):
        rest = fsum((bias, others, *(cause.weight for cause in holding[count:])))
        if _reaches(rest, threshold) != given:
            return tuple(holding[:count])
    return None


def _explained(sentence: SentenceFrames, frame: str) -> FrameExplanation:
    rows = tuple(row for row in sentence.evidence if row.frame == frame)
    bias, threshold = sentence.bias.get(frame, 0.0), sentence.thresholds.get(frame, 0.5)
    score, given = fsum((bias, *(row.weight for row in rows))), frame in sentence.labels
    if abs(_probability(score) - sentence.scores[frame]) > 1e-6:
        raise FramelensError(
            f"the evidence does not add up to the score for {frame}; expected a sentence that was "
            "classified with evidence=True"
        )
    return FrameExplanation(
        frame=frame,
        given=given,
        probability=sentence.scores[frame],
        threshold=threshold,
        score=score,
        bias=bias,
        alone=given and _reaches(bias, threshold),
        contributions=rows,
        flip=smallest_flip(bias, causes(rows), threshold, given=given),
        stance=sentence.stances.get(frame),
    )


def _decisive(explanation: FrameExplanation) -> list[Evidence]:
    flipping = {(cause.kind, cause.name) for cause in explanation.flip or ()}
    return [row for row in explanation.contributions if (row.kind, row.name) in flipping]


def _reaches(score: float, threshold: float) -> bool:
    return _probability(score) >= threshold


def _probability(score: float) -> float:
    return float(probability(np.array(score)))
