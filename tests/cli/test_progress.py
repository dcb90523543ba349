"""What is told of progress, to whom."""

from __future__ import annotations

import io
import sys

import pytest
from framelens.cli.outputs import described, tallying
from framelens.parallel.stream import Tally


class Terminal(io.StringIO):
    """A screen that remembers."""

    def isatty(self) -> bool:
        return True


def test_a_tally_in_words() -> None:
    tally = Tally(shards=10, size=800, kept=2)
    assert described(tally, 5) == "2/10 shards"
    tally = Tally(shards=10, size=800, kept=2, done=3, size_done=300, sentences=61_700)
    assert described(tally, 5) == "5/10 shards · 12,340 sentences/s"
    assert described(Tally(shards=1, size=800, size_done=300), 5) == ""


def test_on_a_terminal_shards_rate_and_time_left_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "120")
    with tallying() as show:
        assert show is not None
        show(Tally(shards=4, size=100, kept=1))
        show(Tally(shards=4, size=100, kept=1, done=1, size_done=50, sentences=9))
    shown = screen.getvalue()
    assert "2/4 shards" in shown
    assert "sentences/s" in shown
    assert "50%" in shown


def test_elsewhere_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with tallying() as show:
        assert show is None
    assert screen.getvalue() == ""
