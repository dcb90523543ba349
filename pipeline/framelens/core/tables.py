"""What objects are shown as: small tables for a shell (text) or a notebook (HTML), or one short line."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import fields
from html import escape
from reprlib import Repr
from types import NoneType
from typing import Any

MOST_SHOWN = 80
"""Most characters of a text, or of an object, within a line that shows another object."""


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of cells in columns, the first to the left and the others to the right."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def html_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> str:
    """The same as an HTML table; every cell and the caption are escaped."""
    top = f"<caption>{escape(caption)}</caption>" if caption else ""
    head = _html_row("th", header)
    return f"<table>{top}{head}{''.join(_html_row('td', row) for row in rows)}</table>"


class Tabular:
    """A base class of objects that are shown as a table; `_table` gives the header and the rows, `_title`
    a line above them."""

    __slots__ = ()

    @abstractmethod
    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]: ...

    def _title(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}".removeprefix("\n")

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(*self._table(), caption=self._title())


class _Short(Repr):
    """Cuts what is long in a value, and takes numbers to four figures."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = MOST_SHOWN

    def repr_float(self, number: float, _level: int) -> str:
        return f"{number:.4g}"


in_short = _Short().repr
"""The `repr` of a value on one line, cut where it is long."""


def short_repr(self: Any) -> str:
    """The `__repr__` of a dataclass on one short line, without fields that hold nothing."""
    values = {one.name: getattr(self, one.name) for one in fields(self) if one.repr}
    shown = (
        f"{name}={in_short(value)}"
        for name, value in values.items()
        if value or not isinstance(value, (str, Mapping, NoneType))
    )
    return f"{type(self).__name__}({', '.join(shown)})"


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
