"""Where shards are worked on: in this process, in worker processes, on a cluster."""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from warnings import catch_warnings, filterwarnings

from framelens.core.errors import FramelensError
from framelens.core.memory import collect_seldom, without_spacys_commands

if TYPE_CHECKING:
    from distributed import Client

    from framelens.core.settings import Settings

Backend = Literal["loky", "dask"]

CONNECT = 10
"""Seconds to wait for a scheduler to answer."""
WAIT = 60
"""Seconds to wait for the first worker of a cluster."""

WORKER_LOST = "a worker process was ended from outside (perhaps for want of memory)"
RUN_AGAIN = "run it again, with --resume where it writes one file: what is done stays as it is"

Found = TypeVar("Found")


@dataclass(slots=True)
class Workers:
    """Those who call a function for rows of arguments: this process; those of joblib, which end with
    the process `parent`, and may be `starting`; or those of the cluster of a `client`."""

    parent: int | None = None
    starting: Iterable[None] = ()
    client: Client | None = None

    def results(
        self,
        function: Callable[..., Found],
        rows: Sequence[tuple[Any, ...]],
        *,
        ordered: bool = True,
    ) -> Generator[Found, None, None]:
        """The results, in the order of the rows or, of a cluster always, as they come; the calls are
        begun at once."""
        if self.client is not None:
            return _of_cluster(self.client, function, rows)
        if not (self.parent and rows):
            return (function(*row) for row in rows)
        from joblib import Parallel, delayed

        # joblib ends the processes of results that nobody takes.
        deque(self.starting, maxlen=0)
        # All at once: what is sent is small.
        form = "generator" if ordered else "generator_unordered"
        parallel = Parallel(return_as=form, batch_size=1, pre_dispatch="all")
        with uninterrupted():
            results: Generator[Found, None, None] = parallel(
                [delayed(_call)(self.parent, function, row) for row in rows]
            )
        return results


def open_workers(
    backend: Backend, jobs: int, scheduler: str | None = None, *, settings: Settings | None = None
) -> AbstractContextManager[Workers]:
    """The workers of a backend: so many processes, or those of the cluster with a scheduler.

    Processes begin to start at once, and to open the project of the settings, while the caller still
    looks through the input.

    Raise FramelensError where there is no cluster, it has no workers, or they are lost.
    """
    if backend == "dask":
        return _cluster(scheduler)
    return _processes(jobs, settings) if jobs > 1 else nullcontext(Workers())


@contextmanager
def _processes(jobs: int, settings: Settings | None) -> Iterator[Workers]:
    from joblib import parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    workers = Workers(parent=os.getpid())
    try:
        with catch_warnings(), _unheard(), parallel_config("loky", n_jobs=jobs):
            # Where a run ends at an error, that is what is told.
            filterwarnings("ignore", message=".*have been cancelled", category=UserWarning)
            with closing(workers.results(_make_ready, [(settings,)] * jobs)) as workers.starting:
                yield workers
    except BrokenProcessPool:
        raise FramelensError(f"{WORKER_LOST}; {RUN_AGAIN}") from None


@contextmanager
def _unheard() -> Iterator[None]:
    """Let loky's thread end without a word: told to end at once, it may still look for calls that it
    has dropped itself (KeyError) when its processes have been ended."""
    before = threading.excepthook

    def told(args: threading.ExceptHookArgs) -> None:
        is_lokys = args.thread is not None and args.thread.name == "ExecutorManagerThread"
        if not (is_lokys and args.exc_type is KeyError):
            before(args)

    threading.excepthook = told
    try:
        yield
    finally:
        threading.excepthook = before


@contextmanager
def _cluster(scheduler: str | None) -> Iterator[Workers]:
    if scheduler is None:
        raise FramelensError("--backend dask needs a cluster; expected --scheduler ADDRESS")
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        advice = "install it with: pip install 'framelens[cluster]'"
        raise FramelensError(f"--backend dask needs distributed; {advice}") from None

    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise FramelensError(f"{scheduler}: no dask scheduler answers: {error}") from None
    try:
        with client:
            client.wait_for_workers(1, timeout=WAIT)
            yield Workers(client=client)
    except CancelledError:
        raise FramelensError(f"{scheduler}: the cluster was lost; {RUN_AGAIN}") from None
    except KilledWorker as error:
        raise FramelensError(f"{scheduler}: a shard ended every worker: {error}") from None
    except TimeoutError:
        raise FramelensError(f"{scheduler}: no worker in {WAIT} seconds") from None
    except ModuleNotFoundError as error:
        raise FramelensError(f"{scheduler}: a worker lacks a package: {error}") from None


def _of_cluster(
    client: Client, function: Callable[..., Found], rows: Sequence[tuple[Any, ...]]
) -> Generator[Found, None, None]:
    """The results as they come. By dask itself: joblib's backend for it waits for ever for a call
    that has ended its workers."""
    from distributed import as_completed

    call = partial(_call, None, function)
    left = {*client.map(call, rows, pure=False, batch_size=None)}
    try:
        for one, found in as_completed(left, loop=client.loop, with_results=True):  # type: ignore[no-untyped-call]
            # A result that is still asked for is worked out again where its worker is lost.
            left.remove(one)
            one.release()
            yield found
    finally:
        client.cancel(left)  # type: ignore[no-untyped-call]


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
            # To take rules and words apart would keep the command waiting.
            atexit.register(os._exit, 0)
        _prepared = True
    return function(*row)


def _make_ready(settings: Settings | None) -> None:
    """Import what shards are done with, and open what all of them ask of the settings."""
    from framelens.parallel.work import opened
    from framelens.project.project import sealed

    if settings is not None:
        with suppress(FramelensError, OSError):  # which the first shard will tell
            opened(sealed(settings))


def _tie_to(parent: int) -> None:
    """Have this process end with its parent, even if that is killed, and leave Ctrl-C to it."""

    def end_with_it() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_it, daemon=True).start()
