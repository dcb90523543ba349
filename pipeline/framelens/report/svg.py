"""Vector graphics from small parts: elements, axes, and the curves and intervals drawn on them.

Colours, widths and fonts are not set here but by the page's style sheet, through classes, so that a
drawing follows the page into dark mode and print. Lengths are in pixels of the drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Point = tuple[float, float]


def element(name: str, *content: str | Markup, **attributes: str | float) -> Markup:
    """An SVG element; texts and attributes are escaped.

    Attributes are named as in Python: `class_`, `text_anchor`.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(Markup(key.rstrip("_").replace("_", "-")), _short(value))
        for key, value in attributes.items()
    )
    inside = Markup("").join(escape(part) for part in content)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)


def drawing(
    width: float, height: float, parts: Iterable[Markup], *, name: str, title: str, text: str
) -> Markup:
    """A drawing with its title and what it shows in words; `name` is its id in the page."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", text, id=f"{name}-text"),
        *parts,
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-text",
    )


@dataclass(frozen=True, slots=True)
class Axes:
    """A square of `size` pixels from (`left`, `top`) on, for values from 0 to 1 both ways."""

    left: float
    top: float
    size: float

    def at(self, x: float, y: float) -> Point:
        """The point of a pair of values."""
        return self.left + x * self.size, self.top + (1 - y) * self.size

    def frame(self, across: str, up: str) -> list[Markup]:
        """Grid lines at the quarters, numbers at the halves, and what the axes are."""
        parts = [line(self.at(at, 0), self.at(at, 1), "grid") for at in QUARTERS]
        parts += [line(self.at(0, at), self.at(1, at), "grid") for at in QUARTERS]
        for at in (0, 0.5, 1):
            x, bottom = self.at(at, 0)
            parts.append(label((x, bottom + 14), f"{at:g}", "tick middle"))
            left, y = self.at(0, at)
            parts.append(label((left - 6, y + 3.5), f"{at:g}", "tick end"))
        middle, bottom = self.at(0.5, 0)
        parts.append(label((middle, bottom + 30), across, "axis middle"))
        turned = f"rotate(-90 {_short(self.left - 30)} {_short(self.at(0, 0.5)[1])})"
        place = (self.left - 30, self.at(0, 0.5)[1])
        return [*parts, label(place, up, "axis middle", transform=turned)]


QUARTERS = (0, 0.25, 0.5, 0.75, 1)


def line(start: Point, end: Point, kind: str) -> Markup:
    """A straight line."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=kind)


def path(points: Sequence[Point], kind: str) -> Markup:
    """A line from point to point."""
    steps = " L".join(f"{_short(x)} {_short(y)}" for x, y in points)
    return element("path", d=f"M{steps}", class_=kind)


def dot(place: Point, radius: float, kind: str) -> Markup:
    """A filled circle."""
    return element("circle", cx=place[0], cy=place[1], r=radius, class_=kind)


def bar(corner: Point, width: float, height: float, kind: str) -> Markup:
    """A filled rectangle; `corner` is its upper left one."""
    return element("rect", x=corner[0], y=corner[1], width=width, height=height, class_=kind)


def label(place: Point, text: str, kind: str, **attributes: str) -> Markup:
    """A piece of text on one line."""
    return element("text", text, x=place[0], y=place[1], class_=kind, **attributes)


def track(low: float, value: float, high: float, kind: str = "") -> Markup:
    """A value from 0 to 1 with its interval on a line as wide as its place in the page.

    It repeats numbers that stand beside it, and is passed over when the page is read aloud.
    """
    grid = (element("line", x1=_share(at), x2=_share(at), y1="0", y2="100%") for at in QUARTERS)
    parts = [element("g", *grid, class_="grid")]
    parts.append(
        element("line", x1=_share(low), x2=_share(high), y1="50%", y2="50%", class_="span")
    )
    parts.append(element("circle", cx=_share(value), cy="50%", r=3.5, class_="point"))
    return element("svg", *parts, class_=f"track {kind}".strip(), aria_hidden="true")


def _share(value: float) -> str:
    # 2% are left free on either side for the dots at 0 and 1.
    return f"{_short(2 + 96 * min(1.0, max(0.0, value)))}%"


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
