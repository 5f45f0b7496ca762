"""Clients that hold a connection and do not get on."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable

import httpx
import pytest

from assistream.engine import Engine, Scripted, pauses, says, waits_for
from tests.engine.conftest import Api, ScriptedEngine, names, path_of

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


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(connect: Connect) -> None:
    with Engine(max_body=1000, max_upload=1000) as engine:
        form = HEAD.replace("/v1/threads", "/v1/files") + "Content-Type: multipart/form-data; boundary=b\r\n"
        for head in (HEAD, HEAD + "Idempotency-Key: 1\r\n", form):
            with connected(engine) as connection:
                connection.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n".encode())
                assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET\r\n\r\n",
        b"GET /v1/files HTTP/1.1\r\n\r\n",
        HEAD.encode() + b"Content-Length: many\r\n\r\n",
        HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["a word", "no host", "a length", "a chunk", "TLS"],
)
def test_what_is_no_http_is_an_error_of_the_api(engine: Engine, sent: bytes) -> None:
    with connected(engine) as connection:
        connection.sendall(sent)
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/json" in head
    error = {"message": "We could not understand your HTTP request.", "type": "invalid_request_error"}
    assert json.loads(body) == {"error": error | {"param": None, "code": None}}


def test_what_is_no_http_cuts_an_answer_that_has_begun(
    scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = threading.Event()
    api = scripted_engine(says("Hel") + waits_for(go_on) + says("lo"))
    run = api.run(api.thread("Hi"))
    head = HEAD.replace("POST /v1/threads", f"GET /v1{path_of(run)}/stream") + "Transfer-Encoding: chunked\r\n\r\n"
    url = api.client.base_url
    with socket.create_connection((url.host, url.port or 0), timeout=30) as connection:
        connection.sendall(head.encode())
        received = b""
        while b"Hel" not in received:
            received += connection.recv(65536)
        connection.sendall(b"no chunk\r\n")
        received += until_closed(connection)
    go_on.set()
    assert received.count(b"HTTP/1.1") == 1
    assert b"thread.run.completed" not in received
    assert api.finished(run)["status"] == "completed"
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
