"""What is told: a server on this machine that writes down what it gets."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistream.engine.webhooks import verify

SECRET = "whsec_c2VjcmV0IGZvciB0ZXN0cw=="


class Receiver:
    """Answers with the statuses of its script, the last one again and again."""

    def __init__(self, statuses: Iterator[int | threading.Event]) -> None:
        self._statuses = statuses
        self._last = 204
        self._news = threading.Condition()
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.headers: dict[str, str] = {}
        """Of its answers."""
        self.promised = 0
        """Bytes that its answers say they have, and have not."""
        self.url = ""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self._news:
            self.requests.append((headers, body))
            self._news.notify_all()
            answer = next(self._statuses, self._last)
        if isinstance(answer, threading.Event):
            answer.wait()
            return 204
        self._last = answer
        return answer

    def wait(self, count: int) -> list[dict[str, Any]]:
        """The first events, once so many have come."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.requests) >= count, 30), self.events
            return self.events[:count]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [verify(body, headers, SECRET) for headers, body in self.requests]


@contextmanager
def receiving(*statuses: int | threading.Event) -> Generator[Receiver]:
    receiver = Receiver(iter(statuses))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(receiver.promised))
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    # Connections are kept alive: their threads end with the other side, which is gone before the server is.
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
