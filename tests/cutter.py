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
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

import httpx


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


@dataclass
class Cutter:
    target: str
    cuts: list[Cut] = field(default_factory=list[Cut])
    streams: list[bytes] = field(default_factory=list[bytes])
    _sockets: list[socket.socket] = field(default_factory=list[socket.socket])
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: bool = False

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
        self._closing = True
        socket.create_connection(self._listener.getsockname()).close()  # wakes accept()
        with self._lock:
            for sock in self._sockets:
                _shut(sock)
        for thread in self._threads:
            thread.join()

    def move(self, target: str) -> None:
        """Loses every connection; new ones go to another server."""
        where = httpx.URL(target)
        self._server = (where.host, where.port or 80)
        with self._lock:
            for sock in self._sockets:
                _shut(sock)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, name="cutter")  # type: ignore[arg-type] # a bound method
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with self._listener:
            while True:
                client, _ = self._listener.accept()
                if self._closing:
                    return client.close()
                server = socket.create_connection(self._server)
                with self._lock:
                    for sock in (client, server):
                        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        self._sockets.append(sock)
                self._start(self._upwards, client, server)
                self._start(self._downwards, client, server)

    def _upwards(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                server.sendall(data)
        _shut(server)

    def _downwards(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            with contextlib.suppress(OSError):
                while (data := server.recv(65536)) and self._passed_on(data, client, server):
                    pass
            _shut(server)

    def _passed_on(self, sent: bytes, client: socket.socket, server: socket.socket) -> bool:
        """Whether the connection is still of use."""
        if b"content-type: text/event-stream" not in sent:
            client.sendall(sent)
            return True
        with self._lock:
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
                    _shut(client)
                return False
            if sent.endswith(b"0\r\n\r\n"):
                return True
            more = server.recv(65536)
            if not more:
                _shut(client)
                return False
            sent += more


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been first
        sock.shutdown(socket.SHUT_RDWR)
