from __future__ import annotations

import socket
import threading

import httpx
import pytest

from .frames import DONE, RC, RD
from .wire import (
    Step,
    Wire,
    answer,
    end,
    flood,
    hang,
    hang_up,
    head,
    pause,
    raw,
    reset,
    send,
    stream,
    until,
)


def get(server: Wire, path: str = "/") -> httpx.Response:
    return httpx.get(server.url + path)


def pieces(server: Wire) -> list[bytes]:
    """What arrives before the connection is lost."""
    seen: list[bytes] = []
    with httpx.stream("GET", server.url) as response, pytest.raises(httpx.TransportError):
        seen.extend(response.iter_raw())
    return seen


def test_an_answer_and_what_was_asked(server: Wire) -> None:
    server.add(answer({"id": "thread_1"}, headers={"x-request-id": "req_1"}))
    response = httpx.post(server.url + "/threads?limit=2", json={"metadata": {}}, headers={"X-Mine": "yes"})
    assert (response.json(), response.headers["x-request-id"]) == ({"id": "thread_1"}, "req_1")
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/threads", "limit=2")
    assert (request.body, request.headers["x-mine"]) == ({"metadata": {}}, "yes")


def test_scripts_are_taken_by_the_first_request_that_fits(server: Wire) -> None:
    server.add(answer("posted"), method="POST")
    server.add(answer("there"), path="/there", times=2)
    server.add(answer("anywhere"))
    assert [get(server, "/there").json() for _ in range(3)] == ["there", "there", "anywhere"]
    assert get(server, "/there").status_code == 500
    assert httpx.post(server.url).json() == "posted"


def test_an_empty_answer(server: Wire) -> None:
    server.add(answer(b"", 204))
    assert get(server).content == b""


def test_a_stream_in_frames_and_in_pieces(server: Wire) -> None:
    server.add(stream(RC(), RD(), DONE))
    server.add(stream(RC(), RD(), DONE, size=7))
    whole = get(server)
    assert (whole.headers["content-type"], whole.content) == ("text/event-stream", RC() + RD() + DONE)
    with httpx.stream("GET", server.url) as response:
        assert {len(piece) for piece in list(response.iter_raw())[:-1]} == {7}


def test_one_connection_carries_many_requests(server: Wire) -> None:
    server.add(stream(DONE), times=3)
    with httpx.Client() as client:
        for _ in range(3):
            client.get(server.url)
        assert [connection.requests for connection in server.open] == [3]
    until(lambda: not server.open)


@pytest.mark.parametrize("loss", [reset(), hang_up()], ids=["reset", "hang_up"])
def test_a_connection_that_is_lost_delivers_what_was_sent(server: Wire, loss: Step) -> None:
    server.add(stream(RC(), RD(), then=loss))
    assert b"".join(pieces(server)) == RC() + RD()


def test_a_reset_is_a_reset() -> None:
    with Wire() as server, socket.create_connection(server.address) as sock:
        server.add(head(), reset())
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError), sock.makefile("rb") as arriving:
            arriving.read()


def test_a_body_without_framing_ends_with_its_connection(server: Wire) -> None:
    server.add(head(chunked=False), send(RC()), end())
    assert get(server).content == RC()


def test_bytes_outside_of_any_framing(server: Wire) -> None:
    server.add(raw(b"I am no HTTP server\r\n\r\n"), hang_up())
    with pytest.raises(httpx.RemoteProtocolError):
        get(server)


def test_a_pause_ends_with_its_event(server: Wire) -> None:
    go = threading.Event()
    server.add(head(), send(RC()), pause(go), send(RD()), pause(0.001), end())
    with httpx.stream("GET", server.url) as response:
        arriving = response.iter_raw()
        assert next(arriving) == RC()
        go.set()
        assert list(arriving) == [RD()]


@pytest.mark.parametrize("rest", [hang(), flood(b"x" * 1000)], ids=["hang", "flood"])
def test_the_server_notices_that_the_client_left(server: Wire, rest: Step) -> None:
    server.add(stream(RC(), then=rest))
    with httpx.stream("GET", server.url) as response:
        arriving = response.iter_raw()  # a name, because httpx closes the response with its iterator
        assert next(arriving) == RC()
        assert len(server.open) == 1
        until(lambda: server.open[0].sent > len(RC()))  # counted after the bytes have left
    until(lambda: not server.open)


ENDLESS = ["hang", "flood", "pause for an event", "pause for seconds"]


@pytest.mark.parametrize("rest", [hang(), flood(b"x"), pause(threading.Event()), pause(60)], ids=ENDLESS)
def test_closing_the_server_ends_whatever_it_is_doing(rest: Step) -> None:
    with Wire() as server, httpx.Client() as client:
        server.add(stream(RC(), then=rest))
        with client.stream("GET", server.url) as response:
            next(response.iter_raw())
            server.close()
    assert not server.open
