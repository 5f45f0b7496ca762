"""A proxy before a server that spoils what comes through it: slowly, twice, half, or not at all.

::

    with Spoiler(engine.base_url, Trickle()) as proxy:
        ...Client(base_url=proxy.url)...

`tests/cutter.py` loses connections at a place that a test says; this is for everything else a network can do.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

Spoil = Callable[[bytes, socket.socket, threading.Event], bool]
"""Passes on what a server has sent, in its own way; whether the connection is still of use."""

HEAD = b"content-type: text/event-stream"


def trickle(data: bytes, client: socket.socket, closing: threading.Event) -> bool:
    """Each byte by itself."""
    for byte in data:
        client.sendall(bytes([byte]))
    return True


def delay(data: bytes, client: socket.socket, closing: threading.Event) -> bool:
    """Everything a little late."""
    closing.wait(0.01)
    client.sendall(data)
    return True


def twice(data: bytes, client: socket.socket, closing: threading.Event) -> bool:
    """What belongs to the body of a stream comes again, frames and framing."""
    client.sendall(data if HEAD in data else data + data)
    return True


@dataclass
class After:
    """Something happens when a stream has had so many bytes, once."""

    number: int
    act: Callable[[socket.socket, threading.Event], None]
    sent: int = 0
    done: bool = False

    def __call__(self, data: bytes, client: socket.socket, closing: threading.Event) -> bool:
        if self.done or (self.sent == 0 and HEAD not in data):
            client.sendall(data)
            return True
        part = data[: self.number - self.sent]
        self.sent += len(part)
        client.sendall(part)
        if self.sent < self.number:
            return True
        self.done = True
        self.act(client, closing)
        return False


def half_close(client: socket.socket, closing: threading.Event) -> None:
    """Nothing more is sent, and what the client sends is still read."""
    client.shutdown(socket.SHUT_WR)
    with contextlib.suppress(OSError):
        while client.recv(65536):
            pass


def stall(client: socket.socket, closing: threading.Event) -> None:
    """Nothing more is sent, and the connection stays."""
    with contextlib.suppress(OSError):
        while not closing.is_set() and client.recv(65536):
            pass


@dataclass
class Spoiler:
    target: str
    spoil: Spoil
    repeat_requests: bool = False
    """Whether a request arrives twice, as if something on the way had sent it again."""
    _sockets: list[socket.socket] = field(default_factory=list[socket.socket])
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])
    _closing: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        where = httpx.URL(self.target)
        self._server = (where.host, where.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = str(where.copy_with(port=self._listener.getsockname()[1]))
        self._start(self._accept)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing.set()
        socket.create_connection(self._listener.getsockname()).close()  # wakes accept()
        with self._lock:
            for sock in self._sockets:
                _shut(sock)
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="spoiler")
        self._threads.append(thread)
        thread.start()

    def _connect(self) -> socket.socket:
        return self._known(socket.create_connection(self._server))

    def _known(self, sock: socket.socket) -> socket.socket:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._sockets.append(sock)
        return sock

    def _accept(self) -> None:
        with self._listener:
            while True:
                client, _ = self._listener.accept()
                if self._closing.is_set():
                    return client.close()
                server = self._connect()
                echo = self._connect() if self.repeat_requests else None
                self._start(self._upwards, self._known(client), server, echo)
                self._start(self._downwards, client, server)
                if echo is not None:
                    self._start(self._swallow, echo)

    def _upwards(self, client: socket.socket, server: socket.socket, echo: socket.socket | None) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                for one in (server, echo):
                    if one is not None:
                        one.sendall(data)
        for one in (server, echo):
            if one is not None:
                _shut(one)

    def _downwards(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            with contextlib.suppress(OSError):
                while (data := server.recv(65536)) and self.spoil(data, client, self._closing):
                    pass
            _shut(server)
            _shut(client)

    def _swallow(self, echo: socket.socket) -> None:
        with echo, contextlib.suppress(OSError):
            while echo.recv(65536):
                pass


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been first
        sock.shutdown(socket.SHUT_RDWR)
