"""What each kind of workbook is read into: rows of cells by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LAST_ROW, WIDEST = 1_048_576, 16_384
"""The last row that a sheet has, and the most columns."""

Cells = tuple[Any, ...]
"""The cells of a row: None for empty ones, text, numbers, truth values, dates and times."""

NumberedCells = Iterator[tuple[int, Cells]]
"""The rows of a sheet that hold anything, or all of them: the number of each, from 1, and its cells."""
