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

UNDER_WAY = 2
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

    pool = _Pool(ProcessPoolExecutor(jobs, initializer=prepare, initargs=(os.getpid(),)), jobs)
    try:
        yield pool.run
    finally:
        pool.close()


class _Pool:
    """An executor and the pieces under way in it, in order."""

    def __init__(self, executor: Any, jobs: int) -> None:
        self.executor, self.limit = executor, jobs * UNDER_WAY
        self.waiting: deque[tuple[Piece, Any]] = deque()
        self.executor.submit(os.getpid)

    def run(self, pieces: Iterable[Piece], task: Task) -> Results:
        for piece in pieces:
            # One that is not sent is done when its turn comes, where it is taken.
            future = self.executor.submit(_work, piece, task) if piece.size < LARGE else None
            self.waiting.append((piece if future is None else piece.emptied(), future))
            if len(self.waiting) >= self.limit:
                yield self._first(task)
        while self.waiting:
            yield self._first(task)

    def _first(self, task: Task) -> tuple[Piece, Iterable[Done]]:
        from joblib.externals.loky.process_executor import BrokenProcessPool

        piece, future = self.waiting.popleft()
        try:
            return piece, work(piece, task) if future is None else future.result()
        except BrokenProcessPool:
            raise FramelensError(f"{WORKER_LOST}; run it again") from None

    def close(self) -> None:
        """End the workers: at once where nothing is left to do, else after what they have begun,
        for the executor cannot be stopped in its tracks without a complaint."""
        for _, future in self.waiting:
            if future is not None:
                future.cancel()
        self.executor.shutdown(wait=True, kill_workers=not self.waiting)


WORKER_LOST = "a worker process was ended from outside (perhaps for want of memory)"


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
