"""A trained model → the files of its folder, and the estimator in it back again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
from sklearn.pipeline import Pipeline

from framelens.classification.persistence import META, WEIGHTS
from framelens.core.errors import FramelensError, at
from framelens.core.files import RULES, make_folder, model_folder, open_whole
from framelens.rules.rule_files import read_sources, sources_digest
from framelens.training.model_card import CARD, write_card

if TYPE_CHECKING:
    from framelens.training.train import Trained

ESTIMATOR = "pipeline.joblib"
CURVE = "learning_curve.svg"
FILES = (WEIGHTS, META, ESTIMATOR, CARD, CURVE)
"""What a model folder holds; the learning curve only where one was asked for."""


def save(trained: Trained, path: Path | str) -> None:
    """Write the model, and beside it `pipeline.joblib` with the estimator, the model card, the drawing
    of its learning curve, if there is one, and in `rules/` the rules that it was trained with.

    Raise FramelensError where that folder holds rules of another kind.
    """
    folder = Path(path)
    carry_rules(folder, trained.sources)
    trained.model.save(folder)
    write_card(folder, trained)
    with open_whole(folder / ESTIMATOR) as out:
        joblib.dump(trained.estimator, out.buffer, compress=("zlib", 9))
    (folder / CURVE).unlink(missing_ok=True)  # that of an earlier training
    if trained.curve is not None and trained.drawing is not None:
        with open_whole(folder / CURVE) as out:
            out.write(trained.drawing)


def load_sklearn(path: Path | str, *, trust: bool = False) -> Pipeline:
    """The fitted scikit-learn estimator of a model folder: texts in, probabilities out.

    `pipeline.joblib` is a pickle, and opening a pickle runs whatever its maker put into it: raise
    FramelensError unless `trust` says that you know where the folder comes from.
    """
    file = Path(path) / ESTIMATOR
    if not trust:
        raise FramelensError(
            f"{file}: opening a pickle can run any code in it; pass trust=True only if you made "
            "this model or know who did (classifying needs only weights.npz and meta.json)"
        )
    if not file.is_file():
        raise FramelensError(f"{file}: no such file; `framelens train` writes it")
    try:
        estimator: Pipeline = joblib.load(file)
    except Exception as error:  # what is no pickle may fail in any way
        reason = str(error).partition("\n")[0][:200]
        raise at(file, None, f"damaged: {type(error).__name__}: {reason}") from None
    return estimator


def carry_rules(folder: Path, sources: Mapping[str, str]) -> None:
    """Write rule files, given as their texts by name, into the folder `rules` of a model, in place
    of those of its last training. The shipped model carries none: its rules lie beside it.

    Raise FramelensError where there are rules that the model in the folder was not trained with:
    they may be somebody's own.
    """
    place = folder / RULES
    if folder.resolve() == model_folder(None).resolve():
        return
    if place.exists():
        found = read_sources(place)
        if found == sources:
            return
        if found and sources_digest(found) not in _carried_meta(folder):
            raise at(place, None, "rules of another making; expected another folder for the model")
        for name in found.keys() - sources.keys():
            (place / name).unlink()
    make_folder(place)
    for name, text in sources.items():
        with open_whole(place / name) as out:
            out.write(text)


def _carried_meta(folder: Path) -> str:
    path = folder / META
    return path.read_text(encoding="utf-8") if path.is_file() else ""
