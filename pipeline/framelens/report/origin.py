"""With what a page's sentences were classified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from framelens.classification.classifier import FrameClassifier
from framelens.core.settings import Mode
from framelens.core.version import versions

SYSTEMS: Mapping[Mode, str] = {
    "hybrid": "framelens",
    "rules": "rules only",
    "model": "model only",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Rules and model at work, with SHA-256 digests and versions.

    `model_digest` and `trained_on` (sentences) are None without a model; `bias` (log-odds) and
    `thresholds` (probabilities) are by frame, `made_with` the versions the model was trained with.
    """

    system: str
    rules: int
    rules_digest: str
    model_digest: str | None
    trained_on: int | None
    made_with: Mapping[str, str]
    versions: Mapping[str, str]
    bias: Mapping[str, float]
    thresholds: Mapping[str, float]

    @classmethod
    def of(cls, classifier: FrameClassifier) -> Self:
        """The origin of what a classifier says."""
        meta = classifier.model.meta if classifier.model else {}
        frames = classifier.frames
        return cls(
            system=SYSTEMS[classifier.mode],
            rules=len(classifier.rules.rules),
            rules_digest=classifier.rules.digest,
            model_digest=meta.get("weights_sha256"),
            trained_on=meta.get("corpus_sentences"),
            made_with=meta.get("made_with", {}),
            versions=versions(),
            bias=dict(zip(frames, classifier.weights.bias.tolist(), strict=True)),
            thresholds=dict(zip(frames, classifier.thresholds.tolist(), strict=True)),
        )
