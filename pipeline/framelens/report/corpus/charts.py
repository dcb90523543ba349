"""The drawings of a page of documents: shares with their intervals, in rows and in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from framelens.analysis.shares import Share
from framelens.report.corpus.findings import CodedGroup
from framelens.report.svg import dot, drawing, element, label, line, path, track

CEILINGS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

WIDTH, HEIGHT = 420, 190
LEFT, TOP, RIGHT, FOOT = 40, 12, 12, 26


def ceiling(ends: Iterable[float]) -> float:
    """The end of a scale that holds all of some intervals, given as their upper ends."""
    most = max(ends, default=0.0)
    return next(end for end in CEILINGS if end >= min(1.0, most))


def share_track(row: Share, top: float) -> Markup:
    """A share and its interval on a scale from 0 to `top`."""
    low, value, high = (min(1.0, part / top) for part in (row.low, row.share, row.high))
    return track(low, value, high)


def time_plot(
    number: int,
    periods: Sequence[str],
    groups: Sequence[CodedGroup | None],
    top: float,
    *,
    name: str,
    kind: str,
) -> Markup:
    """A frame's share over time, its interval as a band; gaps stay gaps.

    `number` is the frame's place in each group's shares, `groups` has one a period, `top` is where
    the scale ends, `name` the drawing's id and `kind` the class that gives it its colour.
    """
    rows = [it.group.shares[number] if it else None for it in groups]
    places = [(at, row) for at, row in enumerate(rows) if row is not None and row.is_known]
    body = [*_grid(periods, top), *_lines(places, len(periods), top)]
    frame = places[0][1].frame if places else None
    told = (
        f"{periods[at]} {row.share:.1%} ({row.low:.1%} to {row.high:.1%})" for at, row in places
    )
    return drawing(
        WIDTH,
        HEIGHT,
        [element("g", *body, class_=kind)],
        name=name,
        title=f"Share of sentences with {frame or 'no frame'} over time",
        text="; ".join(told),
    )


def _grid(periods: Sequence[str], top: float) -> Iterator[Markup]:
    for share in (0.0, top / 2, top):
        y = _y(share, top)
        yield line((LEFT, y), (WIDTH - RIGHT, y), "grid")
        yield label((LEFT - 6, y + 3.5), f"{100 * share:g}%", "tick end")
    last = len(periods) - 1
    for at in sorted({0, last // 2, last}):
        kind = "tick" if at == 0 else "tick end" if at == last else "tick middle"
        yield label((_x(at, len(periods)), HEIGHT - 8), periods[at], kind)


def _lines(places: Sequence[tuple[int, Share]], size: int, top: float) -> Iterator[Markup]:
    runs = groupby(enumerate(places), key=lambda numbered: numbered[1][0] - numbered[0])
    for _, run in runs:
        points = [(_x(at, size), row) for _, (at, row) in run]
        above = [(x, _y(row.high, top)) for x, row in points]
        below = [(x, _y(row.low, top)) for x, row in points]
        if len(points) > 1:
            steps = " L".join(f"{x:.2f} {y:.2f}" for x, y in (*above, *below[::-1]))
            yield element("path", d=f"M{steps}Z", class_="band")
            yield path([(x, _y(row.share, top)) for x, row in points], "curve")
        else:
            yield line(above[0], below[0], "span")
    for at, row in places:
        yield dot((_x(at, size), _y(row.share, top)), 3, "point")


def _x(at: int, size: int) -> float:
    return LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * (at / (size - 1) if size > 1 else 0.5)


def _y(share: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - FOOT) * (1 - min(1.0, share / top))
