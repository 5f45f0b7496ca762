"""A proxy before a server that loses connections in the middle of streamed answers, wherever a test says.

::

    with Cutter(engine.base_url) as cutter:
        cutter.cuts = [Bytes(300), Events(1)]     # of the next streamed answer 300 bytes come through, head included;
        ...Client(base_url=cutter.url)...         # of the one after that, one event; the others are whole
    cutter.streams                                # the streamed answers, as far as they came through: bytes

Every other connection is lost in good order (FIN), every other one by a RST. What is no event stream is never cut.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import Protocol

from .proxy import Proxy, shut


class Cut(Protocol):
    def place(self, sent: bytes) -> int | None:
        """How much of what was sent comes through; None while it is not too much."""
        ...


@dataclass(frozen=True)
class Bytes:
    number: int

    def place(self, sent: bytes) -> int | None:
        return self.number if len(sent) >= self.number else None


@dataclass(frozen=True)
class Events:
    number: int

    def place(self, sent: bytes) -> int | None:
        ends = event_ends(sent)
        return ends[self.number - 1] if len(ends) >= self.number else None


def event_ends(answer: bytes) -> list[int]:
    """Where the events in the bytes of an answer end."""
    found, at = list[int](), answer.find(b"\n\n")
    while at >= 0:
        found.append(at + 2)
        at = answer.find(b"\n\n", at + 2)
    return found


class Cutter(Proxy):
    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.cuts: list[Cut] = []
        self.streams: list[bytes] = []

    def take(self, client: socket.socket, server: socket.socket) -> None:
        self.start(self._upwards, client, server)
        self.start(self._downwards, client, server)

    def _upwards(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                server.sendall(data)
        shut(server)

    def _downwards(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            with contextlib.suppress(OSError):
                while (data := server.recv(65536)) and self._passed_on(data, client, server):
                    pass
            shut(server)

    def _passed_on(self, sent: bytes, client: socket.socket, server: socket.socket) -> bool:
        """Whether the connection is still of use."""
        if b"content-type: text/event-stream" not in sent:
            client.sendall(sent)
            return True
        with self.lock:
            cut = self.cuts.pop(0) if self.cuts else None
            number = len(self.streams)
            self.streams.append(b"")
        through = 0
        while True:
            place = cut.place(sent) if cut else None
            self.streams[number] = sent[:place]
            client.sendall(sent[through:place])
            through = len(sent)
            if place is not None:
                if number % 2:
                    # The RST goes out when the socket is closed, for which nobody may be reading from it.
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    client.shutdown(socket.SHUT_RD)
                else:
                    shut(client)
                return False
            if sent.endswith(b"0\r\n\r\n"):
                return True
            more = server.recv(65536)
            if not more:
                shut(client)
                return False
            sent += more
