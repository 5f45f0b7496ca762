"""What proxies between a client and a server share: their sockets and threads, which end with the ``with``."""

from __future__ import annotations

import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx


class Proxy(ABC):
    url: str

    def __init__(self, target: str) -> None:
        self.target = target
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @abstractmethod
    def take(self, client: socket.socket, server: socket.socket) -> None:
        """A client has come: what serves it is started."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = str(httpx.URL(self.target).copy_with(port=self._listener.getsockname()[1]))
        self.start(self._accept)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.closing.set()
        socket.create_connection(self._listener.getsockname()).close()  # wakes accept()
        self._lose()
        for thread in self._threads:
            thread.join()

    def move(self, target: str) -> None:
        """Loses every connection; new ones go to another server."""
        self.target = target
        self._lose()

    def start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, name="proxy")
        self._threads.append(thread)
        thread.start()

    def connect(self) -> socket.socket:
        """To the server."""
        where = httpx.URL(self.target)
        return self._known(socket.create_connection((where.host, where.port or 80)))

    def _known(self, sock: socket.socket) -> socket.socket:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self._sockets.append(sock)
        return sock

    def _lose(self) -> None:
        with self.lock:
            for sock in self._sockets:
                shut(sock)

    def _accept(self) -> None:
        with self._listener:
            while True:
                client, _ = self._listener.accept()
                if self.closing.is_set():
                    return client.close()
                self.take(self._known(client), self.connect())


def shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the other side may have been first
        sock.shutdown(socket.SHUT_RDWR)
