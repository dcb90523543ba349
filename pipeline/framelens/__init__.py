"""Tags sentences of human-rights diplomacy with the framing they carry, and says exactly why."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from framelens.version import __version__

if TYPE_CHECKING:
    from framelens.api import classify as classify
    from framelens.component import load as load
    from framelens.errors import FramelensError as FramelensError
    from framelens.evaluation import evaluate as evaluate
    from framelens.explanation import explain as explain
    from framelens.frames import Evidence as Evidence
    from framelens.frames import SentenceFrames as SentenceFrames
    from framelens.model import Model as Model
    from framelens.training import load_sklearn as load_sklearn
    from framelens.training import train as train

# Imported on first use: spaCy takes a second to import, scikit-learn another.
_HOMES = {
    "Evidence": "frames",
    "FramelensError": "errors",
    "Model": "model",
    "SentenceFrames": "frames",
    "classify": "api",
    "evaluate": "evaluation",
    "explain": "explanation",
    "load": "component",
    "load_sklearn": "training",
    "train": "training",
}

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'framelens' has no attribute {name!r}")
    return getattr(import_module(f"framelens.{_HOMES[name]}"), name)
