"""Middleware before the application: limits on size, time and number, and headers of all answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framelens.serve.limits import Limits

FILE_PATH = "/file"
"""The path that takes files, which may be larger than texts."""

PIECE = 256 * 1024
"""Bytes of an answer that are sent at a time."""

DRAIN_SECONDS = 2.0
"""How long the rest of a body that is too large is taken in and thrown away: who is still sending
when the connection closes never reads the answer."""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Refused(Exception):
    """A request that is not answered: the status and, on one line, why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Guard:
    """ASGI middleware around the application; `open` counts the requests under way, until their
    answers have been read, and `held` the bytes of answers that clients have not taken yet."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self.app, self.limits = app, limits
        self.open = self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Reply(send, self)
        self.open += 1
        try:
            await self._within_limits(scope, receive, answer)
        except Refused as refused:
            await answer.refuse(refused, receive)
        except asyncio.CancelledError:
            # The server ends; uvicorn would print what is raised here.
            await answer.refuse(Refused(503, "the server is ending"), receive)
        except Exception:
            await answer.refuse(Refused(500, "something went wrong in framelens"), receive)
            raise
        finally:
            self.open -= 1

    async def _within_limits(self, scope: Scope, receive: Receive, answer: Reply) -> None:
        brings_file = scope["path"] == FILE_PATH
        # A file may be as large as eight texts: fewer of them may be waiting.
        most_open = -(-self.limits.waiting // 4) if brings_file else self.limits.waiting
        if self.open > most_open:
            raise Refused(503, f"over {most_open} requests at once; try again later")
        if self.held > self.limits.held:
            raise Refused(503, "too many answers are not read yet; try again later")
        headers = Headers(scope=scope)
        most = self.limits.file if brings_file else self.limits.body
        check(scope["method"], headers, most)
        arrived = False
        try:
            async with asyncio.timeout(self.limits.seconds) as answer.clock:
                body = await read(receive, most)
                arrived = True
                whole = iter([{"type": "http.request", "body": body, "more_body": False}])

                async def replayed() -> Message:
                    return next(whole, None) or await receive()

                await self.app(scope, replayed, answer)
        except TimeoutError:
            if answer.clock is None or not answer.clock.expired():
                raise
            late = "no answer" if arrived else "the body did not arrive"
            problem = f"{late} within {self.limits.seconds:g} s"
            raise Refused(503 if arrived else 408, problem) from None


def check(method: str, headers: Headers, most: int) -> None:
    """Raise Refused for a request whose headers announce a body too large or of another type."""
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > most):
        raise too_large(most)
    # Pages of other sites may send other types without a preflight request.
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if method == "POST" and kind != "application/json":
        raise Refused(415, "expected a body of content type application/json")


class Reply:
    """Sends what the application answers, with the headers that every answer carries."""

    def __init__(self, send: Send, guard: Guard) -> None:
        self.send, self.guard, self.has_begun = send, guard, False
        self.clock: asyncio.Timeout | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            if self.clock is not None:
                self.clock.reschedule(None)
            message = {**message, "headers": [*message["headers"], *raw(HEADERS)]}
        body = message.get("body", b"")
        if len(body) <= PIECE:
            await self.send(message)
        else:
            await self._send_body(message, memoryview(body))

    async def _send_body(self, message: Message, body: memoryview) -> None:
        """Send a body piece by piece, each when the client has taken the one before, so that a request
        stays open, and counts, until its answer is read."""
        left = len(body)
        self.guard.held += left
        try:
            for start in range(0, len(body), PIECE):
                piece = bytes(body[start : start + PIECE])
                more = start + PIECE < len(body) or message.get("more_body", False)
                await self.send({**message, "body": piece, "more_body": more})
                left -= len(piece)
                self.guard.held -= len(piece)
        finally:
            self.guard.held -= left

    async def refuse(self, refused: Refused, receive: Receive) -> None:
        """Answer with an error, unless an answer has begun; then end."""
        if self.has_begun:
            return
        self.clock = None
        body = json.dumps({"error": refused.why}).encode() + b"\n"
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        if refused.status in {408, 413}:
            headers["connection"] = "close"
        await self(
            {"type": "http.response.start", "status": refused.status, "headers": raw(headers)}
        )
        await self.send({"type": "http.response.body", "body": body, "more_body": True})
        if refused.status == 413:
            await drain(receive)
        await self.send({"type": "http.response.body", "body": b""})


async def read(receive: Receive, most: int) -> bytes:
    """A request's body; raise Refused as soon as it is longer than `most` bytes."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, "the body ended early")
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
        size += len(parts[-1])
        if size > most:
            raise too_large(most)
    return b"".join(parts)


async def drain(receive: Receive) -> None:
    """Throw away what still comes of a body, for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while (await receive()).get("more_body", False):
                pass


def too_large(most: int) -> Refused:
    """The refusal of a body over `most` bytes."""
    return Refused(413, f"the body is too large; expected at most {most:,} bytes")


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI takes them."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]
