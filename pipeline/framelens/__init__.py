"""Tags sentences of human-rights diplomacy with the framing they carry, and says exactly why."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from framelens.core.version import __version__

if TYPE_CHECKING:
    from framelens.api import classify as classify
    from framelens.classification.component import load as load
    from framelens.classification.explanation import explain as explain
    from framelens.classification.model import Model as Model
    from framelens.core.errors import FramelensError as FramelensError
    from framelens.core.types import Evidence as Evidence
    from framelens.core.types import SentenceFrames as SentenceFrames
    from framelens.evaluation.evaluate import evaluate as evaluate
    from framelens.training.train import load_sklearn as load_sklearn
    from framelens.training.train import train as train

# Imported on first use: spaCy takes a second to import, scikit-learn another.
_HOMES = {
    "Evidence": "core.types",
    "FramelensError": "core.errors",
    "Model": "classification.model",
    "SentenceFrames": "core.types",
    "classify": "api",
    "evaluate": "evaluation.evaluate",
    "explain": "classification.explanation",
    "load": "classification.component",
    "load_sklearn": "training.train",
    "train": "training.train",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'framelens' has no attribute {name!r}")
    return getattr(import_module(f"framelens.{_HOMES[name]}"), name)
