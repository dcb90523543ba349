"""Connections that wait: how many there may be, and how long a head or a reader may take."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from framelens.serve.limits import Limits

PROGRESS = 64 * 1024
"""Bytes that a client must have read when it is looked at again, unless there were fewer."""


def connection_type(limits: Limits) -> type[Connection]:
    """The protocol of connections within some limits."""
    return type("LimitedConnection", (Connection,), {"limits": limits})


class Connection(H11Protocol):
    """uvicorn's connection, cut where it waits for a head or a reader too long.

    Where there are too many, the one that has waited longest for a request makes room.
    """

    limits = Limits()
    _head: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > self.limits.connections:
            others = [one for one in self.connections if isinstance(one, Connection)]
            idle = [one for one in others if one is not self and not one.is_answering]
            min(idle, key=lambda one: one._since, default=self).cut()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await_head()

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()  # type: ignore[no-untyped-call,unused-ignore]

    def pause_writing(self) -> None:
        """The client reads more slowly than it is written to: look at it again in a while."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    @property
    def is_answering(self) -> bool:
        """Whether a request is under way, or its answer not yet with the client."""
        working = self.cycle is not None and not self.cycle.response_complete
        return working or self._reading is not None

    def cut(self) -> None:
        """End the connection at once, whatever is still to be sent."""
        self._forget()
        self.transport.abort()

    def _await_head(self) -> None:
        """Cut the connection in a while, unless a request's head has come by then."""
        if self.is_answering:
            if self._head is not None:
                self._head.cancel()
                self._head = None
        elif self._head is None and not self.transport.is_closing():
            self._head = self.loop.call_later(self.limits.head, self.cut)

    def _watch_reader(self) -> None:
        if self._reading is None:
            left = self.transport.get_write_buffer_size()
            self._reading = self.loop.call_later(self.limits.reading, self._look, left)

    def _look(self, before: int) -> None:
        self._reading = None
        if self.transport.get_write_buffer_size() > max(before - PROGRESS, 0):
            self.cut()
        else:
            self._watch_reader()

    def _forget(self) -> None:
        for timer in (self._head, self._reading):
            if timer is not None:
                timer.cancel()
        self._head = self._reading = None
