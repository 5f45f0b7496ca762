"""A loopback HTTP server that sends exactly what a script says, faults included. Plain sockets and threads.

::

    with Wire() as server:
        server.add(stream(*hello()))                                   # the next request, whatever it is
        server.add(answer(thread()), method="POST", path="/threads")   # the next request of this method and path
        server.add(stream(RC(), MC(), then=reset()))                   # the connection is lost after two frames
        server.add(head(), send(RC()), pause(go), send(RD()), end())   # step by step; `go` is a threading.Event
        ...Client(base_url=server.url, api_key="test")...
    server.requests[0].body["assistant_id"]    # what was asked: method, path, headers, body
    server.connections[0].requests             # how many requests that connection carried; `.sent`: bytes sent on it
    server.open                                # connections the client has not closed

A script is a sequence of steps, each a function of the exchange, and serves one request (`times=` for more). A request
takes the first script that fits it, in the order they were added; one that none fits gets a 500 that says so.
Each `send` is one HTTP chunk (or chunks of `size` bytes), written by itself. With `head(chunked=False)` the body has no
framing and the end of the connection ends it. Steps after `reset`, `hang_up`, `hang` and `flood` are not run.

Every connection has its own thread. Leaving the `with` ends pauses and endless steps, closes every socket and joins
every thread. `until(...)` and `async_until(...)` wait for what the other side does in its own time.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import anyio

PATIENCE = 5.0  # seconds that `until` waits before it says no
SILENCE = 1.0  # as a read timeout: longer than a server that does talk is silent on a busy machine


class _Gone(Exception):
    """The connection is of no more use: the client left it, a step ended it, or the server is closing."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON that was sent."""
        return json.loads(self.content)


@dataclass
class Connection:
    """One accepted connection: how many requests it carried, how many bytes it got, whether it is closed."""

    sock: socket.socket
    requests: int = 0
    closed: bool = False
    sent: int = 0
    rest: bytes = b""

    def receive(self) -> bytes:
        data = self.sock.recv(65536)
        if not data:
            raise _Gone
        return data

    def read_request(self) -> Request:
        top = self._up_to(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            content = b"".join(iter(self._chunk, b""))
        else:
            content = self._take(int(headers.get("content-length", 0)))
        path, _, query = target.partition("?")
        self.requests += 1
        return Request(method, path, query, headers, content)

    def _chunk(self) -> bytes:
        content = self._take(int(self._up_to(b"\r\n"), 16))
        self._up_to(b"\r\n")
        return content

    def _up_to(self, mark: bytes) -> bytes:
        while mark not in self.rest:
            self.rest += self.receive()
        content, _, self.rest = self.rest.partition(mark)
        return content

    def _take(self, length: int) -> bytes:
        while len(self.rest) < length:
            self.rest += self.receive()
        content, self.rest = self.rest[:length], self.rest[length:]
        return content


@dataclass
class Exchange:
    """What a step works on: one request and the connection its answer goes to."""

    request: Request
    connection: Connection
    closing: threading.Event
    chunked: bool = True

    def write(self, data: bytes) -> None:
        self.connection.sock.sendall(data)
        self.connection.sent += len(data)

    def wait_for_client(self) -> None:
        """Until the client closes the connection."""
        while True:
            self.connection.receive()


Step = Callable[[Exchange], None]


def head(
    status: int = 200,
    *,
    content_type: str = "text/event-stream",
    headers: Mapping[str, str] | None = None,
    chunked: bool = True,
) -> Step:
    """Status and headers."""
    fields = {"content-type": content_type, **(headers or {})} | ({"transfer-encoding": "chunked"} if chunked else {})
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in fields.items()), "", ""]

    def step(exchange: Exchange) -> None:
        exchange.chunked = chunked
        exchange.write("\r\n".join(lines).encode())

    return step


def send(data: bytes, *, size: int | None = None) -> Step:
    """Bytes of the body: one HTTP chunk, or chunks of `size` bytes."""
    pieces = [data] if size is None else [data[at : at + size] for at in range(0, len(data), size)]

    def step(exchange: Exchange) -> None:
        for piece in filter(None, pieces):  # an empty chunk would be the end
            exchange.write(b"%x\r\n%s\r\n" % (len(piece), piece) if exchange.chunked else piece)

    return step


def raw(data: bytes) -> Step:
    """Bytes as they are, outside of any HTTP framing."""
    return lambda exchange: exchange.write(data)


