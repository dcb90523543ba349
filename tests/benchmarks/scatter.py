"""A drawing of accuracy against speed that stands on its own, in light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from framelens.report.svg import Point, dot, element, label, line
from framelens.statistics.bootstrap import Interval
from markupsafe import Markup

WIDTH, HEIGHT, TOP, LEFT, RIGHT = 460, 330, 40, 52, 36
KEY = 18
"""Pixels of a line of the key."""
COLOURS = ("#5a6b7b", "#b8860b", "#2f8f5b", "#8a5fbf", "#3b7dd8", "#c2683a", "#a14a7a", "#d03b3b")
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #30363d; }
.title { font-weight: 600; } .middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: #8b949e; stroke-opacity: .3; }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de; } }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One sample of sentences: the macro F1 of every system on it."""

    title: str
    accuracy: Mapping[str, Interval]


def scatter(panels: Sequence[Panel], speeds: Mapping[str, float]) -> str:
    """Systems as points, a panel a sample; speeds are in sentences a second."""
    names = list(speeds)
    low, high = floor(log10(min(speeds.values()))), ceil(log10(max(speeds.values())))
    scale = Scale(low, max(high, low + 1))
    parts = [element("style", Markup(STYLE))]
    for number, panel in enumerate(panels):
        move = f"translate({number * WIDTH} 0)"
        parts.append(element("g", *_panel(panel, speeds, scale), transform=move))
    parts += _key(names)
    width, height = len(panels) * WIDTH, HEIGHT + 24 + KEY * len(names)
    title = element("title", "Accuracy against speed")
    drawn = element(
        "svg", title, *parts,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}",
        width=width, height=height, role="img",
    )  # fmt: skip
    return f"{drawn}\n"


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten across, macro F1 up."""

    low: int
    high: int

    def at(self, speed: float, f1: float) -> Point:
        """Where a speed (sentences a second) and a macro F1 lie in a panel."""
        across = (log10(speed) - self.low) / (self.high - self.low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), TOP + (1 - f1) * (HEIGHT - TOP - 40)


def _panel(panel: Panel, speeds: Mapping[str, float], scale: Scale) -> list[Markup]:
    parts = [label((LEFT, 22), panel.title, "title"), *_grid(scale)]
    for number, (name, speed) in enumerate(speeds.items()):
        found, colour = panel.accuracy[name], COLOURS[number % len(COLOURS)]
        x, y = scale.at(speed, found.value)
        said = element("title", f"{name}: {found.value:.3f}, {speed:,.0f} sentences/s")
        span = line(scale.at(speed, found.low), scale.at(speed, found.high), "span")
        drawn = (said, span, dot((x, y), 4, "point"))
        parts.append(element("g", *drawn, fill=colour, stroke=colour, stroke_width="2"))
        parts.append(label((x + 7, y - 5), str(number + 1), "number"))
    return parts


def _grid(scale: Scale) -> list[Markup]:
    left, right = 10.0**scale.low, 10.0**scale.high
    parts = []
    for f1 in (0, 0.2, 0.4, 0.6, 0.8, 1):
        x, y = scale.at(left, f1)
        parts += [
            line((x, y), scale.at(right, f1), "grid"),
            label((x - 8, y + 4), f"{f1:g}", "end"),
        ]
    for power in range(scale.low, scale.high + 1):
        x, y = scale.at(10.0**power, 0)
        parts.append(line((x, y), scale.at(10.0**power, 1), "grid"))
        parts.append(label((x, y + 18), f"{10.0**power:,.0f}", "middle"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(label((middle, HEIGHT - 4), "sentences a second, one process", "middle"))
    return [*parts, label((LEFT, 36), "macro F1, 95% interval", "")]


def _key(names: Sequence[str]) -> list[Markup]:
    parts = []
    for number, name in enumerate(names):
        y = HEIGHT + 24 + KEY * number
        mark = element("circle", cx=LEFT, cy=y - 4, r=4, fill=COLOURS[number % len(COLOURS)])
        parts += [mark, label((LEFT + 12, y), f"{number + 1}  {name}", "")]
    return parts
