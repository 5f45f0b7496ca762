"""Between the connections and the engine: notes what is asked, and loses connections where the script says so."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .script import Entry, Script
from .turns import Ends, Fault, Rejects, Sends, current

_MODEL_IS_ASKED = re.compile(r"/v1/threads/(runs|[^/]+/runs|[^/]+/runs/[^/]+/submit_tool_outputs)")
_FRAME = re.compile(rb".*?\n\n", re.DOTALL)
_EVENT = re.compile(rb"^event: (?!done$)", re.MULTILINE)  # comments, and the closing frame, are none
_SOON = 20
"""Turns of the event loop: more than an event takes from the run, which has said it, to here."""


@dataclass(eq=False)
class LoggedRequest:
    """What a client sent, and how it was answered; ``status`` is None where it got no answer."""

    method: str
    path: str
    content: bytes = b""
    status: int | None = None

    @property
    def body(self) -> Any:
        """The JSON that was sent, None if nothing was."""
        return json.loads(self.content) if self.content else None


TransportOf: TypeAlias = Callable[[object], asyncio.Transport | None]
"""The open connection of this client, which is an address and port."""


@dataclass(eq=False)
class Exchange:
    """One request and its answer."""

    scope: Scope
    request: LoggedRequest
    entry: Entry | None
    transport_of: TransportOf
    _receive: Receive
    _send: Send
    _sent: int = 0
    _messages: int = 0
    _over: bool = False
    _streams: bool = False
    _begun: asyncio.Event = field(default_factory=asyncio.Event)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self.request.content += message.get("body", b"")
        return message

    async def send(self, message: Message) -> None:
        async with self._lock:
            self._messages += 1
            if message["type"] == "http.response.start":
                await self._start(message)
            elif not self._over:
                await self._pass_on(message)

    async def _start(self, message: Message) -> None:
        self._begun.set()
        self._streams = (b"content-type", b"text/event-stream; charset=utf-8") in message["headers"]
        if not self._end_if_due():
            self.request.status = message["status"]
            await self._send(message)

    async def _pass_on(self, message: Message) -> None:
        frames: list[bytes] = _FRAME.findall(message.get("body", b"")) if self._streams else []
        for number, frame in enumerate(frames, 1):
            self._sent += bool(_EVENT.search(frame))
            if self._due():
                await self._send_body(b"".join(frames[:number]))
                self._end_if_due()
                return
        await self._send(message)

    def _due(self) -> Ends | None:
        due = self.entry.due if self.entry else []
        return next((fault for fault in due if isinstance(fault, Ends) and fault.after == self._sent), None)

    def _end_if_due(self) -> bool:
        if fault := self._due():
            self._end(fault)
        return fault is not None

    async def end(self, fault: Fault) -> None:
        if await self._settled() and isinstance(fault, Ends):
            self._end(fault)

    async def insert(self, fault: Fault) -> None:
        if await self._settled() and isinstance(fault, Sends):
            self._happened(fault)
            async with self._lock:
                await self._send_body(fault.data)

    async def _send_body(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def _settled(self) -> bool:
        """Waits until all that the run has said is sent; whether more can be."""
        await self._begun.wait()
        seen = -1
        while seen != self._messages or self._lock.locked():
            seen = self._messages
            for _ in range(_SOON):
                await asyncio.sleep(0)
        return self._streams and not self._over

    def _end(self, fault: Ends) -> None:
        self._over = True
        self._happened(fault)
        if fault.how != "silence" and (transport := self.transport_of(self.scope["client"])):
            _lose(transport, reset=fault.how == "reset")

    def _happened(self, fault: Fault) -> None:
        if self.entry:
            self.entry.due.remove(fault)

    async def reject(self, rejection: Rejects) -> None:
        """Answers in the engine's place."""
        while (await self.receive()).get("more_body"):
            pass
        error = {"message": rejection.message, "type": rejection.type, "param": None, "code": None}
        answer = JSONResponse({"error": error}, rejection.status, rejection.headers)
        await answer(self.scope, self.receive, self.send)

    async def close(self) -> None:
        """The application has answered. What it sent to nobody is held back until the client is gone, too."""
        self._begun.set()
        while self._over and (await self._receive())["type"] != "http.disconnect":
            pass


class Wire:
    def __init__(self, app: ASGIApp, script: Script, log: list[LoggedRequest], transport_of: TransportOf) -> None:
        self._app, self._script, self._log, self._transport_of = app, script, log, transport_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = LoggedRequest(scope["method"], scope["path"])
        self._log.append(request)
        asks = request.method == "POST" and _MODEL_IS_ASKED.fullmatch(request.path)
        entry = self._script.claim() if asks else None
        exchange = Exchange(scope, request, entry, self._transport_of, receive, send)
        current.set(exchange)  # the request has a task of its own, so nothing needs to be put back
        try:
            if entry and entry.rejects:
                await exchange.reject(entry.rejects)
            else:
                await self._app(scope, exchange.receive, exchange.send)
        finally:
            if entry and not entry.rejects and not entry.asked and (request.status or 0) >= 400:
                self._script.put_back(entry)
            await exchange.close()


def _lose(transport: asyncio.Transport, *, reset: bool) -> None:
    if reset:
        linger = struct.pack("ii", 1, 0)  # for no time: the kernel then sends a RST
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()
    else:
        transport.close()


def claimed() -> Entry | None:
    """The turn that belongs to the request on whose behalf the model is asked, once."""
    exchange = current.get()
    entry = exchange.entry if isinstance(exchange, Exchange) else None
    return entry if entry and not entry.asked else None
