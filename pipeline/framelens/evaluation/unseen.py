"""Labelled sentences that a model is to be held to: none that it was trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from framelens.classification.model import Model
from framelens.core.errors import FramelensError
from framelens.core.files import model_folder
from framelens.evaluation.baselines import trained_on
from framelens.project.items import Item, read_items
from framelens.project.labelled import fingerprint
from framelens.project.project import Project


def read_waves(paths: Sequence[Path], project: Project) -> list[list[Item]]:
    """The samples, a file each, that correct what a project gives.

    Raise FramelensError where a file is damaged or the model was trained on some of its sentences.
    """
    waves = [read_items(path, project.frames) for path in paths]
    if project.settings.mode == "rules":
        return waves
    folder = model_folder(project.settings.model)
    known = trained_on(Model.load(folder))
    if seen := sum(fingerprint(item.text) in known for wave in waves for item in wave):
        raise FramelensError(
            f"{folder}: trained on {seen} of the labelled sentences, on which it errs less than "
            "elsewhere; name all files that it was trained on (--trained-on), so that models that have "
            "not seen a sentence predict it, or take another model"
        )
    return waves
