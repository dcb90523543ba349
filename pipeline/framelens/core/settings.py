"""How texts are read, classified and written: everything an output depends on besides the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from framelens.core.types import Detail, Kind, Unit

Mode = Literal["hybrid", "rules", "model"]
"""What decides: rules and model together, rules alone, or the model's terms alone."""

Format = Literal["jsonl", "csv", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of a run, small enough to send to a worker on another machine.

    `model` and `rules` are folders, None the shipped ones; `thresholds` are pairs of frame and
    probability; `evidence` says how much of it is wanted; `skip_bad` passes over bad records.
    `only`, if not empty, are the kinds of sentences to classify, and `min_words` the fewest words of
    one; `languages`, if not empty, those of documents to classify, such as "en".
    `columns` are the fields of the input's own that a table gives a column each. `rules_digest` and
    `model_digest` are those that a run began with: whoever opens other ones is refused.
    """

    model: str | None = None
    rules: str | None = None
    mode: Mode = "hybrid"
    thresholds: tuple[tuple[str, float], ...] = ()
    unit: Unit = "document"
    main_text: bool = False
    evidence: Detail = "labels"
    encoding: str = "utf-8"
    skip_bad: bool = False
    form: Format = "jsonl"
    keep_formulas: bool = False
    columns: tuple[str, ...] = ()
    only: tuple[Kind, ...] = ()
    min_words: int = 0
    languages: tuple[str, ...] = ()
    rules_digest: str | None = None
    model_digest: str | None = None

    @property
    def explain(self) -> bool:
        """Whether the output accounts for the score of every frame."""
        return self.evidence is True

    @property
    def chosen_thresholds(self) -> Mapping[str, float]:
        """The thresholds that stand in for the model's, by frame."""
        return dict(self.thresholds)
