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
from dataclasses import dataclass

from ..proxy import Proxy, shut

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


class Spoiler(Proxy):
    """With `repeat_requests` a request arrives twice, as if something on the way had sent it again."""

    def __init__(self, target: str, spoil: Spoil, *, repeat_requests: bool = False) -> None:
        super().__init__(target)
        self._spoil, self._repeat_requests = spoil, repeat_requests

    def take(self, client: socket.socket, server: socket.socket) -> None:
        echo = self.connect() if self._repeat_requests else None
        self.start(self._upwards, client, server, echo)
        self.start(self._downwards, client, server)
        if echo is not None:
            self.start(self._swallow, echo)

    def _upwards(self, client: socket.socket, server: socket.socket, echo: socket.socket | None) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                for one in (server, echo):
                    if one is not None:
                        one.sendall(data)
        for one in (server, echo):
            if one is not None:
                shut(one)

    def _downwards(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            with contextlib.suppress(OSError):
                while (data := server.recv(65536)) and self._spoil(data, client, self.closing):
                    pass
            shut(server)
            shut(client)

    def _swallow(self, echo: socket.socket) -> None:
        with echo, contextlib.suppress(OSError):
            while echo.recv(65536):
                pass
