"""Clients that hold a connection and do not get on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import httpx
import pytest

from assistream.engine import Engine, Scripted, pauses, says
from tests.engine.conftest import Api, ScriptedEngine, names

Connect = Callable[[Engine], Api]
HEAD = "POST /v1/threads HTTP/1.1\r\nHost: 127.0.0.1\r\nOpenAI-Beta: assistants=v2\r\n"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD", "BODY", "READING"):
        monkeypatch.setattr(f"assistream.engine.protocol.{name}", 0.3)


def connected(engine: Engine) -> socket.socket:
    url = httpx.URL(engine.base_url)
    return socket.create_connection((url.host, url.port or 0), timeout=30)


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /v1/thr", HEAD.encode(), f"{HEAD}Content-Length: 99\r\n\r\n{{".encode()],
    ids=["nothing", "a line", "a head", "a body"],
)
def test_half_a_request_is_given_up(engine: Engine, sent: bytes) -> None:
    with connected(engine) as connection:
        connection.sendall(sent)
        assert until_closed(connection) == b""


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("start", ["", f"{HEAD}Content-Length: 100000\r\n\r\n"], ids=["head", "body"])
def test_a_request_that_comes_drop_by_drop_is_given_up(engine: Engine, start: str) -> None:
    over = threading.Event()
    with connected(engine) as connection:
        connection.sendall(start.encode())

        def trickle() -> None:
            while not over.wait(0.02):
                try:
                    connection.sendall(b"a")
                except OSError:
                    return

        dropping = threading.Thread(target=trickle)
        dropping.start()
        assert until_closed(connection) == b""
        over.set()
        dropping.join()


def test_a_long_body_may_take_its_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.protocol.BODY", 1.0)
    content = b'{"messages": [{"role": "user", "content": "' + b"a" * 20_000 + b'"}]}'
    with connected(engine) as connection:
        connection.sendall(f"{HEAD}Connection: close\r\nContent-Length: {len(content)}\r\n\r\n".encode())
        for start in range(0, len(content), 4000):
            threading.Event().wait(0.3)
            connection.sendall(content[start : start + 4000])
        assert until_closed(connection).startswith(b"HTTP/1.1 200 ")


@pytest.mark.usefixtures("hasty")
def test_connections_between_requests_and_quiet_streams_stay(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(pauses(0.8) + says("Hello"))
    thread = api.thread("Hello")
    assert names(api.run_stream(thread))[-1] == "run.completed"
    threading.Event().wait(0.5)
    before, after = (api.client.get("/files").extensions["network_stream"].get_extra_info("client_addr") for _ in "ab")
    assert before == after


@pytest.mark.usefixtures("hasty")
def test_who_does_not_read_is_given_up(connect: Connect) -> None:
    with Engine(model=Scripted([says(["x" * 1_000_000] * 20)])) as engine:
        api = connect(engine)
        path = f"/threads/{api.thread('Hi')['id']}/runs"
        body = {"assistant_id": api.assistant()["id"], "stream": True}
        with api.client.stream("POST", path, json=body) as response:
            [run] = api.get(path)["data"]
            assert api.finished(run)["status"] == "completed"  # it was not held up
            assert engine._server
            while len(engine._server.server_state.connections) > 1:
                threading.Event().wait(0.01)
            with pytest.raises(httpx.RemoteProtocolError):
                response.read()


def test_a_head_has_a_limit(engine: Engine) -> None:
    with connected(engine) as connection:
        try:
            connection.sendall(b"GET /v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 1_000_000)
        except OSError:
            return  # it has not read all of it
        assert until_closed(connection).startswith(b"HTTP/1.1 400 ")
