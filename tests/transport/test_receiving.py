"""How much a connection takes in before it is read, and what is read past the event loop."""

from __future__ import annotations

import asyncio
import select
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assistream.errors import APIConnectionError
from assistream.transport._async import AsyncBody, AsyncTransport
from assistream.transport.call import Call
from assistream.transport.receiving import FORERUNNERS, KEPT, PIECE, at_hand, bound, unbind
from assistream.transport.settings import Settings, TransportName

from ..wire import Step, Wire, async_until, end, head, pause, raw, reset, send

pytestmark = pytest.mark.anyio

MEBIBYTE = b"x" * (1 << 20)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"  # the others have nothing of the kind


@pytest.fixture(params=["httpx", "fast"])
async def transport(server: Wire, request: pytest.FixtureRequest) -> AsyncIterator[AsyncTransport]:
    name: TransportName = request.param
    transport = AsyncTransport(Settings(base_url=server.url, transport=name))
    yield transport
    await transport.aclose()


async def opened(transport: AsyncTransport) -> AsyncBody:
    return await transport.open(Call("GET", "/", object))


def network(body: AsyncBody) -> Any:
    return body.response.extensions["network_stream"]


def taken_in(body: AsyncBody) -> int:
    """The most that asyncio takes in at once."""
    most: int = network(body)._stream._transport.max_size
    return most


def waiting(body: AsyncBody) -> int:
    return sum(map(len, network(body)._stream._protocol.read_queue))


def burst(go: threading.Event, content_type: str) -> list[Step]:
    return [head(headers={"content-type": content_type}), send(b"one"), pause(go), send(MEBIBYTE), end()]


async def test_of_a_stream_little_is_taken_in(server: Wire, transport: AsyncTransport) -> None:
    go = threading.Event()
    server.add(*burst(go, "text/event-stream"), times=2)
    body = await opened(transport)
    usual = taken_in(body)
    assert await body.read() == b"one"
    bounded = FORERUNNERS if transport.settings.transport == "fast" else KEPT
    assert taken_in(body) == bounded
    reading = asyncio.create_task(body.read())
    await asyncio.sleep(0)
    go.set()
    received = [await reading]
    assert waiting(body) <= bounded
    while piece := await body.read():
        assert waiting(body) <= bounded
        received.append(piece)
    assert b"".join(received) == MEBIBYTE
    assert taken_in(body) == usual  # another request may be for something large
    await body.close()
    again = await opened(transport)
    assert network(again) is network(body)
    await again.close()


async def test_a_download_comes_as_ever(server: Wire) -> None:
    transport = AsyncTransport(Settings(base_url=server.url))
    go = threading.Event()
    go.set()
    server.add(*burst(go, "application/octet-stream"))
    body = await opened(transport)
    usual = taken_in(body)
    assert len(await body.read()) > 0
    assert taken_in(body) == usual > KEPT
    await body.close()
    await transport.aclose()


async def connected(server: Wire, *steps: Step) -> tuple[AsyncTransport, AsyncBody]:
    """A connection whose answer is read by nobody, from its first chunk on."""
    server.add(head(), send(b"one"), *steps)
    transport = AsyncTransport(Settings(base_url=server.url))
    body = await opened(transport)
    assert await body.read() == b"one"
    return transport, body


async def test_what_has_come_is_read_without_waiting(server: Wire) -> None:
    go = threading.Event()
    transport, body = await connected(server, pause(go), send(MEBIBYTE), end())
    read = at_hand(network(body))
    assert read() == b""
    go.set()
    piece = b""

    def received() -> bool:
        nonlocal piece
        piece = read()
        return bool(piece)

    await async_until(received)
    assert len(piece) <= PIECE
    assert waiting(body) == 0
    await body.close()
    assert read() == b""  # not even an error: whoever waits for more is told
    await transport.aclose()


async def test_a_lost_connection_is_an_error(server: Wire) -> None:
    go = threading.Event()
    transport, body = await connected(server, pause(go), reset())
    read = at_hand(network(body))
    go.set()

    def lost() -> bool:
        try:
            return bool(read())
        except ConnectionResetError:
            return True

    await async_until(lost)
    await body.close()
    await transport.aclose()


async def test_nobody_but_the_event_loop_reads_while_somebody_waits(server: Wire) -> None:
    go = threading.Event()
    transport, body = await connected(server, pause(go), send(b"two"), end())
    read = at_hand(network(body))
    reading = asyncio.create_task(body.read())
    await asyncio.sleep(0)
    go.set()
    seen: list[bytes] = []
    while not reading.done():
        seen.append(read())
        await asyncio.sleep(0)
    assert not any(seen)
    assert await reading == b"two"
    await body.close()
    await transport.aclose()


async def test_only_so_much_is_read_without_a_pause(server: Wire) -> None:
    server.add(head(), send(b"one"), *[send(MEBIBYTE)] * 4, end())
    transport = AsyncTransport(Settings(base_url=server.url, transport="fast"))
    body = await opened(transport)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    while await body.read():
        pass
    counting.cancel()
    assert turns >= 8
    await body.close()
    await transport.aclose()


@pytest.mark.parametrize("network", [None, object()])
async def test_what_is_not_known_is_left_alone(network: object) -> None:
    bound(network)
    unbind(network)
    assert at_hand(network)() == b""


async def test_the_error_of_a_lost_connection(server: Wire, transport: AsyncTransport) -> None:
    server.add(head(headers={"content-type": "text/event-stream"}), send(b"one"), reset())
    body = await opened(transport)
    assert await body.read() == b"one"
    with pytest.raises(APIConnectionError, match="ReadError"):
        await body.read()
    await body.close()


async def test_what_came_before_the_connection_was_lost_counts(server: Wire, transport: AsyncTransport) -> None:
    go = threading.Event()
    server.add(head(headers={"content-type": "text/event-stream"}), send(b"one"), pause(go), send(b"two"), reset())
    body = await opened(transport)
    assert await body.read() == b"one"
    reading = asyncio.create_task(body.read())
    await async_until(network(body)._stream._transport.is_reading)
    go.set()
    lost = select.poll()
    lost.register(network(body).get_extra_info("socket"), 0)
    lost.poll(10_000)  # in the way of the event loop, which finds both at once
    assert await reading == b"two"
    with pytest.raises(APIConnectionError, match="ReadError"):
        await body.read()
    await body.close()


async def test_a_connection_that_is_used_again_is_as_it_was(server: Wire, transport: AsyncTransport) -> None:
    whole = b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.add(raw(start + whole), times=1)
    server.add(head(), send(b"one"), end())
    body = await opened(transport)
    before = taken_in(body)
    assert (await body.read())[:3] == b"one"
    await body.close()  # the rest is there already
    other = await opened(transport)
    assert len(server.connections) == 1
    assert taken_in(other) == before
    await other.close()
