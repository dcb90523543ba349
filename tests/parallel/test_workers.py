"""Where shards are worked on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from framelens.parallel.workers import open_workers, uninterrupted

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """As Python begins, whatever whoever runs the tests does with interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_waits_until_the_block_has_ended() -> None:
    done = []

    def work() -> None:
        with uninterrupted():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("the block")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the block"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_in_the_block_gives_interrupts_back() -> None:
    with pytest.raises(ValueError, match="wrong"), uninterrupted():
        raise ValueError("wrong")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_threads_which_get_no_signals_leave_them_alone() -> None:
    found = []

    def work() -> None:
        with uninterrupted():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.default_int_handler]


def test_interrupts_that_a_host_program_handles_are_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    monkeypatch.delattr(signal, "signal")
    with uninterrupted():
        pass


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_calls_that_nobody_waits_for_end_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        with open_workers("loky", 2) as workers:
            workers.results(time.sleep, [(60,)] * 20).close()
        with open_workers("loky", 2):
            pass
    assert capfd.readouterr().err == ""
