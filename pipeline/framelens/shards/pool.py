"""Pieces → results in the order of the pieces, by this process or by several others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from framelens.errors import FramelensError
from framelens.shards.pieces import Piece
from framelens.shards.task import Task
from framelens.shards.work import Done, work

UNDER_WAY = 3
"""Pieces under way or waiting to be written, for each process."""

LARGE = 8 * 1024 * 1024
"""The size from which on a piece stays in this process, where its result need not be held whole."""

Results = Iterator[tuple[Piece, Iterable[Done]]]
Run = Callable[[Iterable[Piece], Task], Results]


@contextmanager
def open_pool(jobs: int) -> Iterator[Run]:
    """What runs pieces: this process for one job, else so many worker processes.

    The workers start at once. However slowly the results are taken, only a bounded number of
    pieces is under way. Raise FramelensError where a worker ends before its work is done.
    """
    if jobs == 1:
        yield lambda pieces, task: ((piece.emptied(), work(piece, task)) for piece in pieces)
        return
    # joblib.Parallel sends the next piece when one is done, whether or not results are taken: where
    # the output is read slowly, it would come to hold all of it. Its executor leaves that to us.
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(jobs, initializer=prepare, initargs=(os.getpid(),))
    executor.submit(os.getpid)
    try:
        yield lambda pieces, task: _in_order(executor, pieces, task, jobs * UNDER_WAY)
    finally:
        executor.shutdown(wait=True, kill_workers=True)


def _in_order(executor: Any, pieces: Iterable[Piece], task: Task, limit: int) -> Results:
    waiting: deque[tuple[Piece, Callable[[], Iterable[Done]]]] = deque()
    for piece in pieces:
        waiting.append((piece.emptied(), _begin(executor, piece, task)))
        if len(waiting) > limit:
            yield _first(waiting)
    while waiting:
        yield _first(waiting)


def _begin(executor: Any, piece: Piece, task: Task) -> Callable[[], Iterable[Done]]:
    if piece.size >= LARGE:
        return lambda: work(piece, task)
    result: Callable[[], Iterable[Done]] = executor.submit(_work, piece, task).result
    return result


def _first(
    waiting: deque[tuple[Piece, Callable[[], Iterable[Done]]]],
) -> tuple[Piece, Iterable[Done]]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    piece, result = waiting.popleft()
    try:
        return piece, result()
    except BrokenProcessPool:
        raise FramelensError(WORKER_LOST) from None


WORKER_LOST = "a worker process was ended from outside (perhaps for want of memory); run it again"


def _work(piece: Piece, task: Task) -> list[Done]:
    return list(work(piece, task))


def prepare(parent: int) -> None:
    """Make a worker process ready: it ends with its parent, even if that is killed, and leaves
    Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import framelens.api  # noqa: F401  # what takes time to import, while the parent does its part


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
