"""Classified sentences as JSON Lines: an object a line, a sentence each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from framelens.core.types import Classified, Unit
from framelens.core.unicode import storable
from framelens.writers.records import record


def json_lines(rows: Iterable[Classified], *, unit: Unit, explain: bool = False) -> Iterator[str]:
    """The lines, each with its end."""
    return (json_text(record(row, unit=unit, explain=explain)) + "\n" for row in rows)


def json_text(fields: Mapping[str, Any]) -> str:
    """An object in JSON on one line, which can be written in UTF-8."""
    return storable(json.dumps(fields, ensure_ascii=False))
