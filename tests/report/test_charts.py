"""Shares drawn in rows and in time."""

from __future__ import annotations

import pytest
from framelens.analysis.shares import Group, Share
from framelens.report.corpus.charts import ceiling, share_track, time_plot
from framelens.report.corpus.findings import CodedGroup


def part(period: str, share: float) -> CodedGroup:
    row = Share("look", 1, share, share / 2, min(1.0, share * 2))
    return CodedGroup(0, Group(period, 10, 1, (row,)))


def plot(parts: list[CodedGroup | None]) -> str:
    periods = [str(2010 + at) for at in range(len(parts))]
    return str(time_plot(0, periods, parts, 0.5, name="plot", kind="f0"))


@pytest.mark.parametrize(
    ("shares", "top"),
    [([], 0.05), ([0.0], 0.05), ([0.1, 0.2], 0.2), ([0.31], 0.4), ([0.7], 0.8), ([1.0], 1.0)],
)
def test_scales_hold_the_highest_end(shares: list[float], top: float) -> None:
    assert ceiling(shares) == top


def test_an_interval_ends_with_the_scale() -> None:
    drawn = str(share_track(Share("look", 1, 0.2, 0.1, 0.9), 0.4))
    assert 'x2="98%"' in drawn
    assert 'cx="50%"' in drawn


def test_gaps_stay_gaps() -> None:
    drawn = plot([part("2010", 0.1), part("2011", 0.2), None, part("2013", 0.3), None])
    assert drawn.count('class="curve"') == drawn.count('class="band"') == 1
    assert drawn.count('class="span"') == 1
    assert drawn.count('class="point"') == 3


def test_a_drawing_says_what_it_shows() -> None:
    drawn = plot([part("2010", 0.1), None, part("2012", 0.25)])
    assert "<desc" in drawn
    assert "2010 10.0% (5.0% to 20.0%); 2012 25.0% (12.5% to 50.0%)" in drawn
    assert 'role="img"' in drawn


def test_axes_name_the_first_and_last_period_and_round_shares() -> None:
    drawn = plot([part(str(year), 0.1) for year in range(2010, 2021)])
    for text in (">2010<", ">2015<", ">2020<", ">0%<", ">25%<", ">50%<"):
        assert text in drawn
