"""Between the connections and the engine: notes what is asked, and loses connections where the script says so."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..engine.views.call import RESUME
from .script import Entry, Script
from .turns import Ends, Fault, How, Rejects, Sends, current

_MODEL_IS_ASKED = re.compile(r"/v1/threads/(runs|[^/]+/runs|[^/]+/runs/[^/]+/submit_tool_outputs)")
_FRAME = re.compile(rb".*?\n\n", re.DOTALL)
_EVENT = re.compile(rb"^event: (?!done$)", re.MULTILINE)  # comments, and the closing frame, are none
_GONE = Rejects(404, "The rest of this stream is lost, as the script says.")
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


@dataclass(frozen=True)
class Around:
    """What the engine is asked for, and what was lost of its answers."""

    transport_of: Callable[[object], asyncio.Transport | None]
    """The open connection of this client, which is an address and port."""
    published: Callable[[], Awaitable[None]]
    """Waits until all that runs have said is given to who sends it."""
    begun: set[str] = field(default_factory=set[str])
    """The keys of requests that have taken their turn: who repeats one of them is told of the same run."""
    lost: set[str] = field(default_factory=set[str])
    """The keys of those whose answer was lost for good, and the addresses of the rests of such answers."""


@dataclass(eq=False)
class Exchange:
    """One request and its answer."""

    scope: Scope
    request: LoggedRequest
    entry: Entry | None
    around: Around
    _receive: Receive
    _send: Send
    _sent: int = 0
    _messages: int = 0
    _over: bool = False
    _streams: bool = False
    _rest: str = ""
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
        headers = Headers(raw=message["headers"])
        self._streams = headers.get("content-type") == "text/event-stream; charset=utf-8"
        self._rest = headers.get(RESUME, "")
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
        await self.around.published()
        seen = -1
        while seen != self._messages or self._lock.locked():
            seen = self._messages
            for _ in range(_SOON):
                await asyncio.sleep(0)
        return self._streams and not self._over

    def _end(self, fault: Ends) -> None:
        self._happened(fault)
        if not fault.resumable:
            self.around.lost.update((self.key, self._rest))
        self.lose(fault.how)

    def lose(self, how: How = "close") -> None:
        """Nothing more is sent."""
        self._over = True
        if how != "silence" and (transport := self.around.transport_of(self.scope["client"])):
            _lose(transport, reset=how == "reset")

    @property
    def key(self) -> str:
        """What the same request has if it comes again."""
        return Headers(scope=self.scope).get("idempotency-key", "")

    @property
    def address(self) -> str:
        query = self.scope["query_string"].decode("ascii")
        return f"{self.scope['path']}?{query}"

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
    def __init__(self, app: ASGIApp, script: Script, log: list[LoggedRequest], around: Around) -> None:
        self._app, self._script, self._log, self._around = app, script, log, around

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = LoggedRequest(scope["method"], scope["path"])
        self._log.append(request)
        exchange = Exchange(scope, request, None, self._around, receive, send)
        if request.method == "POST" and _MODEL_IS_ASKED.fullmatch(request.path):
            exchange.entry = self._claim(exchange.key)
        current.set(exchange)  # the request has a task of its own, so nothing needs to be put back
        entry = exchange.entry
        try:
            await self._answer(exchange)
        finally:
            if entry and not entry.rejects and not entry.asked and (request.status or 0) >= 400:
                self._script.put_back(entry)
                self._around.begun.discard(exchange.key)
            await exchange.close()

    def _claim(self, key: str) -> Entry | None:
        if key in self._around.begun:
            return None
        entry = self._script.claim()
        if entry and key and not entry.rejects:
            self._around.begun.add(key)
        return entry

    async def _answer(self, exchange: Exchange) -> None:
        if exchange.entry and exchange.entry.rejects:
            await exchange.reject(exchange.entry.rejects)
        elif exchange.key and exchange.key in self._around.lost:
            exchange.lose()
        elif exchange.address in self._around.lost:
            await exchange.reject(_GONE)
        else:
            await self._app(exchange.scope, exchange.receive, exchange.send)


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
