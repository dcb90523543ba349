"""MODEL_CARD.md: what a model is, how it was made, and its cross-validated figures.

The part between the two marks is written anew with every training; what people wrote around it
stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framelens.core.files import open_whole
from framelens.statistics.bootstrap import Interval
from framelens.statistics.metrics import Figures

if TYPE_CHECKING:
    from framelens.classification.model import Model

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


def write_card(folder: Path, model: Model, systems: Mapping[str, Figures]) -> None:
    """Write the figures of a model into its folder's card, which is made if there is none."""
    path = folder / CARD
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if BEGIN not in text or END not in text:
        text = BLANK
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    card = f"{before}{BEGIN}\n{_figures(model, systems)}\n{END}{after}"
    with open_whole(path) as out:
        out.write(card)


def _figures(model: Model, systems: Mapping[str, Figures]) -> str:
    meta = model.meta
    return "\n\n".join([_made(model, meta), _means(systems), _by_frame(model, systems)])


def _made(model: Model, meta: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in meta["made_with"].items())
    rows = [
        ("training sentences", meta["corpus_sentences"]),
        ("corpus digest", f"`{meta['corpus_digest'][:16]}`"),
        ("rules", f"{len(model.rules)}, digest `{model.rules_digest[:16]}`"),
        ("terms with a weight", len(model.terms)),
        ("inverse penalty (L1)", meta["strengths"]["hybrid"]),
        ("seed", meta["seed"]),
        ("made with", versions),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])


def _means(systems: Mapping[str, Figures]) -> str:
    rows = [
        f"| {name} | {_shown(found.macro_f1)} | {_shown(found.micro_f1)} | {_shown(found.exact)} |"
        for name, found in systems.items()
    ]
    heading = [
        "Cross-validated on the training sentences (95% intervals by bootstrap over sentences):",
        "",
        "| | macro F1 | micro F1 | exact match |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*heading, *rows])


def _by_frame(model: Model, systems: Mapping[str, Figures]) -> str:
    found = next(iter(systems.values()))
    rows = [
        f"| {row.frame} | {row.precision:.3f} | {row.recall:.3f} | {_shown(row.f1)} | "
        f"{row.support} | {threshold:.2f} |"
        for row, threshold in zip(found.frames, model.hybrid.thresholds, strict=True)
    ]
    heading = [
        "| frame | precision | recall | F1 | sentences | threshold |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*heading, *rows])


def _shown(figure: Interval) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"
