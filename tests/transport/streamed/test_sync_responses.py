# Written by scripts/unasync.py from test_async_responses.py; edit that file instead.
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistream.errors import APIConnectionError, APIResponseValidationError, NotFoundError, StreamUsageError
from assistream.transport._sync import Transport
from assistream.transport.call import get
from assistream.transport.streamed._sync import ResponseContextManager
from assistream.types import BaseModel, Thread

from ...frames import thread
from ...wire import Wire, answer, end, head, reset, send

LINES = b"one\ntwo\r\nthree"


class Small(BaseModel):
    object: str


def opening(transport: Transport) -> ResponseContextManager[Thread]:
    return ResponseContextManager(transport, get("/threads/thread_1", Thread, {}))


def test_nothing_is_sent_before_it_is_entered(server: Wire, transport: Transport) -> None:
    opening(transport)
    assert server.requests == []


def test_the_http_side_comes_before_the_body(server: Wire, transport: Transport) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    with opening(transport) as response:
        assert (response.status_code, response.request_id, response.method) == (200, "req_1", "GET")
        assert response.headers["content-type"] == "application/json"
        assert not response.is_closed
    assert response.is_closed
    assert repr(response) == "<APIResponse [200] of Thread>"


def test_parsing_reads_once(server: Wire, transport: Transport) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    with opening(transport) as response:
        parsed = response.parse()
        assert parsed is response.parse()
        assert (parsed.id, parsed._request_id) == ("thread_1", "req_1")
        assert (response.json()) == thread()
        assert (response.text()).encode() == response.read()
        assert (response.parse(to=Small)).object == "thread"


def test_a_body_read_can_be_iterated_over(server: Wire, transport: Transport) -> None:
    server.add(answer(LINES))
    with opening(transport) as response:
        response.read()
        assert [line for line in response.iter_lines()] == ["one", "two", "three"]


def test_iterating(server: Wire, transport: Transport) -> None:
    server.add(answer(LINES), times=4)
    with opening(transport) as response:
        assert [line for line in response.iter_lines()] == ["one", "two", "three"]
    with opening(transport) as response:
        assert [piece for piece in response.iter_bytes(5)] == [b"one\nt", b"wo\r\nt", b"hree"]
    with opening(transport) as response:
        assert [piece for piece in response.iter_text(6)] == ["one\ntw", "o\r\nthr", "ee"]
    assert [connection.requests for connection in server.connections] == [3]


def test_a_body_iterated_over_is_gone(server: Wire, transport: Transport) -> None:
    server.add(answer(LINES), times=2)
    with opening(transport) as response:
        for _ in response.iter_lines():
            break
        for again in (response.parse, response.read, response.iter_bytes().__next__, response.iter_lines().__next__):
            with pytest.raises(StreamUsageError, match="was read already"):
                again()
    with opening(transport) as response:
        assert b"".join([piece for piece in response.iter_bytes()]) == LINES
        with pytest.raises(StreamUsageError, match="was read already"):
            response.iter_text().__next__()


def test_a_body_that_was_read_whole_stays(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()))
    with opening(transport) as response:
        content = response.read()
        for _ in range(2):
            assert b"".join([piece for piece in response.iter_bytes(7)]) == content
        assert (response.parse()).id == "thread_1"
    assert response.read() == content
    assert len([line for line in response.iter_lines()]) == 1


def test_what_was_not_read_cannot_be_later(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()))
    with opening(transport) as response:
        pass
    for late in (response.parse, response.read, response.text, response.iter_bytes().__next__):
        with pytest.raises(StreamUsageError, match="closed: read it before the end"):
            late()


def test_one_manager_sends_one_request(server: Wire, transport: Transport) -> None:
    server.add(answer(thread()), times=9)
    manager = opening(transport)
    with manager as response:
        with pytest.raises(StreamUsageError, match="entered already"):
            manager.__enter__()
        assert (response.parse()).id == "thread_1"
    with pytest.raises(StreamUsageError, match="entered already"):
        manager.__enter__()
    assert len(server.requests) == 1


def test_a_file(server: Wire, transport: Transport, tmp_path: Path) -> None:
    server.add(answer(LINES))
    with opening(transport) as response:
        response.stream_to_file(tmp_path / "lines", chunk_size=2)
    assert (tmp_path / "lines").read_bytes() == LINES


@pytest.mark.parametrize("status", [404])
def test_an_answer_that_says_no_is_raised_on_entry(server: Wire, transport: Transport, status: int) -> None:
    server.add(answer({"error": {"message": "No thread."}}, status))
    with pytest.raises(NotFoundError, match=r"No thread\."):
        with opening(transport):
            pass


def test_what_is_not_promised(server: Wire, transport: Transport) -> None:
    server.add(answer({"id": {}}))
    with opening(transport) as response:
        with pytest.raises(APIResponseValidationError, match="id: Input should"):
            response.parse()


def test_a_lost_connection(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"one"), reset(), times=2)
    with opening(transport) as response:
        with pytest.raises(APIConnectionError):
            response.read()
    with opening(transport) as response:
        seen: list[Any] = []
        with pytest.raises(APIConnectionError):
            for piece in response.iter_bytes():
                seen.append(piece)


def test_left_early_the_connection_is_let_go(server: Wire, transport: Transport) -> None:
    server.add(head(), send(b"x" * 100), end())
    with opening(transport) as response:
        response.close()
    assert response.is_closed
