"""The learning curve of a model as a drawing that stands alone."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, log

from markupsafe import Markup

from framelens.report.svg import Point, dot, drawing, element, label, line, path
from framelens.training.learning_curve import LearningCurve
from framelens.training.train import Trained

WIDTH, HEIGHT = 460, 300
LEFT, TOP, ACROSS, UP = 56, 20, 380, 220
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.middle{text-anchor:middle}.end{text-anchor:end}"
    ".grid{stroke:#ddd}.span{stroke:#1f6f8b;stroke-width:1.5}.curve{stroke:#1f6f8b;fill:none;stroke-width:2}"
    ".point{fill:#1f6f8b}@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}"
    ".span,.curve{stroke:#7cc4dc}.point{fill:#7cc4dc}}"
)
STEP = 0.1
"""The distance of grid lines, in macro F1."""


def with_drawing(trained: Trained) -> Trained:
    """A trained model with the drawing of its learning curve, if it has one."""
    return trained if trained.curve is None else replace(trained, drawing=curve_svg(trained.curve))


def curve_svg(curve: LearningCurve) -> str:
    """An SVG of macro F1, with 95% intervals, over the sentences learned from, on a log scale."""
    lows = [point.macro_f1.low for point in curve.points]
    highs = [point.macro_f1.high for point in curve.points]
    bottom, top = floor(min(lows) / STEP), max(ceil(max(highs) / STEP), floor(min(lows) / STEP) + 1)
    first, last = (log(curve.points[at].sentences) for at in (0, -1))

    def place(sentences: int, height: float) -> Point:
        across = (log(sentences) - first) / (last - first)
        return LEFT + across * ACROSS, TOP + UP * (1 - (height / STEP - bottom) / (top - bottom))

    parts = [element("style", Markup(STYLE))]
    for step in range(bottom, top + 1):
        start, end = (place(curve.points[at].sentences, step * STEP) for at in (0, -1))
        parts += [
            line(start, end, "grid"),
            label((start[0] - 8, start[1] + 4), f"{step * STEP:.1f}", "end"),
        ]
    for point in curve.points:
        x, y = place(point.sentences, point.macro_f1.value)
        low, high = (place(point.sentences, at) for at in (point.macro_f1.low, point.macro_f1.high))
        parts += [line(low, high, "span"), dot((x, y), 3.5, "point")]
        parts.append(label((x, TOP + UP + 18), f"{point.sentences:,}", "middle"))
    parts.append(path([place(one.sentences, one.macro_f1.value) for one in curve.points], "curve"))
    parts.append(label((LEFT + ACROSS / 2, TOP + UP + 42), "sentences learned from", "middle"))
    parts.append(label((LEFT - 48, TOP - 6), "macro F1", "start"))
    svg = drawing(WIDTH, HEIGHT, parts, name="curve", title="Learning curve", text=curve.told)
    return str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"
