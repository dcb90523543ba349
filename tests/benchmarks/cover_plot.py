"""A drawing of coverage that stands on its own, in light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from framelens.core.types import Floats
from framelens.report.svg import Point, dot, element, label, line
from markupsafe import Markup

from tests.benchmarks.scatter import COLOURS, STYLE

WIDTH, LEFT, RIGHT, TOP, ROW = 460, 128, 24, 64, 17
NAMES = ("corrected", "labels alone", "plain count")
KINDS = (COLOURS[4], COLOURS[1], COLOURS[7])


def cover_plot(panels: Mapping[str, Sequence[tuple[str, Floats]]]) -> str:
    """A panel a way, a row a sample and group, a point each interval's coverage in per cent."""
    height = TOP + ROW * max(map(len, panels.values())) + 44
    parts = [element("style", Markup(STYLE))]
    for number, (title, rows) in enumerate(panels.items()):
        move = f"translate({number * WIDTH} 0)"
        parts.append(element("g", *_panel(title, rows), transform=move))
    drawn = element(
        "svg", element("title", "How often 95% intervals cover the truth"), *parts,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH * len(panels)} {height}",
        width=WIDTH * len(panels), height=height, role="img",
    )  # fmt: skip
    return f"{drawn}\n"


def _panel(title: str, rows: Sequence[tuple[str, Floats]]) -> list[Markup]:
    bottom = TOP + ROW * len(rows)
    parts = [label((LEFT, 22), f"share of {title}", "title")]
    for number, (name, colour) in enumerate(zip(NAMES, KINDS, strict=True)):
        x = LEFT + 100.0 * number
        parts += [
            element("g", dot((x + 4, 38), 4, "point"), fill=colour),
            label((x + 12, 42), name, ""),
        ]
    for value in (0, 25, 50, 75, 95, 100):
        x = _across(value)
        parts += [
            line((x, TOP), (x, bottom), "grid"),
            label((x, bottom + 16), str(value) if value != 100 else "", "middle"),
        ]
    parts.append(label(((LEFT + WIDTH - RIGHT) / 2, bottom + 34), "covered, %", "middle"))
    for at, (name, shares) in enumerate(rows):
        y = TOP + ROW * (at + 0.5)
        parts.append(label((LEFT - 8, y + 4), name, "end"))
        for share, colour in reversed(list(zip(shares.tolist(), KINDS, strict=True))):
            point: Point = (_across(share), y)
            said = element("title", f"{share:.1f}%")
            parts.append(element("g", said, dot(point, 4, "point"), fill=colour))
    return parts


def _across(per_cent: float) -> float:
    return LEFT + per_cent / 100 * (WIDTH - LEFT - RIGHT)
