"""The values of a field by which sentences are grouped, and those that stand for the lack of one."""

from __future__ import annotations

DOCUMENT = "document"
"""The field that every sentence has: the name of its document."""

MOST_GROUPS = 30
"""Values of a field that are shown one by one; rarer ones are put together."""

NOTHING = "(not given)"
"""Stands for the value of a field that a sentence does not have."""


def given_value(value: object) -> str | None:
    """A cell's value as text; None where the cell is blank.

    Blank are None, white space alone, and what pandas puts for a missing cell: NaN, NaT, NA.
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, float) and value != value:
        return None
    text = str(value)
    return text if text.strip() else None


def other_values(count: int) -> str:
    """The name of a group that holds `count` rarer values together."""
    return f"({count} other values)"
