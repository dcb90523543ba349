"""`framelens classify`: texts in, frames out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from framelens.cli import options, outputs


@options.takes(outputs.Request, options.deciding, options.settings, options.tables)
def command(**given: Any) -> None:
    """Tag the sentences of texts with frames.

    Examples:

      framelens classify statements/ --explain

      framelens classify speeches.csv --format jsonl --output frames.jsonl

      framelens classify archive/*.jsonl --output frames/ --jobs 0

      cat statement.txt | framelens classify
    """
    request = outputs.Request(**{one.name: given.pop(one.name) for one in fields(outputs.Request)})
    options.check_text(request.text, request.paths or ())
    settings = replace(
        options.settings(request.explain or "labels", **given),
        form=request.form if request.form in ("csv", "parquet") else "jsonl",
        keep_formulas=request.keep_formulas,
    )
    outputs.write(request, settings)
