"""The figures of a reliability report, a small drawing a frame."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from markupsafe import Markup

from framelens.core.types import counted
from framelens.report.svg import Axes, Point, bar, dot, drawing, element, label, line, path
from framelens.statistics.calibration import Bin, Calibration, Choice, PrecisionRecall

SIZE = 190
STRIP = 30
AXES = Axes(left=46, top=12, size=SIZE)
WIDTH, HEIGHT = 250, 250
MOST_POINTS = 200


def reliability_plot(calibration: Calibration, name: str, kind: str) -> Markup:
    """The reliability curve of a frame over a strip that shows how many sentences lie where.

    `name` is the drawing's id, `kind` the class that gives it its colour.
    """
    filled = [row for row in calibration.bins if row.sentences]
    parts = AXES.frame("probability given", "share labelled")
    parts += [line(AXES.at(0, 0), AXES.at(1, 1), "base"), *_counts(calibration)]
    for row in filled:
        parts.append(line(_place(row, row.share_low), _place(row, row.share_high), "span"))
    parts.append(path([_place(row, row.share) for row in filled], "curve"))
    parts += [dot(_place(row, row.share), 3.5, "point") for row in filled]
    parts.append(label(AXES.at(0.96, 0.21), f"ECE {calibration.error:.3f}", "note end"))
    title = f"Reliability curve of {calibration.frame}"
    body = [element("g", *parts, class_=kind)]
    return drawing(WIDTH, HEIGHT, body, name=name, title=title, text=_described(calibration))


def precision_recall_plot(curve: PrecisionRecall, name: str, kind: str) -> Markup:
    """The precision-recall curve of a frame, its chosen threshold marked."""
    chosen, place = curve.chosen, AXES.at(curve.chosen.recall, curve.chosen.precision)
    parts = [*AXES.frame("recall", "precision")]
    parts.append(line(AXES.at(0, curve.share), AXES.at(1, curve.share), "base"))
    parts.append(path(list(_steps(curve)), "curve"))
    parts.append(dot(place, 4.5, "point chosen"))
    parts.append(label(AXES.at(0.04, 0.5), f"AP {curve.average:.2f}", "note"))
    parts.append(label(AXES.at(0.04, 0.42), f"threshold {chosen.threshold:.2f}", "note"))
    title = f"Precision-recall curve of {curve.frame}"
    text = (
        f"Average precision {curve.average:.3f}. At the threshold {chosen.threshold:.2f} precision "
        f"is {chosen.precision:.3f} and recall {chosen.recall:.3f}; giving the frame to every "
        f"sentence would have a precision of {curve.share:.3f}."
    )
    body = [element("g", *parts, class_=kind)]
    return drawing(WIDTH, HEIGHT, body, name=name, title=title, text=text)


def at_thresholds(curve: PrecisionRecall) -> list[Choice]:
    """A curve at each twentieth, down from the highest threshold that some sentence reaches."""
    rows = []
    for threshold in (number / 20 for number in range(19, 0, -1)):
        reached = [point for point in curve.points if point.threshold >= threshold]
        if reached:
            rows.append(Choice(threshold, reached[-1].precision, reached[-1].recall))
    return rows


def _steps(curve: PrecisionRecall) -> Iterator[Point]:
    """The curve as stairs: where recall rises, the precision is that of the lower threshold."""
    recall = 0.0
    for point in _rises(curve):
        yield AXES.at(recall, point.precision)
        yield AXES.at(point.recall, point.precision)
        recall = point.recall
    yield AXES.at(recall, curve.share)


def _rises(curve: PrecisionRecall) -> list[Choice]:
    """The points at which recall rises, at most `MOST_POINTS` of them, with the last."""
    recalls = [0.0, *(point.recall for point in curve.points)]
    rises = [
        point for point, before in zip(curve.points, recalls, strict=False) if point.recall > before
    ]
    step = max(1, -(-len(rises) // MOST_POINTS))
    return rises[::-1][::step][::-1]


def _place(row: Bin, share: float | None) -> Point:
    return AXES.at(row.chance or 0.0, share or 0.0)


def _counts(calibration: Calibration) -> Iterator[Markup]:
    """Bars at the foot of the axes, the fullest bin `STRIP` pixels high. Nearly all sentences lie
    in the first one, so that the others are seen only in the square root."""
    most = max(row.sentences for row in calibration.bins)
    for row in calibration.bins:
        if row.sentences:
            height = STRIP * sqrt(row.sentences / most)
            x, bottom = AXES.at(row.low, 0)
            yield bar((x + 1, bottom - height), SIZE / len(calibration.bins) - 2, height, "count")


def _described(calibration: Calibration) -> str:
    rows = [
        f"{row.chance:.2f} given, {row.share:.2f} labelled ({counted(row.sentences, 'sentence')})"
        for row in calibration.bins
        if row.chance is not None and row.share is not None
    ]
    return f"Expected calibration error {calibration.error:.3f}. By bin: {'; '.join(rows)}."
