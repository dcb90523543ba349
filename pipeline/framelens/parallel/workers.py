"""Where shards are worked on: in this process, in worker processes, on a cluster."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import FrameType
from typing import Any, Literal, TypeVar
from warnings import catch_warnings, filterwarnings

from framelens.core.errors import FramelensError
from framelens.core.memory import collect_seldom, without_spacys_commands

Backend = Literal["loky", "dask"]

CONNECT = 10
"""Seconds to wait for a scheduler to answer."""
WAIT = 60
"""Seconds to wait for the first worker of a cluster."""

WORKER_LOST = "a worker process was ended from outside (perhaps for want of memory)"
RUN_AGAIN = "run it again, which leaves what is done as it is"

Found = TypeVar("Found")
Rows = Iterable[tuple[Any, ...]]


class Workers:
    """Those who call a function for rows of arguments."""

    def in_order(self, function: Callable[..., Found], rows: Rows) -> Generator[Found, None, None]:
        """The results, in the order of the rows."""
        return (function(*row) for row in rows)

    def as_done(self, function: Callable[..., Found], rows: Rows) -> Iterator[Found]:
        """The results as they come."""
        return self.in_order(function, rows)


class JoblibWorkers(Workers):
    """Those of the joblib backend that is set."""

    def __init__(self, parent: int | None) -> None:
        self.parent = parent
        self._ready: Generator[None, None, None] | None = None

    @contextmanager
    def started(self, jobs: int) -> Iterator[JoblibWorkers]:
        """Begin to start so many processes."""
        self._ready = self._begun(_make_ready, [()] * jobs)
        try:
            yield self
        finally:
            if self._ready:
                self._ready.close()

    def in_order(self, function: Callable[..., Found], rows: Rows) -> Generator[Found, None, None]:
        """The results, in the order of the rows."""
        yield from self._begun(function, rows)

    def as_done(self, function: Callable[..., Found], rows: Rows) -> Iterator[Found]:
        """The results as they come."""
        yield from self._begun(function, rows, form="generator_unordered")

    def _begun(
        self, function: Callable[..., Found], rows: Rows, *, form: str = "generator"
    ) -> Generator[Found, None, None]:
        """The results of calls that are begun at once."""
        from joblib import Parallel, delayed

        if self._ready:  # joblib ends the processes of results that nobody takes
            deque(self._ready, maxlen=0)
        # All at once: what is sent is small, and workers that join later find something to do.
        parallel = Parallel(return_as=form, batch_size=1, pre_dispatch="all")
        tasks = [delayed(_call)(self.parent, function, row) for row in rows]
        if not tasks:
            nothing: tuple[Found, ...] = ()
            return (found for found in nothing)
        with uninterrupted():
            results: Generator[Found, None, None] = parallel(tasks)
        return results


@contextmanager
def open_workers(backend: Backend, jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """The workers of a backend: so many processes, or those of the cluster with a scheduler.

    Processes begin to start at once, while the caller still looks through the input.

    Raise FramelensError where there is no cluster, it has no workers, or they are lost.
    """
    if backend == "loky" and jobs == 1:
        yield Workers()
    elif backend == "loky":
        with _processes(jobs), JoblibWorkers(os.getpid()).started(jobs) as workers:
            yield workers
    elif scheduler is None:
        raise FramelensError("--backend dask needs a cluster; expected --scheduler ADDRESS")
    else:
        with _cluster(scheduler):
            yield JoblibWorkers(None)


@contextmanager
def _processes(jobs: int) -> Iterator[None]:
    from joblib import parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        with catch_warnings(), parallel_config("loky", n_jobs=jobs):
            # Where a run ends at an error, that is what is told.
            filterwarnings("ignore", message=".*have been cancelled", category=UserWarning)
            yield
    except BrokenProcessPool:
        raise FramelensError(f"{WORKER_LOST}; {RUN_AGAIN}") from None


@contextmanager
def _cluster(scheduler: str) -> Iterator[None]:
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        advice = "install it with: pip install 'framelens[cluster]'"
        raise FramelensError(f"--backend dask needs distributed; {advice}") from None
    from joblib import parallel_config

    with ExitStack() as stack:
        try:
            client = Client(scheduler, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
            stack.enter_context(client)
        except (OSError, ValueError) as error:
            raise FramelensError(f"{scheduler}: no dask scheduler answers: {error}") from None
        config = parallel_config("dask", client=client, wait_for_workers_timeout=WAIT)
        stack.enter_context(config)
        try:
            yield
        except CancelledError:
            raise FramelensError(f"{scheduler}: the cluster was lost; {RUN_AGAIN}") from None
        except KilledWorker as error:
            raise FramelensError(f"{scheduler}: a shard ended every worker: {error}") from None
        except TimeoutError:
            raise FramelensError(f"{scheduler}: no worker in {WAIT} seconds") from None
        except ModuleNotFoundError as error:
            raise FramelensError(f"{scheduler}: a worker lacks a package: {error}") from None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold an interrupt (Ctrl-C) back until the block ends.

    loky, interrupted while it starts its processes, ends with an error of its own, or never.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held and callable(before):
        before(*held[0])


_prepared = False


def _call(parent: int | None, function: Callable[..., Found], row: tuple[Any, ...]) -> Found:
    global _prepared
    if not _prepared:
        collect_seldom()
        without_spacys_commands()
        if parent is not None:
            _tie_to(parent)
        _prepared = True
    return function(*row)


def _make_ready() -> None:
    """Import what shards are done with."""
    import_module("framelens.parallel.work")


def _tie_to(parent: int) -> None:
    """Have this process end with its parent, even if that is killed, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
