from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistream.errors import APIConnectionError, APIResponseValidationError, NotFoundError, StreamUsageError
from assistream.transport._async import AsyncTransport
from assistream.transport.call import get
from assistream.transport.streamed._async import AsyncResponseContextManager
from assistream.types import BaseModel, Thread

from ...frames import thread
from ...wire import Wire, answer, end, head, reset, send

pytestmark = pytest.mark.anyio

LINES = b"one\ntwo\r\nthree"


class Small(BaseModel):
    object: str


def opening(transport: AsyncTransport) -> AsyncResponseContextManager[Thread]:
    return AsyncResponseContextManager(transport, get("/threads/thread_1", Thread, {}))


async def test_nothing_is_sent_before_it_is_entered(server: Wire, async_transport: AsyncTransport) -> None:
    opening(async_transport)
    assert server.requests == []


async def test_the_http_side_comes_before_the_body(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    async with opening(async_transport) as response:
        assert (response.status_code, response.request_id, response.method) == (200, "req_1", "GET")
        assert response.headers["content-type"] == "application/json"
        assert not response.is_closed
    assert response.is_closed
    assert repr(response) == "<AsyncAPIResponse [200] of Thread>"


async def test_parsing_reads_once(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(thread(), headers={"x-request-id": "req_1"}))
    async with opening(async_transport) as response:
        parsed = await response.parse()
        assert parsed is await response.parse()
        assert (parsed.id, parsed._request_id) == ("thread_1", "req_1")
        assert (await response.json()) == thread()
        assert (await response.text()).encode() == await response.read()
        assert (await response.parse(to=Small)).object == "thread"


async def test_a_body_read_can_be_iterated_over(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(LINES))
    async with opening(async_transport) as response:
        await response.read()
        assert [line async for line in response.iter_lines()] == ["one", "two", "three"]


async def test_iterating(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(LINES), times=4)
    async with opening(async_transport) as response:
        assert [line async for line in response.iter_lines()] == ["one", "two", "three"]
    async with opening(async_transport) as response:
        assert [piece async for piece in response.iter_bytes(5)] == [b"one\nt", b"wo\r\nt", b"hree"]
    async with opening(async_transport) as response:
        assert [piece async for piece in response.iter_text(6)] == ["one\ntw", "o\r\nthr", "ee"]
    assert [connection.requests for connection in server.connections] == [3]


async def test_a_body_iterated_over_is_gone(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(LINES), times=2)
    async with opening(async_transport) as response:
        async for _ in response.iter_lines():
            break
        for again in (response.parse, response.read, response.iter_bytes().__anext__, response.iter_lines().__anext__):
            with pytest.raises(StreamUsageError, match="was read already"):
                await again()
    async with opening(async_transport) as response:
        assert b"".join([piece async for piece in response.iter_bytes()]) == LINES
        with pytest.raises(StreamUsageError, match="was read already"):
            await response.iter_text().__anext__()


async def test_a_body_that_was_read_whole_stays(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(thread()))
    async with opening(async_transport) as response:
        content = await response.read()
        for _ in range(2):
            assert b"".join([piece async for piece in response.iter_bytes(7)]) == content
        assert (await response.parse()).id == "thread_1"
    assert await response.read() == content
    assert len([line async for line in response.iter_lines()]) == 1


async def test_what_was_not_read_cannot_be_later(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(thread()))
    async with opening(async_transport) as response:
        pass
    for late in (response.parse, response.read, response.text, response.iter_bytes().__anext__):
        with pytest.raises(StreamUsageError, match="closed: read it before the end"):
            await late()


async def test_one_manager_sends_one_request(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer(thread()), times=9)
    manager = opening(async_transport)
    async with manager as response:
        with pytest.raises(StreamUsageError, match="entered already"):
            await manager.__aenter__()
        assert (await response.parse()).id == "thread_1"
    with pytest.raises(StreamUsageError, match="entered already"):
        await manager.__aenter__()
    assert len(server.requests) == 1


async def test_a_file(server: Wire, async_transport: AsyncTransport, tmp_path: Path) -> None:
    server.add(answer(LINES))
    async with opening(async_transport) as response:
        await response.stream_to_file(tmp_path / "lines", chunk_size=2)
    assert (tmp_path / "lines").read_bytes() == LINES


@pytest.mark.parametrize("status", [404])
async def test_an_answer_that_says_no_is_raised_on_entry(
    server: Wire, async_transport: AsyncTransport, status: int
) -> None:
    server.add(answer({"error": {"message": "No thread."}}, status))
    with pytest.raises(NotFoundError, match=r"No thread\."):
        async with opening(async_transport):
            pass


async def test_what_is_not_promised(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(answer({"id": {}}))
    async with opening(async_transport) as response:
        with pytest.raises(APIResponseValidationError, match="id: Input should"):
            await response.parse()


async def test_a_lost_connection(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(head(), send(b"one"), reset(), times=2)
    async with opening(async_transport) as response:
        with pytest.raises(APIConnectionError):
            await response.read()
    async with opening(async_transport) as response:
        seen: list[Any] = []
        with pytest.raises(APIConnectionError):
            async for piece in response.iter_bytes():
                seen.append(piece)


async def test_left_early_the_connection_is_let_go(server: Wire, async_transport: AsyncTransport) -> None:
    server.add(head(), send(b"x" * 100), end())
    async with opening(async_transport) as response:
        await response.close()
    assert response.is_closed
