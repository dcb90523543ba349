"""How texts are read, classified and written: everything an output depends on besides the input."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from framelens.core.errors import FramelensError
from framelens.core.types import Detail, Kind, Unit

Mode = Literal["hybrid", "rules", "model"]
"""What decides: rules and model together, rules alone, or the model's terms alone."""

Format = Literal["jsonl", "csv", "parquet"]
FORMAT_ENDS: Mapping[Format, Sequence[str]] = {
    "jsonl": [".jsonl", ".ndjson"],
    "csv": [".csv"],
    "parquet": [".parquet"],
}
"""Ends of names of files in each format."""
Tool = Literal["label-studio", "doccano", "prodigy", "csv", "xlsx"]
"""What people label with."""

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """How tables are read, and which fields come from beside the texts.

    `text_column`, `id_column` and `date_column` name columns (or fields of JSON Lines), None those
    called `text`, `id` and `date` or the like; `date_format` is one of `strptime`, and `day_first`
    reads 03/04/2024 as 3 April. `delimiter` stands between cells, None for the one that the header
    has. `names` is a pattern of paths such as `{country}_{year}.txt` whose parts become fields;
    `metadata` is the path of a table whose rows are joined by its column `key`. `metadata_digest`
    is what that table was when a run began: whoever opens another one is refused. `ids` says whether
    ids name documents; else, as where one stands twice, documents are named by file and line.
    """

    text_column: str | None = None
    id_column: str | None = None
    date_column: str | None = None
    date_format: str | None = None
    day_first: bool = False
    delimiter: str | None = None
    names: str | None = None
    metadata: str | None = None
    key: str | None = None
    metadata_digest: str | None = None
    ids: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of a run, small enough to send to a worker on another machine.

    `model` and `rules` are folders, None the shipped ones; `thresholds` are pairs of frame and
    probability; `evidence` says how much of it is wanted; `skip_bad` passes over bad records.
    `tables` says how tables are read; sentences near words in `about` get a field that says so.
    `min_about` is the least probability of being about the codebook's subject that a sentence counts
    from in shares and samples.
    `only`, if not empty, are the kinds of sentences to classify, and `min_words` the fewest words of
    one; `languages`, if not empty, those of documents to classify, such as "en". `columns` are the
    fields of the input's own that an output table gives a column each. `rules_digest` and
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
    tables: Tables = field(default_factory=Tables)
    about: tuple[str, ...] = ()
    min_about: float = 0.0
    columns: tuple[str, ...] = ()
    only: tuple[Kind, ...] = ()
    min_words: int = 0
    languages: tuple[str, ...] = ()
    rules_digest: str | None = None
    model_digest: str | None = None


def check_languages(codes: Iterable[str]) -> None:
    """Raise FramelensError for a code of a language that cannot be one, such as "english"."""
    for code in codes:
        if not re.fullmatch("[a-z]{2}", code):
            raise FramelensError(f"language {code!r}: expected two letters, such as {ENGLISH!r}")
