"""What is to be done with every piece of an input, small enough to send to a worker."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from socket import gethostname
from typing import Any, Literal

from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import model_digest
from framelens.classification.modes import Mode
from framelens.core.errors import FramelensError
from framelens.core.paths import data_path
from framelens.core.types import Detail, Unit
from framelens.core.version import __version__
from framelens.readers import Reading, Rejects
from framelens.readers.decoding import known_encoding
from framelens.rules.rule_files import RuleSet, read_rules

Form = Literal["jsonl", "csv"]

MODEL = "models/default"

_opened = threading.local()


@dataclass(frozen=True, slots=True)
class Task:
    """How to read, classify and write: everything on which the output depends besides the input.

    `model` and `rules` are folders, `None` the shipped ones; `thresholds` are pairs of frame and
    probability. What follows is found by `sealed`: the names of the frames, and the digests of
    model and rules at the start, to which every worker holds its own copies.
    """

    form: Form = "jsonl"
    unit: Unit = "document"
    encoding: str = "utf-8"
    main_text: bool = False
    explain: bool = False
    keep_formulas: bool = False
    skip_bad: bool = False
    model: str | None = None
    rules: str | None = None
    mode: Mode = "hybrid"
    thresholds: tuple[tuple[str, float], ...] = ()
    frames: tuple[str, ...] = ()
    model_digest: str | None = None
    rules_digest: str | None = None

    @property
    def evidence(self) -> Detail:
        """How much evidence is looked for."""
        return True if self.explain else "labels"

    def reading(self, rejects: Rejects | None) -> Reading:
        """How the sources are read; raise FramelensError for an unknown encoding."""
        return Reading(known_encoding(self.encoding), self.unit, rejects)

    def sealed(self, rules: RuleSet | None = None) -> Task:
        """The task with the frames and digests of its rules, if they have been read, and its model.

        Raise FramelensError where either cannot be read.
        """
        rules = rules or read_rules(Path(self.rules) if self.rules else data_path("rules"))
        model = self.current_model()
        return replace(
            self, frames=rules.scheme.names, model_digest=model, rules_digest=rules.digest
        )

    def current_model(self) -> str | None:
        """The digest of the model as it is now, if the task uses one."""
        return None if self.mode == "rules" else model_digest(self.model or data_path(MODEL))

    def fingerprint(self) -> dict[str, Any]:
        """What must be the same for two runs over the same input to write the same bytes.

        Whether bad records are passed over does not count: it only says whether a run ends at one.
        """
        return {
            "framelens": __version__,
            "spacy": version("spacy"),
            "model": self.model_digest,
            "rules": self.rules_digest,
            "format": self.form,
            "unit": self.unit,
            "encoding": known_encoding(self.encoding),
            "main_text": self.main_text,
            "explain": self.explain,
            "keep_formulas": self.keep_formulas,
            "mode": self.mode,
            "thresholds": dict(self.thresholds),
        }


def opened(task: Task) -> FrameClassifier:
    """The classifier of a task, opened once a thread, for spaCy's pipelines are not to be shared.

    Raise FramelensError where rules or model cannot be read or are not those the task began with.
    """
    if getattr(_opened, "task", None) != task:
        classifier = _open(task)
        if (here := task.sealed(classifier.rules)) != task:
            raise FramelensError(_unlike(here, task))
        _opened.task, _opened.classifier = task, classifier
    return _opened.classifier  # type: ignore[no-any-return]


def open_here(task: Task) -> Task:
    """Open the classifier of a task for this thread; return the task sealed."""
    classifier = _open(task)
    task = task.sealed(classifier.rules)
    _opened.task, _opened.classifier = task, classifier
    return task


def _open(task: Task) -> FrameClassifier:
    from framelens.api import open_classifier

    return open_classifier(
        model=task.model, rules=task.rules, mode=task.mode, thresholds=dict(task.thresholds)
    )


def _unlike(here: Task, task: Task) -> str:
    part = "the rules" if here.rules_digest != task.rules_digest else "the model"
    return (
        f"{gethostname()}: not {part} that the run began with; expected the same framelens, rules "
        "and model on every machine, left alone during the run"
    )
