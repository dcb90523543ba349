"""A codebook at work: its rules and model, and the one way from passages to classified sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.persistence import digest_of_model
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage
from framelens.preprocessing.main_text import main_text
from framelens.preprocessing.structure import LeftOut, selected, sentences_of
from framelens.project.relevance import with_relevance, words_pattern


@dataclass(frozen=True, slots=True)
class Project:
    """Rules and model, opened, and the settings they were opened with.

    `left_out` counts what all calls of `classify` leave out because of the settings; `recorded`
    counts, by file, the sentences that were read with their labels from files framelens has written.
    Threads must not share a project, as they cannot share spaCy's vocabulary.
    """

    classifier: FrameClassifier
    settings: Settings
    left_out: LeftOut = field(default_factory=LeftOut, compare=False)
    recorded: Counter[str] = field(default_factory=Counter, compare=False)

    @classmethod
    def open(cls, settings: Settings | None = None) -> Project:
        """Open the folders that the settings name, by default the shipped ones.

        Raise FramelensError where one is missing or damaged, they do not belong together, or they
        are not those whose digests the settings hold.
        """
        settings = settings or Settings()
        if settings.about:
            words_pattern(settings.about)
        classifier = FrameClassifier.open(
            model=settings.model,
            rules=settings.rules,
            mode=settings.mode,
            thresholds=dict(settings.thresholds),
        )
        _check(settings, "rules", settings.rules_digest, classifier.rules.digest)
        if settings.model_digest is not None:
            _check(settings, "model", settings.model_digest, digest_of_model(settings))
        return cls(classifier, settings)

    @property
    def scheme(self) -> Scheme:
        """The codebook's scheme of frames."""
        return self.classifier.rules.scheme

    @property
    def frames(self) -> tuple[str, ...]:
        """The names of the frames."""
        return self.classifier.frames

    def classify(self, passages: Iterable[Passage]) -> Iterator[Classified]:
        """The one way of every text: passages → sentences in their places → frames, as they come."""
        settings = self.settings
        if settings.main_text:
            passages = main_text(passages, self.left_out.drop)
        sentences = selected(sentences_of(passages, settings.unit), settings, self.left_out)
        classified = classify_sentences(
            sentences,
            self.classifier,
            evidence=settings.evidence,
            # Who asks for a least probability has left out what is beside the subject.
            count_about=None if settings.min_about else self.left_out.count_about,
        )
        return with_relevance(classified, settings.about) if settings.about else classified


def _check(settings: Settings, part: str, expected: str | None, current: str | None) -> None:
    if expected is not None and current != expected:
        folder = getattr(settings, part) or f"shipped {part}"
        raise FramelensError(
            f"{folder}: not the {part} that the run began with; expected the same framelens, rules "
            "and model on every machine, left alone during the run"
        )
