"""Times of several jobs taken in turns, so that a machine's moods fall on all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

Clock = Callable[[], float]
"""Seconds since some moment."""
Job = Callable[[], object]
Maker = Callable[[int], Job]
"""What makes a job ready for a round, given the round's number."""
Times = Mapping[str, tuple[float, ...]]
"""Seconds of every round, by job."""


def in_turns(
    makers: Mapping[str, Maker],
    *,
    rounds: int,
    clock: Clock = time.perf_counter,
) -> Times:
    """Time every job once a round; making it ready is not timed."""
    times: dict[str, list[float]] = {name: [] for name in makers}
    for number in range(rounds):
        for name, make in makers.items():
            job = make(number)
            gc.collect()
            start = clock()
            job()
            times[name].append(clock() - start)
    return {name: tuple(row) for name, row in times.items()}


def ratio(times: Times, job: str, base: str) -> float:
    """How many times as long one job takes as another, each in its fastest round: what slows a round
    down is somebody else's work."""
    return min(times[job]) / min(times[base])
