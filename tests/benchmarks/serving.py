"""How many requests a second `framelens serve` answers, and how long each waits.

    python -m tests.benchmarks.serving [--requests N] [--at-once N]

A server is started as users start it; so many clients at once, a connection each, ask it for the
frames of one statement, over and over, each time with some word that it has not met. The clients
share the machine with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from framelens.core.errors import FramelensError

from tests.benchmarks.finding import Finding, table
from tests.benchmarks.recombined import strange

STATEMENT = (
    "The rapporteur was refused access to the prisons of {}. They offered dialogue instead, and "
    "those responsible were never brought to justice."
)
PACE = 300
WARM = 2
"""Requests of each client that are not counted."""


@dataclass(frozen=True, slots=True)
class Load:
    """What clients met: seconds from request to answer, one each, those of all together, and how many
    answers were errors."""

    waits: Sequence[float]
    seconds: float
    errors: int

    @property
    def pace(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds


def serving(requests: int, at_once: int) -> list[Finding]:
    """The pace of a server, and how long requests waited: half of them at most, and 99 of 100."""
    with _server() as (host, port):
        found = asyncio.run(loaded(host, port, requests, at_once))
    half, most = np.quantile(found.waits, (0.5, 0.99))
    return [
        Finding(f"`serve`, {at_once} requests at once", found.pace, PACE, "requests/s", least=True),
        Finding("half of them answered within", 1000 * float(half), None, "ms"),
        Finding("99 of 100 answered within", 1000 * float(most), 1000, "ms"),
        Finding("errors", found.errors, 0, ""),
    ]


async def loaded(host: str, port: int, requests: int, at_once: int) -> Load:
    """Ask a server until so many requests are answered."""
    chance = random.Random(0)
    bodies = [
        json.dumps({"text": STATEMENT.format(strange(chance).capitalize())}).encode()
        for _ in range(requests)
    ]
    clients = [await asyncio.open_connection(host, port) for _ in range(at_once)]
    await asyncio.gather(*(_ask(client, bodies[:1] * WARM, host) for client in clients))
    begun = time.perf_counter()
    rows = await asyncio.gather(
        *(_ask(client, bodies[at::at_once], host) for at, client in enumerate(clients))
    )
    seconds = time.perf_counter() - begun
    for _, writer in clients:
        writer.close()
    waits = [wait for own, _ in rows for wait in own]
    return Load(waits, seconds, sum(errors for _, errors in rows))


async def _ask(
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter], bodies: Sequence[bytes], host: str
) -> tuple[list[float], int]:
    """The seconds that each answer took, and how many were errors."""
    reader, writer = client
    waits, errors = [], 0
    for body in bodies:
        begun = time.perf_counter()
        writer.write(
            f"POST /classify HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        errors += not head.startswith(b"http/1.1 200 ")
        waits.append(time.perf_counter() - begun)
    return waits, errors


@contextmanager
def _server() -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-um", "framelens", "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        if len(words) < 3:
            raise FramelensError("the server did not start")
        place = urlsplit(words[2])
        yield place.hostname or "", place.port or 0
    finally:
        process.terminate()
        process.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving")
    parser.add_argument("--requests", type=int, default=10_000, help="in all [10000]")
    parser.add_argument("--at-once", type=int, default=200, help="clients [200]")
    options = parser.parse_args(arguments)
    print(table(serving(options.requests, options.at_once)))


if __name__ == "__main__":
    main()
