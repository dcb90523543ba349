"""Tables of PDFs that are told by the rules drawn around their cells."""

from __future__ import annotations

import pytest
from framelens.readers.formats.pdf.ruled import Rule, _grid

WIDE = [(at, 0.0, 60.0) for at in (0.0, 20.0, 40.0)]
TALL = [(at, 0.0, 40.0) for at in (0.0, 30.0, 60.0)]


@pytest.mark.parametrize(
    ("across", "down", "expected"),
    [
        # Rows from the foot, each a list of cells, which are numbered in the order in which they are read.
        (WIDE, TALL, [[2, 3], [0, 1]]),
        # A cell over two columns, as of a heading,
        (WIDE, [(0.0, 0.0, 40.0), (30.0, 0.0, 20.0), (60.0, 0.0, 40.0)], [[1, 2], [0, 0]]),
        # one over two rows,
        ([(0.0, 0.0, 60.0), (20.0, 30.0, 60.0), (40.0, 0.0, 60.0)], TALL, [[0, 2], [0, 1]]),
        # and one at the side without a rule at the page's edge.
        ([(0.0, 0.0, 60.0), (40.0, 0.0, 60.0)], TALL[1:2], [[0, 1]]),
        # What has nothing side by side is no table.
        (WIDE, [TALL[0], TALL[2]], None),
        (WIDE[:1], TALL, None),
    ],
)
def test_cells_within_rules(
    across: list[Rule], down: list[Rule], expected: list[list[int]] | None
) -> None:
    grid = _grid(across, down)
    assert (grid.cells if grid else None) == expected
