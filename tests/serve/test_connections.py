"""Clients that wait, send slowly or never read: they are cut, and others are answered meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from framelens.core.settings import Settings
from framelens.serve.app import create_app
from framelens.serve.connections import Connection, connection_type
from framelens.serve.engine import Engine
from framelens.serve.limits import Limits

LIMITS = Limits(connections=20, head=0.5, reading=0.5, held=1)
LONG = {"text": "The talks failed.\n\n" * 8_000, "explain": True}


@pytest.fixture(scope="module")
def place(rules_folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a server with small limits."""
    listening = socket.create_server(("127.0.0.1", 0))
    engine = Engine.open(Settings(rules=str(rules_folder), mode="rules"))
    config = uvicorn.Config(
        create_app(engine, limits=LIMITS), http=connection_type(LIMITS), log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join(30)


def request(fields: object) -> bytes:
    body = json.dumps(fields).encode()
    head = f"POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + body


def status(place: tuple[str, int]) -> int:
    """What the server answers to a short text."""
    with socket.create_connection(place, timeout=30) as client:
        client.sendall(request({"text": "The talks failed."}))
        return int(client.recv(65_536).split()[1])


def is_cut(client: socket.socket, seconds: float = 20) -> bool:
    """Whether the server ends a connection within some time."""
    client.settimeout(seconds)
    with contextlib.suppress(ConnectionError):
        while client.recv(1 << 20):
            pass
    return True


def test_idle_connections_shut_nobody_out(place: tuple[str, int]) -> None:
    idle = [socket.create_connection(place) for _ in range(10 * LIMITS.connections)]
    assert status(place) == 200
    assert all(is_cut(client) for client in idle)


def test_a_slow_head_is_cut(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=20) as client:
        client.sendall(b"GET /health HTTP/1.1\r\n")
        begun = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - begun < 20:
                client.sendall(b"x: y\r\n")
                time.sleep(0.05)
        assert time.monotonic() - begun < 20
    assert status(place) == 200


def test_a_second_slow_head_is_cut_too(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=20) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in client.recv(65_536)
        client.sendall(b"GET /health HTTP/1.1\r\n")
        assert is_cut(client)


def test_a_client_that_never_reads_is_counted_and_cut(place: tuple[str, int]) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(place)
        client.sendall(request(LONG))
        found: set[int] = set()
        begun = time.monotonic()
        while time.monotonic() - begun < 60 and found != {200, 503}:
            found.add(status(place))
        assert found == {200, 503}
        while status(place) != 200:
            assert time.monotonic() - begun < 90
        assert is_cut(client)


def test_a_client_that_reads_slowly_is_served(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=60) as client:
        client.sendall(request({**LONG, "text": LONG["text"][:40_000]}))  # type: ignore[index]
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer.partition(b"\r\n\r\n")[2]) < length(answer):
            answer += client.recv(100_000)
            time.sleep(0.02)
    assert len(json.loads(answer.partition(b"\r\n\r\n")[2])["sentences"]) > 2_000
    assert issubclass(connection_type(LIMITS), Connection)


def length(answer: bytes) -> int:
    head = answer.partition(b"\r\n\r\n")[0].lower()
    return int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
