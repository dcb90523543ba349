"""`framelens serve` as a user meets it: a real process on a real port."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest
from framelens.cli.main import Exit, run
from framelens.serve.server import address

from tests.serve.conftest import SIGNALS, Server, started

TALKS = {"text": "The talks failed."}


def labels(found: tuple[int, dict[str, list[dict[str, object]]]]) -> list[object]:
    status, answer = found
    assert status == 200, answer
    return [row["labels"] for row in answer["sentences"]]


def test_it_answers(server: Server) -> None:
    assert server.ask("GET", "/health")[1]["status"] == "ok"
    assert labels(server.ask("POST", "/classify", TALKS)) == [["talk"]]


def test_many_are_answered_at_once_each_its_own(server: Server) -> None:
    def one(number: int) -> bool:
        parts = ["The talks failed."] * (number % 7) + ["An observer visited the prison."]
        text = "\n\n".join([*parts, f"Number {number}."])
        _, answer = server.ask("POST", "/classify", {"text": text, "explain": number % 2 == 0})
        rows = answer["sentences"]
        return [row["labels"] for row in rows] == [["talk"]] * (number % 7) + [
            ["look"],
            [],
        ] and rows[-1]["text"] == f"Number {number}."

    with ThreadPoolExecutor(16) as many:
        assert all(many.map(one, range(80)))


def test_a_long_text_does_not_hold_up_a_short_one(server: Server) -> None:
    long = {"text": "An observer visited the old prison and the talks failed.\n\n" * 6_000}
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(server.ask, "POST", "/classify", long)
        time.sleep(0.3)
        answered = 0
        while not waiting.done():
            assert labels(server.ask("POST", "/classify", TALKS)) == [["talk"]]
            answered += 1
        assert len(labels(waiting.result())) == 6_000
    assert answered >= 3


@pytest.mark.slow
def test_a_warm_sentence_takes_less_than_10_ms(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    times = []
    for _ in range(101):
        begun = time.perf_counter()
        connection.request(
            "POST", "/classify", json.dumps(TALKS), {"Content-Type": "application/json"}
        )
        connection.getresponse().read()
        times.append(time.perf_counter() - begun)
    connection.close()
    assert median(times) < 0.01


def test_a_body_too_large_gets_its_answer(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Content-Type": "application/json"}
    parts = (b"x" * 65536 for _ in range(100))
    connection.request("POST", "/classify", parts, headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, list(json.loads(answer.read()))) == (413, ["error"])
    connection.close()
    assert labels(server.ask("POST", "/classify", TALKS)) == [["talk"]]


def test_an_announced_giant_is_refused_unread(server: Server) -> None:
    head = "POST /classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_another_name_for_this_machine_is_refused(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/", headers={"Host": f"rebound.example:{server.port}"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (400, b"Invalid host header")


@pytest.mark.parametrize(("number", "code"), SIGNALS.items())
def test_it_stops_when_told_to_and_says_nothing(
    interrupted: Callable[[int], tuple[int, str, str]], number: int, code: int
) -> None:
    assert interrupted(number) == (code, "", "")


def test_it_stops_in_the_middle_of_a_long_text(rules_folder: Path) -> None:
    long = json.dumps({"text": "The talks failed.\n\n" * 40_000, "explain": True})
    with started("--rules", str(rules_folder), "--rules-only") as running:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("POST", "/classify", long, {"Content-Type": "application/json"})
        busy = (running.ask("GET", "/health")[1]["busy"] for _ in range(1000))
        assert any(busy)
        assert running.stop(signal.SIGINT) == (130, "", "")
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["error"]) == (
            503,
            "the server is stopping",
        )
        connection.close()


def fails(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["serve", *arguments]) == Exit.BAD_INPUT
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = fails(["--port", port], capsys)
    assert said.startswith(f"framelens: error: 127.0.0.1:{port}: ")
    assert "--port" in said
    assert said.count("\n") == 1


def test_a_host_that_is_not_this_machines_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    warning, problem = fails(["--host", "203.0.113.7", "--port", "0"], capsys).splitlines()
    assert warning.startswith("framelens: warning: 203.0.113.7: whoever can reach")
    assert problem.startswith("framelens: error: 203.0.113.7:0: ")


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn"])
def test_the_extra_is_named_where_it_is_missing(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    assert "pip install 'framelens[serve]'" in fails([], capsys)


def test_a_bad_folder_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = fails(["--port", "0", "--rules", str(tmp_path / "nowhere")], capsys)
    assert said.count("\n") == 1


def test_addresses() -> None:
    assert address("::1", 80) == "http://[::1]:80/"
    assert address("localhost", 8000) == "http://localhost:8000/"


@pytest.mark.parametrize("host", ["a..b", "a" * 70, "\udcff"])
def test_what_is_no_host_is_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--host", host, "--port", "0"]) == Exit.BAD_INPUT
    assert "no host of this name" in capsys.readouterr().err
