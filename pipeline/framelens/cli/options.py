"""Options that several commands take, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framelens.errors import FramelensError

if TYPE_CHECKING:
    from framelens.weighing import Mode

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", metavar="DIR", help="Folder of a trained model. [default: shipped]"),
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", metavar="DIR", help="Folder of rules. [default: shipped]"),
]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="Let the rules decide alone.")]
ModelOnly = Annotated[
    bool, typer.Option("--model-only", help="Let the model's terms decide alone.")
]


def mode(rules_only: bool, model_only: bool) -> Mode:
    """What decides; raise FramelensError where both options are given."""
    if rules_only and model_only:
        raise FramelensError("--rules-only and --model-only exclude each other")
    return "rules" if rules_only else "model" if model_only else "hybrid"


def thresholds(values: Sequence[str]) -> dict[str, float]:
    """Thresholds by frame from words such as `monitoring=0.4`."""
    found = {}
    for value in values:
        frame, equals, number = value.partition("=")
        try:
            found[frame.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise FramelensError(f"--threshold {value}: expected FRAME=P, such as monitoring=0.4")
    return found
