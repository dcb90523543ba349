"""Saves a trained model as a folder, and loads its scikit-learn estimator.

In MODEL_CARD.md the part between two marks, with the figures, is written anew by every training; what
people wrote around it stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from os.path import realpath
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
META_KEYS = {"format", "weights_sha256"}
"""Keys by which `meta.json` is known as that of a model."""
FILES = (WEIGHTS, META, ESTIMATOR, CARD, CURVE)
"""The files of a model folder; the learning curve only where one was asked for."""


def check_place(folder: Path, inputs: Iterable[Path] = ()) -> None:
    """Raise FramelensError where a model cannot be written into a folder: its files cannot be written,
    are among the `inputs`, or are there already and not those of a model."""
    files = [folder / name for name in FILES]
    for path in files:
        check_writable(path)
    check_apart(files, inputs)
    meta = folder / META
    if meta.exists():
        try:
            content = json.loads(meta.read_bytes()) if meta.is_file() else None
        except (OSError, ValueError, RecursionError):
            content = None
        foreign = [] if isinstance(content, dict) and content.keys() >= META_KEYS else [meta]
    else:  # which is written before these
        foreign = [folder / name for name in (ESTIMATOR, CURVE) if (folder / name).exists()]
    if foreign:
        raise at(foreign[0], None, "is no model's; expected another folder for the model")


def save(trained: Trained, path: Path | str) -> None:
    """Write a model folder: the model, `pipeline.joblib` with the estimator, the model card, the drawing
    of a learning curve, if there is one, and in `rules/` the rules that it was trained with.

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
    """Write rule files (texts by name) into the folder `rules` of a model, in place of those of its last
    training. The shipped model has none: its rules lie beside it.

    Raise FramelensError where rules lie there that the model in the folder was not trained with.
    """
    place = folder / RULES
    if realpath(folder) == realpath(model_folder(None)):
        return
    if place.exists():
        present = read_sources(place)
        if present == sources:
            return
        meta = folder / META
        carried = meta.read_text(encoding="utf-8") if meta.is_file() else ""
        if present and sources_digest(present) not in carried:
            raise at(place, None, "rules of another making; expected another folder for the model")
        for name in present.keys() - sources.keys():
            (place / name).unlink()
    write_files(place, {name: text.encode() for name, text in sources.items()})


def write_card(folder: Path, trained: Trained) -> None:
    """Write the figures of a model into its folder's card, which is made if there is none."""
    path = folder / CARD
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN not in text or END not in text:
        # A card without marks was written by hand, and stays above the figures.
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
        _origin_table(trained.model),
        _means_table(systems, "Cross-validated on the training sentences", by, exclusive=exclusive),
        _frame_table(trained.figures, trained.model),
    ]
    if trained.comparison is not None and trained.comparison.own:
        caption = f"Beside TF-IDF and logistic regression, {trained.comparison.what}"
        parts.append(_means_table(trained.comparison.systems, caption, by, exclusive=exclusive))
    if trained.held_out is not None:
        parts += _test_tables(trained.held_out, exclusive)
    if trained.curve is not None:
        parts.append(_curve_section(trained.curve, drawn=trained.drawing is not None))
    return "\n\n".join(parts)


def _test_tables(held_out: HeldOut, exclusive: bool) -> list[str]:
    evaluation = held_out.evaluation
    size = counted(evaluation.sentences, "sentence")
    caption = f"Tested on {size} that it was not trained on ({held_out.what})"
    if left := evaluation.overlap.described:
        caption += f"; {left}"
    first = next(iter(evaluation.systems.values()))
    means = _means_table(evaluation.systems, caption, evaluation.resampled, exclusive=exclusive)
    return [means, _frame_table(first)]


def _curve_section(curve: LearningCurve, *, drawn: bool) -> str:
    caption = "Learned from fewer sentences and tested on others (95% intervals by bootstrap):"
    rows = [(f"{point.sentences:,}", _with_interval(point.macro_f1)) for point in curve.points]
    table = _table(["sentences", "macro F1"], rows, first="---:")
    picture = "\n\n![Learning curve](learning_curve.svg)" if drawn else ""
    return f"{caption}\n\n{table}\n\n{curve.told}{picture}"


def _origin_table(model: Model) -> str:
    meta = model.meta
    rows = [
        ("training sentences", meta["corpus_sentences"]),
        ("corpus digest", f"`{meta['corpus_digest'][:16]}`"),
        ("rules", f"{len(model.rules)}, digest `{model.rules_digest[:16]}`"),
        ("terms with a weight", len(model.terms)),
        (f"inverse penalty ({'L2' if model.normalised else 'L1'})", meta["strengths"]["hybrid"]),
        ("seed", meta["seed"]),
        ("made with", ", ".join(map(" ".join, meta["made_with"].items()))),
    ]
    return _table(["", ""], rows)


def _means_table(
    systems: Mapping[str, Figures], caption: str, resampled: str, *, exclusive: bool
) -> str:
    rows = [
        (name, *map(_with_interval, (figures.macro_f1, figures.micro_f1, figures.exact)))
        for name, figures in systems.items()
    ]
    header = ["", "macro F1", "micro F1", "accuracy" if exclusive else "exact match"]
    return f"{caption} (95% intervals by bootstrap over {resampled}):\n\n{_table(header, rows)}"


def _frame_table(figures: Figures, model: Model | None = None) -> str:
    """A row for each frame, with the model's thresholds where they decide."""
    header = ["frame", "precision", "recall", "F1", "sentences"]
    rows = [
        [
            it.frame,
            f"{it.precision:.3f}",
            f"{it.recall:.3f}",
            _with_interval(it.f1),
            f"{it.support}",
        ]
        for it in figures.frames
    ]
    if model is not None and not model.exclusive:
        header.append("threshold")
        for row, threshold in zip(rows, model.hybrid.thresholds, strict=True):
            row.append(f"{threshold:.2f}")
    return _table(header, rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[object]], *, first: str = "---") -> str:
    """A table in Markdown; `first` aligns the first column."""
    lines = [header, [first, *["---"] * (len(header) - 1)], *rows]
    cells = ([f" {cell} |" if cell != "" else " |" for cell in line] for line in lines)
    return "\n".join("|" + "".join(line) for line in cells)


def _with_interval(figure: Interval) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
