# Written by scripts/unasync.py from test_async_fast.py; edit that file instead.
"""Answers read past h11: the same bytes, the same errors, the same connections as httpx gives."""

from __future__ import annotations

import gzip
import threading

import httpx
import pytest

from assistream.errors import APIConnectionError, APIError, APITimeoutError
from assistream.transport._sync import Body, Transport
from assistream.transport.call import Call
from assistream.transport.fast._sync import Content
from assistream.transport.settings import Settings

from ...wire import Step, Wire, end, hang, hang_up, head, pause, raw, reset, send, stream, until

ODD: dict[str, list[Step]] = {
    "lost": [head(), send(b"one"), reset()],
    "ended": [head(), send(b"one"), hang_up()],
    "ended in a chunk": [head(), send(b"one"), raw(b"5\r\nab"), hang_up()],
    "ended in a line": [head(), send(b"one"), raw(b"5"), hang_up()],
    "no size": [head(), send(b"one"), raw(b"what?\r\n"), hang()],
    "too long": [head(), send(b"one"), raw(b"2\r\nabcd\r\n"), hang()],
}
FINE: dict[str, list[Step]] = {
    "chunks": [head(), send(b"one"), send(b"two"), end()],
    "bytes": [head(), send(b"one two", size=1), end()],
    "no content": [head(), end()],
    "trailers": [head(), send(b"one"), raw(b"0\r\nx-sum: 1\r\n\r\n")],
    "extensions": [head(), send(b"one"), raw(b"3;x=y\r\ntwo\r\n"), send(b"three"), end()],
    "compressed": [head(headers={"content-encoding": "gzip"}), send(gzip.compress(b"one" * 99), size=9), end()],
    "by its end": [head(chunked=False), send(b"one"), end()],
    "a large one": [head(), send(b"x" * (1 << 20)), end()],
}


def received(body: Body) -> bytes:
    content = b""
    while piece := body.read():
        content += piece
    body.close()
    return content


def outcome(server: Wire, transport: str) -> object:
    """What comes of the next answer: its content and how many connections two of them took, or the error."""
    fast = Transport(Settings(base_url=server.url, transport="fast" if transport == "fast" else "httpx"))
    try:
        whole = [received(fast.open(Call("GET", "/", object))) for _ in range(2)]
        return whole, len(server.connections)
    except APIError as error:
        return type(error), type(error.__cause__), str(error).partition("(")[0]
    finally:
        fast.close()


@pytest.mark.parametrize("name", [*FINE, *ODD])
def test_as_httpx_does(name: str) -> None:
    outcomes: list[object] = []
    for transport in ("httpx", "fast"):
        with Wire() as server:
            server.add(*{**FINE, **ODD}[name], times=2)
            outcomes.append(outcome(server, transport))
    if name in {"too long", "ended in a line"}:  # each says it in its own words
        outcomes = [said[:2] for said in outcomes if isinstance(said, tuple)]
    assert outcomes[0] == outcomes[1]


@pytest.fixture
def transport(settings: Settings) -> Transport:
    return Transport(Settings(base_url=settings.base_url, transport="fast"))


def opened(transport: Transport) -> Body:
    return transport.open(Call("GET", "/", object, timeout=httpx.Timeout(5, read=0.5)))


def test_silence_is_a_timeout(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = opened(transport)
    assert body.read() == b"one"
    with pytest.raises(APITimeoutError) as caught:
        body.read()
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)
    assert caught.value.__cause__.request is body.response.request
    body.close()
    transport.close()
    until(lambda: not server.open)


def test_what_lies_ready_is_read_in_one_go(server: Wire, transport: Transport) -> None:
    go = threading.Event()
    server.add(head(), pause(go), raw(b"".join(b"3\r\none\r\n" for _ in range(50))), end())
    body = transport.open(Call("GET", "/", object))
    go.set()
    assert body.read() == b"one" * 50
    assert body.read() == b""
    body.close()
    transport.close()


def test_a_body_that_is_left_closes_its_connection(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = opened(transport)
    assert body.read() == b"one"
    body.close()
    assert body.read() == b""
    until(lambda: not server.open)
    transport.close()


def test_an_interrupted_read_ends(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), hang())
    body = transport.open(Call("GET", "/", object))
    assert body.read() == b"one"
    body.interrupt()
    with pytest.raises(APIConnectionError):
        body.read()
    body.close()
    transport.close()


def test_other_http_libraries_are_left_alone() -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text="a"))) as http:
        with http.stream("GET", "http://here") as response:
            assert Content.of(response) is None
            response.headers["transfer-encoding"] = "chunked"
            assert Content.of(response) is None


def test_an_httpcore_that_looks_different_is_left_alone(server: Wire, transport: Transport) -> None:
    server.add(stream(b"one"))
    body = transport.open(Call("GET", "/", object))
    del body.response.extensions["network_stream"]
    assert Content.of(body.response) is None
    assert received(body) == b"one"
    transport.close()
