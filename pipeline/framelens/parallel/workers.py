"""Workers: this process, processes of its own, or a cluster."""

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

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Workers:
    """Call a function for rows of arguments: in processes of joblib, which are `starting` (the results of
    the calls that make them ready), on the cluster of a `client`, or else in this process."""

    starting: Iterable[None] | None = None
    client: Client | None = None

    def results(
        self,
        function: Callable[..., Result],
        rows: Sequence[tuple[Any, ...]],
        *,
        ordered: bool = True,
    ) -> Generator[Result, None, None]:
        """Begin all calls at once; give the results in the order of the rows, unless `ordered` is False
        or they come from a cluster: then as they come."""
        if self.client is not None and rows:
            return _cluster_results(self.client, function, rows)
        if self.starting is None or not rows:
            return (function(*row) for row in rows)
        # joblib ends processes whose results are not taken.
        deque(self.starting, maxlen=0)
        return _process_results(function, rows, ordered=ordered)


def open_workers(
    backend: Backend, jobs: int, scheduler: str | None = None, *, settings: Settings | None = None
) -> AbstractContextManager[Workers]:
    """The workers of a backend: `jobs` processes (one is this process), which start and open the project
    of the settings in the background, or those of the cluster whose scheduler has this address.

    Raise FramelensError where there is no cluster, it has no workers, or they are lost.
    """
    if backend == "dask":
        return _cluster(scheduler)
    return _processes(jobs, settings) if jobs > 1 else nullcontext(Workers())


@contextmanager
def _processes(jobs: int, settings: Settings | None) -> Iterator[Workers]:
    from joblib import parallel_config
    from joblib.externals.loky.process_executor import BrokenProcessPool

    config = parallel_config("loky", n_jobs=jobs, initializer=_set_up, initargs=(os.getpid(),))
    try:
        with catch_warnings(), _without_key_errors_of_loky(), config:
            # Where a run ends at an error, the user sees that error and not this warning.
            filterwarnings("ignore", message=".*have been cancelled", category=UserWarning)
            with closing(_process_results(_make_ready, [(settings,)] * jobs)) as starting:
                yield Workers(starting)
    except BrokenProcessPool:
        raise FramelensError(f"{WORKER_LOST}; {RUN_AGAIN}") from None


def _process_results(
    function: Callable[..., Result], rows: Sequence[tuple[Any, ...]], *, ordered: bool = True
) -> Generator[Result, None, None]:
    from joblib import Parallel, delayed

    form = "generator" if ordered else "generator_unordered"
    # All at once: what is sent is small.
    parallel = Parallel(return_as=form, batch_size=1, pre_dispatch="all")
    with uninterrupted():
        results: Generator[Result, None, None] = parallel(delayed(function)(*row) for row in rows)
    return results


@contextmanager
def _without_key_errors_of_loky() -> Iterator[None]:
    """Print no KeyError of loky's thread, which, ended early, looks for calls that it has dropped."""
    hook = threading.excepthook

    def filtered(args: threading.ExceptHookArgs) -> None:
        is_lokys = args.thread is not None and args.thread.name == "ExecutorManagerThread"
        if not (is_lokys and args.exc_type is KeyError):
            hook(args)

    threading.excepthook = filtered
    try:
        yield
    finally:
        threading.excepthook = hook


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
            client.run(collect_seldom, on_error="ignore")
            yield Workers(client=client)
    except CancelledError:
        raise FramelensError(f"{scheduler}: the cluster was lost; {RUN_AGAIN}") from None
    except KilledWorker as error:
        raise FramelensError(f"{scheduler}: a shard ended every worker: {error}") from None
    except TimeoutError:
        raise FramelensError(f"{scheduler}: no worker in {WAIT} seconds") from None
    except ModuleNotFoundError as error:
        raise FramelensError(f"{scheduler}: a worker lacks a package: {error}") from None


def _cluster_results(
    client: Client, function: Callable[..., Result], rows: Sequence[tuple[Any, ...]]
) -> Generator[Result, None, None]:
    # By dask itself: joblib's backend for it waits for ever for a call that has ended its workers.
    from distributed import as_completed

    columns = zip(*rows, strict=True)
    pending = {*client.map(function, *columns, pure=False, batch_size=None)}
    try:
        for future, result in as_completed(pending, loop=client.loop, with_results=True):  # type: ignore[no-untyped-call]
            # Released, lest dask works it out again where its worker is lost.
            pending.remove(future)
            future.release()
            yield result
    finally:
        client.cancel(pending)  # type: ignore[no-untyped-call]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold an interrupt (Ctrl-C) back until the block ends.

    loky, interrupted while it starts its processes, ends with an error of its own, or never.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is None:  # None: a host program handles it
        yield
        return
    is_interrupted = threading.Event()
    handler = signal.signal(signal.SIGINT, lambda *_: is_interrupted.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if is_interrupted.is_set():
        signal.raise_signal(signal.SIGINT)


def _set_up(parent: int) -> None:
    """Set a process up: it ends with its parent, even if that is killed, and leaves Ctrl-C to it."""

    def end_with_it() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_it, daemon=True).start()
    # End at once: to free rules and words one by one would keep the command waiting.
    atexit.register(os._exit, 0)
    collect_seldom()
    without_spacys_commands()


def _make_ready(settings: Settings | None) -> None:
    """Import what shards are done with, and open the project that all of them use."""
    from framelens.parallel.work import opened, sealed

    if settings is not None:
        with suppress(FramelensError, OSError):  # which the first shard will raise again
            opened(sealed(settings))
