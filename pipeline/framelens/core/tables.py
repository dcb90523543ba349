"""Small tables for a shell (text) or a notebook (HTML)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from html import escape


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
    """A base class of objects that are shown as a table; `_table` gives the header and the rows."""

    __slots__ = ()

    @abstractmethod
    def _table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]: ...

    def __repr__(self) -> str:
        return text_table(*self._table())

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(*self._table())


def _html_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