def pause(until: threading.Event | float) -> Step:
    """Wait for an event, or for some seconds."""

    def step(exchange: Exchange) -> None:
        if not isinstance(until, threading.Event):
            exchange.closing.wait(until)
        while isinstance(until, threading.Event) and not exchange.closing.is_set() and not until.wait(0.01):
            pass
        if exchange.closing.is_set():
            raise _Gone

    return step


def end() -> Step:
    """The body is complete; the connection may carry another request, if the body was chunked."""
    return lambda exchange: exchange.write(b"0\r\n\r\n") if exchange.chunked else hang_up()(exchange)


def reset() -> Step:
    """Lose the connection: the client's kernel is told by a RST."""

    def step(exchange: Exchange) -> None:
        exchange.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        exchange.connection.closed = True  # nothing the client does can be seen any more
        raise _Gone

    return step


def hang_up() -> Step:
    """Close the connection in good order: a FIN, wherever the body is; then wait until the client closes it too."""

    def step(exchange: Exchange) -> None:
        exchange.connection.sock.shutdown(socket.SHUT_WR)
        exchange.wait_for_client()

    return step


def hang() -> Step:
    """Send nothing more, until the client closes the connection."""
    return Exchange.wait_for_client


def flood(data: bytes) -> Step:
    """Send the same bytes again and again, until the client closes the connection."""

    def step(exchange: Exchange) -> None:
        while not exchange.closing.is_set():
            send(data)(exchange)
        raise _Gone

    return step


def script(*steps: Step) -> Step:
    """Several steps as one."""

    def step(exchange: Exchange) -> None:
        for one in steps:
            one(exchange)

    return step


def stream(
    *frames: bytes, size: int | None = None, then: Step | None = None, headers: Mapping[str, str] | None = None
) -> Step:
    """A whole event stream: an HTTP chunk for each frame, or for each `size` bytes of all, then `then` or its end."""
    pieces = frames if size is None else (b"".join(frames),)
    return script(head(headers=headers), *(send(piece, size=size) for piece in pieces), then or end())


def answer(
    body: object, status: int = 200, *, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Step:
    """A whole answer that is not a stream: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return script(head(status, content_type=content_type, headers=headers), send(content), end())


@dataclass
class _Script:
    step: Step
    method: str | None
    path: str | None
    times: int

    def fits(self, request: Request) -> bool:
        wanted = self.method in (None, request.method) and self.path in (None, request.path)
        return wanted and self.times > 0


@dataclass
class Wire:
    """The server: listens on entry, on a port of its own."""

    requests: list[Request] = field(default_factory=list[Request])
    connections: list[Connection] = field(default_factory=list[Connection])
    _scripts: list[_Script] = field(default_factory=list[_Script])
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])
    _closing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, *steps: Step, method: str | None = None, path: str | None = None, times: int = 1) -> None:
        """Serve the next `times` requests that fit with these steps."""
        self._scripts.append(_Script(script(*steps), method, path, times))

    @property
    def open(self) -> list[Connection]:
        """The connections the client has not closed."""
        return [connection for connection in self.connections if not connection.closed]

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self.url = f"http://127.0.0.1:{self.address[1]}"
        self._start(self._accept)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what is going on, close every socket, join every thread; a second time does nothing."""
        if not self._closing.is_set():
            self._closing.set()
            socket.create_connection(self.address).close()  # wakes accept(), on every system
        with self._lock:
            for connection in self.open:
                _shut(connection.sock)
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name=f"wire {target.__name__}")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._listener:
            while True:
                sock, _ = self._listener.accept()
                with self._lock:
                    if self._closing.is_set():
                        return sock.close()
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.connections.append(connection := Connection(sock))
                    self._start(self._serve, connection)

    def _serve(self, connection: Connection) -> None:
        with contextlib.suppress(_Gone, OSError):
            while not self._closing.is_set():
                request = connection.read_request()
                self._take(request)(Exchange(request, connection, self._closing))
        with self._lock:
            connection.sock.close()
            connection.closed = True

    def _take(self, request: Request) -> Step:
        with self._lock:
            self.requests.append(request)
            for candidate in self._scripts:
                if candidate.fits(request):
                    candidate.times -= 1
                    return candidate.step
        return answer({"error": {"message": f"no script for {request.method} {request.path}"}}, 500)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client may have been first
        sock.shutdown(socket.SHUT_RDWR)


def until(condition: Callable[[], object]) -> None:
    """Wait for something another thread does; an AssertionError when it takes too long."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.002)


async def async_until(condition: Callable[[], object]) -> None:
    """As `until`; the event loop goes on meanwhile."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        await anyio.sleep(0.002)
