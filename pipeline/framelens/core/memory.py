"""Python's search for cyclic garbage, put off where many objects are made that are none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_seldom() -> None:
    """Look for garbage less often, in a process that makes much that stays and little garbage."""
    gc.set_threshold(200_000, 20, 20)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage in the block: compiling rules and writing down evidence take a third
    longer with it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
