"""HTTP connections whose other end must get on: who sends or reads nothing does not keep one for ever.

uvicorn itself times out connections between two requests. Here it is the rest: a connection that never asks anything, a
request that comes drop by drop, an answer that is not read.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .errors import Refused
from .tables import to_json

HEAD = 20.0
"""Seconds from the first byte of a request, or from the connection, until its head must be there."""
BODY = 20.0
"""Seconds in which there must be `LEAST` bytes more of a request's body, unless it is us who do not take them."""
LEAST = 1024
READING = 300.0
"""Seconds that an answer may wait for a client who does not read it."""


class PatientProtocol(H11Protocol):
    """Patient, but not without end."""

    _part = ""
    """What is waited for: a "head", a "body", or nothing."""
    _received = 0
    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self._go_on()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Keeps the timer of a part of a request that is there already, and else sets or removes it."""
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._expect("body")
        elif state is h11.IDLE and self.timeout_keep_alive_task is None:
            self._expect("head")
        else:
            self._unwatch()

    def _expect(self, part: str) -> None:
        if self._part != part:
            self._unwatch()
            self._part, self._received = part, 0
            self._timer = self.loop.call_later(HEAD if part == "head" else BODY, self._too_late)

    def _unwatch(self) -> None:
        self._part = ""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _too_late(self) -> None:
        part, received = self._part, self._received
        self._unwatch()
        if part == "body" and (received >= LEAST or self.flow.read_paused):
            self._watch()
        else:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered as all else is; where an answer has begun already, that is cut."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        body = to_json(Refused("bad_http").body).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
        for event in (h11.Response(status_code=400, headers=[*headers.items()]), h11.Data(body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(READING, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()

    def _go_on(self) -> None:
        if self._stuck:
            self._stuck.cancel()
        self._stuck = None
