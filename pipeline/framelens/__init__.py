"""Tags sentences of human-rights diplomacy with the framing they carry, and says exactly why."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from framelens.core.version import __version__

# As in `typing`, which takes longer to import than all else that is done before interrupts are minded.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from framelens.api import assess as assess
    from framelens.api import check_rules as check_rules
    from framelens.api import classify as classify
    from framelens.api import classify_files as classify_files
    from framelens.api import classify_rows as classify_rows
    from framelens.api import correct as correct
    from framelens.api import evaluate as evaluate
    from framelens.api import explain as explain
    from framelens.api import export_sample as export_sample
    from framelens.api import import_labels as import_labels
    from framelens.api import lint_rules as lint_rules
    from framelens.api import load as load
    from framelens.api import load_model as load_model
    from framelens.api import load_sklearn as load_sklearn
    from framelens.api import merge_coders as merge_coders
    from framelens.api import new_codebook as new_codebook
    from framelens.api import report as report
    from framelens.api import sample as sample
    from framelens.api import summarize as summarize
    from framelens.api import train as train
    from framelens.classification.model import Model as Model
    from framelens.core.errors import FramelensError as FramelensError
    from framelens.core.settings import Tables as Tables
    from framelens.core.types import Evidence as Evidence
    from framelens.core.types import Sentence as Sentence
    from framelens.core.types import SentenceFrames as SentenceFrames
    from framelens.evaluation.evaluate import Evaluation as Evaluation
    from framelens.project.items import Item as Item
    from framelens.project.labelled.forms import LabelForm as LabelForm
    from framelens.project.labelled.sentence import LabelledSentence as LabelledSentence
    from framelens.training.estimator import FrameEstimator as FrameEstimator
    from framelens.training.train import Trained as Trained

# Imported on first use: spaCy takes a second to import, scikit-learn another.
_NAMES = {
    "api": "assess check_rules classify classify_files classify_rows correct evaluate explain "
    "export_sample import_labels lint_rules load load_model load_sklearn merge_coders new_codebook "
    "report sample summarize train",
    "classification.model": "Model",
    "core.errors": "FramelensError",
    "core.settings": "Tables",
    "core.types": "Evidence Sentence SentenceFrames",
    "evaluation.evaluate": "Evaluation",
    "project.items": "Item",
    "project.labelled.forms": "LabelForm",
    "project.labelled.sentence": "LabelledSentence",
    "training.estimator": "FrameEstimator",
    "training.train": "Trained",
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = [*_HOMES, "__version__"]


class _Library(ModuleType):
    """This package, in which `report` stays the function: as soon as anything of the package of that
    name is imported, Python would put that in its place. Users may put anything else there."""

    @property
    def report(self) -> object:
        return vars(self).get("report") or import_module("framelens.api").report

    @report.setter
    def report(self, value: object) -> None:
        if not isinstance(value, ModuleType):
            vars(self)["report"] = value

    @report.deleter
    def report(self) -> None:
        del vars(self)["report"]


sys.modules[__name__].__class__ = _Library


if not TYPE_CHECKING:  # by which any name, a misspelt one too, would be there for type checkers

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module 'framelens' has no attribute {name!r}")
        return getattr(import_module(f"framelens.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
