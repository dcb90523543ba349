"""The server: a port, an engine, and an end without noise."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.serve.app import create_app
from framelens.serve.connections import connection_type
from framelens.serve.engine import Engine
from framelens.serve.hosts import bracketed, trusted
from framelens.serve.limits import Limits

GRACE = 10
"""Seconds that requests under way have left when the server is told to stop."""


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    settings: Settings | None = None,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve until SIGTERM, after which this returns, or SIGINT, which raises KeyboardInterrupt.

    Port 0 takes any free one. `ready` is called with the page's address once it can be opened. On
    a host that is not loopback, requests may name the machine as they like. Raise FramelensError
    where the port cannot be had or a folder is damaged.
    """
    engine = None

    def opened() -> FastAPI:
        nonlocal engine
        engine = Engine.open(settings)
        return create_app(engine, hosts=trusted(host))

    def stopping() -> None:
        if engine is not None:
            engine.stop()

    run_app(opened, host=host, port=port, ready=ready, stopping=stopping)


def run_app(
    opened: Callable[[], FastAPI],
    *,
    host: str,
    port: int,
    ready: Callable[[str], object] | None = None,
    stopping: Callable[[], object] | None = None,
) -> None:
    """Serve an application, opened when the port is had, as `serve` does; `stopping` is called when
    the server is told to end, before it waits for requests that are under way."""
    with _stopping_quietly(), _bound(host, port) as place:
        config = uvicorn.Config(
            opened(),
            http=connection_type(Limits()),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        if ready is not None:
            ready(address(host, place.getsockname()[1]))
        _Server(config, stopping).run(sockets=[place])


class _Server(uvicorn.Server):
    """A server that does not wait for long texts when it is told to end."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], object] | None) -> None:
        super().__init__(config)
        self.stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.stopping is not None:
            self.stopping()
        super().handle_exit(sig, frame)


def address(host: str, port: int) -> str:
    """The page's address."""
    return f"http://{bracketed(host)}:{port}/"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio turn off Nagle's algorithm, which would hold
    # every answer back for 40 ms.
    place = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((host, port))
        place.listen()
    except (socket.gaierror, TypeError, ValueError):
        # TypeError: a name that no host can have.
        place.close()
        raise FramelensError(
            f"{host}: no host of this name; expected one of this machine's"
        ) from None
    except OSError as error:
        place.close()
        advice = "choose another --port, or 0 for any that is free"
        raise FramelensError(f"{host}:{port}: {error.strerror}; {advice}") from None
    return place


@contextmanager
def _stopping_quietly() -> Iterator[None]:
    # uvicorn raises the signal that stopped it once more when it is done.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
