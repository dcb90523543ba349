"""Engines of small rules, and servers as real processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from framelens.core.settings import Settings
from framelens.serve.app import create_app
from framelens.serve.engine import Engine

STATEMENT = "The rapporteur visited the old prison. 😀 The talks failed.\n\nNobody came."


@dataclass(frozen=True)
class Server:
    """A running `framelens serve`."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, method: str, path: str, fields: object = None) -> tuple[int, Any]:
        """The status and what the JSON of the answer says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = None if fields is None else json.dumps(fields)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        return answer.status, found

    def stop(self, number: int) -> tuple[int, str, str]:
        """Send a signal; the exit code and what was written since the start."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@contextmanager
def started(*arguments: str) -> Iterator[Server]:
    """A server on a free port, killed at the end if it still runs."""
    command = [sys.executable, "-m", "framelens", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("framelens serves http://"), process.communicate(timeout=30)[1]
        yield Server(process, int(line.partition("/ ")[0].rpartition(":")[2]))
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def engine(rules_folder: Path) -> Engine:
    return Engine.open(Settings(rules=str(rules_folder), mode="rules"))


@pytest.fixture(scope="session")
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), base_url="http://localhost")


@pytest.fixture(scope="session")
def server(rules_folder: Path) -> Iterator[Server]:
    with started("--rules", str(rules_folder), "--rules-only") as running:
        yield running


@pytest.fixture
def interrupted(rules_folder: Path) -> Callable[[int], tuple[int, str, str]]:
    """Start a server, ask it something, stop it with a signal."""

    def stop(number: int) -> tuple[int, str, str]:
        with started("--rules", str(rules_folder), "--rules-only") as running:
            assert running.ask("POST", "/classify", {"text": "The talks failed."})[0] == 200
            return running.stop(number)

    return stop


SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 0}
