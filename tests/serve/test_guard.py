"""What stands before the application, held to bare ASGI."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from framelens.serve.guard import HEADERS, Guard
from framelens.serve.limits import Limits
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON = (b"content-type", b"application/json")
HOST = (b"host", b"localhost:8000")


async def echo(_: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


async def slow(_: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(10)
    await echo(_, receive, send)


async def broken(_: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("inside")


class Talk:
    """One request and its answer; `taken` counts the parts of the body that were asked for."""

    def __init__(self, *parts: bytes, pause: float = 0, headers: list[tuple[bytes, bytes]]) -> None:
        self.parts: Iterator[bytes] = iter(parts)
        self.left, self.taken, self.pause = len(parts), 0, pause
        self.scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        self.sent: list[Message] = []
        self.taken_before_answer = 0

    async def receive(self) -> Message:
        await asyncio.sleep(self.pause)
        self.taken += 1
        self.left -= 1
        return {"type": "http.request", "body": next(self.parts), "more_body": self.left > 0}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.taken_before_answer = self.taken
        self.sent.append(message)

    def with_(self, app: ASGIApp, **limits: Any) -> tuple[int, bytes]:
        guard = Guard(app, limits=Limits(**limits))
        asyncio.run(guard(self.scope, self.receive, self.send))
        return self.answer()

    def answer(self) -> tuple[int, bytes]:
        body = b"".join(message.get("body", b"") for message in self.sent[1:])
        assert not self.sent[-1].get("more_body", False)
        return self.sent[0]["status"], body

    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}


def error(answer: tuple[int, bytes]) -> tuple[int, str]:
    """The status and the problem, which is a line of JSON."""
    status, body = answer
    assert body.endswith(b"\n")
    assert body.count(b"\n") == 1
    fields = json.loads(body)
    assert list(fields) == ["error"]
    return status, fields["error"]


def test_a_body_goes_through_whole() -> None:
    talk = Talk(b"ab", b"c", headers=[HOST, JSON])
    assert talk.with_(echo, body=3) == (200, b"abc")
    assert talk.headers() == HEADERS
    policy = HEADERS["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in HEADERS["content-security-policy"]


@pytest.mark.parametrize(
    ("announced", "read_before"),
    [([], 3), ([(b"content-length", b"12")], 0), ([(b"content-length", b"9" * 5000)], 0)],
)
def test_a_body_too_large_is_refused_before_it_is_read(
    announced: list[tuple[bytes, bytes]], read_before: int
) -> None:
    talk = Talk(*[b"x"] * 12, headers=[HOST, JSON, *announced])
    status, problem = error(talk.with_(echo, body=2))
    assert (status, talk.taken_before_answer) == (413, read_before)
    assert "at most 2 bytes" in problem
    assert talk.taken == 12
    assert talk.headers()["connection"] == "close"
    assert HEADERS.items() <= talk.headers().items()


def test_time_is_bounded() -> None:
    assert error(Talk(b"x", headers=[HOST, JSON]).with_(slow, seconds=0.05)) == (
        503,
        "no answer within 0.05 s",
    )
    late = Talk(b"x", pause=10, headers=[HOST, JSON])
    assert error(late.with_(echo, seconds=0.05)) == (408, "the body did not arrive within 0.05 s")


def test_an_error_inside_is_one_line_and_still_an_error() -> None:
    talk = Talk(b"x", headers=[HOST, JSON])
    with pytest.raises(RuntimeError, match="inside"):
        talk.with_(broken)
    assert error(talk.answer()) == (500, "something went wrong in framelens")


def test_a_request_that_is_dropped_at_the_end_is_told_so() -> None:
    talk, guard = Talk(b"x", pause=10, headers=[HOST, JSON]), Guard(echo, limits=Limits())

    async def ending() -> None:
        task = asyncio.create_task(guard(talk.scope, talk.receive, talk.send))
        await asyncio.sleep(0)
        task.cancel()
        await task  # uvicorn would write out what it raises

    asyncio.run(ending())
    assert error(talk.answer()) == (503, "the server is ending")


def test_only_so_many_wait() -> None:
    guard = Guard(slow, limits=Limits(waiting=2, seconds=0.2))
    talks = [Talk(b"x", headers=[HOST, JSON]) for _ in range(4)]

    async def all_at_once() -> None:
        await asyncio.gather(*(guard(talk.scope, talk.receive, talk.send) for talk in talks))

    asyncio.run(all_at_once())
    problems = [error(talk.answer())[1] for talk in talks]
    assert sorted(problem.startswith("over 2 requests") for problem in problems) == [0, 0, 1, 1]
    assert guard.open == 0


@pytest.mark.parametrize("kind", [None, b"text/plain", b"application/x-www-form-urlencoded"])
def test_content_that_any_page_may_send_is_refused(kind: bytes | None) -> None:
    headers = [HOST] if kind is None else [HOST, (b"content-type", kind)]
    assert error(Talk(b"{}", headers=headers).with_(echo))[0] == 415
    good = [HOST, (b"content-type", b"Application/JSON; charset=utf-8")]
    assert Talk(b"{}", headers=good).with_(echo) == (200, b"{}")
