from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from assistream.cli.administration import exported, imported
from assistream.engine import Engine
from assistream.errors import APIConnectionError, AssistreamError, AuthenticationError, BadRequestError


def test_an_engine_and_its_key() -> None:
    with Engine(api_key="secret") as engine:
        data = b"".join(exported(engine.base_url, "secret"))
        assert data.count(b"\n") == 1
        tally = imported(engine.base_url, "secret", [data[:10], data[10:]], "refuse")
        assert set(tally["imported"].values()) == {0}
        with pytest.raises(BadRequestError, match="Line 1: this is no export"):
            imported(engine.base_url, "secret", [b"x"], "skip")
        with pytest.raises(AuthenticationError):
            next(exported(engine.base_url, "another"))


def test_nobody_there() -> None:
    with Engine() as engine:
        address = engine.base_url
    with pytest.raises(APIConnectionError, match=r"/admin/export"):
        next(exported(address, None))


class Another(BaseHTTPRequestHandler):
    """A server that is no engine, or an engine that dies while it answers."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nhello\r\n")
        self.close_connection = True

    def do_POST(self) -> None:
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def another() -> Generator[str]:
    with HTTPServer(("127.0.0.1", 0), Another) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def test_what_is_cut_off_is_no_export() -> None:
    with another() as address:
        pieces = exported(address, None)
        assert next(pieces) == b"hello"
        with pytest.raises(APIConnectionError):
            next(pieces)


def test_a_server_that_is_no_engine() -> None:
    with another() as address, pytest.raises(AssistreamError, match="this is no engine of assistream's"):
        imported(address, None, [], "refuse")
