"""Labelled stances → how rightly stances are told, given the frames."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from framelens.classification.classifier import FrameClassifier
from framelens.classification.stance import stance_features
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.types import Bools
from framelens.evaluation.groups import documents_of
from framelens.evaluation.trial import matrix
from framelens.project.labelled.sentence import LabelledSentence, stances_in
from framelens.statistics.bootstrap import Interval
from framelens.statistics.confusion import confusion
from framelens.statistics.metrics import Figures, figures, macro_f1_lead


@dataclass(frozen=True, slots=True)
class StancePair:
    """A labelled sentence, one of its frames, and how it treats that."""

    sentence: LabelledSentence
    frame: str
    stance: str


@dataclass(frozen=True, slots=True)
class StanceEvaluation:
    """The figures of stances over pairs of a sentence and a frame that it is labelled with.

    In `figures` and `baseline` stances take the place of frames, and `exact` is the accuracy. The
    baseline gives each frame its commonest stance among these labels; `lead` is by how much the macro
    F1 is above that of the baseline. `accuracy` is by frame. `confusion` has a row a
    labelled stance and a column a predicted one, in the order of the figures.
    """

    pairs: int
    figures: Figures
    baseline: Figures
    lead: Interval
    accuracy: Mapping[str, Interval]
    confusion: tuple[tuple[int, ...], ...]


def stance_pairs(sentences: Sequence[LabelledSentence], scheme: Scheme) -> list[StancePair]:
    """Each pair of sentence and frame that has a stance.

    Raise FramelensError for a stance that the scheme does not have, or of a frame not given.
    """
    pairs = []
    for sentence in sentences:
        for frame, stance in stances_in(sentence).items():
            if frame not in sentence.labels or stance not in scheme.stances:
                expected = ", ".join(scheme.stances)
                problem = f"the sentence {sentence.id!r} has the stance {stance!r} to {frame!r}"
                raise FramelensError(f"{problem}; expected one of {expected} to a frame given")
            pairs.append(StancePair(sentence, frame, stance))
    return pairs


def evaluate_stances(
    sentences: Sequence[LabelledSentence], classifier: FrameClassifier, *, seed: int = 0
) -> StanceEvaluation | None:
    """The figures of a classifier that tells stances, None where it does not or no sentence has
    one; intervals are by documents, or by sentences where there are too few of those."""
    scheme, model, finder = classifier.rules.scheme, classifier.model, classifier.stances
    if finder is None or model is None or model.stance is None or classifier.matcher is None:
        return None
    pairs = stance_pairs(sentences, scheme)
    if not pairs:
        return None
    features = stance_features(
        [(pair.sentence.text, pair.frame) for pair in pairs],
        classifier.tokenizer,
        classifier.matcher,
        finder,
    )
    names = scheme.stances
    gold = matrix([[pair.stance] for pair in pairs], names)
    predicted = model.stance.decide(features, len(pairs), because=False)
    guess = matrix([[stance.name] for stance in predicted], names)
    usual = matrix([[stance] for stance in _commonest(pairs)], names)
    labelled = [pair.sentence for pair in pairs]
    groups = documents_of(labelled) or [sentence.id for sentence in labelled]
    frames = np.array([pair.frame for pair in pairs])

    def measured(answers: Bools, rows: Bools) -> Figures:
        kept_groups = [group for group, kept in zip(groups, rows, strict=True) if kept]
        return figures(names, gold[rows], answers[rows], groups=kept_groups, seed=seed)

    everything = np.ones(len(pairs), dtype=bool)
    return StanceEvaluation(
        pairs=len(pairs),
        figures=measured(guess, everything),
        baseline=measured(usual, everything),
        lead=macro_f1_lead(gold, guess, usual, groups=groups, seed=seed),
        accuracy={
            name: measured(guess, frames == name).exact for name in scheme.names if name in frames
        },
        # Each pair has one stance in truth and one in answer, so that nothing falls under "none".
        confusion=tuple(row[:-1] for row in confusion(names, gold, guess).counts[:-1]),
    )


def _commonest(pairs: Sequence[StancePair]) -> list[str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        counts[pair.frame][pair.stance] += 1
    return [counts[pair.frame].most_common(1)[0][0] for pair in pairs]
