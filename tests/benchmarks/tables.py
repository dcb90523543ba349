"""Tables in Markdown, and files of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from framelens.core.files import open_whole
from framelens.statistics.bootstrap import Interval


def markdown(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column holds names and whose others hold figures."""
    rule = ["---", *["---:"] * (len(heading) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heading, rule, *rows))


def shown(figure: Interval, *, sign: bool = False) -> str:
    """A figure with its interval: `0.912 (0.890–0.931)`."""
    form = "+.3f" if sign else ".3f"
    return f"{figure.value:{form}} ({figure.low:{form}} – {figure.high:{form}})"


def write(path: Path | None, text: str) -> None:
    """Write a file, if one is asked for."""
    if path is not None:
        with open_whole(path) as stream:
            stream.write(text)
