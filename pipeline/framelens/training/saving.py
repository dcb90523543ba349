"""A trained model → the files of its folder, and the estimator in it back again.

MODEL_CARD.md says what a model is, how it was made, and its cross-validated figures. The part
between its two marks is written anew with every training; what people wrote around it stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
from sklearn.pipeline import Pipeline

from framelens.classification.persistence import META, WEIGHTS, write_files
from framelens.core.checks import place
from framelens.core.errors import FramelensError, at
from framelens.core.files import RULES, check_apart, check_writable, model_folder, open_whole
from framelens.core.types import counted
from framelens.rules.rule_files import read_sources, sources_digest
from framelens.statistics.bootstrap import Interval
from framelens.statistics.metrics import Figures
from framelens.training.learning_curve import LearningCurve

if TYPE_CHECKING:
    from framelens.classification.model import Model
    from framelens.training.comparison import HeldOut
    from framelens.training.train import Trained

BEGIN = "<!-- figures: written by framelens train -->"
END = "<!-- end of figures -->"
CARD = "MODEL_CARD.md"

BLANK = f"""# Model card

A linear model over pattern rules and terms, made by `framelens train`.

{BEGIN}
{END}

## Use and limits

Say here what the model is for, whose sentences it was trained on, and what it is bad at.
"""
ESTIMATOR = "pipeline.joblib"
CURVE = "learning_curve.svg"
OURS = {"format", "weights_sha256"}
"""What `meta.json` says, among other things."""
FILES = (WEIGHTS, META, ESTIMATOR, CARD, CURVE)
"""What a model folder holds; the learning curve only where one was asked for."""


def check_place(folder: Path, inputs: Iterable[Path] = ()) -> None:
    """Raise FramelensError where a model cannot be written into a folder: where one of its files is
    among those that are read, or what lies there under their names is no model's."""
    files = [folder / name for name in FILES]
    for path in files:
        check_writable(path)
    check_apart(files, inputs)
    meta = folder / META
    if meta.exists():
        try:
            found = json.loads(meta.read_bytes()) if meta.is_file() else None
        except (OSError, ValueError, RecursionError):
            found = None
        strange = [] if isinstance(found, dict) and found.keys() >= OURS else [meta]
    else:  # which is written before these
        strange = [folder / name for name in (ESTIMATOR, CURVE) if (folder / name).exists()]
    if strange:
        raise at(strange[0], None, "is no model's; expected another folder for the model")


def save(trained: Trained, path: Path | str) -> None:
    """Write the model, and beside it `pipeline.joblib` with the estimator, the model card, the drawing
    of its learning curve, if there is one, and in `rules/` the rules that it was trained with.

    Raise FramelensError as `check_place` does, and where that folder holds rules of another kind.
    """
    folder = place("path", path)
    check_place(folder)
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
        meta = folder / META
        carried = meta.read_text(encoding="utf-8") if meta.is_file() else ""
        if found and sources_digest(found) not in carried:
            raise at(place, None, "rules of another making; expected another folder for the model")
        for name in found.keys() - sources.keys():
            (place / name).unlink()
    write_files(place, {name: text.encode() for name, text in sources.items()})


def write_card(folder: Path, trained: Trained) -> None:
    """Write the figures of a model into its folder's card, which is made if there is none."""
    path = folder / CARD
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN not in text or END not in text:
        # What somebody has written stays, too.
        text = f"{text}\n{BEGIN}\n{END}\n" if text.strip() else BLANK
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    card = f"{before}{BEGIN}\n{_figures(trained)}\n{END}{after}"
    with open_whole(path) as out:
        out.write(card)


def _figures(trained: Trained) -> str:
    systems = {"rules and terms": trained.figures, **trained.ablation}
    exclusive, by = trained.model.exclusive, trained.resampled
    parts = [
        _made(trained.model),
        _means(systems, "Cross-validated on the training sentences", by, exclusive=exclusive),
        _by_frame(trained.figures, trained.model),
    ]
    if trained.comparison is not None and trained.comparison.own:
        said = f"Beside TF-IDF and logistic regression, {trained.comparison.what}"
        parts.append(_means(trained.comparison.systems, said, by, exclusive=exclusive))
    if trained.held_out is not None:
        parts += _tested(trained.held_out, exclusive)
    if trained.curve is not None:
        parts.append(_curve(trained.curve, drawn=trained.drawing is not None))
    return "\n\n".join(parts)


def _tested(found: HeldOut, exclusive: bool) -> list[str]:
    evaluation = found.evaluation
    said = f"Tested on {counted(evaluation.sentences, 'sentence')} that it was not trained on ({found.what})"
    if left := evaluation.overlap.described:
        said += f"; {left}"
    first = next(iter(evaluation.systems.values()))
    means = _means(evaluation.systems, said, evaluation.resampled, exclusive=exclusive)
    return [means, _by_frame(first)]


def _curve(found: LearningCurve, *, drawn: bool) -> str:
    rows = [f"| {point.sentences:,} | {_shown(point.macro_f1)} |" for point in found.points]
    table = [
        "Learned from fewer sentences and tested on others (95% intervals by bootstrap):",
        "",
        "| sentences | macro F1 |",
        "| ---: | --- |",
        *rows,
    ]
    picture = ["\n![Learning curve](learning_curve.svg)"] if drawn else []
    return "\n".join([*table, f"\n{found.told}", *picture])


def _made(model: Model) -> str:
    meta = model.meta
    versions = ", ".join(f"{name} {version}" for name, version in meta["made_with"].items())
    rows = [
        ("training sentences", meta["corpus_sentences"]),
        ("corpus digest", f"`{meta['corpus_digest'][:16]}`"),
        ("rules", f"{len(model.rules)}, digest `{model.rules_digest[:16]}`"),
        ("terms with a weight", len(model.terms)),
        (f"inverse penalty ({'L2' if model.normalised else 'L1'})", meta["strengths"]["hybrid"]),
        ("seed", meta["seed"]),
        ("made with", versions),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


def _means(systems: Mapping[str, Figures], said: str, resampled: str, *, exclusive: bool) -> str:
    rows = [
        f"| {name} | {_shown(found.macro_f1)} | {_shown(found.micro_f1)} | {_shown(found.exact)} |"
        for name, found in systems.items()
    ]
    heading = [
        f"{said} (95% intervals by bootstrap over {resampled}):",
        "",
        f"| | macro F1 | micro F1 | {'accuracy' if exclusive else 'exact match'} |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*heading, *rows])


def _by_frame(found: Figures, model: Model | None = None) -> str:
    """A row a frame, with the thresholds of a model in which they decide."""
    limits = [""] * len(found.frames)
    if model is not None and not model.exclusive:
        limits = [f" {threshold:.2f} |" for threshold in model.hybrid.thresholds]
    rows = [
        f"| {row.frame} | {row.precision:.3f} | {row.recall:.3f} | {_shown(row.f1)} | "
        f"{row.support} |{limit}"
        for row, limit in zip(found.frames, limits, strict=True)
    ]
    last = (" threshold |", " --- |") if any(limits) else ("", "")
    heading = [
        f"| frame | precision | recall | F1 | sentences |{last[0]}",
        f"| --- | --- | --- | --- | --- |{last[1]}",
    ]
    return "\n".join([*heading, *rows])


def _shown(figure: Interval) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
