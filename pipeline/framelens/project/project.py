"""A codebook at work: its rules and model, and the one way from passages to classified sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.model import model_digest
from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError
from framelens.core.files import model_folder, rules_folder
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage
from framelens.preprocessing.kinds import main_text
from framelens.preprocessing.structure import LeftOut, selected, sentences_of
from framelens.project.relevance import with_relevance, words_pattern
from framelens.readers.metadata import digest_of
from framelens.rules.rule_files import read_rules


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


def digest_of_model(settings: Settings) -> str | None:
    """The digest of the model as it is now, if the settings use one."""
    if settings.mode == "rules":
        return None
    return model_digest(model_folder(settings.model))


def _check(settings: Settings, part: str, expected: str | None, current: str | None) -> None:
    if expected is not None and current != expected:
        folder = getattr(settings, part) or f"shipped {part}"
        raise FramelensError(
            f"{folder}: not the {part} that the run began with; expected the same framelens, rules "
            "and model on every machine, left alone during the run"
        )


def sealed(settings: Settings) -> Settings:
    """The settings for workers, also on other machines: with absolute paths of rules, model and table of
    metadata, and their present digests, so that a worker that finds others refuses to work.

    Raise FramelensError where one of them cannot be read.
    """
    rules = rules_folder(settings.rules, settings.model)
    tables = settings.tables
    if tables.metadata is not None:
        table = Path(tables.metadata).absolute()
        tables = replace(tables, metadata=str(table), metadata_digest=digest_of(table))
    return replace(
        settings,
        tables=tables,
        model=str(Path(settings.model).absolute()) if settings.model else None,
        rules=str(rules.absolute()) if settings.rules else None,
        rules_digest=read_rules(rules).digest,
        model_digest=digest_of_model(settings),
    )
