"""Pieces → results in the order of the pieces, by this process or by several others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from framelens.core.errors import FramelensError
from framelens.core.memory import collect_seldom

if TYPE_CHECKING:
    # Nothing that takes time to import: the workers do so while this process does.
    from framelens.parallel.pieces import Piece
    from framelens.parallel.task import Task
    from framelens.parallel.work import Done

UNDER_WAY = 2
"""Pieces under way or waiting to be written, for each process."""

LARGE = 8 * 1024 * 1024
"""The size from which on a piece stays in this process, where its result need not be held whole."""


class Pool(Protocol):
    """Those who work on pieces."""

    def seal(self, task: Task) -> Task:
        """The task as `Task.sealed` has it, before anybody works on it."""
        ...

    def run(self, pieces: Iterable[Piece], task: Task) -> Iterator[tuple[Piece, Iterable[Done]]]:
        """What comes of pieces, in their order; of the pieces themselves only the rest."""
        ...


@contextmanager
def open_pool(jobs: int) -> Iterator[Pool]:
    """This process for one job, else so many worker processes, which start at once.

    However slowly results are taken, only a bounded number of pieces is under way. What it runs
    raises FramelensError where a worker ends before its work is done.
    """
    if jobs == 1:
        yield Here()
        return
    # joblib.Parallel sends the next piece when one is done, whether or not results are taken: where
    # the output is read slowly, it would come to hold all of it. Its executor leaves that to us.
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(jobs, initializer=prepare, initargs=(os.getpid(),))
    pool = Processes(executor, jobs)
    try:
        yield pool
    finally:
        pool.close()


class Here:
    """This process."""

    def seal(self, task: Task) -> Task:
        from framelens.parallel.task import open_here

        return open_here(task)

    def run(self, pieces: Iterable[Piece], task: Task) -> Iterator[tuple[Piece, Iterable[Done]]]:
        from framelens.parallel.work import work

        return ((piece.emptied(), work(piece, task)) for piece in pieces)


class Processes:
    """Worker processes, and the pieces under way in them, in order."""

    def __init__(self, executor: Any, jobs: int) -> None:
        self.executor, self.limit = executor, jobs * UNDER_WAY
        self.waiting: deque[tuple[Piece, Any]] = deque()
        self.executor.submit(os.getpid)

    def seal(self, task: Task) -> Task:
        return task.sealed()

    def run(self, pieces: Iterable[Piece], task: Task) -> Iterator[tuple[Piece, Iterable[Done]]]:
        for piece in pieces:
            self._begin(piece, task)
            if len(self.waiting) >= self.limit:
                yield self._first(task)
        while self.waiting:
            yield self._first(task)

    def _begin(self, piece: Piece, task: Task) -> None:
        if piece.size >= LARGE:
            # It is done when its turn comes.
            self.waiting.append((piece, None))
            return
        with _telling():
            self.waiting.append((piece.emptied(), self.executor.submit(_work, piece, task)))

    def _first(self, task: Task) -> tuple[Piece, Iterable[Done]]:
        from framelens.parallel.work import work

        piece, future = self.waiting.popleft()
        if future is None:
            return piece.emptied(), work(piece, task)
        with _telling():
            return piece, future.result()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        if self.waiting:
            # Told to end, the executor would first let them finish; without them, it gives up.
            for process in list(getattr(self.executor, "_processes", {}).values()):
                process.terminate()
        self.executor.shutdown(wait=True, kill_workers=not self.waiting)


@contextmanager
def _telling() -> Iterator[None]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool:
        raise FramelensError(f"{WORKER_LOST}; run it again") from None


WORKER_LOST = "a worker process was ended from outside (perhaps for want of memory)"


def _work(piece: Piece, task: Task) -> list[Done]:
    from framelens.parallel.work import work

    return list(work(piece, task))


def prepare(parent: int) -> None:
    """Make a worker process ready: it ends with its parent, even if that is killed, and leaves
    Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    collect_seldom()
    import framelens.parallel.work  # noqa: F401


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
